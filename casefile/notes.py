"""Notes: highlights on passages of an article, with the analyst's comment."""

from __future__ import annotations

from dataclasses import dataclass

from casefile import articles, identity
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, DossierId, NoteId, Passage
from casefile.text import passages


@dataclass(frozen=True, slots=True)
class Note:
    """A highlight with its comment and label."""

    id: NoteId
    article: ArticleId
    passage: Passage
    comment: str
    label: str | None


_SELECT = "SELECT o.id, o.article, o.passage, o.comment, o.label FROM notes o "


def add(
    library: Library, article: ArticleId, *, start: int, stop: int, comment: str = "", label: str | None = None
) -> NoteId:
    """The id of a new note on a passage of the article's working text.

    `start` and `stop` count code points, `stop` excluded; white space at both ends is trimmed off. Notes may overlap.
    Raises CasefileError "outside_text" or "empty_passage".
    """
    passage = passages.at(articles.text(library, article), start, stop)
    with library.step("note.add", article=article):
        return NoteId(
            library.insert(
                "notes",
                identity.fresh(),
                article=article,
                passage=passages.to_json(passage),
                comment=comment.strip() or None,
                label=label,
            )
        )


def edit(library: Library, note: NoteId, comment: str) -> None:
    """Give the note another comment."""
    with library.step("note.edit", note=note):
        library.change("notes", note, comment=comment.strip() or None)


def put_in_bin(library: Library, note: NoteId) -> None:
    """Put the note in the Bin."""
    with library.step("note.bin", note=note):
        library.change("notes", note, deleted=1)


def of_article(library: Library, article: ArticleId) -> list[Note]:
    """The article's notes in the order of their passages."""
    rows = library.query(
        f"{_SELECT} WHERE o.article = ? AND o.deleted = 0 AND o.passage IS NOT NULL ORDER BY o.start, o.stop, o.n",
        (article,),
    )
    return [_note(row) for row in rows]


def of_dossier(library: Library, dossier: DossierId) -> list[Note]:
    """The notes of the dossier's case files: by case file as filed, in each by passage."""
    rows = library.query(
        f"{_SELECT} JOIN filings f ON f.article = o.article AND f.deleted = 0 AND f.dossier = ? "
        "JOIN articles a ON a.id = o.article AND a.deleted = 0 "
        "WHERE o.deleted = 0 AND o.passage IS NOT NULL ORDER BY f.n, o.start, o.stop, o.n",
        (dossier,),
    )
    return [_note(row) for row in rows]


def get(library: Library, note: NoteId) -> Note:
    """The note. Raises CasefileError "no_such_note"."""
    row = library.one(f"{_SELECT} WHERE o.id = ? AND o.deleted = 0 AND o.passage IS NOT NULL", (note,))
    if row is None:
        raise CasefileError("no_such_note", note=note)
    return _note(row)


def _note(row: tuple[str, str, str, str | None, str | None]) -> Note:
    return Note(NoteId(row[0]), ArticleId(row[1]), passages.from_json(row[2]), row[3] or "", row[4])
