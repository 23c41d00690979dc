"""Heads and feet of articles: title, header lines, place and day, found by their shape.

A head is what stands before the article's own words. Everything is a span in code points of one canonical text, `stop`
excluded. What is found is proposed to the analyst, never decided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from casefile.readers import datelines
from casefile.readers.datelines import NAME, Span
from casefile.text.printed import PrintedDate, printed_dates

TITLE = 160
"""The longest title, in code points."""

_LINES = 16  # lines with ink that can belong to a head,
_REACH = 2_000  # and the code points within which they begin
_HEADER = 200  # code points: the longest header line
_OUTLET = 60  # code points: the longest name of an outlet
_STANDFIRST = 400  # code points: a longer line without a dateline is the article itself


@dataclass(slots=True)
class Head:
    """What the shape of a text gives away; `body` is where the article's own words begin, with the end of its line."""

    title: Span | None = None
    publisher: Span | None = None
    origin: Span | None = None
    place: Span | None = None
    date: PrintedDate | None = None
    updated: PrintedDate | None = None
    body: Span | None = None
    bare: list[PrintedDate] = field(default_factory=list[PrintedDate])
    """Dates alone on their line: the day of an article, or the first heading of a chronology."""
    later: list[PrintedDate] = field(default_factory=list[PrintedDate])
    """Dates alone on a line of the body: further headings, or the day at the foot of a statement."""


class _Line(NamedTuple):
    start: int
    stop: int
    text: str
    apart: bool
    """Whether an empty line follows."""


def read(text: str) -> Head:
    """Return what the first lines, the last lines and an attribution in the text give away."""
    head = Head()
    lines = _lines(text)
    opening: datelines.Dateline | None = None
    seeking = True
    taken: set[int] = set()
    for index, line in enumerate(lines):
        if _taken(head, lines, index, taken) or not seeking or not _LETTER.search(line.text):
            continue
        early = head.title is None and head.body is None
        if early and _is_kicker(head, lines, index, taken):
            continue
        ended = line.text[-1] in _STOPS
        opening = datelines.opening(text, line.start, line.stop)
        titled = early and not (opening and ended) and _is_title(head, lines, index, taken)
        # "Cambodia: New law passed" is a headline, and "Spokesman: We know nothing" a quotation further down.
        if opening and opening.colon and (head.body or titled):
            opening = None
        if titled:
            head.title = (opening.stop if opening else line.start, line.stop)
        elif head.body is None:
            head.body = (opening.stop if opening else line.start, line.stop)
        seeking = opening is None and (head.body is None or (len(line.text) <= _STANDFIRST and index < 6))
    if head.date is None and head.bare and len(_days(head.bare + head.later)) == 1:
        head.date = head.bare[0]
    if opening is not None:
        head.place = head.place or opening.place
        head.origin = head.origin or opening.origin
        head.date = head.date or (None if head.bare else opening.date)
    _foot(head, text)
    head.origin = head.origin or datelines.attribution(text)
    return head


def _days(found: list[PrintedDate]) -> set[tuple[int | None, int, int | None]]:
    return {(one.year, one.month, one.day) for one in found}


def first_sentence(text: str, body: Span) -> Span:
    """Return the first sentence of the body, at most 400 code points; lines broken by hand are joined."""
    start = body[0]
    match = _SENTENCE_END.search(text, start, start + 400)
    return start, (match.end() if match else min(len(text), start + 400, max(body[1], start + 1)))


_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_STOPS = ".!?。！？។៕"
# A capital with up to three small letters before the full stop is a rank or a title, not a sentence.
_STOP = r"[.!?](?<![A-Z].)(?<![A-Z][a-z].)(?<![A-Z][a-z]{2}.)(?<![A-Z][a-z]{3}.)[.!?]*[\"'”’)]*"
_RUN_ON = re.compile(rf"{_STOP}\s+\S|[。！？៕។]\S")
_SENTENCE_END = re.compile(rf"{_STOP}(?=\s|\Z)|[。！？។៕]+[”’」』]?|(?=\n\s*\n)")

