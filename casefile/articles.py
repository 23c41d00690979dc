"""Case files: stored articles with their facts, grade and marking. In code a case file's row is an article."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from casefile import phrases, schemes, sources, stored
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, DateFact, DossierId, Sha256, SourceId

State = Literal["new", "later", "relevant", "not_relevant"]
STATES: tuple[State, ...] = ("new", "later", "relevant", "not_relevant")
NOT_GRADED = "–"


@dataclass(frozen=True, slots=True)
class Warn:
    """A warning that stands with a case file, with its sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Article:
    """A case file without its text. `letter` is that of the origin where it is known, else of the publisher."""

    id: ArticleId
    number: str
    title: str
    title_from: str | None
    publisher: str | None
    publisher_id: SourceId | None
    origin: str | None
    origin_id: SourceId | None
    place: str | None
    language: str | None
    published: DateFact | None
    state: State
    letter: str | None
    digit: str | None
    marking: str | None
    notes_marking: str | None
    text: Sha256 | None
    sha256: Sha256 | None
    media_type: str | None
    file_name: str | None
    warnings: tuple[Warn, ...]

    @property
    def grade(self) -> str | None:
        """Letter and digit, a dash for the one not given, None for neither."""
        if self.letter is None and self.digit is None:
            return None
        return (self.letter or NOT_GRADED) + (self.digit or NOT_GRADED)


_SELECT = """
SELECT a.id, a.number, a.title, a.title_from, p.name, a.publisher, o.name, a.origin, a.place, a.language, a.published,
       coalesce(a.state, 'new'), CASE WHEN a.origin IS NOT NULL THEN o.letter ELSE p.letter END, a.digit, a.marking,
       a.notes_marking, a.text, f.sha256, f.media_type, f.file_name, f.warnings
FROM articles a
LEFT JOIN sources p ON p.id = a.publisher LEFT JOIN sources o ON o.id = a.origin
LEFT JOIN originals f ON f.n = (SELECT min(n) FROM originals WHERE article = a.id AND deleted = 0)
"""

#: The order of a list: newest published first, bounds counting by their known end, the undated last.
NEWEST = (
    "coalesce(a.published_low, a.published_high) IS NULL, coalesce(a.published_low, a.published_high) DESC, a.n DESC"
)


def ids(library: Library, *, dossier: DossierId | None = None, order: str = "a.n") -> list[ArticleId]:
    """Ids of all case files not in the Bin, or of those filed in the dossier, in the order they came in."""
    filed = (
        "JOIN filings g ON g.article = a.id AND g.deleted = 0 AND g.dossier = :dossier" if dossier is not None else ""
    )
    rows = library.query(
        f"SELECT a.id FROM articles a {filed} WHERE a.deleted = 0 ORDER BY {order}", {"dossier": dossier}
    )
    return [ArticleId(row[0]) for row in rows]


def get(library: Library, article: ArticleId) -> Article:
    """The case file. Raises CasefileError "no_such_article"."""
    found = some(library, [article])
    if not found:
        raise CasefileError("no_such_article", article=article)
    return found[0]


def some(library: Library, wanted: Sequence[ArticleId]) -> list[Article]:
    """The case files of these ids, in their order; the Bin's too, unknown ids left out."""
    if not wanted:
        return []
    rows = library.query(
        f"{_SELECT} WHERE a.id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(wanted))}
    )
    found = {row[0]: _article(library, row) for row in rows}
    return [found[article] for article in wanted if article in found]


def _article(library: Library, row: tuple[Any, ...]) -> Article:
    published = stored.date_of(row[10])
    return Article(
        id=ArticleId(row[0]),
        number=row[1] or "",
        title=row[2] or "",
        title_from=row[3],
        publisher=row[4],
        publisher_id=row[5],
        origin=row[6],
        origin_id=row[7],
        place=row[8],
        language=row[9],
        published=published,
        state=row[11],
        letter=row[12],
        digit=row[13],
        marking=row[14],
        notes_marking=row[15],
        text=row[16],
        sha256=row[17],
        media_type=row[18],
        file_name=row[19],
        warnings=_warnings(library, published, row[20]),
    )


def _warnings(library: Library, published: DateFact | None, of_original: str | None) -> tuple[Warn, ...]:
    codes: list[str] = [*(published.warnings if published else ()), *(json.loads(of_original) if of_original else ())]
    found = [Warn(code, phrases.warning(code, {"printed": published.printed if published else ""})) for code in codes]
    if published is not None and published.year_from:
        rest_on = ", ".join(numbers(library, published.year_from))
        year = (published.high or published.low or "")[:4]
        found.append(Warn("year_inferred", phrases.warning("year_inferred", {"year": year, "articles": rest_on})))
    return tuple(found)


