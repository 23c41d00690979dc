"""Steps: the log as people read it, one line a commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casefile.door import Library
from casefile.records import CommitId

_ALL = -1


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: when (UTC), by whom, its action's code with parameters (ids, codes and counts), changed fields."""

    commit: CommitId
    time: str
    analyst: str
    action: str
    params: Mapping[str, Any]
    changes: int


def latest(library: Library, limit: int | None = None) -> list[Step]:
    """The steps in the order of the log (counter, commit), the latest first; all of them without a limit."""
    rows = library.query(
        "SELECT k.id, k.time, k.analyst, k.action, k.params, "
        "(SELECT count(*) FROM changes c WHERE c.commit_n = k.n) "
        "FROM commits k ORDER BY k.counter DESC, k.id DESC LIMIT ?",
        (limit or _ALL,),
    )
    return [Step(CommitId(row[0]), row[1], row[2], row[3], json.loads(row[4]), row[5]) for row in rows]
