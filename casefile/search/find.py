"""Finding: the terms of a line over titles, texts and notes, with filters; hits with snippets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casefile import stored
from casefile.custody import Value
from casefile.door import Library
from casefile.records import ArticleId, DossierId, TagId
from casefile.search import marks, query
from casefile.search.query import Term
from casefile.text import edtf

RANKED = 5000
"""Hits up to which they come best first; beyond, newest first: scoring every hit costs more than it tells."""

_WEIGHTS = "bm25(8.0, 1.0)"
"""A word in the title weighs as much as eight in the text."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A case file that was found. `marks` are spans in code points of `snippet`; a greater `score` is a better hit."""

    article: ArticleId
    number: str
    title: str
    published: str | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    score: float


def search(
    library: Library,
    line: str,
    *,
    dossier: DossierId | None = None,
    tag: TagId | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Hit]:
    """The case files in which every term of the line is found, in title, text or a note; best or newest first.

    `after` and `before` are EDTF, both included: case files that may have been published within them stay, those of
    which nothing is known go. A line without a term finds nothing, unless there are filters: then all that they let
    through. Raises CasefileError "date_not_edtf".
    """
    terms = query.parse(line)
    condition, values = _condition(dossier=dossier, tag=tag, after=after, before=before)
    if not terms and not condition:
        return []
    in_notes = [_in_notes(library, term) for term in terms]
    if terms and not condition and not any(in_notes):
        return [_hit(library, row, terms, score) for *row, score in _page(library, terms, limit)]
    scores = _scores(library, terms, in_notes) if terms else None
    within = "a.n IN (SELECT value FROM json_each(:ns))" if scores is not None else "1"
    if scores is not None:
        values["ns"] = json.dumps(list(scores))
    rows = library.query(
        f"SELECT {_COLUMNS} FROM articles a WHERE a.deleted = 0 AND {within}{condition} ORDER BY {_NEWEST}", values
    )
    if scores is not None and len(rows) <= RANKED:
        rows.sort(key=lambda row: -scores[row[0]])
    return [_hit(library, row, terms, (scores or {}).get(row[0], 0.0)) for row in rows[:limit]]


_COLUMNS = "a.n, a.id, a.number, a.title, a.published, a.text"
_NEWEST = "a.published_low IS NULL, a.published_low DESC, a.n DESC"


def _page(library: Library, terms: tuple[Term, ...], limit: int) -> list[tuple[Any, ...]]:
    """The first hits with their scores where no filter and no note has a say: SQLite need not hand over the rest."""
    expression = _everywhere(terms)
    if _count(library, expression) > RANKED:
        return library.query(
            f"SELECT {_COLUMNS}, 0.0 FROM articles a WHERE a.deleted = 0 "
            f"AND +a.n IN (SELECT rowid FROM article_index WHERE article_index MATCH ?) ORDER BY {_NEWEST} LIMIT ?",
            (expression, limit),
        )
    return library.query(
        f"SELECT {_COLUMNS}, hit.score FROM ("
        "SELECT rowid AS n, -rank AS score FROM article_index "
        f"WHERE article_index MATCH ? AND rank MATCH '{_WEIGHTS}' ORDER BY rank LIMIT ?) hit "
        f"JOIN articles a ON a.n = hit.n ORDER BY hit.score DESC, {_NEWEST}",
        (expression, limit),
    )


def _everywhere(terms: tuple[Term, ...]) -> str:
    return " AND ".join(term.expression for term in terms)


def _count(library: Library, expression: str) -> int:
    row = library.one("SELECT count(*) FROM article_index WHERE article_index MATCH ?", (expression,))
    return 0 if row is None else int(row[0])