def numbers(library: Library, wanted: Iterable[ArticleId]) -> list[str]:
    """The numbers of these case files, sorted."""
    rows = library.query(
        "SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY initials, count",
        {"ids": json.dumps(list(wanted))},
    )
    return [str(row[0]) for row in rows]


def text(library: Library, article: ArticleId) -> str:
    """The working text; "" where there is none yet (a picture)."""
    row = library.one("SELECT t.body FROM articles a JOIN texts t ON t.sha256 = a.text WHERE a.id = ?", (article,))
    return "" if row is None else str(row[0])


def resolve(library: Library, wanted: str) -> ArticleId:
    """The id of the case file that a number, or an unambiguous start of an id of at least four characters, names.

    Raises CasefileError "no_such_article" or "article_ambiguous" (which lists the candidates).
    """
    wanted = wanted.strip()
    rows = library.query(
        "SELECT id, number FROM articles WHERE deleted = 0 AND number = ? COLLATE NOCASE ORDER BY id", (wanted,)
    )
    if not rows and len(wanted) >= 4 and all(c in "0123456789abcdefABCDEF-" for c in wanted):
        start = wanted.lower()
        rows = library.query(
            "SELECT id, number FROM articles WHERE deleted = 0 AND id >= ? AND id < ? ORDER BY id", (start, start + "g")
        )
    if not rows:
        raise CasefileError("no_such_article", article=wanted)
    if len(rows) > 1:
        named = ", ".join(f"{number} ({article[:8]})" for article, number in rows[:5])
        raise CasefileError("article_ambiguous", article=wanted, candidates=named)
    return ArticleId(rows[0][0])


SETTABLE = ("title", "publisher", "origin", "place", "language", "published", "marking", "notes_marking", "state")


def set_fields(library: Library, article: ArticleId, fields: dict[str, str]) -> None:
    """Set facts by hand, in one step; an empty value takes a fact away. Their basis is then the analyst.

    `published` is EDTF; `marking` a label of the marking scheme; `state` a code of `STATES`. Raises CasefileError
    "unknown_field", "date_not_edtf", "unknown_marking", "unknown_state", "title_empty"; nothing is changed then.
    """
    from casefile.text import dates

    with library.step("article.set", article=article):
        for field, given in fields.items():
            value = given.strip() or None
            match field:
                case "title":
                    if value is None:
                        raise CasefileError("title_empty")
                    library.change("articles", article, title=value, title_from=stored.BY_ANALYST)
                case "place":
                    library.change("articles", article, place=value, place_from=stored.BY_ANALYST)
                case "publisher" | "origin":
                    source = None if value is None else sources.find_or_add(library, value)
                    library.change("articles", article, **{field: source, f"{field}_from": stored.BY_ANALYST})
                case "language":
                    library.change("articles", article, language=value)
                case "published":
                    date = None if value is None else stored.date(dates.date_fact_from_analyst(value))
                    library.change("articles", article, published=date)
                case "marking" | "notes_marking":
                    label = None if value is None else schemes.marking().label(value).code
                    library.change("articles", article, **{field: label})
                case "state":
                    if value not in STATES:
                        raise CasefileError("unknown_state", state=given, states=", ".join(STATES))
                    library.change("articles", article, state=value)
                case _:
                    raise CasefileError("unknown_field", field=field, fields=", ".join(SETTABLE))


@dataclass(frozen=True, slots=True)
class Graded:
    """What a grade was given to: the letter to a source (the origin or the publisher), the digit to the case file."""

    letter: str
    digit: str
    source: str
    of: Literal["origin", "publisher"]


def grade(library: Library, article: ArticleId, given: str) -> Graded:
    """Give the letter to the article's origin, else its publisher, and the digit to the case file, in one step.

    Raises CasefileError "unknown_grade", or "no_source" when neither is known; nothing changes then.
    """
    letter, digit = schemes.parse_grade(given)
    present = get(library, article)
    if present.origin_id is not None:
        source, name, of = present.origin_id, present.origin, "origin"
    elif present.publisher_id is not None:
        source, name, of = present.publisher_id, present.publisher, "publisher"
    else:
        raise CasefileError("no_source", article=present.number)
    with library.step("article.grade", article=article):
        sources.grade(library, source, letter)
        library.change("articles", article, digit=digit, digit_scheme=schemes.DEFAULT_GRADING)
    return Graded(letter, digit, name or "", of)


def put_in_bin(library: Library, articles: Iterable[ArticleId]) -> None:
    """Put case files in the Bin: out of lists and search, with everything done to them kept."""
    with library.step("article.bin"):
        for article in articles:
            library.change("articles", article, deleted=1)


def restore(library: Library, articles: Iterable[ArticleId]) -> None:
    """Take case files out of the Bin."""
    with library.step("article.restore"):
        for article in articles:
            library.change("articles", article, deleted=0)
