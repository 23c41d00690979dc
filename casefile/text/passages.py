"""Passages: made from offsets or from a typed quote, kept as JSON, and found again in another text.

Offsets count code points of a canonical text, `stop` excluded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

from casefile.errors import CasefileError
from casefile.records import Passage, Sha256
from casefile.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Code points of context kept before and after a passage (W3C Web Annotation, TextQuoteSelector).
CONTEXT = 32

_REACH = 256  # no grapheme cluster of a real text is longer
_MOST_EDITS = 200_000**2  # comparing takes 0.6 s at 90,000 characters each and grows with the square
# Two characters with a cluster border between them in every version of Unicode; enough of them to be never far away.
_APART = re.compile(
    "[\x00-\x0c\x0e-\u02ff\u0e01-\u0e30\u0e32\u0e40-\u0e46\u0e81-\u0eb0\u1000-\u102a\u1780-\u17b3\u3041-\u3096"
    "\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff]{2}"
)
_LIKE_ENOUGH = 75  # per cent: below, edits have left another passage (measured on six kinds of edits)


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage found again in another text: how alike old and new quote are, 0 to 100, and how it was found.

    `exact`: the same words, told apart by their context; `edits`: by the differences of the two texts; `likeness`: by
    the most similar place. What is not exact is for the analyst to look at.
    """

    passage: Passage
    similarity: int
    way: Literal["exact", "edits", "likeness"]


def at(
    text: str,
    start: int,
    stop: int,
    *,
    digest: Sha256 | None = None,
    page: int | None = None,
    box: tuple[int, int, int, int] | None = None,
) -> Passage:
    """The passage between two offsets, without white space at its ends, widened to whole grapheme clusters.

    `digest` saves hashing when the caller knows it. Raises CasefileError: "outside_text", or "empty_passage" where
    there is nothing but white space.
    """
    if not 0 <= start <= stop <= len(text):
        raise CasefileError("outside_text", start=start, stop=stop, length=len(text))
    inside = text[start:stop]
    if not inside.strip():
        raise CasefileError("empty_passage")
    start = _border(text, stop - len(inside.lstrip()), after=False)
    stop = _border(text, stop - len(inside) + len(inside.rstrip()), after=True)
    return Passage(
        text=canonical.digest(text) if digest is None else digest,
        start=start,
        stop=stop,
        exact=text[start:stop],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[stop : stop + CONTEXT],
        page=page,
        box=box,
    )


def is_border(text: str, position: int) -> bool:
    """Whether no grapheme cluster (Unicode Standard Annex 29) reaches across the offset."""
    return _border(text, position, after=False) == position


def quote(text: str, wanted: str, *, occurrence: int | None = None, digest: Sha256 | None = None) -> Passage:
    """The passage that a typed quote names, as printed: found letter by letter, else whatever its white space and NFC.

    `occurrence` counts from 1. Raises CasefileError: "empty_passage" for a blank quote, "quote_not_found" when it, or
    that occurrence of it, is not there, "quote_ambiguous" when it is there several times and none was chosen.
    """
    wanted = wanted.strip()
    if not wanted:
        raise CasefileError("empty_passage")
    spans = [span for span in _places(text, wanted) if is_border(text, span[0]) and is_border(text, span[1])]
    if not spans:
        composed = fold.compose_map(text).collapsed()
        loose = fold.collapse(fold.compose_map(wanted).text)
        spans = [composed.span(*span) for span in _places(composed.text, loose)]
        spans = [span for span in spans if is_border(text, span[0]) and is_border(text, span[1])]
    if occurrence is None and len(spans) > 1:
        raise CasefileError("quote_ambiguous", count=len(spans))
    number = 1 if occurrence is None else occurrence
    if not 1 <= number <= len(spans):
        raise CasefileError("quote_not_found")
    return at(text, *spans[number - 1], digest=digest)


def to_array(passage: Passage) -> list[object]:
    """The passage as an array: text, start, stop, exact, prefix, suffix, then page and box if it has them."""
    values: list[object] = [
        passage.text,
        passage.start,
        passage.stop,
        passage.exact,
        passage.prefix,
        passage.suffix,
    ]
    if passage.page is not None or passage.box is not None:
        values.append(passage.page)
    if passage.box is not None:
        values.append(passage.box)
    return values


def to_json(passage: Passage) -> str:
    """The passage's array as compact JSON.

    Stored for ever and hashed: the same passage always gives the same characters.
    """
    return json.dumps(to_array(passage), ensure_ascii=False, separators=(",", ":"))


def from_json(stored: str) -> Passage:
    """The passage that `to_json` wrote. Raises CasefileError("passage_damaged") for anything else."""
    try:
        values: object = json.loads(stored)
    except ValueError as damaged:
        raise CasefileError("passage_damaged") from damaged
    if not isinstance(values, list):
        raise CasefileError("passage_damaged")
    values = cast("list[object]", values)
    match [*values, None, None][:8] if 6 <= len(values) <= 8 else []:
        case [str(text), int(start), int(stop), str(exact), str(prefix), str(suffix), int() | None as page, box]:
            passage = Passage(Sha256(text), start, stop, exact, prefix, suffix, page, _box(box))
        case _:
            raise CasefileError("passage_damaged")
    if stop - start != len(exact) or start < 0:
        raise CasefileError("passage_damaged")
    return passage


def reanchor(old: str, new: str, passage: Passage) -> Placed | None:
    """Where the passage of the old text stands in the new one, or None where that can't be said.

    Tried in this order: the same words in the same context, the edits that lead from old to new, the likest place.
    Page and box are kept. A region alone (without text) stays as it is.
    """
    if not passage.exact:
        return Placed(passage, 100, "exact")
    for way, find in _WAYS:
        found = find(old, new, passage)
        if found is not None and new[slice(*found)].strip():
            placed = at(new, *found, digest=_digest(new), page=passage.page, box=passage.box)
            similarity = 100 if placed.exact == passage.exact else round(_likeness(passage.exact, placed.exact))
            if similarity >= _LIKE_ENOUGH:
                return Placed(placed, similarity, way)
    return None


