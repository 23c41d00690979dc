"""Dates as printed in an article, read by a small strict grammar that never guesses.

General date finders invent dates (from surnames, from "may", from two-digit years), so there is none here. What is
read: a day, a month with its year, a range of days; with or without the year; ISO, numeric and written forms; English,
Thai, Lao, Khmer, Burmese, Chinese and Vietnamese months; digits of every script; the Buddhist era of Thailand (543
years ahead); a weekday beside the date. What is not read: two-digit years, days that no calendar has, `03/04/2025`
(kept, as ambiguous), dates inside addresses, paths and file names, dates broken over two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from casefile.text import edtf, months


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed at `start` to `stop` (code points, stop excluded), its weekday included.

    `day` is null for a month with its year; `last` is the year, month and day on which a range ends. `year` is null
    where none is printed. When `ambiguous`, day and month may be exchanged, and stand as day before month.
    """

    start: int
    stop: int
    printed: str
    year: int | None
    month: int
    day: int | None
    last: tuple[int | None, int, int] | None = None
    weekday: int | None = None
    ambiguous: bool = False
    buddhist: bool = False

    @property
    def edtf(self) -> str | None:
        """The date as EDTF; null without a year and when ambiguous."""
        if self.year is None or self.ambiguous:
            return None
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return self.low if self.last is None else f"{self.low}/{self.high}"

    @property
    def low(self) -> str | None:
        """The first ISO day that it can mean, included; null without a year."""
        if self.year is None:
            return None
        if self.ambiguous and self.day is not None:
            return min(_iso(self.year, self.month, self.day), _iso(self.year, self.day, self.month))
        return _iso(self.year, self.month, self.day or 1)

    @property
    def high(self) -> str | None:
        """The last ISO day that it can mean, included; null without a year."""
        if self.year is None:
            return None
        if self.last is not None:
            turns = self.last[1:] < (self.month, self.day or 1)
            return _iso(self.last[0] or self.year + turns, self.last[1], self.last[2])
        if self.day is None:
            return edtf.parse(f"{self.year:04}-{self.month:02}").high
        if self.ambiguous:
            return max(_iso(self.year, self.month, self.day), _iso(self.year, self.day, self.month))
        return self.low

    @property
    def full(self) -> bool:
        """Whether day, month and year are printed and their order is certain."""
        return self.year is not None and self.day is not None and not self.ambiguous

    @property
    def weekday_agrees(self) -> bool | None:
        """Whether the weekday beside the (first) day is that day's; null without a weekday or a full date."""
        if self.weekday is None or self.year is None or self.day is None or self.ambiguous:
            return None
        return date(self.year, self.month, self.day).weekday() == self.weekday

    def moved(self, by: int) -> PrintedDate:
        """The same date `by` code points further on."""
        first, last = (self.year, self.month, self.day), self.last
        span = self.start + by, self.stop + by
        return PrintedDate(*span, self.printed, *first, last, self.weekday, self.ambiguous, self.buddhist)


def printed_dates(text: str) -> list[PrintedDate]:
    """Return every date printed in the text, in order, none overlapping another."""
    return list(_dates(text))


# The grammar. Every form has a run of digits, so the scan goes from run to run and tries each form where it can begin.

# Thai, Lao, Khmer and Burmese text may carry zero width spaces between words.
_GAP = "[ \\t\u00a0\u202f\u200b\u3000]"
_RUN = re.compile(r"\d+")
_SUFFIX = r"(?:st|nd|rd|th)?"
_ERA = r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|ปี|ປີ|ឆ្នាំ|B\.?E\.?|A\.?D\.?|C\.?E\.?)"
_YEAR = rf"{_GAP}{{0,2}}[.,/-]?{_GAP}{{0,2}}(?:{_ERA}{_GAP}{{0,2}})?(?P<year>\d{{4}})(?!\d|[.,]\d)"
_UNTIL = rf"(?:{_GAP}?[-–—~]{_GAP}?|{_GAP}(?:to|until|through){_GAP}|{_GAP}?(?:ถึง|ដល់|ຫາ){_GAP}?)"
_LAST = rf"(?:{_UNTIL}(?P<last>\d{{1,2}}){_SUFFIX}(?!\d))?"
_MONTH = rf"(?P<month>{months.LATIN}|{months.OTHER})"