def _scores(library: Library, terms: tuple[Term, ...], in_notes: list[set[int]]) -> dict[int, float]:
    """Rows of articles in which every term is found, with their scores."""
    if not any(in_notes):
        return _ranked(library, _everywhere(terms))
    found: set[int] | None = None
    for term, noted in zip(terms, in_notes, strict=True):
        rows = library.query("SELECT rowid FROM article_index WHERE article_index MATCH ?", (term.expression,))
        here = {row[0] for row in rows} | noted
        found = here if found is None else found & here
    ranked = _ranked(library, " OR ".join(term.expression for term in terms))
    # A hit by its notes alone is as good as any: the analyst wrote them.
    best = max(ranked.values(), default=1.0)
    return {n: ranked.get(n, best) for n in found or ()}


def _ranked(library: Library, expression: str) -> dict[int, float]:
    score = "-rank" if _count(library, expression) <= RANKED else "0.0"
    return dict(
        library.query(
            f"SELECT rowid, {score} FROM article_index WHERE article_index MATCH ? AND rank MATCH '{_WEIGHTS}'",
            (expression,),
        )
    )


def _in_notes(library: Library, term: Term) -> set[int]:
    return {
        row[0]
        for row in library.query(
            "SELECT a.n FROM note_index i JOIN notes o ON o.n = i.rowid JOIN articles a ON a.id = o.article "
            "WHERE note_index MATCH ? AND a.deleted = 0",
            (term.expression,),
        )
    }


def _condition(
    *, dossier: DossierId | None, tag: TagId | None, after: str | None, before: str | None
) -> tuple[str, dict[str, Value]]:
    sql = ""
    values: dict[str, Value] = {}
    if dossier is not None:
        sql += " AND EXISTS (SELECT 1 FROM filings g WHERE g.article = a.id AND g.dossier = :dossier AND g.deleted = 0)"
        values["dossier"] = dossier
    if tag is not None:
        sql += (
            " AND a.id IN (SELECT m.article FROM mentions m JOIN tag_of v ON v.made_with = m.tag"
            " JOIN tags t ON t.id = m.tag AND t.deleted = 0"
            " WHERE v.tag = :tag AND m.state = 'confirmed' AND m.passage IS NOT NULL AND m.deleted = 0"
            " UNION SELECT m.article FROM taggings m JOIN tag_of v ON v.made_with = m.tag"
            " JOIN tags t ON t.id = m.tag AND t.deleted = 0 WHERE v.tag = :tag AND m.deleted = 0)"
        )
        values["tag"] = tag
    known = "(a.published_low IS NOT NULL OR a.published_high IS NOT NULL)"
    if after is not None:
        # An interval open at this end, such as ../2025, leaves all through of which anything is known.
        values["after"] = edtf.parse(after).low or ""
        sql += f" AND {known} AND (a.published_high IS NULL OR a.published_high >= :after)"
    if before is not None:
        values["before"] = edtf.parse(before).high or "9999-12-31"
        sql += f" AND {known} AND (a.published_low IS NULL OR a.published_low <= :before)"
    return sql, values


def _hit(
    library: Library,
    row: Sequence[Any],
    terms: tuple[Term, ...],
    score: float,
) -> Hit:
    _, article, number, title, published, text = row
    shown, spans = _snippet(library, article, title or "", text, terms)
    date = stored.date_of(published)
    return Hit(ArticleId(article), number, title or "", date.edtf if date else None, shown, spans, round(score, 4))


def _snippet(
    library: Library, article: str, title: str, text: str | None, terms: tuple[Term, ...]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    (body,) = library.one("SELECT body FROM texts WHERE sha256 = ?", (text,)) or ("",)
    spans = marks.find(body, terms)
    if spans and len(terms) == 1:
        return marks.snippet(body, spans)
    comments = library.query(
        "SELECT comment FROM notes WHERE article = ? AND deleted = 0 AND comment <> ''", (article,)
    )
    # Where most of the terms stand is what the analyst looked for; of equals the text, then the title.
    shown = max((body, title, *(row[0] for row in comments)), key=lambda text: _found_in(text, terms))
    return marks.snippet(shown, spans if shown is body else marks.find(shown, terms))


def _found_in(text: str, terms: tuple[Term, ...]) -> int:
    return sum(bool(marks.find(text, (term,))) for term in terms)
