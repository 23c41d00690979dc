"""What a change, a commit and a text from another library may look like; anything else is not from this program.

A value out of shape would do harm later: broken JSON stops every query that reads a generated column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from casefile import schema
from casefile.custody import canonical_json
from casefile.errors import CasefileError
from casefile.ledger import Change, Commit
from casefile.text import canonical, passages

VALUE_LIMIT = 1_000_000
"""Code points that a recorded value may have."""
TEXT_LIMIT = 100_000_000
"""Code points that a working text may have."""
PARAMS_LIMIT = 100_000
NAME_LIMIT = 1000
_COUNTER_LIMIT = 2**53

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ACTION = re.compile(r"[a-z0-9_.]{1,100}")

_BASES = ("stated", "inferred", "analyst")
_READ_WORDS = frozenset({"basis", "field"})
_DATE_WORDS = frozenset({"edtf", "bounds", "low", "high", "printed", "basis", "field"})
_DATE_LISTS = frozenset({"warnings", "year_from"})


class Misshapen(ValueError):
    """Something that this program never writes; its text says what, in plain words without case data."""


def check_commit(commit: Commit) -> None:
    """Raises Misshapen unless everything in the commit could be the work of this program."""
    head = commit.head
    fine = (
        _DIGEST.fullmatch(commit.id)
        and all(_DIGEST.fullmatch(parent) for parent in head.parents)
        and type(head.schema) is int
        and head.schema > 0
        and type(head.counter) is int
        and 0 < head.counter < _COUNTER_LIMIT
        and _TIME.fullmatch(head.time)
        and len(head.analyst) <= NAME_LIMIT
        and _ACTION.fullmatch(head.action)
        and len(canonical_json(head.params)) <= PARAMS_LIMIT
        and isinstance(head.params.get("job"), str)
    )
    if not fine:
        raise Misshapen(f"step {str(commit.id)[:12]}")
    for change in commit.changes:
        _check_change(change)
    for table, row, name in commit.tombstones:
        if table not in schema.RECORDED or name not in schema.RECORDED[table].fields or not _UUID.fullmatch(row):
            raise Misshapen(f"erased: {table}.{name}")


def _check_change(change: Change) -> None:
    table, row, name, value, salt, _ = change
    declared = schema.RECORDED.get(table)
    if declared is None or (name != "deleted" and name not in declared.fields) or not _UUID.fullmatch(row):
        raise Misshapen(f"{table}.{name}")
    if salt is not None and not _fits(table, name, value):
        raise Misshapen(f"a value of {table}.{name}")


def _fits(table: str, name: str, value: object) -> bool:
    if name == "deleted":
        return type(value) is int and value in (0, 1)
    if value is None:
        return True
    if name in schema.RECORDED[table].whole_numbers:
        return type(value) is int
    if not isinstance(value, str) or len(value) > VALUE_LIMIT:
        return False
    if name in schema.RECORDED[table].points_at:
        return _UUID.fullmatch(value) is not None
    if (table, name) in schema.NAMES_CONTENT:
        return _DIGEST.fullmatch(value) is not None
    shape = _JSON.get((table, name))
    return shape is None or _is_json(value, shape)


def _is_json(value: str, shape: Callable[[Any], bool]) -> bool:
    try:
        held: Any = json.loads(value)
        return canonical_json(held) == value and shape(held)
    except (ValueError, TypeError, RecursionError):
        return False


def _is_passage(held: Any) -> bool:
    if not isinstance(held, list) or any(isinstance(part, bool | float) for part in cast("list[object]", held)):
        return False
    given = canonical_json(cast(object, held))
    try:
        return passages.to_json(passages.from_json(given)) == given
    except CasefileError:
        return False


def _is_texts(held: Any) -> bool:
    return isinstance(held, list) and all(isinstance(part, str) for part in cast("list[object]", held))


def _is_object(held: Any, words: frozenset[str], lists: frozenset[str] = frozenset()) -> bool:
    """An object whose members are words, lists of words, a basis and a passage, and nothing else."""
    if not isinstance(held, dict):
        return False
    members = cast("dict[str, Any]", held)
    return all(
        (name in words and isinstance(value, str) and (name != "basis" or value in _BASES))
        or (name in lists and _is_texts(value))
        or (name == "passage" and _is_passage(value))
        for name, value in members.items()
    )


def _is_date(held: Any) -> bool:
    return _is_object(held, _DATE_WORDS, _DATE_LISTS)


def _is_read_from(held: Any) -> bool:
    return _is_object(held, _READ_WORDS)


#: The fields that hold one value of several parts (docs/format.md §2), and its shape.
_JSON: Mapping[tuple[str, str], Callable[[Any], bool]] = {
    **{("articles", f"{name}_from"): _is_read_from for name in ("title", "publisher", "origin", "place")},
    ("articles", "published"): _is_date,
    ("originals", "warnings"): _is_texts,
    ("mentions", "passage"): _is_passage,
    ("notes", "passage"): _is_passage,
}


def check_text(body: object) -> str:
    """The text, if it obeys text rule 1 and is not too long; else raises Misshapen."""
    if not isinstance(body, str) or len(body) > TEXT_LIMIT or canonical.canonical(body) != body:
        raise Misshapen("a text against text rule 1")
    return body