_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d|[-/.]\d)")
_YEAR_LAST = re.compile(r"(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d|[-/.]\d)")
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}}){_SUFFIX}{_LAST}(?:{_GAP}of)?(?:{_GAP}|[.,-]){{0,3}}(?:เดือน|ເດືອນ|ខែ)?{_GAP}?"
    rf"{_MONTH}(?:{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_MONTH}\.?{_GAP}{{1,2}}(?P<day>\d{{1,2}}){_SUFFIX}{_LAST}(?:{_YEAR}|(?!\d|[.,:]\d|%))", re.IGNORECASE
)
_MONTH_BEFORE = re.compile(rf"(?<![^\W\d_]){_MONTH}(?:\.?,?{_GAP}{{1,2}}|-)\Z", re.IGNORECASE)
_OTHER_BEFORE = re.compile(rf"(?P<month>{months.OTHER})\.?{_GAP}{{0,2}}(?:{_ERA}{_GAP}{{0,2}})?\Z")
_BURMESE = re.compile(
    rf"(?P<year>\d{{4}}){_GAP}?ခုနှစ်[၊,]?{_GAP}?(?P<name>{months.BURMESE})လ?{_GAP}?(?P<day>\d{{1,2}})(?!\d)"
    rf"(?:{_GAP}?ရက်)?"
)
_HAN = re.compile(
    rf"(?:(?P<year>\d{{4}}){_GAP}?年{_GAP}?)?(?P<month>\d{{1,2}}){_GAP}?月"
    rf"(?:{_GAP}?(?P<day>\d{{1,2}})(?:{_GAP}?[日号號]?[-–—~至到](?P<last>\d{{1,2}}))?{_GAP}?[日号號])?"
)
_HAN_WORDS = re.compile(
    "([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号號])?"
)
_VIETNAMESE = re.compile(
    rf"(?P<day>\d{{1,2}}){_LAST}{_GAP}+th(?:á|a\u0301)ng{_GAP}+(?P<month>\d{{1,2}})(?!\d)"
    rf"(?:,?(?:{_GAP}+n(?:ă|a\u0306)m{_GAP}+|/)(?P<year>\d{{4}})(?!\d))?",
    re.IGNORECASE,
)
_TO = re.compile(_UNTIL)
_IN = re.compile(r"\bin\s\Z", re.IGNORECASE)
_NUMBER = re.compile(rf"\d{_SUFFIX}(?:{_GAP}|[.,-]){{0,3}}(?:เดือน|ເດືອນ|ខែ)?\Z", re.IGNORECASE)
_MORE = re.compile(r"[.,-]?\d")
_GLUED = re.compile(r"[A-Za-z_]\Z|[A-Za-z\d][-/.]\Z")
_DAY_WORD = re.compile(r"(?:\bng(?:à|a\u0300)y|วันที่|ວັນທີ|ថ្ងៃទី)[\s\u200b]*\Z", re.IGNORECASE)
_WEEKDAY_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?P<weekday>{months.WEEKDAY})(?:{_GAP}|,)*(?:the{_GAP}|(?:ที่|ທີ|ទី|ng(?:à|a\u0300)y){_GAP}?)?\Z",
    re.IGNORECASE,
)
_WEEKDAY_AFTER = re.compile(
    rf"(?:{_GAP}?[,(（]{_GAP}?|(?=[星礼禮周週]))(?P<weekday>{months.WEEKDAY})[)）]?", re.IGNORECASE
)
_NO_WORD = "|:;([/\n"  # what often stands before a date, and is no weekday; the empty string is in it too
_ADDRESS = re.compile(
    r"://|^\W*www\.|^\W*/\w|\\|@|[a-z]\.[a-z]{2,}/|/[^/]*[a-z][^/]*/"
    r"|\.(?:pdf|docx?|xlsx?|pptx?|html?|php|aspx?|jpe?g|png|gif|mp[34]|txt|csv|zip)\b",
    re.IGNORECASE,
)

_BUDDHIST = range(2400, 2700)
_YEARS = range(1900, 2200)


