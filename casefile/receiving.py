"""Receiving: files and pasted text become case files, in steps of about a hundred that share one job.

An article has many originals and many receipts. The same bytes again are a further receipt; the same text in other
bytes a further original, or a case file of its own where published by or the printed date differ.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from casefile import identity, sources, stored
from casefile.custody import Value, canonical_json
from casefile.door import Library, utc_now
from casefile.errors import CasefileError, LibraryUnusable, Refused
from casefile.progress import Progress, Silent
from casefile.readers import choose
from casefile.records import ArticleId, DateFact, ReadArticle
from casefile.text import canonical, dates, fold, names
from casefile.workers import Done, Failed, Fault, Workers

BATCH = 100
BATCH_BYTES = 32 * 1024 * 1024
ROOM_FACTOR = 3
"""Free space wanted on the library's disk, as a multiple of the files' size: originals, texts, index and their log."""

How = Literal["file", "paste"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file: `imported` a new case file, `known` (the same bytes or text), `restored` from the Bin.

    `same_text_as` is the number of another case file with the same text, where a new one was made all the same.
    """

    name: str
    article: ArticleId
    number: str
    became: Literal["imported", "known", "restored"]
    same_text_as: str | None = None


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


@dataclass(frozen=True, slots=True)
class _Ready:
    read: ReadArticle
    index_text: str


def _ready(path: Path) -> _Ready:
    read = choose.read(path)
    return _Ready(read, fold.index_text(read.text))


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
        batch: list[tuple[str, _Ready]] = []
        size = 0

        def commit() -> None:
            outcomes = _bring_in(library, batch, from_whom=from_whom, how="file", job=job)
            received.extend(outcomes)
            if on_received is not None:
                for outcome in outcomes:
                    on_received(outcome)
            batch.clear()

        for done, result in enumerate(_told(workers.map(_ready, found.files)), 1):
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
        infer_years(library, job=job)
    return Report(tuple(received), tuple(refused), tuple(found.skipped), tuple(faults))


def _told(outcomes: Iterable[Done[_Ready] | Failed]) -> Iterator[Done[_Ready] | Failed]:
    # Workers raise the first fault again when all is through; here it was told with its file already.
    with suppress(Fault):
        yield from outcomes


def receive_text(
    library: Library, text: str | bytes, *, name: str = "pasted.txt", from_whom: str | None = None
) -> Received:
    """Bring in pasted text, or bytes from a pipe. Raises Refused as `choose.read_text` does."""
    read = choose.read_text(text, file_name=name)
    with library.job() as job:
        ready = _Ready(read, fold.index_text(read.text))
        (outcome,) = _bring_in(library, [(name, ready)], from_whom=from_whom, how="paste", job=job)
        infer_years(library, job=job)
    return outcome


def _want_room(library: Library, files: Sequence[Path]) -> None:
    size = 0
    for path in files:
        try:
            size += path.stat().st_size
        except OSError:
            continue  # It is refused with its reason when it is read.
    if shutil.disk_usage(library.path.parent).free < size * ROOM_FACTOR:
        raise LibraryUnusable("disk_full", path=str(library.path))


def _bring_in(
    library: Library, batch: Sequence[tuple[str, _Ready]], *, from_whom: str | None, how: How, job: str
) -> list[Received]:
    if not batch:
        return []
    with library.step("article.import", job=job, n=len(batch)):
        intake = _Intake(library, from_whom=from_whom, how=how)
        return [intake.take(name, ready) for name, ready in batch]


