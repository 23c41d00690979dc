"""Mentions of known spellings: suggested from a text and the spellings alone, never stored."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from casefile import identity
from casefile.records import Sha256, TagId
from casefile.text import fold, names, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Reason and score of a suggestion whose words stand exactly as the spelling, and of one that only folds to it.
EXACT = ("known_spelling", 1.0)
FOLDED = ("known_spelling_folded", 0.9)


@dataclass(frozen=True, slots=True)
class KnownSpelling:
    """One way in which a tag's name is printed; `kind` is the code of the tag's kind."""

    tag: TagId
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stretch of a text that seems to name a tag, or something new (`tag` is null then).

    `start` and `stop` count code points, `stop` excluded; `text` is what stands there as printed; `reason` is a code
    and `score` runs from 0 to 1. The id is the same for the same suggestion in every run and every copy.
    """

    id: str
    kind: str
    tag: TagId | None
    text: str
    start: int
    stop: int
    reason: str
    score: float


class _Automaton(Protocol):
    """The part of pyahocorasick's Automaton that is used here; the library has no types."""

    def add_word(self, key: str, value: str) -> bool: ...
    def make_automaton(self) -> None: ...
    def iter(self, string: str) -> Iterator[tuple[int, str]]: ...


class _Form(NamedTuple):
    """A spelling with what its matches are held against: its folded words, and whether it needs capitals."""

    spelling: KnownSpelling
    words: str
    capitals: bool


_UNSPACED = re.compile(f"[{fold.UNSPACED}]")
_BROKEN_LINE = re.compile(rf"(?<=[{fold.UNSPACED}])[^\S\n]*\n\s*(?=[{fold.UNSPACED}])")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_STACKERS = "\u17d2\u1039"  # Khmer coeng, Burmese virama: what follows is written below, part of the same cluster


class Spotter:
    """Finds many spellings in one pass (Aho and Corasick, 1975); built once, used for any number of texts."""

    def __init__(self, spellings: Iterable[KnownSpelling]) -> None:
        self._forms: defaultdict[str, list[_Form]] = defaultdict(list)
        for spelling in dict.fromkeys(spellings):
            words = _words(spelling.text)
            if words:
                form = _Form(spelling, words, names.capitals_only(spelling.text))
                self._forms[fold.collapse(words)].append(form)
        self._automaton = _automaton(self._forms) if self._forms else None

    def find(self, text: str, digest: Sha256) -> list[Suggestion]:
        """The suggestions for a text, in the order of the text; `digest` is the SHA-256 that names it.

        Case, marks, invisible characters and single line breaks don't matter; a spelling of up to five capitals counts
        in capitals only. Words are whole in spaced scripts. Of the matches of one tag that overlap, and of nested ones
        of one kind, the longest stays.
        """
        found: dict[_Place, bool] = {}
        for start, stop, key in self._matches(text):
            printed = text[start:stop]
            if _PARAGRAPH.search(printed):
                continue
            words = _words(_BROKEN_LINE.sub("", printed))
            for form in self._forms[key]:
                if words not in {key, form.words} or (form.capitals and not printed.isupper()):
                    continue
                place = _Place(start, stop, form.spelling.kind, form.spelling.tag)
                found[place] = found.get(place, False) or printed == form.spelling.text
        return [_suggestion(text, digest, place, exact=found[place]) for place in _longest(found)]

    def _matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each start and stop in the text where a key stands as a whole name, with the key."""
        if self._automaton is None:
            return
        folded = fold.fold_map(text).collapsed()
        for last, key in self._automaton.iter(folded.text):
            start, stop = folded.span(last + 1 - len(key), last + 1)
            if _is_whole(text, start, stop):
                yield start, stop, key


class _Place(NamedTuple):
    start: int
    stop: int
    kind: str
    tag: TagId


def _words(text: str) -> str:
    return " ".join(fold.fold(text).split())


def _automaton(keys: Iterable[str]) -> _Automaton:
    import ahocorasick

    automaton = cast("_Automaton", ahocorasick.Automaton())  # pyright: ignore[reportUnknownMemberType]
    for key in keys:
        automaton.add_word(key, key)
    automaton.make_automaton()
    return automaton


def _is_whole(text: str, start: int, stop: int) -> bool:
    """Whether no word and no grapheme cluster reaches across either end."""
    if start and (text[start - 1] in _STACKERS or (_in_word(text[start - 1]) and _in_word(text[start]))):
        return False
    if stop < len(text) and _in_word(text[stop - 1]) and _in_word(text[stop]):
        return False
    return passages.is_border(text, start) and passages.is_border(text, stop)


def _in_word(char: str) -> bool:
    """Whether the character belongs to a word of a script that puts spaces between words."""
    if char.isascii():
        return char.isalnum()
    return unicodedata.category(char)[0] in "LNM" and not _UNSPACED.match(char)


def _longest(places: Iterable[_Place]) -> list[_Place]:
    """The places in order, but none that overlaps a longer one of its tag or lies inside a longer one of its kind."""
    by_tag: defaultdict[tuple[str, TagId], list[_Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place.start - place.stop, place.start)):
        kept = by_tag[place.kind, place.tag]
        index = bisect(kept, place)
        if (not index or kept[index - 1].stop <= place.start) and (
            index == len(kept) or place.stop <= kept[index].start
        ):
            kept.insert(index, place)
    outer: dict[str, _Place] = {}
    longest: list[_Place] = []
    for place in sorted((p for kept in by_tag.values() for p in kept), key=lambda p: (p.start, -p.stop, p.kind, p.tag)):
        far = outer.get(place.kind)
        if far is None or far.stop < place.stop:
            outer[place.kind] = far = place
        if far[:2] == place[:2]:
            longest.append(place)
    return longest


def _suggestion(text: str, digest: Sha256, place: _Place, *, exact: bool) -> Suggestion:
    start, stop, kind, tag = place
    reason, score = EXACT if exact else FOLDED
    row = identity.derived(digest, str(start), str(stop), kind, tag)
    return Suggestion(row, kind, tag, text[start:stop], start, stop, reason, score)
