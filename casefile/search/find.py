"""Finding: the terms of a line over titles, texts and notes, with filters; hits with snippets."""

from __future__ import annotations

import json
from dataclasses import dataclass

from casefile import stored
from casefile.custody import Value
from casefile.door import Library
from casefile.records import ArticleId, DossierId, TagId
from casefile.search import marks, query
from casefile.search.query import Term
from casefile.text import edtf

RANKED = 5000
"""Hits up to which they come best first; beyond, newest first: scoring every hit costs more than it tells."""

_TITLE_WEIGHT, _TEXT_WEIGHT = 8.0, 1.0


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
    scores = _scores(library, terms) if terms else None
    within = "a.n IN (SELECT value FROM json_each(:ns))" if scores is not None else "1"
    order = "a.published_low IS NULL, a.published_low DESC, a.n DESC"
    if scores is not None:
        values["ns"] = json.dumps(list(scores))
    rows = library.query(
        f"SELECT a.n, a.id, a.number, a.title, a.published, a.text FROM articles a "
        f"WHERE a.deleted = 0 AND {within}{condition} ORDER BY {order}",
        values,
    )
    if scores is not None and len(rows) <= RANKED:
        rows.sort(key=lambda row: -scores[row[0]])
    return [_hit(library, row, terms, (scores or {}).get(row[0], 0.0)) for row in rows[:limit]]


def _scores(library: Library, terms: tuple[Term, ...]) -> dict[int, float]:
    """Rows of articles in which every term is found, with their scores."""
    everywhere = " AND ".join(term.expression for term in terms)
    in_notes = [_in_notes(library, term) for term in terms]
    if not any(in_notes):
        return _ranked(library, everywhere)
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
    (count,) = library.one("SELECT count(*) FROM article_index WHERE article_index MATCH ?", (expression,)) or (0,)
    score = f"-bm25(article_index, {_TITLE_WEIGHT}, {_TEXT_WEIGHT})" if count <= RANKED else "0.0"
    return dict(library.query(f"SELECT rowid, {score} FROM article_index WHERE article_index MATCH ?", (expression,)))


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
            " WHERE v.tag = :tag AND m.state = 'confirmed' AND m.deleted = 0"
            " UNION SELECT m.article FROM taggings m JOIN tag_of v ON v.made_with = m.tag"
            " WHERE v.tag = :tag AND m.deleted = 0)"
        )
        values["tag"] = tag
    known = "(a.published_low IS NOT NULL OR a.published_high IS NOT NULL)"
    if after is not None:
        sql += f" AND {known} AND (a.published_high IS NULL OR a.published_high >= :after)"
        values["after"] = edtf.parse(after).low
    if before is not None:
        sql += f" AND {known} AND (a.published_low IS NULL OR a.published_low <= :before)"
        values["before"] = edtf.parse(before).high
    return sql, values


def _hit(
    library: Library,
    row: tuple[int, str, str, str | None, str | None, str | None],
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