def _dates(text: str) -> Iterator[PrintedDate]:
    written = _han_words(text) if "年" in text else []
    edge = 0
    for run in _RUN.finditer(text):
        start, width = run.start(), run.end() - run.start()
        while written and written[0].start <= start:
            edge = max(edge, written[0].stop)
            yield written.pop(0)
        if start < edge or (width != 4 and width > 2):
            continue
        found = _four_digits(text, start) if width == 4 else _two_digits(text, start, edge)
        if found is not None and not _in_address(text, found):
            found = _beside_weekday(text, found, edge)
            edge = found.stop
            yield found
    yield from written


def _four_digits(text: str, start: int) -> PrintedDate | None:
    if (match := _YEAR_FIRST.match(text, start)) and not _GLUED.search(text, max(0, start - 2), start):
        return _plain(text, match, int(match["month"]))
    if match := _HAN.match(text, start):
        return _plain(text, match, int(match["month"]))
    if match := _BURMESE.match(text, start):
        return _plain(text, match, months.month(match["name"]))
    before = _MONTH_BEFORE.search(text, max(0, start - 12), start)
    if before is None and not text.isascii():
        before = _OTHER_BEFORE.search(text, max(0, start - 24), start)
    year = _year(text[start : start + 4])
    if before is None or year is None or before["month"].islower() or _MORE.match(text, start + 4):
        return None
    # With a number before it this is what is left of an impossible day.
    if (year[1] and _khmer(before["month"])) or _NUMBER.search(text, max(0, before.start() - 6), before.start()):
        return None
    return _built(text, (before.start(), start + 4), (year[0], months.month(before["month"]), None), buddhist=year[1])


def _two_digits(text: str, start: int, edge: int) -> PrintedDate | None:
    before = text[start - 1 : start]
    if before.isspace() or before == "\u200b":
        month = _MONTH_BEFORE.search(text, max(edge, start - 13), start)
        match = month and _MONTH_FIRST.match(text, month.start())
        # "in March 13 people" speaks of a month, "on March 13" of a day.
        if match and (match["year"] or not _IN.search(text, max(0, match.start() - 4), match.start())):
            return _named(text, match)
    if (match := _YEAR_LAST.match(text, start)) and not _GLUED.search(text, max(0, start - 2), start):
        return _numeric(text, match)
    if match := _DAY_FIRST.match(text, start):
        return _named(text, match)
    match = _HAN.match(text, start) or _VIETNAMESE.match(text, start)
    return _plain(text, match, int(match["month"])) if match and match["day"] else None


def _year(digits: str | None) -> tuple[int, bool] | None:
    """Return the year of our era and whether it was printed in the Buddhist one; null for none or an unlikely one."""
    year = int(digits or 0)
    if year in _BUDDHIST:
        return year - 543, True
    return (year, False) if year in _YEARS else None


def _khmer(name: str) -> bool:
    # Cambodia's Buddhist era turns at Visak Bochea, not at New Year: it can't be converted by 543.
    return "\u1780" <= name[0] <= "\u17ff"


def _plain(text: str, match: re.Match[str], month: int) -> PrintedDate | None:
    """Return a date whose parts are beyond doubt; its year, if printed, must be a likely one."""
    parts = match.groupdict()
    year, day, last = _year(parts["year"]), parts["day"], parts.get("last")
    if year is None and (parts["year"] or day is None):
        return None
    value, buddhist = year or (None, False)
    ends = (value, month, int(last)) if last else None
    return _built(text, match.span(), (value, month, int(day) if day else None), ends, buddhist=buddhist)


def _named(text: str, match: re.Match[str]) -> PrintedDate | None:
    """Return a date whose month is a name; `28 February – 2 March 2025` is taken whole."""
    year, month, day, stop = _year(match["year"]), months.month(match["month"]), int(match["day"]), match.end()
    if match["year"] and year is None:
        stop = max(match.end(group) for group in ("month", "day", "last"))
    # A month in small letters is too often a word ("10 may have"), unless its year follows.
    if year is None and match["month"].isascii() and match["month"].islower():
        return None
    if year is not None and year[1] and _khmer(match["month"]):
        return None
    value, buddhist = year or (None, False)
    ends = (value, month, int(match["last"])) if match["last"] else None
    to = None if ends else _TO.match(text, stop)
    other = to and match.re.match(text, to.end())
    if other and not other["last"]:
        end_year, end = _year(other["year"]), (months.month(other["month"]), int(other["day"]))
        if value is None and end_year is not None:
            value, buddhist = end_year[0] - (end[0] < month), end_year[1]
        ends, stop = (end_year[0] if end_year else value, *end), other.end()
    return _built(text, (match.start(), stop), (value, month, day), ends, buddhist=buddhist)


