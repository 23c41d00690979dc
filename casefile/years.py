"""Years that a text does not print, inferred from dated case files that share names with it."""

from __future__ import annotations

from casefile import stored
from casefile.custody import canonical_json
from casefile.door import Library
from casefile.records import ArticleId
from casefile.text import dates, fold, names

YEARLESS = "year_not_printed"
SHARED_NAMES = 2
"""Names that two articles must share before the year of one says anything about the other."""


def infer(library: Library, *, job: str) -> int:
    """Give yearless bounds their year where all dated case files that share names agree on it; return how many.

    The dated case files are kept with the date, so that the analyst sees what the year rests on.
    """
    waiting = library.query(
        "SELECT id, published, text FROM articles WHERE deleted = 0 AND published_edtf IS NULL "
        "AND instr(published, ?) > 0",
        (YEARLESS,),
    )
    inferred = 0
    for article, published, text in waiting:
        date = stored.date_of(published)
        (body,) = library.one("SELECT body FROM texts WHERE sha256 = ?", (text,)) or ("",)
        if date is None or not body:
            continue
        rest_on = _dated_sharing_names(library, article, body)
        years = {year for _, year in rest_on}
        if len(years) == 1:
            found = dates.with_year(date, int(years.pop()), tuple(shared for shared, _ in rest_on))
            with library.step("article.infer_year", job=job, article=article):
                library.change("articles", article, published=stored.date(found))
            inferred += 1
    return inferred


def _dated_sharing_names(library: Library, article: str, body: str) -> list[tuple[ArticleId, str]]:
    shared: dict[int, int] = {}
    for name in names.names_in(body):
        query = fold.query_tokens(name)
        for (n,) in library.query("SELECT rowid FROM article_index WHERE article_index MATCH ?", (query,)):
            shared[n] = shared.get(n, 0) + 1
    enough = canonical_json([n for n, count in shared.items() if count >= SHARED_NAMES])
    rows = library.query(
        "SELECT id, substr(published_low, 1, 4) FROM articles WHERE n IN (SELECT value FROM json_each(?)) "
        "AND deleted = 0 AND id <> ? AND published_edtf IS NOT NULL AND published_low IS NOT NULL ORDER BY n",
        (enough, article),
    )
    return [(ArticleId(row[0]), row[1]) for row in rows]
