"""`casefile import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from casefile import phrases
from casefile.cli import desk, printing, shapes
from casefile.cli.printing import Answer
from casefile.errors import CasefileError
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace

    from casefile.door import Library
    from casefile.receiving import Received, Report

STANDARD_INPUT = "-"


def bring_in(call: Namespace) -> Answer:
    """Bring in files, folders or the standard input; each case file is acknowledged on stderr once it is committed."""
    if STANDARD_INPUT in call.paths and len(call.paths) > 1:
        raise CasefileError("stdin_alone")
    with desk.writing(call) as library:
        report = _pasted(library, call) if call.paths == [STANDARD_INPUT] else _from_disk(library, call)
    for fault in report.faults:
        _report_fault(fault)
    return Answer(shapes.brought_in(report), lambda: _summary(report), status=1 if report.refused else 0)


def _from_disk(library: Library, call: Namespace) -> Report:
    from casefile import receiving

    return receiving.receive_paths(
        library,
        [Path(path) for path in call.paths],
        from_whom=call.from_whom,
        progress=printing.bar(say("importing")),
        on_received=_acknowledge,
        on_refused=_refuse,
    )


def _pasted(library: Library, call: Namespace) -> Report:
    from casefile import receiving
    from casefile.errors import Refused

    try:
        received = receiving.receive_text(library, sys.stdin.buffer.read(), from_whom=call.from_whom)
    except Refused as error:
        _refuse(STANDARD_INPUT, error)
        return receiving.Report((), ((STANDARD_INPUT, error),), ())
    _acknowledge(received)
    return receiving.Report((received,), (), ())


def _acknowledge(item: Received) -> None:
    line = f"{item.number}  {item.name}  {printing.one_line(item.title)}"
    if item.became != "imported":
        line += f"  ({say(f'became_{item.became}')})"
    elif item.same_text_as:
        line += f"  ({say('same_text_as', {'number': item.same_text_as})})"
    printing.above_bar(line)


def _refuse(name: str, error: CasefileError) -> None:
    printing.above_bar(say("refused", {"path": name, "reason": str(error)}))


def _report_fault(fault: Exception) -> None:
    from casefile import faults

    report = faults.write(fault)
    printing.tell(say("fault", {"path": str(report)}) if report else say("fault_unreported"))


def _summary(report: Report) -> list[str]:
    became = [item.became for item in report.received]
    counts = {
        "imported": became.count("imported"),
        "known": became.count("known"),
        "restored": became.count("restored"),
        "refused": len(report.refused),
        "skipped": len(report.skipped),
    }
    named = [phrases.command(f"count_{code}", {"n": n}) for code, n in counts.items() if n or code == "imported"]
    return [", ".join(named) + "."]
