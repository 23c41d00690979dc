"""Sources: who publishes, or who stands behind it; with a reliability letter, and whether a party to the matter."""

from __future__ import annotations

from dataclasses import dataclass

from casefile import identity, schemes
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import SourceId
from casefile.text import fold


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it stands now; the past of its letter is in the history of the field."""

    id: SourceId
    name: str
    letter: str | None
    party: bool


def folded(name: str) -> str:
    """The form by which two printed names of a source are the same: folded, white space collapsed."""
    return " ".join(fold.fold(name).split())


def every(library: Library) -> list[Source]:
    """All sources, by name; also one whose adding was undone, while a case file names it."""
    rows = library.query(
        "SELECT id, name, letter, party FROM sources WHERE name IS NOT NULL AND (deleted = 0 OR id IN "
        "(SELECT publisher FROM articles WHERE deleted = 0 UNION SELECT origin FROM articles WHERE deleted = 0))"
    )
    return sorted((Source(SourceId(i), n, letter, bool(p)) for i, n, letter, p in rows), key=lambda s: folded(s.name))


def find(library: Library, name: str) -> Source | None:
    """The source of that name, however it is capitalised or spaced; of equal ones the smallest id."""
    wanted = folded(name)
    return min((source for source in every(library) if folded(source.name) == wanted), key=lambda s: s.id, default=None)


def find_or_add(library: Library, name: str) -> SourceId:
    """The id of the source of that name, added if it is new. Raises CasefileError "name_empty"."""
    if not folded(name):
        raise CasefileError("name_empty")
    known = find(library, name)
    if known is not None:
        return known.id
    with library.step("source.add"):
        return SourceId(library.insert("sources", identity.fresh(), name=" ".join(name.split())))


def grade(library: Library, source: SourceId, letter: str) -> None:
    """Set the source's reliability letter. Raises CasefileError "unknown_grade"."""
    letter = letter.strip().upper()
    schemes.grading().axes[0].words(letter)
    with library.step("source.grade", source=source):
        library.change("sources", source, letter=letter, scheme=schemes.DEFAULT_GRADING)


def set_party(library: Library, source: SourceId, party: bool = True) -> None:
    """Say that the source is a party to the matter, or not."""
    with library.step("source.party", source=source):
        library.change("sources", source, party=int(party))
