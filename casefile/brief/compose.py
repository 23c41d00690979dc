"""Composing: from a dossier to a brief as plain data, every sentence with the passage that it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casefile import articles, dossiers, mentions, notes, schemes, tags
from casefile.articles import Article
from casefile.brief.outline import Brief, ChronologyRow, Citation, Finding, Sentence, SourceRow, Spelling, TagRow
from casefile.door import Library, utc_now
from casefile.errors import CasefileError
from casefile.notes import Note
from casefile.records import ArticleId, DateFact, DossierId
from casefile.text import paragraphs

UNMARKED = "TLP:AMBER"
"""What our own notes count as where nobody marked them or the dossier: wider than that only by a decision."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_BASES = {"stated": "stated", "inferred": "inferred", "analyst": "set by the analyst"}


def compose(
    library: Library,
    dossier: DossierId,
    *,
    number: str | None = None,
    marking: str | None = None,
    bottom_line: str | None = None,
    issue: int = 1,
    as_of: str | None = None,
) -> Brief:
    """The dossier's brief: its notes in order as findings, its case files as chronology and sources, its tags.

    `as_of` is UTC, now if not given. Raises CasefileError "dossier_empty", "unknown_marking", or "marking_too_wide"
    when the marking asked for is wider than that of something in it.
    """
    found = next((one for one in dossiers.every(library) if one.id == dossier), None)
    if found is None:
        raise CasefileError("no_such_dossier", reference=dossier)
    filed = articles.some(library, articles.ids(library, dossier=dossier, order="g.n"))
    if not filed:
        raise CasefileError("dossier_empty", reference=found.reference)
    source_of = {article.id: place for place, article in enumerate(filed, 1)}
    by_id = {article.id: article for article in filed}
    return Brief(
        number=number or f"{found.reference}/{issue}",
        title=found.title or found.reference,
        marking=_marking(found.marking, filed, marking),
        as_of=as_of or utc_now(),
        author=library.analyst,
        reference=found.reference,
        issue=issue,
        bottom_line=_sentences(bottom_line or ""),
        findings=tuple(
            _finding(library, note, by_id[note.article], source_of[note.article])
            for note in notes.of_dossier(library, dossier)
        ),
        chronology=_chronology(filed, source_of),
        tags=_tags(library, [article.id for article in filed]),
        sources=tuple(_source(library, article, source_of[article.id]) for article in filed),
    )


def _marking(of_dossier: str | None, filed: Sequence[Article], wanted: str | None) -> str:
    scheme = schemes.marking()
    included = [
        label for label in (of_dossier, *(a.marking for a in filed), *(a.notes_marking for a in filed)) if label
    ]
    if wanted is None:
        # The marking of an item says nothing of our notes on it.
        unmarked = of_dossier is None and not all(a.notes_marking for a in filed)
        return scheme.strictest([*included, UNMARKED] if unmarked else included)
    label = scheme.label(wanted).code
    needed = scheme.strictest([label, *included])
    if needed != label:
        raise CasefileError("marking_too_wide", marking=label, needed=needed)
    return label


_SENTENCE = re.compile(r"(?<=[.!?。។])\s+")


def _sentences(text: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(sentence) for sentence in _SENTENCE.split(text.strip()) if sentence)


def _finding(library: Library, note: Note, article: Article, source: int) -> Finding:
    passage = note.passage
    row = library.one("SELECT body FROM texts WHERE sha256 = ?", (passage.text,))
    citation = Citation(
        source=source,
        start=passage.start,
        stop=passage.stop,
        text=passage.text,
        paragraph=None if row is None else paragraphs.number_at(row[0], passage.start),
        page=passage.page,
    )
    return Finding(
        comment=note.comment,
        quote=passage.exact,
        citation=citation,
        attributed=article.origin or article.publisher or "",
        language=article.language or "",
    )


def _chronology(filed: Sequence[Article], source_of: dict[ArticleId, int]) -> tuple[ChronologyRow, ...]:
    def when(article: Article) -> tuple[bool, str, int]:
        known = article.published
        day = (known.low or known.high) if known else None
        return (day is None, day or "", source_of[article.id])

    return tuple(
        ChronologyRow(
            date=in_words(article.published),
            title=article.title,
            article=article.number,
            source=source_of[article.id],
            printed=article.published.printed if article.published else "",
            basis=_BASES.get(article.published.basis or "", "") if article.published else "",
        )
        for article in sorted(filed, key=when)
    )


def _tags(library: Library, filed: Sequence[ArticleId]) -> tuple[TagRow, ...]:
    printed: dict[str, dict[str, set[ArticleId]]] = {}
    count: dict[str, int] = {}
    for article in filed:
        for mention in mentions.of_article(library, article):
            text = " ".join(mention.passage.exact.split())
            printed.setdefault(mention.tag, {}).setdefault(text, set()).add(article)
            count[mention.tag] = count.get(mention.tag, 0) + 1
    carried = {tag for article in filed for tag in tags.of_article(library, article)}
    return tuple(
        TagRow(
            tag.kind,
            tag.name,
            tuple(Spelling(text, len(where)) for text, where in printed.get(tag.id, {}).items()),
            count.get(tag.id, 0),
        )
        for tag in tags.every(library)
        if tag.id in carried
    )


def _source(library: Library, article: Article, number: int) -> SourceRow:
    row = library.one(
        "SELECT o.captured, min(r.received) FROM originals o JOIN receipts r ON r.original = o.id AND r.deleted = 0 "
        "WHERE o.article = ? AND o.sha256 = ? AND o.deleted = 0",
        (article.id, article.sha256),
    )
    captured, received = row if row is not None else (None, None)
    return SourceRow(
        number=number,
        article=article.number,
        title=article.title,
        origin=article.origin or "",
        publisher=article.publisher or "",
        published=in_words(article.published),
        captured=captured or "",
        received=received or "",
        letter=article.letter or "",
        digit=article.digit or "",
        graded=article.origin or article.publisher or "",
        marking=article.marking or "TLP:CLEAR",
        sha256=article.sha256 or "",
        media_type=article.media_type or "",
    )


_PART = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?(?P<sure>[?~%]?)\Z")


def in_words(published: DateFact | None) -> str:
    """The date in English words with its precision; what bounds an unknown one; "undated" where nothing does."""
    edtf = (published.edtf or published.bounds) if published else None
    if not edtf:
        return "undated"
    if "/" not in edtf:
        return _part(edtf)
    start, stop = edtf.split("/", 1)
    if start in ("", ".."):
        return f"not after {_part(stop)}"
    if stop in ("", ".."):
        return f"not before {_part(start)}"
    return f"{_part(start)} to {_part(stop)}"


def _part(edtf: str) -> str:
    match = _PART.match(edtf)
    if match is None:
        return edtf
    words = match["year"]
    if match["month"] is not None and 1 <= int(match["month"]) <= 12:
        words = f"{_MONTHS[int(match['month']) - 1]} {words}"
    if match["day"] is not None:
        words = f"{int(match['day'])} {words}"
    return {"~": f"about {words}", "?": f"perhaps {words}", "%": f"perhaps about {words}"}.get(match["sure"], words)
