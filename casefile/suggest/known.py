"""Mentions of known spellings: suggested from a text and the spellings alone, never stored."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

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


class Spotter:
    """Finds many spellings in one pass (Aho and Corasick, 1975); built once, used for any number of texts."""

    def __init__(self, spellings: Iterable[KnownSpelling]) -> None:
        self._by_key: defaultdict[str, list[KnownSpelling]] = defaultdict(list)
        for spelling in dict.fromkeys(spellings):
            key = _key(spelling.text)
            if key:
                self._by_key[key].append(spelling)
        self._automaton = _automaton(self._by_key)

    def find(self, text: str, digest: Sha256) -> list[Suggestion]:
        """The suggestions for a text, in the order of the text; `digest` is the SHA-256 that names it.

        Case, marks, invisible characters and line breaks don't matter; a spelling of up to five capitals counts in
        capitals only. Words are whole in spaced scripts. Of the matches of one tag, and of nested ones of one kind,
        the longest stays.
        """
        found: dict[tuple[int, int, str, TagId], bool] = {}
        for start, stop, key in self._matches(text):
            printed = text[start:stop]
            for spelling in self._by_key[key]:
                if names.capitals_only(spelling.text) and not printed.isupper():
                    continue
                place = (start, stop, spelling.kind, spelling.tag)
                found[place] = found.get(place, False) or printed == spelling.text
        return [_suggestion(text, digest, place, exact=found[place]) for place in _longest(found)]

    def _matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each start and stop in the text where a key stands as a whole name, with the key."""
        if self._automaton is None:
            return
        folded = fold.fold_map(text).collapsed()
        for last, key in self._automaton.iter(folded.text):
            start, stop = folded.span(last + 1 - len(key), last + 1)
            if _is_whole(text, start, stop) and _is_printed(text[start:stop], key):
                yield start, stop, key


def _key(spelling: str) -> str:
    return fold.collapse(fold.fold(spelling)).strip()