def _border(text: str, position: int, *, after: bool) -> int:
    """The nearest border of grapheme clusters at or before the offset, or at or after it."""
    if not 0 < position < len(text) or _APART.match(text, position - 1):
        return position
    edge = position - 1
    while edge > max(0, position - _REACH) and not _APART.match(text, edge - 1):
        edge -= 1
    for length in _cluster_lengths(text[edge : position + _REACH]):
        if edge + length > position:
            return edge + length if after and edge < position else edge
        edge += length
    return position


def _cluster_lengths(window: str) -> Iterator[int]:
    import regex

    for match in regex.finditer(r"\X", window):
        yield match.end() - match.start()


def _places(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where the wanted string stands, without overlaps."""
    return [match.span() for match in re.finditer(re.escape(wanted), text)] if wanted else []


def _box(values: object) -> tuple[int, int, int, int] | None:
    match values:
        case None:
            return None
        case [int(left), int(top), int(right), int(bottom)]:
            return left, top, right, bottom
        case _:
            raise CasefileError("passage_damaged")


@lru_cache(maxsize=2)
def _digest(text: str) -> Sha256:
    return canonical.digest(text)


def _by_words(_old: str, new: str, passage: Passage) -> tuple[int, int] | None:
    """The place of the same words whose context is the same too, if one place stands out."""
    spans = _places(new, passage.exact)
    scores = sorted(((_context(new, span, passage), span) for span in spans), reverse=True)
    if not scores:
        return None
    alone = len(scores) == 1
    # A short word that stands once, in another context, may well be another mention.
    if scores[0][0] < 60 and not (alone and len(passage.exact) > CONTEXT):
        return None
    return scores[0][1] if alone or scores[0][0] - scores[1][0] > 5 else None


def _by_edits(old: str, new: str, passage: Passage) -> tuple[int, int] | None:
    """The place to which the differences between the texts move the passage."""
    if old[passage.start : passage.stop] != passage.exact or len(old) * len(new) > _MOST_EDITS:
        return None
    start = stop = None
    for tag, old_start, old_stop, new_start, new_stop in _edits(old, new):
        if start is None and passage.start < old_stop:
            start = new_start + (passage.start - old_start if tag == "equal" else 0)
        if old_start < passage.stop <= old_stop:
            stop = new_start + passage.stop - old_start if tag == "equal" else new_stop
            break
    return None if start is None or stop is None or stop <= start else (start, stop)


@lru_cache(maxsize=2)
def _edits(old: str, new: str) -> list[tuple[str, int, int, int, int]]:
    from rapidfuzz.distance import Levenshtein

    return [
        (edit.tag, edit.src_start, edit.src_end, edit.dest_start, edit.dest_end)
        for edit in Levenshtein.opcodes(old, new)
    ]


def _by_likeness(_old: str, new: str, passage: Passage) -> tuple[int, int] | None:
    """The likest place: first where the passage with its context fits best, then where the passage fits in there."""
    from rapidfuzz import fuzz

    composed = _composed(new)
    exact, prefix, suffix = map(_nfc, (passage.exact, passage.prefix, passage.suffix))
    around = fuzz.partial_ratio_alignment(prefix + exact + suffix, composed.text, score_cutoff=60)
    if around is None or around.src_end - around.src_start < len(exact):
        return None
    low = max(0, around.dest_start - len(exact) // 4)
    region = composed.text[low : around.dest_end + len(exact) // 4]
    fit = fuzz.partial_ratio_alignment(exact, region, score_cutoff=_LIKE_ENOUGH)
    if fit is None:
        return None
    return composed.span(*_trued(exact, composed.text, low + fit.dest_start, low + fit.dest_end))


def _trued(exact: str, text: str, start: int, stop: int) -> tuple[int, int]:
    """The place with its ends moved to where it is likest; partial alignment looks at one length only."""
    from rapidfuzz.distance import Levenshtein

    shifts = sorted(range(-(reach := min(40, 4 + len(exact) // 6)), reach + 1), key=abs)
    stops = [min(len(text), max(start + 1, stop + shift)) for shift in shifts]
    stop = max(stops, key=lambda end: Levenshtein.normalized_similarity(exact, text[start:end]))
    starts = [max(0, min(stop - 1, start + shift)) for shift in shifts]
    return max(starts, key=lambda begin: Levenshtein.normalized_similarity(exact, text[begin:stop])), stop


def _context(new: str, span: tuple[int, int], passage: Passage) -> float:
    """How alike the context of a place is to that of the passage, 0 to 100; a missing context can't differ."""
    from rapidfuzz import fuzz

    start, stop = span
    sides = [
        (passage.prefix, new[max(0, start - len(passage.prefix)) : start]),
        (passage.suffix, new[stop : stop + len(passage.suffix)]),
    ]
    scores = [fuzz.ratio(kept, found) for kept, found in sides if kept]
    return sum(scores) / len(scores) if scores else 100.0


def _likeness(old: str, new: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return 100 * Levenshtein.normalized_similarity(_nfc(old), _nfc(new))


@lru_cache(maxsize=2)
def _composed(text: str) -> fold.Folded:
    return fold.compose_map(text)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_Way = tuple[Literal["exact", "edits", "likeness"], "Callable[[str, str, Passage], tuple[int, int] | None]"]
_WAYS: tuple[_Way, ...] = (("exact", _by_words), ("edits", _by_edits), ("likeness", _by_likeness))