class _Intake:
    """One step's worth of incoming articles; lives inside the step."""

    def __init__(self, library: Library, *, from_whom: str | None, how: How) -> None:
        self._library = library
        self._received = utc_now()
        self._from_whom = from_whom
        self._how = how
        self._sources = {sources.folded(source.name): source.id for source in sources.every(library)}
        row = library.one("SELECT max(count) FROM articles WHERE initials = ?", (library.initials,))
        self._count: int = (row[0] if row else None) or 0

    def take(self, name: str, ready: _Ready) -> Received:
        read = ready.read
        known = self._library.one(
            "SELECT o.id, o.deleted, a.id, a.number, a.deleted FROM originals o JOIN articles a ON a.id = o.article "
            "WHERE o.sha256 = ? ORDER BY a.deleted, o.deleted, o.n LIMIT 1",
            (read.sha256,),
        )
        if known is not None:
            return self._again(name, known)
        same = self._same_text(read)
        if same is not None and same[2]:
            article, number, _ = same
            self._original(article, ready)
            return Received(name, article, number, "known")
        return self._new(name, ready, same[1] if same is not None else None)

    def _again(self, name: str, known: tuple[str, int, str, str, int]) -> Received:
        original, original_deleted, article, number, article_deleted = known
        if original_deleted:
            self._library.change("originals", original, deleted=0)
        if article_deleted:
            self._library.change("articles", article, deleted=0)
        self._receipt(original)
        return Received(name, ArticleId(article), number, "restored" if article_deleted else "known")

    def _same_text(self, read: ReadArticle) -> tuple[ArticleId, str, bool] | None:
        """The case file with the same text, and whether it is the same article too."""
        if not read.text_key:
            return None
        rows = self._library.query(
            "SELECT a.id, a.number, s.name, a.published FROM texts t JOIN articles a ON a.text = t.sha256 "
            "LEFT JOIN sources s ON s.id = a.publisher WHERE t.key = ? AND a.deleted = 0 ORDER BY a.n",
            (read.text_key,),
        )
        for article, number, publisher, published in rows:
            if not _differ(publisher, read.publisher.value if read.publisher else None) and not _dates_differ(
                stored.date_of(published), read.published
            ):
                return ArticleId(article), number, True
        return (ArticleId(rows[0][0]), rows[0][1], False) if rows else None

    def _new(self, name: str, ready: _Ready, same_text_as: str | None) -> Received:
        read = ready.read
        self._count += 1
        number = f"{self._library.initials}-{self._count:04d}"
        article = ArticleId(identity.derived("article", read.sha256))
        values: dict[str, Value] = {"number": number, "language": read.language.value if read.language else None}
        if read.title is not None:
            values |= {"title": read.title.value, "title_from": stored.read_from(read.title)}
        else:
            values["title"] = read.file_name
        if read.place is not None:
            values |= {"place": read.place.value, "place_from": stored.read_from(read.place)}
        if read.publisher is not None:
            values |= {
                "publisher": self._source(read.publisher.value),
                "publisher_from": stored.read_from(read.publisher),
            }
        if read.origin is not None:
            values |= {"origin": self._source(read.origin.value), "origin_from": stored.read_from(read.origin)}
        if read.published is not None:
            values["published"] = stored.date(read.published)
        if read.text:
            values["text"] = read.text_sha256
            self._text(ready)
        self._library.insert("articles", article, **values)
        self._original(article, ready)
        return Received(name, article, number, "imported", same_text_as)

    def _original(self, article: ArticleId, ready: _Ready) -> None:
        read = ready.read
        self._blob(read)
        if read.text:
            self._text(ready)
        original = identity.derived("original", article, read.sha256)
        self._library.insert(
            "originals",
            original,
            article=article,
            sha256=read.sha256,
            file_name=read.file_name,
            media_type=read.media_type,
            size=read.size,
            reader=read.reader,
            encoding=read.encoding,
            text=read.text_sha256 if read.text else None,
            address=read.address,
            captured=read.captured,
            captured_from=read.captured_from,
            warnings=canonical_json(list(read.warnings)) if read.warnings else None,
        )
        self._receipt(original)

    def _receipt(self, original: str) -> None:
        self._library.insert(
            "receipts",
            identity.fresh(),
            original=original,
            received=self._received,
            from_whom=self._from_whom,
            how=self._how,
        )

    def _source(self, name: str) -> str:
        known = self._sources.get(sources.folded(name))
        if known is None:
            known = self._sources[sources.folded(name)] = sources.find_or_add(self._library, name)
        return known

    def _blob(self, read: ReadArticle) -> None:
        if self._library.one("SELECT 1 FROM blobs WHERE sha256 = ?", (read.sha256,)):
            return
        self._library.write("INSERT INTO blobs VALUES (?, ?, ?)", [(read.sha256, read.size, int(read.compressed))])
        self._library.write(
            "INSERT INTO blob_parts (sha256, part, data) VALUES (?, ?, ?)",
            [(read.sha256, place, part) for place, part in enumerate(read.parts)],
        )

    def _text(self, ready: _Ready) -> None:
        read = ready.read
        self._library.prepared[read.text_sha256] = ready.index_text
        if self._library.one("SELECT 1 FROM texts WHERE sha256 = ?", (read.text_sha256,)):
            return
        self._library.write(
            "INSERT INTO texts (sha256, rule, key, length, body) VALUES (?, ?, ?, ?, ?)",
            [(read.text_sha256, canonical.RULE, read.text_key, len(read.text), read.text)],
        )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and sources.folded(one) != sources.folded(other)


def _dates_differ(one: DateFact | None, other: DateFact | None) -> bool:
    return one is not None and other is not None and None not in (one.edtf, other.edtf) and one.edtf != other.edtf


YEARLESS = "year_not_printed"
SHARED_NAMES = 2
"""Names that two articles must share before the year of one says anything about the other."""


def infer_years(library: Library, *, job: str) -> int:
    """Give yearless bounds their year where all dated case files that share names agree on it; return how many.

    The dated case files are kept with the date, so that the analyst sees what the year rests on.
    """
    waiting = library.query(
        "SELECT id, published, text FROM articles WHERE deleted = 0 AND published_edtf IS NULL "
        "AND instr(published, ?) > 0",
        (YEARLESS,),
    )
    inferred = 0
    for article, published, text in waiting:
        date = stored.date_of(published)
        (body,) = library.one("SELECT body FROM texts WHERE sha256 = ?", (text,)) or ("",)
        if date is None or not body:
            continue
        rest_on = _dated_sharing_names(library, article, body)
        years = {year for _, year in rest_on}
        if len(years) == 1:
            found = dates.with_year(date, int(years.pop()), tuple(shared for shared, _ in rest_on))
            with library.step("article.infer_year", job=job, article=article):
                library.change("articles", article, published=stored.date(found))
            inferred += 1
    return inferred


def _dated_sharing_names(library: Library, article: str, body: str) -> list[tuple[ArticleId, str]]:
    shared: dict[int, int] = {}
    for name in names.names_in(body):
        query = fold.query_tokens(name)
        for (n,) in library.query("SELECT rowid FROM article_index WHERE article_index MATCH ?", (query,)):
            shared[n] = shared.get(n, 0) + 1
    enough = canonical_json([n for n, count in shared.items() if count >= SHARED_NAMES])
    rows = library.query(
        "SELECT id, substr(published_low, 1, 4) FROM articles WHERE n IN (SELECT value FROM json_each(?)) "
        "AND deleted = 0 AND id <> ? AND published_edtf IS NOT NULL AND published_low IS NOT NULL ORDER BY n",
        (enough, article),
    )
    return [(ArticleId(row[0]), row[1]) for row in rows]
