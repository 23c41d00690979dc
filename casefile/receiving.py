"""Receiving: files and pasted text become case files, in steps of two hundred that share one job.

Workers read, one writer commits; what becomes of each article is decided in `intake`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casefile import years
from casefile.door import Library
from casefile.errors import CasefileError, LibraryUnusable, Refused
from casefile.intake import Received, bring_in
from casefile.progress import Progress, Silent
from casefile.readers import choose, ready
from casefile.readers.ready import Ready
from casefile.records import ArticleId
from casefile.workers import Done, Failed, Fault, Workers

BATCH = 200
"""Articles a step: half as many cost a tenth more, since every step touches pages all over the indexes."""
BATCH_BYTES = 32 * 1024 * 1024
ROOM_FACTOR = 3
"""Free space wanted on the library's disk, as a multiple of the files' size: originals, texts, index and their log."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a whole import did; refused items with the error that says why."""

    received: tuple[Received, ...]
    refused: tuple[tuple[str, CasefileError], ...]
    skipped: tuple[Path, ...]
    faults: tuple[Fault, ...] = ()
    """Faults of the program that a file brought to light; the file was refused, and the fault is for the report."""

    @property
    def imported(self) -> list[ArticleId]:
        """Ids of the new case files."""
        return [item.article for item in self.received if item.became == "imported"]


def receive_paths(
    library: Library,
    paths: Iterable[Path],
    *,
    from_whom: str | None = None,
    progress: Progress | None = None,
    on_received: Callable[[Received], None] | None = None,
    on_refused: Callable[[str, CasefileError], None] | None = None,
) -> Report:
    """Bring in files and folders; `on_received` is called for each as soon as its step is committed.

    Bad files are refused with their reason, and the rest go in. A library error (disk full) stops the work: what was
    committed before stays. Raises LibraryUnusable "disk_full" before anything is read where space is too short.
    """
    progress = progress or Silent()
    found = choose.walk(paths)
    refused: list[tuple[str, CasefileError]] = []

    def refuse(name: str, error: CasefileError) -> None:
        refused.append((name, error))
        if on_refused is not None:
            on_refused(name, error)

    for path, error in found.refused:
        refuse(str(path), error)
    _want_room(library, found.files)
    received: list[Received] = []
    faults: list[Fault] = []
    progress.total(len(found.files))
    with library.job() as job, Workers() as workers:
        batch: list[tuple[str, Ready]] = []
        size = 0

        def commit() -> None:
            outcomes = bring_in(library, batch, from_whom=from_whom, how="file", job=job)
            for (name, _), outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, Refused):
                    refuse(name, outcome)
                    continue
                received.append(outcome)
                if on_received is not None:
                    on_received(outcome)
            batch.clear()

        for done, result in enumerate(_told(workers.map(ready.from_file, found.files)), 1):
            name = str(found.files[result.index])
            if isinstance(result, Done):
                batch.append((name, result.result))
                size += result.result.read.size
            elif isinstance(result.error, Fault):
                faults.append(result.error)
                refuse(name, Refused("reader_fault", name=Path(name).name))
            else:
                refuse(name, result.error)
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                commit()
                size = 0
            progress.done(done)
        commit()
        report = Report(tuple(received), tuple(refused), tuple(found.skipped), tuple(faults))
        years.infer(library, report.imported, job=job)
    return report


def _told(outcomes: Iterable[Done[Ready] | Failed]) -> Iterator[Done[Ready] | Failed]:
    # Workers raise the first fault again when all is through; here it was told with its file already.
    with suppress(Fault):
        yield from outcomes


def receive_text(
    library: Library, text: str | bytes, *, name: str = "pasted.txt", from_whom: str | None = None
) -> Received:
    """Bring in pasted text, or bytes from a pipe. Raises Refused as `choose.read_text` does."""
    made = _read_apart(text, name) if isinstance(text, bytes) else ready.from_text(text, file_name=name)
    with library.job() as job:
        (outcome,) = bring_in(library, [(name, made)], from_whom=from_whom, how="paste", job=job)
        if isinstance(outcome, Refused):
            raise outcome
        years.infer(library, [outcome.article], job=job)
    return outcome


def _read_apart(data: bytes, name: str) -> Ready:
    # Bytes from a pipe may be any kind of document, as hostile as a file.
    with Workers(1) as workers:
        (outcome,) = _told(workers.map(partial(ready.from_text, file_name=name), [data]))
    if isinstance(outcome, Failed):
        raise outcome.error
    return outcome.result


def _want_room(library: Library, files: Sequence[Path]) -> None:
    size = 0
    for path in files:
        try:
            size += path.stat().st_size
        except OSError:
            continue  # It is refused with its reason when it is read.
    if shutil.disk_usage(library.path.parent).free < size * ROOM_FACTOR:
        raise LibraryUnusable("disk_full", path=str(library.path))
