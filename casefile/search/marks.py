"""Where the terms of a search stand in a text as printed, and the snippet around the first of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from casefile.search.query import Term
from casefile.text import fold

WIDTH = 160
"""Code points that a snippet shows, about two lines."""
BEFORE = 48
_LOOK_AT = 200_000
"""Code points of a text that are looked through for marks: beyond, a hit is listed without its snippet's marks."""

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(f"[{fold.UNSPACED}]")

Span = tuple[int, int]


def find(text: str, terms: tuple[Term, ...]) -> list[Span]:
    """Spans in code points of the text, `stop` excluded, in order; overlapping ones joined."""
    folded = fold.fold_map(text[:_LOOK_AT]).collapsed()
    spans: list[Span] = []
    for term in terms:
        if _UNSPACED.search(term.folded):
            found = [(match.start(), match.end()) for match in re.finditer(re.escape(term.folded), folded.text)]
        else:
            found = _words(folded.text, tuple(_WORD.findall(term.folded)), prefix=term.prefix)
        spans.extend(folded.span(start, stop) for start, stop in found)
    return _joined(spans)


def _words(text: str, wanted: tuple[str, ...], *, prefix: bool) -> list[Span]:
    # FTS5 compares Porter stems; so do the marks, or "raids" would be found for "raid" and shown without a mark.
    if not wanted:
        return []
    found: list[Span] = []
    last = len(wanted) - 1
    for match in _beginning(wanted[0], whole=prefix and last == 0).finditer(text):
        stop = match.start()
        for place, word in enumerate(wanted):
            here = _WORD.search(text, stop)
            if here is None:
                break
            stop = here.end()
            if not (here.group().startswith(word) if prefix and place == last else _same(here.group(), word)):
                break
        else:
            found.append((match.start(), stop))
    return found


@cache
def _beginning(word: str, *, whole: bool) -> re.Pattern[str]:
    """Words that may have the stem of this one: stemming changes no letter before a stem's last."""
    start = word if whole else _stem(word)[:-1] or word[:1]
    return re.compile(rf"(?<![^\W_]){re.escape(start)}[^\W_]*")


def _same(one: str, other: str) -> bool:
    return one == other or _stem(one) == _stem(other)


@cache
def _stemmer() -> Any:
    import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

    return cast(Any, snowballstemmer).stemmer("porter")


@cache
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def snippet(text: str, spans: list[Span]) -> tuple[str, tuple[Span, ...]]:
    """A stretch of the text around the first span, one line, and the spans in it, counted in the snippet."""
    first = spans[0][0] if spans else 0
    start = max(0, first - BEFORE)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    stop = min(len(text), max(start + WIDTH, spans[0][1] if spans else 0))
    if stop < len(text):
        space = text.rfind(" ", start + WIDTH // 2, stop)
        stop = space if space > (spans[0][1] if spans else 0) else stop
    lead = "…" if start else ""
    # One character for one, so that the spans stay where they are.
    body = re.sub(r"\s", " ", text[start:stop])
    shift = len(lead) - start
    inside = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= stop)
    return lead + body + ("…" if stop < len(text) else ""), inside
