"""What one reader hands to `choose`: text and metadata, before facts are proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casefile.readers.facts import Metadata
    from casefile.records import Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one file, not yet canonical, and what its format says about it.

    `captured` is UTC, ISO 8601 to the second, and `captured_from` says in words where it was read; both or neither.
    `spare_title` is one that often belongs to a template or another file: it counts where the text has none. `warnings`
    are codes of `phrases`.
    """

    text: str
    reader: str
    encoding: str | None = None
    metadata: Metadata | None = None
    spare_title: Fact | None = None
    captured: str | None = None
    captured_from: str | None = None
    address: str | None = None
    warnings: tuple[str, ...] = ()
