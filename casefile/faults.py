"""Fault reports: where the program failed and of what type, never what a message quotes of a document."""

from __future__ import annotations

import os
import traceback
from pathlib import Path, PurePath

_LINES = 200


class Fault(Exception):
    """A fault of the program in a worker: where and of what type, never what a message quotes of a document."""


def trace(error: BaseException) -> str:
    """The error's types and places, its causes after it; without messages, which may quote the case."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < _LINES:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__} (message left out)")
        for frame in traceback.extract_tb(seen.__traceback__):
            lines.append(f"  {'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def write(error: BaseException) -> Path | None:
    """Write a report of the fault into the settings folder; its path, or None where it can't be written."""
    import platform
    from datetime import UTC, datetime

    import casefile
    from casefile import settings

    now = datetime.now(UTC)
    path = settings.folder() / "faults" / f"fault-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    # What a worker tells of its fault was made by `trace` there.
    told = f"{trace(error)}\n{error}" if isinstance(error, Fault) else trace(error)
    report = (
        f"casefile {casefile.__version__}\nPython {platform.python_version()}, {platform.platform()}\n{now}\n{told}\n"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report, encoding="utf-8")
    except OSError:
        return None
    return path
