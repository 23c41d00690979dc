"""Issuing a brief: composed, written as Word, and logged with the bytes that left the house."""

from __future__ import annotations

from pathlib import Path

from casefile.brief import compose, word
from casefile.door import Library
from casefile.progress import Progress
from casefile.readers import original
from casefile.records import DossierId

ACTION = "brief.export"


def count(library: Library, dossier: DossierId) -> int:
    """How many issues of the dossier's brief were exported."""
    row = library.one(
        "SELECT count(*) FROM commits WHERE action = ? AND json_extract(params, '$.dossier') = ?", (ACTION, dossier)
    )
    return 0 if row is None else int(row[0])


def export(
    library: Library,
    dossier: DossierId,
    target: Path,
    *,
    number: str | None = None,
    marking: str | None = None,
    bottom_line: str | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write the dossier's brief to `target` and log the export; the exported bytes are kept in the library.

    Raises CasefileError as `compose.compose` and `word.write` do; then nothing was logged, and no half file is there.
    """
    brief = compose.compose(
        library,
        dossier,
        number=number,
        marking=marking,
        bottom_line=bottom_line,
        issue=count(library, dossier) + 1,
        as_of=as_of,
    )
    word.write(brief, target, progress=progress)
    issued = original.keep(target.read_bytes())
    with library.step(ACTION, entry=True, dossier=dossier, sha256=issued.sha256, issue=brief.issue):
        if not library.one("SELECT 1 FROM blobs WHERE sha256 = ?", (issued.sha256,)):
            library.write("INSERT INTO blobs VALUES (?, ?, ?)", [(issued.sha256, issued.size, int(issued.compressed))])
            library.write(
                "INSERT INTO blob_parts (sha256, part, data) VALUES (?, ?, ?)",
                [(issued.sha256, place, part) for place, part in enumerate(issued.parts)],
            )
    return target
