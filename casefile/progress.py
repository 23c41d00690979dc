"""How long work reports itself and learns that it is to stop, on the command line and in the window alike."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """The user called the work off; what was committed before stays."""


class Progress(Protocol):
    """Told how far the work is. May raise `Cancelled` from either call."""

    def total(self, items: int) -> None:
        """There are `items` pieces of work in all."""
        ...

    def done(self, items: int) -> None:
        """`items` pieces are done so far."""
        ...


class Silent:
    """Progress that nobody watches."""

    def total(self, items: int) -> None:
        """Say nothing."""

    def done(self, items: int) -> None:
        """Say nothing."""
