"""Folding: the form in which words are looked for, the way back to the text as printed, and the index's tokens.

Folding drops case, the marks of Latin, Greek and Cyrillic letters and invisible characters, and unites the two ways of
writing sara am. Scripts without spaces are indexed as overlapping pairs of clusters, so that what is found depends on
no dictionary and is the same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

#: Number of the folding and of the index text made with it. The index is rebuilt when it changes.
FOLD_VERSION = 1

#: Letters of the scripts written without spaces between words, their marks and digits: Thai, Lao, Myanmar, Khmer,
#: Han and Kana, as the inside of a character class. Their punctuation is left out.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59\u0e81-\u0ebd\u0ec0-\u0ece\u0ed0-\u0ed9\u0edc-\u0edf"
    "\u1000-\u1049\u1050-\u109d\ua9e0-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u17e0-\u17e9"
    "\u3005-\u3007\u3021-\u302f\u3038-\u303c\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)

# Zero-width space, non-joiner and joiner, word joiner, byte order mark, soft hyphen: invisible, so never typed.
_DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Letters, after case folding, of the scripts whose readers leave marks out when they type.
_MARKABLE = (
    "a-zªº\u00c0-\u02af\u0370-\u0482\u048a-\u052f\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f"
    "\ua640-\ua66e\ua680-\ua69d\ua722-\ua7ff\uab30-\uab69\uff41-\uff5a"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_LETTERS = {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae"}

# Neither ASCII nor one of the dashes, quotation marks and currency signs that English is printed with, which folding
# leaves as they are.
_BEYOND_ASCII = re.compile("[^\x00-\x7f\u2010-\u2027\u2030-\u203a\u20a0-\u20bf]")
_DROP = re.compile(f"[{_DROPPED}]")
_MARKED = re.compile(f"([{_MARKABLE}])[{_MARKS}]+")
_MARK = re.compile(f"[{_MARKS}]")
_MARKABLE_LETTER = re.compile(f"[{_MARKABLE}]")
_TOUCHED = re.compile("[\u00c0-\u036f\u0370-\u052f\u1ab0-\u1aff\u1d00-\u1fff\u20d0-\u20ff\u2c60-\u2c7f\ua640-\ua7ff]")
# A nikhahit and sara aa, with or without a tone mark between, are what some keyboards make of sara am.
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32|\u0ecd([\u0ec8-\u0ecb]*)\u0eb2")
# White space to change: between letters of scripts without spaces (group 1), several, or one that is no space.
_WHITE = re.compile(rf"\s(?:(?<=[{UNSPACED}]\s)(\s*)(?=[{UNSPACED}])|\s+|(?<! ))")

#: For `CREATE VIRTUAL TABLE … USING fts5(…, content='', contentless_delete=1, tokenize="…")`. Marks belong to words, or
#: Thai and Khmer would be cut to pieces; private-use characters too, for the sake of `SENTENCE_END`.
TOKENIZE = "porter unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"

#: The token between sentences, so that no phrase reaches from one into the next. Texts lose it on the way to the index.
SENTENCE_END = "\ue000"

# Abbreviations whose full stop ends no sentence, one row a length, as a look-behind wants it. "Sen." is left out: in
# this program's texts it is more often a surname.
_ABBREVIATIONS = (
    "[a-z]",
    "mr|ms|dr|lt|st|jr|sr|vs",
    "mrs|pol|gen|maj|col|sgt|cpl|adm|gov|rep|hon|rev|jan|feb|apr|jun|jul|aug|sep|oct|nov|dec|ltd|inc",
    "prof|capt|insp|supt|brig|cmdr|sept|dept|govt|corp",
)
_NO_END = "".join(rf"(?<!\b(?:{row})\.)" for row in _ABBREVIATIONS)
_CLOSERS = "[.!?…\"'”’»)\\]]*"
_SENTENCE = re.compile(
    rf"[.!?…\n\u06d4\u061f。！？｡\u104b\u17d4\u17d5\u0964\u0965](?:"
    rf"(?<=[。！？｡\u104b\u17d4\u17d5\u0964\u0965])[”’」』）]*"
    rf"|(?<=\n)[^\S\n]*\n"
    rf"|(?<=[!?…\u06d4\u061f]){_CLOSERS}(?=\s)"
    rf"|(?<=\.)(?<![\u0e00-\u0eff]\.){_NO_END}{_CLOSERS}(?=\s))\s*"
)
_RUN = re.compile(f"[{UNSPACED}]+")
_MAY_RUN = re.compile("[\u0e01-\u109d\u1780-\u17e9\u3005-\U0003ffff]")  # coarse, so three times as fast
# A letter with its marks. Unlike a grapheme cluster it does not depend on the version of Unicode, nor take in the
# consonants written below a Khmer or Burmese one, so any part of a word is found.
_CLUSTER_MARKS = (
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    "\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\ua9e5\uaa7b-\uaa7d"
    "\u17b4-\u17d3\u17dd\u302a-\u302f\u3099\u309a"
)
_CLUSTER = re.compile(f"[^{_CLUSTER_MARKS}]?[{_CLUSTER_MARKS}]+|.", re.DOTALL)
_CLUSTER_MARK = re.compile(f"[{_CLUSTER_MARKS}]")
_UNSAFE = re.compile('[\x00"\ud800-\udfff]')
_WORD = re.compile(r"[^\W_]|[\ue001-\uf8ff]")


#: The text folded last and its folding: a long text is wanted twice, for its key and for the index.
_recent = ("", "")


def fold(text: str) -> str:
    """The folded text: what compares equal for a reader who ignores case, marks and invisible characters."""
    if text.isascii():
        return text.lower()
    global _recent  # noqa: PLW0603 (one pair replaced at once, so threads see the old or the new)
    recent = _recent
    if recent[0] is text:
        return recent[1]
    folded = text.lower() if _BEYOND_ASCII.search(text) is None else _folded(text)
    _recent = (text, folded)
    return folded


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFC", _DROP.sub("", text)).casefold()
    if _TOUCHED.search(text):
        text = _MARKED.sub(r"\1", text.translate(_unmarked()))
        if _MARK.search(text):
            text = "".join(_bared(text))
    if "\u0e4d" in text or "\u0ecd" in text:
        text = _SARA_AM.sub(_sara_am, text)
    return text


class _Block(NamedTuple):
    """A stretch that was not changed one character for one: where it lies now, and where it lay."""

    start: int
    stop: int
    before: int
    after: int
    first: int
    last: int


class Folded:
    """A changed text and the way back: `span` gives the stretch of the original that a stretch of `text` came from."""

    __slots__ = ("_steps", "text")

    def __init__(self, text: str, steps: tuple[list[_Block], ...] = ()) -> None:
        self.text = text
        self._steps = steps

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Start and stop, in code points of the original, of all that `text[start:stop]` came from.

        Invisible characters at its edges are left out. An empty stretch gives an empty one.
        """
        empty = stop <= start
        for blocks in reversed(self._steps):
            last = start if empty else stop - 1
            start, stop = _origin(blocks, start)[0], _origin(blocks, last)[1]
        return (start, start) if empty else (start, stop)

    def collapsed(self) -> Folded:
        """The same after `collapse`: what was broken over two lines is found in it."""
        blocks: list[_Block] = []
        shift = 0
        for match in _WHITE.finditer(self.text):
            start, stop = match.span()
            size = 1 if match[1] is None else 0
            if size != stop - start:
                blocks.append(_Block(start + shift, start + shift + size, start, stop, start, stop))
                shift += size - (stop - start)
        return Folded(collapse(self.text), (*self._steps, blocks) if blocks else self._steps)


