"""Datelines, sign-offs and attributions to a news agency, found by their shape.

Nothing is looked up in a list of places or outlets, so that an unknown one is read like a known one; only the wire
services, which print their own name where others print a place, are named. Spans count code points of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from casefile.text import months
from casefile.text.printed import PrintedDate, printed_dates

Span = tuple[int, int]

_UP = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠ-Ỹ"
NAME = rf"[{_UP}][\w\u0300-\u036f'’.&-]*"
"""A pattern for a word that begins with a capital."""
_PLACE = rf"{NAME}(?: (?:(?:of|de|la|el|al) )?{NAME}){{0,3}}"
_DASH = r"(?:--|[-–—―])"


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of an article: who or where it comes from and the day it bears; `stop` is where the words begin.

    `colon` marks the weaker form `Phnom Penh: `, which a headline can have too.
    """

    stop: int
    place: Span | None = None
    origin: Span | None = None
    date: PrintedDate | None = None
    colon: bool = False


# "BANGKOK, Thailand – ", "PHNOM PENH, July 10 (Wire) -- ", "Phnom Penh: "
_LATIN = re.compile(
    rf"(?P<place>{_PLACE}(?:, ?(?!(?i:{months.LATIN})){_PLACE})?)(?:,? (?P<date>[^()\n:–—]{{3,32}}?))?"
    rf"(?: ?[(/](?P<agency>{NAME}[^()\n/]{{0,38}})[)/])?(?P<mark> ?{_DASH}(?= )| ?[:：](?=\s)|(?<=[)/])(?= ))\s*"
)
# "(Phnom Penh): ", "13-11-2025 (BANGKOK) "
_BRACKETED = re.compile(r"[(\[（【](?P<place>[^()\[\]（）【】\n\d]{2,40})[)\]）】]\s*(?P<mark>[:៖：]|[-–—]+)?\s*(?=\S)")
# The same in scripts without capitals: the place is one run of letters, then a date or a mark.
_SCRIPTED = re.compile(
    rf"(?P<place>[^\W\d_A-Za-z][^\s\d!-/:-@។៖，。：（]{{1,24}})[\s\u200b]*(?P<date>[\d(][^\n]{{0,30}}?)?\s*(?P<mark>{_DASH}|[៖：])\s*"
)
_CABLE = re.compile(
    r"(?P<origin>[\u4e00-\u9fff]{2,5}社)(?P<place>[\u4e00-\u9fff]{2,8}?)(?P<date>\d{1,2}月\d{1,2}日)[电電]\s*"
)
_NO_PLACE = re.compile(
    r"(?:the|a|an|in|on|at|this|that|these|but|and|if|when|while|as|it|he|she|we|they|police|mr|mrs|ms|dr|pol|gen|lt|col|maj"
    r"|capt|prime|minister|president|deputy|spokes\w+|officials?|editor\w*|note|updated?|breaking|exclusive|watch|read|video"
    r"|photos?|pictures?|image|opinion|analysis|comment\w*|background|summary|statement|press|release|references?|sources?"
    r"|contact|caption|subject|title|headline|date|from|to|re|attn|tel|phone|e-?mail|fax|website|question|answer|q|a|related"
    r"|more|also|see|key|factbox|timeline|explainer|author|reporter|publi\w+|posted|page|figure|table|chapter|section|part"
    r"|article|annex|no|warning|correction|advisory|live)\b",
    re.IGNORECASE,
)
_WIRES = re.compile(
    r"(?:reuters|afp|ap|associated press|agence france-presse|xinhua|bernama|antara|tna|nnt|vna|ttxvn|akp|kpl|mna|pna"
    r"|upi|dpa|efe|ani|pti|kyodo(?: news)?|yonhap|tass|ians|cnn|bbc|cna|rfa|voa|prnewswire)\Z",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[-–—―:：៖(\[（【电電/]")  # one of these ends every dateline
_DATED = re.compile(rf"[\d({_UP}]|วัน|ถนน|ថ្ងៃ|ng(?:à|a\u0300)y|th(?:ứ|ư\u0301)", re.IGNORECASE)
_AFTER_DATE = re.compile(r"[\s,|:–—-]*")
_LETTER = re.compile(r"[^\W\d_]")


def opening(text: str, start: int, stop: int) -> Dateline | None:
    """Return the dateline with which the line from `start` to `stop` begins, or null."""
    line = text[start : min(stop, start + 160)]
    if not line[:1].isdigit() and not _SIGN.search(line):
        return None
    date, edge = None, 0
    if line[:1].isdigit() or _DATED.match(line):
        found = next(iter(printed_dates(line[:60])), None)
        if found is not None and found.start == 0:
            date, edge = found, _end(_AFTER_DATE.match(line, found.stop))
    parts = _latin(line, edge) or _bracketed(line, edge, dated=date is not None) or _scripted(line, edge)
    if parts is None:
        # A date alone opens an article only when nothing but the article follows it: "13-11-2025 Police have…".
        if date is None or _LETTER.search(date.printed) or not date.full:
            return None
        parts = Dateline(edge)
    day = parts.date or date
    return Dateline(
        start + parts.stop,
        _moved(parts.place, start),
        _moved(parts.origin, start),
        day and day.moved(start),
        parts.colon,
    )


def _latin(line: str, edge: int) -> Dateline | None:
    match = _LATIN.match(line, edge)
    if match is None or _NO_PLACE.match(match["place"]):
        return None
    date = _only_date(line, match.span("date")) if match["date"] else None
    if match["date"] and date is None:
        return None
    mark, agency, place = match["mark"].strip(), match["agency"], match["place"]
    if not mark and not (date or _WIRES.match(agency or "")):
        return None
    colon = mark in (":", "：")
    # Without an agency or a date beside it, three words are the most that a place has.
    if not (agency or date or len(place.partition(",")[0].split(" ")) <= 3):
        return None
    return Dateline(match.end(), match.span("place"), match.span("agency") if agency else None, date, colon)


def _bracketed(line: str, edge: int, *, dated: bool) -> Dateline | None:
    match = _BRACKETED.match(line, edge)
    if match is None:
        return None
    name = match["place"]
    if _WIRES.match(name):
        return Dateline(match.end(), origin=match.span("place")) if match["mark"] or dated else None
    shaped = not name.isascii() or re.fullmatch(rf"{_PLACE}(?:, ?{_PLACE})?", name) is not None
    if not shaped or _NO_PLACE.match(name) or not (match["mark"] or dated or name.isupper()):
        return None
    return Dateline(match.end(), match.span("place"))


def _scripted(line: str, edge: int) -> Dateline | None:
    if match := _CABLE.match(line, edge):
        return Dateline(match.end(), match.span("place"), match.span("origin"), _only_date(line, match.span("date")))
    match = _SCRIPTED.match(line, edge)
    if match is None:
        return None
    date = _only_date(line, match.span("date")) if match["date"] else None
    if match["date"] and date is None:
        return None
    return Dateline(match.end(), match.span("place"), None, date, match["mark"] in "៖：")


def _only_date(line: str, span: Span) -> PrintedDate | None:
    """Return the date that fills the span but for figures and signs, with the offsets of the line."""
    words = line[slice(*span)]
    found = next(iter(printed_dates(words)), None)
    if found is None or _LETTER.search(words[: found.start] + words[found.stop :]):
        return None
    return replace(found, start=span[0] + found.start, stop=span[0] + found.stop)


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _moved(span: Span | None, by: int) -> Span | None:
    return (span[0] + by, span[1] + by) if span else None


_ACCORDING = re.compile(
    rf"(?:According to|As reported by|Reported by) (?:the )?(?P<name>(?:{NAME} ){{1,5}}?(?:News Agency|Press Agency"
    rf"|News Service|Newswire|Wire Service|Press Service)|{NAME}(?= news agency)|Agence [\w-]+(?: [{_UP}]\w+)?)"
)
_SIGN_OFF = re.compile(
    rf"(?:(?:(?<=[.!?”\"’។៕။。])|(?<=\s))[(（](?P<inside>[^()（）\n]{{2,40}})[)）]"
    rf"|(?:(?<=\n)|(?<=[.!?”\"’។៕။。]))[^\S\n]*(?:=+|{_DASH})[^\S\n]*(?P<after>[^=\n.:;,()–—]{{2,40}}))[.=\s]*\Z"
)
_AGENCY = re.compile(r"\Aสำนักข่าว|\Aทีมข่าว|社\Z|网\Z|報\Z|报\Z")
_MARK = re.compile(r"[=–—―-]")
_NO_SIGN = re.compile(
    r"(?:ends?|more|photos?|videos?|files?|translated|unofficial translation|to be continued|完|จบ|ចប់|hết)\Z",
    re.IGNORECASE,
)
_OUTLET = re.compile(rf"{NAME}(?: (?:(?:of|and|the|for|&) )?{NAME}){{0,4}}\Z|[^\x00-\x7f\s](?:\S| (?=\S)){{1,30}}\Z")


def sign_off(text: str) -> Span | None:
    """Return the agency or outlet with which the text ends: `… said. (NNT)`, `=FRESH WIRE`, `—Wire`."""
    tail = text[-200:].rstrip()
    offset = max(0, len(text) - 200)
    # Cheap signs first: most texts end with a word and a full stop.
    signed = tail.rstrip(".= ")[-1:] in (")", "）") or _MARK.search(tail, len(tail) - 46)
    match = _SIGN_OFF.search(tail) if signed else None
    if match is None:
        return None
    group = "inside" if match["inside"] else "after"
    name = match[group].strip()
    before = tail[: match.start()].rstrip(" \t\u00a0")
    # Brackets that end a sentence explain a word of it, unless the sentence is over before them.
    if group == "inside" and before and before[-1] not in '.!?”"’។៕။。\n':
        return None
    if _NO_SIGN.match(name) or not _OUTLET.match(name):
        return None
    # Without capitals, what follows a dash in a line is a name only if it says so.
    if group == "after" and before and before[-1] != "\n" and not (name.isascii() or _AGENCY.search(name)):
        return None
    start = offset + match.start(group) + match[group].index(name)
    return start, start + len(name)


def attribution(text: str) -> Span | None:
    """Return the news agency to which a sentence of the text is attributed by its first words."""
    if "ccording to" not in text and "eported by" not in text:
        return None
    for match in _ACCORDING.finditer(text, 0, 20_000):
        before = text[max(0, match.start() - 3) : match.start()]
        if before.rstrip()[-1:] in ("", ".", "!", "?", "”", '"', ")") or before.endswith("\n"):
            return match.span("name")
    return None
