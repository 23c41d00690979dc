"""What the command prints: one JSON value, or lines and tables for people; notices and bars on stderr."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from casefile.errors import CasefileError
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace

    from casefile.progress import Progress


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: the value for programs, the lines for people, and the exit status."""

    value: object
    lines: Callable[[], Iterable[str]]
    status: int = 0


class Command(Protocol):
    """The function behind a command."""

    def __call__(self, call: Namespace, /) -> Answer:
        """Do it, and say what was done."""
        ...


def prepare() -> None:
    """Let stdout and stderr write UTF-8 whatever the locale, and what is no text in a file's name with backslashes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def json_text(value: object) -> str:
    """The value as JSON on one line, indented where a person looks on; non-ASCII as itself."""
    return json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)


def emit(text: str) -> None:
    """Print on stdout, at once and whole. Raises CasefileError "output_failed" (a full disk); BrokenPipeError."""
    if not text:
        return
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        close_output()
        raise CasefileError("output_failed", reason=error.strerror or str(error)) from error


def close_output() -> None:
    """Send what is left of stdout to nowhere, so that Python does not fail once more at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def tell(line: str) -> None:
    """A notice on stderr, at once; lost where nobody listens."""
    with suppress(OSError, ValueError):
        sys.stderr.write(plain(line) + "\n")
        sys.stderr.flush()


def complain(code: str, message: str, *, as_json: bool) -> None:
    """Say what went wrong: a sentence on stderr, or a JSON value on stdout."""
    if as_json:
        with suppress(CasefileError, BrokenPipeError):
            emit(json_text({"error": {"code": code, "message": message}}))
            return
    tell(f"casefile: {message}")


def plain(text: str) -> str:
    """The text without control characters: a file name must not steer the terminal."""
    return "".join(char if char >= " " and not "\x7f" <= char <= "\x9f" else "�" for char in text)


def one_line(text: str) -> str:
    """The text on one line, white space collapsed, without control characters."""
    return plain(" ".join(text.split()))


def plain_space(text: str) -> str:
    """The text with line ends and tabs as spaces, one for one, without other control characters."""
    return plain(re.sub(r"\s", " ", text))


def short(identity: str) -> str:
    """An id as people read it: its first eight characters."""
    return identity[:8]


def strong(text: str) -> str:
    """The text in bold, on a terminal that may show it."""
    return f"\x1b[1m{text}\x1b[0m" if _coloured(sys.stdout) else text


def _coloured(stream: TextIO) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Aligned lines under bold heads, wide and combining characters counted as terminals show them.

    The last column is cut to the terminal's width, and left whole where the output is no terminal. Columns in `right`
    are aligned to the right.
    """
    import wcwidth

    lines = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(wcwidth.width(line[column]) for line in [list(heads), *lines]) for column in range(len(heads))]
    room = shutil.get_terminal_size().columns - sum(widths[:-1]) - 2 * (len(heads) - 1)

    def last(cell: str) -> str:
        if not sys.stdout.isatty() or room < 12 or wcwidth.width(cell) <= room:
            return cell
        return wcwidth.clip(cell, 0, room - 1) + "…"

    def line(cells: Sequence[str]) -> str:
        padded = [
            wcwidth.rjust(cell, width) if column in right else wcwidth.ljust(cell, width)
            for column, (cell, width) in enumerate(zip(cells[:-1], widths, strict=False))
        ]
        return "  ".join([*padded, last(cells[-1])]).rstrip()

    return [strong(line(heads)), *map(line, lines)]


def facts(pairs: Iterable[tuple[str, str | None]]) -> list[str]:
    """Lines of a name and a value, aligned; those without a value left out."""
    known = [(name, one_line(value)) for name, value in pairs if value]
    widest = max((len(name) for name, _ in known), default=0)
    return [f"{name:<{widest}}  {value}" for name, value in known]


def bar(what: str) -> Progress:
    """A bar on stderr where that is a terminal, else silence. It goes when the work is done."""
    from casefile.progress import Silent

    return _Bar(what) if sys.stderr.isatty() else Silent()


def above_bar(line: str) -> None:
    """A notice on stderr above the bar that may stand there."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        tqdm.write(plain(line), file=sys.stderr)
    else:
        tell(line)


class _Bar:
    """tqdm as `Progress`."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None

    def total(self, items: int) -> None:
        """Draw the bar for so many items."""
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # its thread has nothing to do here
        self._bar = tqdm(total=items, desc=self._what, leave=False, file=sys.stderr)

    def done(self, items: int) -> None:
        """Move the bar; take it away when all is done."""
        self._bar.update(items - self._bar.n)
        if items >= self._bar.total:
            self._bar.close()


def counted(code: str, n: int, **values: str | int) -> str:
    """A sentence of the command with a number in it, in the singular where it is one."""
    return say(code, {"n": n, **values})
