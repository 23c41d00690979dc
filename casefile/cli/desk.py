"""What commands share: the library opened for whoever works here, and the passphrase from its file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from casefile.cli import printing
from casefile.errors import CasefileError
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace

    from casefile.door import Library

_LONGEST = 64 * 1024  # bytes of a line; no passphrase is longer, but a file named by mistake may be


@contextmanager
def reading(call: Namespace) -> Generator[Library]:
    """The library of the call, for reading only: it may be open elsewhere."""
    with _opened(call, write=False) as library:
        yield library


@contextmanager
def writing(call: Namespace) -> Generator[Library]:
    """The library of the call, for writing. Raises LibraryUnusable "library_held" where another process holds it."""
    with _opened(call, write=True) as library:
        if library.outside is not None:
            printing.tell(say("written_outside"))
        yield library


@contextmanager
def _opened(call: Namespace, *, write: bool) -> Generator[Library]:
    from casefile import library, settings

    who = settings.load()
    key = passphrase(call.passphrase_file)
    with library.open(call.library, key, write=write, analyst=who.analyst, initials=who.initials) as found:
        yield found


def passphrase(path: Path | None) -> str | None:
    """The passphrase: the file's first line without its line end, UTF-8; None without a file.

    Raises CasefileError "passphrase_file_unreadable" or "passphrase_empty".
    """
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST).decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CasefileError("passphrase_file_unreadable", path=str(path), reason=reason) from error
    except UnicodeDecodeError as error:
        raise CasefileError("passphrase_file_unreadable", path=str(path), reason="it is not UTF-8") from error
    found = first.removesuffix("\n").removesuffix("\r")
    if not found:
        raise CasefileError("passphrase_empty", path=str(path))
    return found