_BYLINE = re.compile(
    rf"(?:(?i:by|written by|reported by|reporting by|story by|text by|photos? by|author|reporter|editor)\s*:?\s+{NAME}"
    rf"(?:[ ,/]+(?:{NAME}|and|&|in|of|the))*"
    r"|(?:โดย|ผู้สื่อข่าว|เรื่องโดย|ដោយ|作者|记者|記者|Tác giả)\s*[:：]?\s*\S.{0,60})\Z"
)
_LABELLED = re.compile(
    r"(?P<label>title|headline|subject|source|publisher|published by|place|location|หัวข้อ|ที่มา|แหล่งที่มา"
    r"|ប្រភព|标题|標題|来源|來源|nguồn|tiêu đề)\s*[:：៖]\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_TITLE_LABELS = frozenset(("title", "headline", "subject", "หัวข้อ", "标题", "標題", "tiêu đề"))
_UPDATED = re.compile(
    r"updat|modif|edited|revis|access|retriev|captur|อัป?เดต|อัพเดท|แก้ไข|更新|修改"
    r"|c(?:ậ|â\u0323)p nh(?:ậ|â\u0323)t|កែសម្រួល",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"publi|posted|post date|release|issue|\bdated?\b|เผยแพร่|ลงวันที่|โพสต์|发布|發布|发表|發表|日期"
    r"|đăng|xu(?:ấ|â\u0301)t bản|ផ្សាយ",
    re.IGNORECASE,
)
#: What may stand beside a date in a header line without being a name.
_NOISE = re.compile(
    r"\b(?:first|last|originally|publication|publish(?:ed)?|post(?:ed)?|released?|issued?|updated?|modified|edited|revised"
    r"|created|dated?|time|on|at|online|ict|gmt|utc|est|edt|sgt|am|pm|a\.m|p\.m|hrs?|local|for immediate release"
    r"|min(?:ute)?s?(?: read)?|read|views?|shares?|comments?|print|ngày|lúc|đăng|cập nhật)\b|ลงวันที่|วันที่|เผยแพร่|เมื่อ|โพสต์"
    r"|อัป?เดต|อัพเดท|ล่าสุด|แก้ไข|เวลา|น\.|ວັນທີ|ថ្ងៃទី|ថ្ងៃ|ចេញ|ផ្សាយ|ម៉ោង|发布|發布|发表|發表|更新|日期|时间|時間|于|於|(?<=\d)T(?=\d)|\bZ\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?P<strong>[|·•‧｜])\s*|\s+(?:--|[-–—])\s+|\s{3,}|\t"
    r"|\s+(?=(?:source|来源|來源|ที่มา|作者|记者|記者|by|โดย|nguồn|ប្រភព)\s*[:：៖])",
    re.IGNORECASE,
)
_DAY = "\0"  # stands for a date: no canonical text has it
_TOWN = rf"(?:{NAME}(?:,? {NAME}){{0,3}}|[^\W\d_A-Za-z][^\s\d|:]{{1,24}})"
_PLACED = re.compile(rf"[(\[]?(?P<before>{_TOWN})[)\]]?[\s,]*\x00+[\s.]*|\x00+[\s,]*[(\[]?(?P<after>{_TOWN})[)\]]?")
_OUTLET_SHAPE = re.compile(rf"\S+\Z|{NAME}(?: (?:(?:of|and|the|for|in|on|de|&) )*{NAME})*\Z|[^\x00-\x7f]")
_BREADCRUMB = re.compile(r"[^.!?]*\S\s*[»›]\s*\S|home\s*[>/]", re.IGNORECASE)
# The formulas at the head of official papers of Cambodia, Laos and Viet Nam.
_FORMULA = re.compile(
    r"(?:kingdom of cambodia|nation,? religion,? king|ព្រះរាជាណាចក្រកម្ពុជា|ជាតិ\s+សាសនា\s+ព្រះមហាក្សត្រ"
    r"|lao people['’]s democratic republic|peace,? independence,? democracy,? unity,? (?:and )?prosperity"
    r"|cộng hòa xã hội chủ nghĩa việt nam|độc lập\W+tự do\W+hạnh phúc)\W*\Z",
    re.IGNORECASE,
)


def _lines(text: str) -> list[_Line]:
    """Return the first lines with ink, without the white space around them; of long lines only the first."""
    lines: list[_Line] = []
    start = 0
    in_body = False
    pieces = text.split("\n", 3 * _LINES)
    for index, piece in enumerate(pieces):
        ink = "" if in_body and len(piece) > _STANDFIRST else piece.strip()
        if ink:
            in_body = in_body or len(ink) > _STANDFIRST
            first = start + (piece.index(ink[0]) if len(ink) < len(piece) else 0)
            following = pieces[index + 1] if index + 1 < len(pieces) else "?"
            lines.append(_Line(first, first + len(ink), ink, not following or following.isspace()))
        start += len(piece) + 1
        if start > _REACH or len(lines) == _LINES:
            break
    return lines


def _is_title(head: Head, lines: list[_Line], index: int, taken: set[int]) -> bool:
    """Whether the line is short, one sentence at most, and set apart; a header line below it is `taken` on the way."""
    line = lines[index]
    if len(line.text) > TITLE or _RUN_ON.search(line.text):
        return False
    below = _below(head, lines, index, taken)
    if below == len(lines):
        return below - 1 in taken
    return line.apart or below != index + 1 or (len(lines[below].text) > TITLE and line.text[-1] not in _STOPS)


def _is_kicker(head: Head, lines: list[_Line], index: int, taken: set[int]) -> bool:
    """Whether the line is a few capitals above a title ("PRESS RELEASE")."""
    words = lines[index].text
    if len(words) > 30 or not (words.isascii() and words.isupper()):
        return False
    below = index + 1
    return below < len(lines) and not _taken(head, lines, below, taken) and _is_title(head, lines, below, taken)


def _below(head: Head, lines: list[_Line], index: int, taken: set[int]) -> int:
    """Return the index of the next line that is neither residue nor a header line."""
    below = index + 1
    while below < len(lines) and (not _LETTER.search(lines[below].text) or _taken(head, lines, below, taken)):
        below += 1
    return below


def _taken(head: Head, lines: list[_Line], index: int, taken: set[int]) -> bool:
    if index not in taken and len(lines[index].text) <= _HEADER and _header(head, lines[index]):
        taken.add(index)
    return index in taken


def _header(head: Head, line: _Line) -> bool:
    """Take a line of the head (source, day, byline, formula) apart; false if it is none."""
    words = line.text
    if _DIGIT.search(words) and (dates := printed_dates(words)):
        return _dated(head, line, dates)
    if len(words) > _OUTLET + 20:
        return False
    if _BYLINE.match(words) or (head.body is None and (_BREADCRUMB.match(words) or _FORMULA.match(words))):
        return True
    match = _LABELLED.match(words)
    if match is None or head.body is not None:
        return False
    _label(head, match["label"].lower(), (line.start + match.start("value"), line.stop))
    return True


def _label(head: Head, label: str, span: Span) -> None:
    if label in _TITLE_LABELS:
        head.title = head.title or span
    elif label in ("place", "location"):
        head.place = head.place or span
    elif label.startswith("publi"):
        head.publisher = head.publisher or span
    else:
        head.origin = head.origin or span


def _dated(head: Head, line: _Line, dates: list[PrintedDate]) -> bool:
    """Take a line with a date apart into day, place, outlet and byline; false if it says more than a header does."""
    masked = line.text
    for found in dates:
        masked = masked[: found.start] + _DAY * (found.stop - found.start) + masked[found.stop :]
    names: list[Span] = []
    place: Span | None = None
    for start, stop in _parts(masked):
        part = masked[start:stop]
        if not _LETTER.search(part) or not _LETTER.search(_NOISE.sub(" ", part)) or _BYLINE.match(part):
            continue
        if _DAY not in part:
            names.append((start, stop))
        elif (match := _PLACED.fullmatch(part)) and len(part.split()) <= 6:
            group = "before" if match["before"] else "after"
            place = (start + match.start(group), start + match.end(group))
        else:
            return False
    # Under a standfirst an outlet and a day are a header line still; further down they belong to a list of sources.
    if names and head.body is not None and line.start > head.body[1] + 100:
        return False
    # A place, a day, a dash and words are a dateline.
    if names and (names[0][1] - names[0][0] > _OUTLET or (place and "|" not in masked)):
        return False
    if names and head.title is None and not _OUTLET_SHAPE.match(line.text, *names[0]):
        # "Raid on the border – 10 July 2025" may name the day of the raid; behind a bar stands the day of the article.
        if head.body is not None or "|" not in masked:
            return False
        head.title = _moved(names.pop(0), line)
    labelled = False
    edge = 0
    for found in dates:
        before, edge = line.text[edge : found.start], found.stop
        moved = found.moved(line.start)
        if _UPDATED.search(before):
            head.updated = head.updated or moved
        elif _ISSUED.search(before) or names:
            labelled = True
            head.date = head.date or moved
        else:
            (head.bare if head.body is None else head.later).append(moved)
    if head.body is not None and not labelled:
        return True
    head.place = head.place or _moved(place, line)
    _outlet(head, line, names)
    return True


def _outlet(head: Head, line: _Line, names: list[Span]) -> None:
    """Take the first name of a header line as the outlet, unless its label says that it is the origin."""
    for span in names:
        match = _LABELLED.match(line.text[slice(*span)])
        if match is None:
            head.publisher = head.publisher or _moved(span, line)
            return
        _label(head, match["label"].lower(), (line.start + span[0] + match.start("value"), line.start + span[1]))


def _parts(masked: str) -> list[Span]:
    edges = [0]
    for match in _SEPARATOR.finditer(masked):
        edges += match.span()
    edges.append(len(masked))
    return [(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True) if start < stop]


def _moved(span: Span | None, line: _Line) -> Span | None:
    return (span[0] + line.start, span[1] + line.start) if span else None


def _foot(head: Head, text: str) -> None:
    """Take the sign-off, and the place and day under which statements are given ("Phnom Penh, 20 June 2025")."""
    signed = datelines.sign_off(text)
    if signed is not None and head.publisher is None:
        head.publisher = signed
    elif signed is not None and text[slice(*signed)] != text[slice(*(head.publisher or (0, 0)))]:
        head.origin = head.origin or signed
    if head.date is not None or head.bare:
        return
    tail = text[-200:].rstrip()
    last = tail[tail.rfind("\n") + 1 :].strip()
    start = max(0, len(text) - 200) + tail.rfind(last)
    if 0 < len(last) <= _OUTLET and len(tail) > len(last):
        foot = Head()
        given = _header(foot, _Line(start, start + len(last), last, apart=False)) and not foot.publisher
        found = foot.date or next(iter(foot.bare), None)
        if given and found is not None and found.full and len(_days([found, *head.later])) == 1:
            head.date, head.place = found, head.place or foot.place