def fold_map(text: str) -> Folded:
    """The folded text with its way back; its `text` equals `fold(text)`."""
    return _mapped(text, fold)


def compose_map(text: str) -> Folded:
    """The text in NFC with its way back."""
    return _mapped(text, _composed)


def collapse(text: str) -> str:
    """The text with each run of white space as one space, and none between letters of scripts without spaces."""
    return _WHITE.sub(lambda match: " " if match[1] is None else "", text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _mapped(text: str, change: Callable[[str], str]) -> Folded:
    changed = change(text)
    if text.isascii():
        return Folded(changed)
    single = {char: change(char) for char in set(text)}
    uneven = "".join(sorted(char for char, now in single.items() if len(now) != 1))
    if not uneven and changed == "".join(map(single.__getitem__, text)):
        return Folded(changed)
    blocks: list[_Block] = []
    shift = 0
    joining = "".join(sorted(filter(_joins, single)))
    for match in _stretches(joining, uneven).finditer(text):
        stretch = match.group()
        now = change(stretch)
        if [*now] == [*map(single.__getitem__, stretch)]:
            continue
        before, after = match.span()
        first = after - len(stretch.lstrip(_DROPPED)) if now else before
        last = before + len(stretch.rstrip(_DROPPED)) if now else before
        blocks.append(_Block(before + shift, before + shift + len(now), before, after, first, last))
        shift += len(now) - len(stretch)
    return Folded(changed, (blocks,))


def _origin(blocks: list[_Block], position: int) -> tuple[int, int]:
    """Start and stop, in the text before, of what the character at the position came from."""
    index = bisect_right(blocks, position, key=_block_start) - 1
    if index < 0:
        return position, position + 1
    block = blocks[index]
    if position < block.stop:
        return block.first, block.last
    position += block.after - block.stop
    return position, position + 1


def _block_start(block: _Block) -> int:
    return block.start


def _joins(char: str) -> bool:
    """Whether the character may change together with what stands before it: marks, invisible ones, Hangul, sara aa."""
    return (
        unicodedata.category(char).startswith("M")
        or char in _DROPPED
        or char in "\u0e32\u0eb2"
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7ff"
    )


@lru_cache(maxsize=64)
def _stretches(joining: str, uneven: str) -> re.Pattern[str]:
    """A pattern for the shortest stretches that change apart from their neighbours and perhaps not one for one."""
    joined = f"[^{re.escape(joining)}]?[{re.escape(joining)}]+" if joining else ""
    alone = f"[{re.escape(uneven)}]" if uneven else ""
    return re.compile("|".join(filter(None, (joined, alone))), re.DOTALL)


@cache
def _unmarked() -> dict[int, int | str]:
    return _Letters()


class _Letters(dict[int, int | str]):
    """For `str.translate`: letters without marks, worked out when first met. A plain dict would be slow on misses."""

    def __missing__(self, code: int) -> int | str:
        first, *rest = unicodedata.normalize("NFD", chr(code))
        bare = _LETTERS.get(first, first)
        unmarked = _MARKABLE_LETTER.match(first) and all(map(_MARK.match, rest))
        found = self[code] = bare if unmarked else code
        return found


def _bared(text: str) -> Iterator[str]:
    """The characters without the marks that stand on their letter behind a mark of another script."""
    letter = ""
    for char in text:
        if not unicodedata.category(char).startswith("M"):
            letter = char
        elif _MARK.match(char) and _MARKABLE_LETTER.match(letter):
            continue
        yield char


def _sara_am(match: re.Match[str]) -> str:
    return f"{match[1]}\u0e33" if match[1] is not None else f"{match[2]}\u0eb3"


def index_text(text: str) -> str:
    """What is handed to the search index: folded words, pairs of clusters where words are not spaced, sentence ends.

    A run of n clusters gives n tokens, each cluster with the next one, the last alone.
    """
    folded = fold(text)
    if folded.isascii():
        return _SENTENCE.sub(f" {SENTENCE_END} ", folded)
    if _BEYOND_ASCII.search(folded) is None:
        return _SENTENCE.sub(f" {SENTENCE_END} ", folded)
    # Looked for before the sentence ends go in: they lie in the same coarse range.
    may_run = _MAY_RUN.search(folded)
    folded = _SENTENCE.sub(f" {SENTENCE_END} ", folded.replace(SENTENCE_END, " "))
    return _RUN.sub(_pairs, folded) if may_run else folded


def query_tokens(term: str, *, prefix: bool = False) -> str:
    """The FTS5 expression that finds one term of the user's, a word or a phrase; "" if it has nothing to look for.

    It is one quoted phrase, so nothing in the term is FTS5 syntax. With `prefix` its last word may go on. A term that
    ends in a script without spaces finds its text within any word. A sentence end inside the term is looked for too.
    """
    folded = _UNSAFE.sub(" ", fold(term)).replace(SENTENCE_END, " ").strip()
    folded = _SENTENCE.sub(f" {SENTENCE_END} ", folded).strip(f" {SENTENCE_END}")
    if not _WORD.search(folded):
        return ""
    runs = list(_RUN.finditer(folded))
    tail = ""
    if runs and not _WORD.search(folded, runs[-1].end()):
        # The end of the term need not be the end of the run: no cluster stands alone there, and its marks may go on.
        last = runs.pop()
        tail = _open_pairs(last.group(), cut=not runs and not _WORD.search(folded[: last.start()]))
        folded = folded[: last.start()]
    phrase = " ".join(f"{_RUN.sub(_pairs, folded)} {tail}".split())
    return f'"{phrase}" *' if prefix or tail else f'"{phrase}"'


def _clusters(run: str) -> list[str]:
    return _CLUSTER.findall(run) if _CLUSTER_MARK.search(run) else list(run)


def _pairs(run: re.Match[str]) -> str:
    clusters = _clusters(run.group())
    return f" {' '.join(map(add, clusters, [*clusters[1:], '']))} "


def _open_pairs(run: str, *, cut: bool) -> str:
    clusters = _clusters(run)
    if cut and len(clusters) > 1 and _CLUSTER_MARK.match(clusters[0]):
        del clusters[0]  # marks whose letter was not copied along
    return " ".join(map(add, clusters, clusters[1:])) or clusters[0]
