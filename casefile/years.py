"""Years that a text does not print, inferred from dated case files that share names with it."""

from __future__ import annotations

from collections.abc import Sequence

from casefile import stored
from casefile.custody import canonical_json
from casefile.door import Library
from casefile.records import ArticleId
from casefile.text import dates, fold, names

YEARLESS = "year_not_printed"
SHARED_NAMES = 2
"""Names that two articles must share before the year of one says anything about the other."""


def infer(library: Library, new: Sequence[ArticleId], *, job: str) -> int:
    """Give yearless bounds their year where all dated case files that share names agree on it; return how many.

    Asked about are the case files that are `new`, and older ones that may share names with a new one. The dated case
    files are kept with the date, so that the analyst sees what the year rests on.
    """
    waiting = library.query(
        "SELECT n, id, published, text FROM articles WHERE deleted = 0 AND published_edtf IS NULL "
        "AND instr(published, ?) > 0",
        (YEARLESS,),
    )
    fresh = set(new)
    older = {n for n, article, *_ in waiting if article not in fresh}
    # Each way costs about the same for each case file that is looked at: take the one with fewer of them.
    asked = older if len(older) <= len(new) else _sharing_names_with(library, new) & older
    inferred = 0
    for n, article, published, text in waiting:
        if article not in fresh and n not in asked:
            continue
        date = stored.date_of(published)
        if date is None:
            continue
        rest_on = _dated_sharing_names(library, article, _body(library, text))
        years = {year for _, year in rest_on}
        if len(years) == 1:
            found = dates.with_year(date, int(years.pop()), tuple(shared for shared, _ in rest_on))
            with library.step("article.infer_year", job=job, article=article):
                library.change("articles", article, published=stored.date(found))
            inferred += 1
    return inferred


def _body(library: Library, text: str | None) -> str:
    row = library.one("SELECT body FROM texts WHERE sha256 = ?", (text,))
    return "" if row is None else str(row[0])


def _sharing_names_with(library: Library, articles: Sequence[ArticleId]) -> set[int]:
    found: set[int] = set()
    for article in articles:
        row = library.one("SELECT text FROM articles WHERE id = ? AND published_edtf IS NOT NULL", (article,))
        if row is not None:
            found |= _sharing_names(library, _body(library, row[0]))
    return found


def _sharing_names(library: Library, body: str) -> set[int]:
    """Rows of the case files that print at least `SHARED_NAMES` of the names that the text prints."""
    shared: dict[int, int] = {}
    for name in names.names_in(body):
        query = fold.query_tokens(name)
        for (n,) in library.query("SELECT rowid FROM article_index WHERE article_index MATCH ?", (query,)):
            shared[n] = shared.get(n, 0) + 1
    return {n for n, count in shared.items() if count >= SHARED_NAMES}


def _dated_sharing_names(library: Library, article: str, body: str) -> list[tuple[ArticleId, str]]:
    rows = library.query(
        "SELECT id, substr(published_low, 1, 4) FROM articles WHERE n IN (SELECT value FROM json_each(?)) "
        "AND deleted = 0 AND id <> ? AND published_edtf IS NOT NULL AND published_low IS NOT NULL ORDER BY n",
        (canonical_json(sorted(_sharing_names(library, body))), article),
    )
    return [(ArticleId(row[0]), row[1]) for row in rows]
