"""Facts that an article gives about itself: title, published by, comes from, place, language, day of publication.

Each is proposed with the passage or the metadata field that it was read from. What is not there stays null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from casefile.errors import CasefileError
from casefile.readers import heads
from casefile.readers.language import language
from casefile.records import DateFact, Fact, Passage, Sha256
from casefile.text import dates, edtf, passages
from casefile.text.edtf import Edtf

_CUT = 100  # code points of a title made from a sentence
_FUTURE = 2  # years: a later date is a slip of the pen, or no date of publication


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file's own metadata say; the `…_field`s name where ("meta property=article:published_time").

    `published` is EDTF or an ISO 8601 day with or without a time; what is neither is passed over.
    """

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    published_field: str | None = None
    language: str | None = None
    address: str | None = None
    title_field: str | None = "title"
    publisher_field: str | None = "publisher"
    language_field: str | None = "language"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts proposed for one article; `names` only where a year is to be inferred from other case files."""

    title: Fact | None = None
    publisher: Fact | None = None
    origin: Fact | None = None
    place: Fact | None = None
    language: Fact | None = None
    published: DateFact | None = None
    names: tuple[str, ...] = ()


def read_facts(text: str, digest: Sha256, *, metadata: Metadata | None = None, today: date | None = None) -> Facts:
    """Return the facts that a canonical text and its file's metadata give; `digest` is the text's SHA-256.

    Metadata go before the text for title and publisher; for the day the printed one is kept, with the warning
    `date_sources_differ` where metadata say another. The language is that of the text, of the metadata if it doesn't
    tell. A date that the text merely cites is never the day of publication: it can bound it (see `dates.bounds`).
    `today` (local) is the day of the import: later days are not past, and much later ones draw a warning.
    """
    given = metadata or Metadata()
    head = heads.read(text)
    title = _given(given.title, given.title_field) or _title(text, head, digest)
    printed = _stated(text, head.publisher, digest)
    publisher = _given(given.publisher, given.publisher_field) or printed
    origin = _stated(text, head.origin, digest)
    if origin is None and printed and publisher and printed.value.casefold() != publisher.value.casefold():
        # The site published it, the text is signed by another: that is where it comes from.
        origin = printed
    if origin and publisher and origin.value.casefold() == publisher.value.casefold():
        origin = None
    published = _published(text, head, digest, given, today)
    names: tuple[str, ...] = ()
    if published is not None and "year_not_printed" in published.warnings:
        from casefile.text.names import names_in

        names = tuple(sorted(names_in(text)))
    place = _stated(text, head.place, digest)
    return Facts(title, publisher, origin, place, _language(text, given), published, names)


def _given(value: str | None, field: str | None) -> Fact | None:
    words = " ".join(value.split()) if value else ""
    return Fact(words, "stated", field=field) if words else None


def _stated(text: str, span: heads.Span | None, digest: Sha256) -> Fact | None:
    if span is None:
        return None
    return Fact(" ".join(text[slice(*span)].split()), "stated", _passage(text, span, digest))


def _passage(text: str, span: heads.Span, digest: Sha256) -> Passage:
    return passages.at(text, span[0], span[1], digest=digest)


def _title(text: str, head: heads.Head, digest: Sha256) -> Fact | None:
    """Return the title, else the first sentence, cut to about 100 code points with an ellipsis."""
    if head.title is not None:
        return _stated(text, head.title, digest)
    if head.body is None:
        return None
    span = heads.first_sentence(text, head.body)
    words = " ".join(text[slice(*span)].split())
    return Fact(_cut(words), "inferred", _passage(text, span, digest)) if words else None


def _cut(words: str) -> str:
    if len(words) <= _CUT:
        return words
    space = words.rfind(" ", _CUT // 2, _CUT + 1)
    if space < 0:
        # Thai, Khmer and Chinese have no spaces between words; but a letter is never parted from its signs, nor a
        # Khmer or Burmese letter from the one written below it.
        import regex

        space = max(
            (one.end() for one in regex.finditer(r"\X", words, endpos=_CUT + 40) if one.end() <= _CUT), default=0
        )
        while space and words[space - 1] in "\u17d2\u1039\u200d":
            space -= 1
    return words[:space].rstrip(" ,;:–—-") + "…"


def _language(text: str, given: Metadata) -> Fact | None:
    code = language(text)
    if code is not None:
        return Fact(code, "inferred")
    declared = (given.language or "").strip()
    well_formed = re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", declared)
    return Fact(declared.replace("_", "-"), "stated", field=given.language_field) if well_formed else None


def _published(text: str, head: heads.Head, digest: Sha256, given: Metadata, today: date | None) -> DateFact | None:
    found, known = head.date, _declared(given.published)
    field = given.published_field
    if found is None and known is None:
        return dates.bounds(text, digest, today=today, updated=head.updated)
    if found is None:
        assert known is not None
        fact = DateFact(
            known.value, None, known.low, known.high, (given.published or "").strip(), "stated", field=field
        )
        return _checked(fact, today)
    passage = _passage(text, (found.start, found.stop), digest)
    agreed = known is not None and known.precision == "day" and _fits(found, known)
    if agreed and known and (found.ambiguous or found.year is None):
        day = DateFact(known.value, None, known.low, known.high, found.printed, "stated", passage, field)
        return _checked(day, today)
    warnings = ("date_sources_differ",) if known and not agreed and _apart(found, known, given.published) else ()
    value, limits, basis = found.edtf, None, "stated"
    if found.year is None:
        basis, warnings = None, ("year_not_printed", *warnings)
    elif found.ambiguous:
        limits, basis, warnings = f"{found.low}/{found.high}", "inferred", ("date_ambiguous", *warnings)
    elif found.last is not None:
        value, limits = None, value
    if found.weekday_agrees is False:
        warnings = ("weekday_differs", *warnings)
    return _checked(
        DateFact(value, limits, found.low, found.high, found.printed, basis, passage, None, warnings), today
    )


def _checked(fact: DateFact, today: date | None) -> DateFact:
    late = today is not None and fact.low is not None and fact.low > f"{today.year + _FUTURE:04}{today.isoformat()[4:]}"
    return replace(fact, warnings=(*fact.warnings, "date_in_future")) if late else fact


def _declared(value: str | None) -> Edtf | None:
    """Return the day that metadata give, as they write it (in the outlet's time, not in UTC); null for an interval."""
    words = (value or "").strip()
    if not words:
        return None
    try:
        read = edtf.parse(words[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]\d", words) else words)
    except CasefileError:
        found = dates.printed_dates(words)
        if len(found) != 1 or not found[0].edtf or found[0].last:
            return None
        read = edtf.parse(found[0].edtf)
    return None if read.precision == "interval" else read


def _fits(found: dates.PrintedDate, known: Edtf) -> bool:
    """Whether the declared day is one that the printed one can mean."""
    if found.ambiguous:
        return known.low in (found.low, found.high)
    if found.year is None and known.low is not None:
        return known.low[5:] == f"{found.month:02}-{found.day or 0:02}"
    return (found.low or "") <= (known.low or "") <= (found.high or "")


def _apart(found: dates.PrintedDate, known: Edtf, declared: str | None) -> bool:
    """Whether the declared date contradicts the printed one; a time of another zone may shift it by a day."""
    if found.year is None or found.low is None or found.high is None or known.low is None or known.high is None:
        return True
    shift = 1 if re.search(r"\d[T ]\d", declared or "") else 0
    low, high = date.fromisoformat(known.low).toordinal() - shift, date.fromisoformat(known.high).toordinal() + shift
    return high < date.fromisoformat(found.low).toordinal() or low > date.fromisoformat(found.high).toordinal()
