"""What can go wrong that the user can do something about.

A `CasefileError` is told, never reported: its code is stored and printed for programs, its sentence comes from
`phrases`, and says what happened, what was kept and what to do next. Anything else that is raised is a fault of the
program and goes to the fault report.
"""

from __future__ import annotations

from casefile import phrases


class CasefileError(Exception):
    """A mistake or mishap that the user can cause and mend; `code` is a word of docs/cli.md."""

    #: Exit status of the `casefile` command: 2 wrong use, 3 the library can't be used.
    exit_status = 2

    def __init__(self, code: str, /, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return phrases.error(self.code, self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross from worker processes; keyword arguments are lost by the default way of pickling exceptions.
        return (_rebuilt, (type(self), self.code, self.values))


class LibraryUnusable(CasefileError):
    """The library can't be opened or written: missing, not ours, newer, held, damaged, wrong passphrase, disk full."""

    exit_status = 3


class Refused(CasefileError):
    """One item (a file, a row) was refused with a reason; the rest go on."""

    exit_status = 1


def _rebuilt(kind: type[CasefileError], code: str, values: dict[str, str | int]) -> CasefileError:
    return kind(code, **values)
