"""Facts, dates and passages as the library stores them: one canonical JSON value each. docs/format.md §5, §6."""

from __future__ import annotations

import json
from typing import Any, cast

from casefile.custody import canonical_json
from casefile.records import ArticleId, Basis, DateFact, Fact, Passage
from casefile.text import passages


def _present(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, "", ())}


def _array(passage: Passage | None) -> object:
    return None if passage is None else passages.to_array(passage)


def _passage(array: list[Any] | None) -> Passage | None:
    return None if array is None else passages.from_json(canonical_json(array))


def read_from(fact: Fact) -> str:
    """Where a fact was read, without its value."""
    return canonical_json(_present({"basis": fact.basis, "passage": _array(fact.passage), "field": fact.field}))


BY_ANALYST = canonical_json({"basis": "analyst"})
"""Where a fact was read that the analyst has set."""


def fact(value: str, origin: str | None) -> Fact:
    """The fact again, from its value and where it was read."""
    if origin is None:
        return Fact(value)
    read: dict[str, Any] = json.loads(origin)
    return Fact(value, cast(Basis, read.get("basis", "stated")), _passage(read.get("passage")), read.get("field"))


def date(published: DateFact) -> str:
    """A date with all that it rests on."""
    return canonical_json(
        _present(
            {
                "edtf": published.edtf,
                "bounds": published.bounds,
                "low": published.low,
                "high": published.high,
                "printed": published.printed,
                "basis": published.basis,
                "passage": _array(published.passage),
                "field": published.field,
                "warnings": published.warnings,
                "year_from": published.year_from,
            }
        )
    )


def date_of(stored: str | None) -> DateFact | None:
    """The date again; None for one of which nothing is known."""
    if stored is None:
        return None
    read: dict[str, Any] = json.loads(stored)
    return DateFact(
        edtf=read.get("edtf"),
        bounds=read.get("bounds"),
        low=read.get("low"),
        high=read.get("high"),
        printed=read.get("printed", ""),
        basis=read.get("basis"),
        passage=_passage(read.get("passage")),
        field=read.get("field"),
        warnings=tuple(read.get("warnings", ())),
        year_from=tuple(ArticleId(article) for article in read.get("year_from", ())),
    )
