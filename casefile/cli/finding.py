"""`casefile search` and `brief`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile.cli import desk, printing, shapes
from casefile.cli.printing import Answer
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from casefile.search.find import Hit


def search(call: Namespace) -> Answer:
    """Case files by words in title, text and notes, the best first."""
    from casefile import dossiers, tags
    from casefile.search import find

    with desk.reading(call) as library:
        found = find.search(
            library,
            call.query,
            dossier=dossiers.find(library, call.dossier).id if call.dossier is not None else None,
            tag=tags.resolve(library, call.tag) if call.tag is not None else None,
            after=call.after,
            before=call.before,
            limit=call.limit,
        )
    return Answer([shapes.hit(one) for one in found], lambda: _found(found))


def _found(found: list[Hit]) -> Iterator[str]:
    for hit in found:
        yield printing.strong(f"{hit.number}  {printing.one_line(hit.title)}")
        yield f"    {printing.one_line(hit.published or say('unknown_date'))}  {_marked(hit)}"
    yield printing.counted("count_found", len(found))


def _marked(hit: Hit) -> str:
    pieces: list[str] = []
    at = 0
    for start, stop in hit.marks:
        pieces += [printing.plain_space(hit.snippet[at:start]), printing.strong(hit.snippet[start:stop])]
        at = stop
    return "".join([*pieces, printing.plain_space(hit.snippet[at:])]).strip()


def brief(call: Namespace) -> Answer:
    """Write a dossier's brief as a Word file, and log that it was issued."""
    from casefile import dossiers
    from casefile.brief import issue

    with desk.writing(call) as library:
        dossier = dossiers.find(library, call.dossier)
        path = issue.export(
            library,
            dossier.id,
            call.out.expanduser().absolute(),
            number=call.number,
            marking=call.marking,
            bottom_line=call.bottom_line,
            progress=printing.bar(say("writing_brief")),
        )
    return Answer({"path": str(path), "dossier": dossier.id}, lambda: [str(path)])
