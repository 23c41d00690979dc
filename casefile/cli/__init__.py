"""The `casefile` command: docs/cli.md says what it takes and prints, docs/cli.schema.json the shapes.

Nothing heavy is imported here: `casefile --version` and `--help` answer at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from casefile.cli import parser, printing
from casefile.errors import CasefileError
from casefile.phrases import command as say

if TYPE_CHECKING:
    from casefile.cli.printing import Command

__all__ = ["main"]

FAULT = 70  # EX_SOFTWARE of BSD's sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells count
READER_GONE = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say (those of the process without any) and return the exit status.

    0 done, 1 some items refused or verify found a problem, 2 wrong use, 3 the library can't be used; 70 a fault of the
    program, 130 interrupted, 141 nobody reads the output any more.
    """
    printing.prepare()
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _answered(given)
    except KeyboardInterrupt:
        printing.tell(say("interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        printing.close_output()
        return READER_GONE


def _answered(given: list[str]) -> int:
    as_json = "--json" in given
    try:
        arguments = parser.build().parse_args(given)
        module, function = parser.COMMANDS[arguments.command]
        run = cast("Command", getattr(import_module(f"casefile.cli.{module}"), function))
        answer = run(arguments)
        printing.emit(printing.json_text(answer.value) if as_json else "\n".join(answer.lines()))
        return answer.status
    except SystemExit as done:  # argparse printed its help or the version
        return done.code if isinstance(done.code, int) else 0
    except CasefileError as error:
        printing.complain(error.code, str(error), as_json=as_json)
        return error.exit_status
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as fault:  # noqa: BLE001 - the last stop: reported to a file and told, with a status of its own
        from casefile import faults

        report = faults.write(fault)
        sentence = say("fault", {"path": str(report)}) if report else say("fault_unreported")
        printing.complain("fault", sentence, as_json=as_json)
        return FAULT
