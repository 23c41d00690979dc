"""Dates of articles: as printed, as bounds of an unknown day of publication, as an analyst sets them.

A date that a text cites is never its day of publication. It can bound it: a text that tells of 20 June 2025 as past
was not published before, and one that announces 1 February was not published after it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from casefile.records import ArticleId, DateFact, Sha256
from casefile.text import edtf, passages
from casefile.text.printed import PrintedDate, printed_dates

__all__ = ["PrintedDate", "bounds", "date_fact_from_analyst", "printed_dates", "with_year"]

Role = Literal["past", "coming", "unclear"]

#: Longer texts are read for cited dates up to here (code points): a bound from a part is still a true bound.
_READ = 200_000


def date_fact_from_analyst(value: str) -> DateFact:
    """Return the date (an interval: the bounds) that an analyst types as EDTF; white space around it is dropped.

    Raises CasefileError `date_not_edtf`.
    """
    read = edtf.parse(value.strip())
    if read.precision == "interval":
        return DateFact(edtf=None, bounds=read.value, low=read.low, high=read.high, basis="analyst")
    return DateFact(edtf=read.value, low=read.low, high=read.high, basis="analyst")


def with_year(fact: DateFact, year: int, year_from: tuple[ArticleId, ...]) -> DateFact:
    """Return the date of a text that prints no year, in a year that the caller infers from the named case files.

    A bare day becomes the date. A day that words introduce (`starting February 1`) lies ahead, so it is the last day on
    which the text can have been published. A fact that is not in want of a year, or a 29 February in a year without
    one, comes back as it was.
    """
    found = next(iter(printed_dates(fact.printed)), None)
    if "year_not_printed" not in fact.warnings or found is None or found.year is not None or found.day is None:
        return fact
    try:
        day = date(year, found.month, found.day)
    except ValueError:
        return fact
    warnings = tuple(code for code in fact.warnings if code != "year_not_printed")
    if found.weekday is not None and day.weekday() != found.weekday:
        warnings += ("weekday_differs",)
    dated = replace(found, year=year)
    if found.printed == fact.printed:
        low, high, known, limits = dated.low, dated.high, dated.edtf, None
        if dated.last is not None:
            known, limits = None, dated.edtf
    else:
        low, high, known, limits = None, dated.low, None, f"../{dated.low}"
    return replace(
        fact, edtf=known, bounds=limits, low=low, high=high, basis="inferred", warnings=warnings, year_from=year_from
    )


def bounds(
    text: str, digest: Sha256, *, today: date | None = None, updated: PrintedDate | None = None
) -> DateFact | None:
    """Return what an undated text says about its own day, or null if it says nothing.

    Not before the latest full date that it cites as past; not after the earliest full day that it announces, nor after
    the day on which it says that it was `updated`. The passage is that of the lower bound, else of the upper one.
    Without either, a coming day without its year is returned with the warning `year_not_printed` and no bound. A day
    after `today` is never past.
    """
    past: PrintedDate | None = None
    ahead: list[tuple[PrintedDate, int]] = [(updated, updated.start)] if updated and updated.full else []
    yearless: tuple[PrintedDate, int] | None = None
    for found in printed_dates(text[:_READ]):
        if found.day is None or found.ambiguous or (updated and found.start == updated.start):
            continue
        role, start = _role(text, found)
        if role == "coming" and found.year is None:
            yearless = yearless or (found, start)
        elif role == "coming":
            ahead.append((found, start))
        elif role == "past" and _low(past) < _low(found) <= (today.isoformat() if today else "9999"):
            past = found
    # A day announced before the latest past one was announced by someone else, long ago.
    coming = min((one for one in ahead if _low(one[0]) >= _low(past)), key=lambda one: _low(one[0]), default=None)
    found, start = (past, past.start) if past else coming or yearless or (None, 0)
    if found is None:
        return None
    printed = text[start : found.stop]
    passage = passages.at(text, start, found.stop, digest=digest)
    if found.year is None:
        return DateFact(None, printed=printed, passage=passage, warnings=("year_not_printed",))
    low, high = past and past.low, coming and coming[0].low
    return DateFact(None, f"{low or '..'}/{high or '..'}", low, high, printed, "inferred", passage)


def _low(found: PrintedDate | None) -> str:
    return (found and found.low) or ""


# What the words around a date say about the time at which they were written. Only English is read for days that lie
# ahead; in the other languages such words merely keep a date from being taken as past. In doubt a date bounds nothing.

_SENTENCE = re.compile(
    # A capital with up to three small letters before the full stop is a rank or a title (Gen., Capt.), not a sentence.
    r"[.!?;](?<![A-Z].)(?<![A-Z][a-z].)(?<![A-Z][a-z]{2}.)(?<![A-Z][a-z]{3}.)[\"'”’)]*\s|[。！？；]|\n"
)
_AHEAD = re.compile(
    r"\b(?:will|shall|won['’]t|(?:is|are)\s+(?:to|due|scheduled|expected|set|planned|slated|going|planning)\b"
    r"|plans?\s+to|ha(?:s|ve)\s+until|intends?\s+to)\b|['’]ll\b",
    re.IGNORECASE,
)
_BETWEEN = r"(?:\s+(?:on|from|the|of|at|midnight|noon|end|late|early|around|about|coming|next))*[\s:,(]*\Z"
_PLANNED = re.compile(
    r"\b(?P<word>(?:(?:re)?scheduled|slated|planned|postponed|adjourned)(?:\s+(?:for|on|to|until|by))?|next|upcoming"
    rf"|deadline(?:\s+(?:of|is|for))?|no(?:t)?\s+later\s+than){_BETWEEN}",
    re.IGNORECASE,
)
_STARTING = re.compile(
    r"\b(?P<word>starting|beginning|commencing|effective|until|till|by|(?:effect|force)\s+(?:on|from|as\s+of|as\s+from))"
    + _BETWEEN,
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"\b(?:up\s+to|before|ahead\s+of|prior\s+to|as\s+of|as\s+from|from|through|thru|to|and|or|between|due|set|expected"
    r"|expir(?:es?|ing|y)|valid|until|opens?|begins?|starts?|takes?\s+(?:effect|place)|ends?|closes?|resumes?|convenes?"
    r"|falls?|runs?|meets?|(?:comes?|enters?)\s+into\s+(?:force|effect)|is|are)(?:\s+(?:until|to|through|date))?"
    + _BETWEEN,
    re.IGNORECASE,
)
_ON = re.compile(
    r"\s*(?:not\s+|also\s+|then\s+|again\s+|to\s+)*(?:be(?:\s+\w+)?\s+\w+(?:ed|en|eld|ent|ade|ought|un)"
    r"|meet|begin|start|open|close|visit|travel|hold|appear|return|resume|attend|come|expire|end|convene|gather|host|go"
    r"|arrive|leave|depart|vote|reopen|take\s+(?:place|effect)|fly|run)\b(?P<rest>[^,;:]{0,60}?)\b(?P<word>on)\s+\Z",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|had|been|having|originally|previously|initially|earlier|last)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:who|which|that|whom|whose|where|when|since|after|following|\w{2,}ed|taken|seen|found|held|made|sent)\b", re.I
)
_VERBS = r"said|told|wrote|\w{2,}ed|took|held|met|began|came|went|made|sent|found|saw|gave|left"
_HAPPENED = re.compile(rf"\b(?:{_VERBS})\b[^,;]{{0,30}}\b(?:on|in|of|since)\s+\Z", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:said|told|announced|reported|stated|added|warned|confirmed|declared|claimed|promised|vowed|pledged|ordered"
    r"|agreed|decided|wrote)\b",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\s*(?:onwards?|deadline|at\s+the\s+latest|เป็นต้นไป|trở\s+đi)\b|\s*(?:起|之?前|以前|为止|為止|截止)", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"(?:ภายใน|จนถึง|ถึง|ตั้งแต่|ก่อน|เริ่ม|กำหนด|จะ|រហូតដល់|មុន|ចាប់ពី|នឹង|ຈະ|ກ່ອນ|ຮອດ|ເລີ່ມ|မတိုင်မီ|截至|至|到|将|將|定于|定於"
    r"|预计|預計|自|从|從|\b(?:đến|trước|từ|sẽ|dự\s+kiến|hạn)\b)[^.。!?\n]{0,25}\Z",
    re.IGNORECASE,
)


def _role(text: str, found: PrintedDate) -> tuple[Role, int]:
    """Return how the text speaks of the date, and where the words that say so begin."""
    before = text[max(0, found.start - 200) : found.start]
    after = text[found.stop : found.stop + 160]
    for cut in list(_SENTENCE.finditer(before))[-1:]:
        before = before[cut.end() :]
    offset = found.start - len(before)
    marks = list(_AHEAD.finditer(before))
    will = marks[-1].end() if marks else None
    if planned := _PLANNED.search(before):
        past = _WAS.search(before, will or 0)
        return ("unclear", found.start) if past else ("coming", offset + planned.start("word"))
    if starting := _STARTING.search(before):
        words = "" if will is None else _undone(before[will : starting.start()])
        if will is not None and not _DONE.search(words) and not _WAS.search(words):
            return "coming", offset + starting.start("word")
        return "unclear", found.start
    if will is not None:
        on = _ON.match(before, will)
        if on and not _DONE.search(on["rest"]) and not _WAS.search(on["rest"]):
            return "coming", offset + on.start("word")
        return "unclear", found.start
    if _UNCLEAR.search(before) or _AFTERWARDS.match(after) or _ELSEWHERE.search(before):
        return "unclear", found.start
    end = _SENTENCE.search(after)
    clause = after[: end.start()] if end else after
    later = _AHEAD.search(clause)
    if later and not _HAPPENED.search(before) and not _REPORTED.search(clause, 0, later.start()):
        return "unclear", found.start
    return "past", found.start


def _undone(words: str) -> str:
    """Return the words after "will" without the participle of a passive ("will be deported")."""
    return re.sub(r"\A\s*(?:not\s+|also\s+)*(?:be|have\s+been)\s+\w+", "", words)