def _numeric(text: str, match: re.Match[str]) -> PrintedDate | None:
    """Return `13/11/2025`; the order is certain when one number exceeds 12 or both are equal.

    A Buddhist year, or the word for "day" in a language that writes the day first, settles it too.
    """
    year, first, second = _year(match["year"]), int(match["day"]), int(match["month"])
    if year is None:
        return None
    settled = year[1] or _DAY_WORD.search(text, max(0, match.start() - 8), match.start()) is not None
    if second > 12 >= first and not settled:
        first, second = second, first
    doubt = not settled and first != second and first <= 12
    return _built(text, match.span(), (year[0], second, first), ambiguous=doubt, buddhist=year[1])


def _built(
    text: str,
    span: tuple[int, int],
    first: tuple[int | None, int, int | None],
    last: tuple[int | None, int, int] | None = None,
    *,
    ambiguous: bool = False,
    buddhist: bool = False,
) -> PrintedDate | None:
    """Return the date if the calendar has it (without a year: if any year has it) and a range runs forwards."""
    year, month, day = first
    some_year = year or 2000
    try:
        first_day = date(some_year, month, day or 1)
        last_day = date(last[0] or some_year, last[1], last[2]) if last else None
    except ValueError:
        return None
    if last and last_day and last_day < first_day and (year is not None or last[1] == month):
        return None
    last = None if last_day == first_day else last
    return PrintedDate(*span, text[slice(*span)], year, month, day, last, None, ambiguous, buddhist)


def _beside_weekday(text: str, found: PrintedDate, edge: int) -> PrintedDate:
    """Return the date with the weekday printed beside it, which can settle the order of day and month."""
    if found.day is None:
        return found
    start, stop = found.start, found.stop
    match = None
    if text[max(edge, start - 26) : start].rstrip(" ,")[-1:] not in _NO_WORD:
        match = _WEEKDAY_BEFORE.search(text, max(edge, start - 26), start)
    if match is not None:
        start = match.start()
    elif match := _WEEKDAY_AFTER.match(text, stop):
        stop = match.end()
    if match is None:
        return found
    found = replace(found, start=start, stop=stop, printed=text[start:stop], weekday=months.weekday(match["weekday"]))
    if found.ambiguous and found.year is not None and found.day is not None:
        ways = ((found.month, found.day), (found.day, found.month))
        fits = [way for way in ways if date(found.year, *way).weekday() == found.weekday]
        if len(fits) == 1:
            return replace(found, month=fits[0][0], day=fits[0][1], ambiguous=False)
    return found


def _in_address(text: str, found: PrintedDate) -> bool:
    """Whether the date is part of a web address, a mail address, a path or a file name."""
    start, stop = found.start, found.stop
    first, last = max(0, start - 300), min(len(text), stop + 300)
    while start > first and "!" <= text[start - 1] <= "~":
        start -= 1
    while stop < last and "!" <= text[stop] <= "~":
        stop += 1
    return stop - start > len(found.printed) and _ADDRESS.search(text[start:stop]) is not None


def _han_words(text: str) -> list[PrintedDate]:
    """Return dates in Chinese numerals, as official papers print them."""
    found: list[PrintedDate] = []
    for match in _HAN_WORDS.finditer(text):
        year = int("".join(str(max(0, "零一二三四五六七八九".find(digit))) for digit in match[1]))
        if year in _YEARS:
            day = _han_number(match[3]) if match[3] else None
            made = _built(text, match.span(), (year, _han_number(match[2]), day))
            found += [made] if made else []
    return found


def _han_number(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    digits = "零一二三四五六七八九"
    return (digits.find(tens) if tens else 1) * 10 * bool(ten) + (digits.find(ones) if ones else 0)


def _iso(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()
