"""The OS lock of the one writer of a library, and the note that tells others who holds it."""

from __future__ import annotations

import getpass
import json
import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from casefile.errors import LibraryUnusable


def user() -> str:
    """The name that the operating system gives the user, or "?"."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


class WriterLock:
    """Held while a library is open for writing. The OS frees it when the process ends, however it ends."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._holder = library.with_name(library.name + ".holder")
        self._lock = FileLock(library.with_name(library.name + ".lock"), thread_local=False)

    def take(self) -> None:
        """Take the lock at once. Raises LibraryUnusable "library_held", which names the holder, or "no_rights"."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise LibraryUnusable("library_held", path=str(self._library), holder=self._who()) from None
        except OSError as error:
            raise LibraryUnusable("no_rights", path=str(self._library), reason=error.strerror or "") from error
        note = {
            "user": user(),
            "host": platform.node(),
            "process": os.getpid(),
            "since": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        # The lock counts, the note is a courtesy: a full disk must not keep anybody out.
        with suppress(OSError):
            self._holder.write_text(json.dumps(note), encoding="utf-8")

    def free(self) -> None:
        """Give the lock back."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._holder.unlink()
            self._lock.release()

    def _who(self) -> str:
        # The holder may be writing its note at this moment, or have left no note: the lock counts, not the note.
        try:
            note: dict[str, Any] = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"{note['user']} on {note['host']} (process {note['process']}) since {note['since']}"
        except (OSError, ValueError, KeyError):
            return "another process"
