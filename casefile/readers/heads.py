"""Heads and feet of articles: title, header lines, datelines and sign-offs, found by their shape.

Everything here is a span in code points of one canonical text, `stop` excluded; nothing is looked up in a list of
places or outlets, so that an unknown outlet is read like a known one. What is found is proposed, never decided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from casefile.text.printed import PrintedDate, printed_dates

Span = tuple[int, int]

_HEAD = 6_000  # code points
_LINES = 16  # lines with ink
TITLE = 160
"""The longest title, in code points."""


@dataclass(slots=True)
class Head:
    """What the shape of a text gives away; `body` is the first line of the article proper."""

    title: Span | None = None
    publisher: Span | None = None
    origin: Span | None = None
    place: Span | None = None
    date: PrintedDate | None = None
    updated: PrintedDate | None = None
    body: Span | None = None
    bare: list[PrintedDate] = field(default_factory=list[PrintedDate])


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    stop: int
    text: str
    apart: bool
    """Whether an empty line (or the end) follows."""


_UP = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠ-Ỹ"
_NAME = rf"[{_UP}][\w\u0300-\u036f'’.&-]*"
_PLACE = rf"{_NAME}(?:[ -](?:(?:of|de|la|el|al)[ -])?{_NAME}){{0,3}}"
_DASH = r"(?:--|[-–—―])"

_BYLINE = re.compile(
    rf"(?:(?:by|written by|reported by|reporting by|story by|text by|photos? by|author|reporter|editor)\s*:?\s+"
    rf"(?:{_NAME}|and|&|in|of|the|[,/|])(?:[ ,]+(?:{_NAME}|and|&|in|of|the|[,/|]))*|(?:โดย|ผู้สื่อข่าว|เรื่องโดย|ដោយ|作者|记者|記者"
    rf"|Tác giả)\s*[:：]?\s*\S.{{0,60}})\Z",
    re.IGNORECASE,
)
_BY_CAPITAL = re.compile(rf"(?:\w+ )?[Bb][Yy]\s*:?\s+[{_UP}]|(?![Bb][Yy]\b)")
_LABELLED = re.compile(
    r"(?P<label>title|headline|subject|source|publisher|published by|place|location|หัวข้อ|ที่มา|แหล่งที่มา|ប្រភព|标题|標題|来源|來源"
    r"|Nguồn|Tiêu đề)\s*[:：៖]\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_TITLE_LABELS = {"title", "headline", "subject", "หัวข้อ", "标题", "標題", "tiêu đề"}
_UPDATED = re.compile(
    r"updat|modif|edited|revis|access|retriev|captur|อัป?เดต|อัพเดท|แก้ไข|更新|修改|c(?:ậ|â\u0323)p nh(?:ậ|â\u0323)t|កែសម្រួល",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"publi|posted|post date|released?|issued?|\bdated?\b|เผยแพร่|ลงวันที่|โพสต์|发布|發布|发表|發表|日期|đăng|xu(?:ấ|â\u0301)t bản|ផ្សាយ",
    re.IGNORECASE,
)
#: What may stand beside a date in a header line without being a name.
_NOISE = re.compile(
    r"\b(?:first|last|originally|publication|published|publish|posted|post|released?|issued?|updated?|modified|edited|revised"
    r"|created|dated?|time|on|at|online|day|ict|gmt|utc|est|edt|sgt|am|pm|a\.m\.?|p\.m\.?|hrs?|local|for immediate release"
    r"|\d+\s+min(?:ute)?s?(?:\s+read)?|views?|shares?|comments?|print|ngày|lúc|đăng|cập nhật)\b|วันที่|เผยแพร่|เมื่อ|ลงวันที่|ลง|โพสต์"
    r"|อัป?เดต(?:ล่าสุด)?|อัพเดท(?:ล่าสุด)?|ล่าสุด|แก้ไข|เวลา|น\.|ວັນທີ|ថ្ងៃទី|ថ្ងៃ|ចេញផ្សាយ|ផ្សាយ|ម៉ោង|发布|發布|发表|發表|更新|日期|时间|時間|于|於",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(rf"\s*[|·•‧｜]\s*|\s+{_DASH}\s+|\s{{3,}}|\t")
_LETTER = re.compile(r"[^\W\d_]")
_RUN_ON = re.compile(r"(?<![A-Z])(?<![A-Z][a-z])(?<![A-Z][a-z]{2})(?<![A-Z][a-z]{3})[.!?][\"'”’)]*\s+\S|[。！？៕။]\S")
_END = re.compile(r"(?<![A-Z])(?<![A-Z][a-z])(?<![A-Z][a-z]{2})(?<![A-Z][a-z]{3})[.!?]+[\"'”’)]*(?=\s|\Z)|[。！？។៕။]+[”’」』]?|\n")
_BREADCRUMB = re.compile(r"^[^.!?]*[^\s.!?]\s*[»›]\s*\S|^home\s*[>/]", re.IGNORECASE)
# The formulas at the head of official papers of Cambodia, Laos and Viet Nam.
_FORMULAS = re.compile(
    r"(?:kingdom of (?:cambodia|thailand)|nation,? religion,? king|ព្រះរាជាណាចក្រកម្ពុជា|ជាតិ\s+សាសនា\s+ព្រះមហាក្សត្រ|lao people['’]s democratic republic"
    r"|peace independence democracy unity prosperity|cộng hòa xã hội chủ nghĩa việt nam|độc lập\s*-\s*tự do\s*-\s*hạnh phúc)\Z",
    re.IGNORECASE,
)

# Datelines: "BANGKOK, Thailand – ", "PHNOM PENH, July 10 (Wire) -- ", "(Phnom Penh): ", "Phnom Penh: ".
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:, ?{_PLACE})?)(?P<between>,? ?[^()\n:–—]{{0,32}}?)"
    rf"(?: ?[(/](?P<agency>[^()\n/]{{2,40}})[)/])?(?P<mark> ?{_DASH}(?= )| ?[:៖：](?=\s)|(?<=[)/]) )\s*"
)
_BRACKETED = re.compile(r"[(\[（【](?P<place>[^()\[\]（）【】\n\d]{2,40})[)\]）】]\s*(?P<mark>[:៖：]|[-–—]+)?\s*(?=\S)")
_SCRIPTED = re.compile(
    rf"(?P<place>[^\W\d_A-Za-z](?:[^\W\d_A-Za-z]|[\u0300-\u036f\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u200b]){{1,24}})\s*"
    rf"(?P<between>[^\n]{{0,30}}?)\s*(?P<mark>{_DASH}|៖)\s*"
)
_CABLE = re.compile(r"(?P<origin>[\u4e00-\u9fff]{2,5}社)(?P<place>[\u4e00-\u9fff]{2,8}?)(?P<day>\d{1,2}月\d{1,2}日)[电電]\s*")
_NO_PLACE = re.compile(
    r"(?:the|a|an|in|on|at|this|that|these|but|and|if|when|while|as|it|he|she|we|they|police|mr|mrs|ms|dr|pol|gen|lt|col|maj|capt"
    r"|prime|minister|president|deputy|spokes\w+|officials?|editor\w*|note|updated?|breaking|exclusive|watch|read|video|photos?"
    r"|pictures?|image|opinion|analysis|comment\w*|background|summary|statement|press|release|references?|sources?|contact|caption"
    r"|subject|title|date|from|to|re|attn|tel|phone|e-?mail|fax|website|question|answer|q|a|related|more|also|see|key|factbox"
    r"|timeline|explainer|author|reporter|published|posted|page|figure|table|chapter|section|part|article|annex|no)\b",
    re.IGNORECASE,
)
#: Wire services that print their own name where others print a place.
_WIRES = re.compile(
    r"(?:reuters|afp|ap|associated press|agence france-presse|xinhua|cns|bernama|antara|tna|nnt|vna|ttxvn|akp|kpl|mna|pna|upi"
    r"|dpa|efe|ani|pti|kyodo(?: news)?|yonhap|tass|ians|cnn|bbc|cna|rfa|voa)\Z",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\d|[{_UP}][a-zA-Z]{{2,8}}\.?,? |[๐-๙០-៩]|วัน|ថ្ងៃ|ng(?:à|a\u0300)y", re.IGNORECASE)

_ACCORDING = re.compile(
    rf"(?:According to|As reported by|Reported by) (?:the )?(?P<name>(?:{_NAME} ){{1,5}}?(?:News Agency|Press Agency|News Service|News"
    rf" Wire|Newswire|Wire Service|Press Service)|Agence [{_UP}]\w+(?: Presse|-Presse)?|{_NAME}(?= news agency))"
)
_SIGN_OFF = re.compile(
    rf"(?:(?<=[.!?”\"’។៕။。\s])[(（](?P<inside>[^()（）\n]{{2,40}})[)）]"
    rf"|(?:^|\n|(?<=[.!?”\"’។៕။。]))[^\S\n]*(?:=+|{_DASH})[^\S\n]*(?P<after>[^=\n.:;,]{{2,40}}))[.\s]*\Z"
)
_NO_SIGN = re.compile(
    r"(?:end|ends|more|photos?|video|file|translated|unofficial translation|完|จบ|ចប់|hết|to be continued|\W*\d*)\Z", re.IGNORECASE
)
_OUTLET = re.compile(rf"{_NAME}(?: (?:of |and |the |for |& )?{_NAME}){{0,4}}\Z")
_OUTLET_ELSEWHERE = re.compile(r"[^\x00-\x7f\s](?:\S| (?=\S)){1,30}\Z")


def read(text: str) -> Head:
    """Return the head of the text, with place, origin and sign-off from wherever they stand."""
    head = Head()
    lines = _lines(text)
    for index, line in enumerate(lines):
        if head.body is not None and (index >= _LINES or line.start - head.body[0] > 1_500):
            break
        _take(head, lines, index)
    _settle(head)
    _foot(head, text)
    if head.origin is None:
        for match in _ACCORDING.finditer(text, 0, 20_000) if "ccording to" in text or "eported by" in text else ():
            before = text[: match.start()].rstrip()
            if not before or before[-1] in ".!?”\"’)" or text[match.start() - 1] == "\n":
                head.origin = match.span("name")
                break
    return head
