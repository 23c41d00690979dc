"""Opening and making libraries: what runs on another thread while the window shows already. Imports when called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casefile.door import Library


@dataclass(frozen=True, slots=True)
class Wanted:
    """A library that is wanted open: where it is, by which passphrase, and whether to write in it."""

    path: Path
    passphrase: str | None = None
    passphrase_file: Path | None = None
    read_only: bool = False
    new: bool = False

    def by(self, passphrase: str | None) -> Wanted:
        """The same library, by another passphrase."""
        return replace(self, passphrase=passphrase, passphrase_file=None)

    def reading(self) -> Wanted:
        """The same library, for reading only."""
        return replace(self, read_only=True)


def open_wanted(wanted: Wanted) -> Library:
    """The library, opened or made. Raises CasefileError."""
    from casefile import library, mentions, notes, receiving, settings  # noqa: F401  (see below)
    from casefile.cli import desk

    # The desk needs mentions, notes and receiving next; imported on this thread they don't hold up the window.
    me = settings.load()
    key = wanted.passphrase if wanted.passphrase_file is None else desk.passphrase(wanted.passphrase_file)
    if wanted.new:
        return library.create(wanted.path, key, analyst=me.analyst, initials=me.initials)
    return library.open(wanted.path, key, write=not wanted.read_only, analyst=me.analyst, initials=me.initials)


def sample() -> Path:
    """The sample library in the user's own folder, made if it is not there yet. Raises CasefileError."""
    import platformdirs

    from casefile import demo

    return demo.build(Path(platformdirs.user_data_dir("casefile", appauthor=False)) / "sample")[0]
