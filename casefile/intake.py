"""Taking in: what articles read become in the library, looked up and added for a whole step at once.

An article has many originals and many receipts. The same bytes again are a further receipt; the same text in other
bytes a further original, or a case file of its own where published by or the printed date differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from casefile import identity, sources, stored
from casefile.custody import Value, canonical_json
from casefile.door import Library, utc_now
from casefile.errors import Refused
from casefile.readers.ready import Ready
from casefile.records import ArticleId, DateFact, Fact
from casefile.text import canonical

How = Literal["file", "paste"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file: `imported` a new case file, `known` (the same bytes or text), `restored` from the Bin.

    `same_text_as` is the number of another case file with the same text, where a new one was made all the same.
    """

    name: str
    article: ArticleId
    number: str
    title: str
    became: Literal["imported", "known", "restored"]
    same_text_as: str | None = None


def bring_in(
    library: Library, batch: Sequence[tuple[str, Ready]], *, from_whom: str | None, how: How, job: str
) -> list[Received | Refused]:
    """Bring in articles with the names they came under, in one step of the job; what became of each, in order.

    What was erased for good is refused, and the rest go in.
    """
    if not batch:
        return []
    with library.step("article.import", job=job, n=len(batch)):
        intake = _Intake(library, [item for _, item in batch], from_whom=from_whom, how=how)
        outcomes = [intake.take_or_refuse(name, item) for name, item in batch]
        intake.write()
        return outcomes


class _Intake:
    """One step's worth of incoming articles; lives inside the step."""

    def __init__(self, library: Library, batch: Sequence[Ready], *, from_whom: str | None, how: How) -> None:
        self._library = library
        self._received = utc_now()
        self._from_whom = from_whom
        self._how = how
        self._sources = {sources.folded(source.name): str(source.id) for source in sources.every(library)}
        row = library.one("SELECT max(count) FROM articles WHERE initials = ?", (library.initials,))
        self._count: int = (row[0] if row else None) or 0
        shas = canonical_json([ready.read.sha256 for ready in batch])
        digests = canonical_json([ready.read.text_sha256 for ready in batch])
        self._blobs = self._present("blobs", shas)
        self._texts = self._present("texts", digests)
        self._known = self._originals(shas)
        self._same = self._same_texts(canonical_json([ready.read.text_key for ready in batch if ready.read.text_key]))
        # By row, when; in most libraries nothing was ever erased.
        self._erased: dict[str, str] = dict(
            library.query(
                "SELECT t.row, k.time FROM tombstones t JOIN commits k ON k.id = t.commit_id "
                "WHERE t.tbl = 'originals' AND t.field = 'sha256'"
            )
        )
        self._rows: dict[str, list[tuple[Value | bytes, ...]]] = {sql: [] for sql in _INSERTS.values()}

    def _present(self, table: str, wanted: str) -> set[str]:
        return {
            row[0]
            for row in self._library.query(
                f"SELECT sha256 FROM {table} WHERE sha256 IN (SELECT value FROM json_each(?))", (wanted,)
            )
        }

    def _originals(self, wanted: str) -> dict[str, _Known]:
        # Of several the best is written last: a case file that is not in the Bin, then an original that is not.
        return {
            sha256: _Known(*rest)
            for sha256, *rest in self._library.query(
                "SELECT o.sha256, o.id, o.deleted, a.id, a.number, coalesce(a.title, ''), a.deleted FROM originals o "
                "JOIN articles a ON a.id = o.article WHERE o.sha256 IN (SELECT value FROM json_each(?)) "
                "ORDER BY a.deleted DESC, o.deleted DESC, o.n DESC",
                (wanted,),
            )
        }

    def _same_texts(self, wanted: str) -> dict[str, list[_Same]]:
        found: dict[str, list[_Same]] = {}
        for key, article, number, title, publisher, published in self._library.query(
            "SELECT t.key, a.id, a.number, coalesce(a.title, ''), s.name, a.published "
            "FROM texts t JOIN articles a ON a.text = t.sha256 LEFT JOIN sources s ON s.id = a.publisher "
            "WHERE t.key IN (SELECT value FROM json_each(?)) AND a.deleted = 0 ORDER BY a.n",
            (wanted,),
        ):
            found.setdefault(key, []).append(_Same(article, number, title, publisher, stored.date_of(published)))
        return found

    def take_or_refuse(self, name: str, ready: Ready) -> Received | Refused:
        """Find out what the article is and note what is to be added; the refusal of what was erased for good."""
        try:
            return self._take(name, ready)
        except Refused as refused:
            return refused

    def _take(self, name: str, ready: Ready) -> Received:
        read = ready.read
        known = self._known.get(read.sha256)
        if known is not None:
            return self._again(name, read.sha256, known)
        same = self._same.get(read.text_key, []) if read.text_key else []
        for other in same:
            if not _differ(other.publisher, read.publisher.value if read.publisher else None) and not _dates_differ(
                other.published, read.published
            ):
                self._original(ArticleId(other.article), other.number, other.title, ready)
                return Received(name, ArticleId(other.article), other.number, other.title, "known")
        return self._new(name, ready, same[0].number if same else None)

    def write(self) -> None:
        """Add everything that was noted, table by table."""
        for sql, rows in self._rows.items():
            self._library.write(sql, rows)

    def _again(self, name: str, sha256: str, known: _Known) -> Received:
        if known.original_deleted:
            self._library.change("originals", known.original, deleted=0)
        if known.article_deleted:
            self._library.change("articles", known.article, deleted=0)
        self._known[sha256] = replace(known, original_deleted=0, article_deleted=0)
        self._receipt(known.original)
        became = "restored" if known.article_deleted else "known"
        return Received(name, ArticleId(known.article), known.number, known.title, became)

    def _new(self, name: str, ready: Ready, same_text_as: str | None) -> Received:
        read = ready.read
        number = f"{self._library.initials}-{self._count + 1:04d}"
        article = ArticleId(identity.derived("article", read.sha256))
        title = read.title.value if read.title else read.file_name
        self._original(article, number, title, ready)
        self._count += 1
        publisher = self._source(read.publisher)
        self._add(
            "articles",
            article,
            number,
            title,
            _from(read.title),
            publisher,
            _from(read.publisher),
            self._source(read.origin),
            _from(read.origin),
            read.place.value if read.place else None,
            _from(read.place),
            read.language.value if read.language else None,
            stored.date(read.published) if read.published else None,
            read.text_sha256 if read.text else None,
        )
        if read.text_key:
            name_of = read.publisher.value if read.publisher else None
            self._same.setdefault(read.text_key, []).append(_Same(article, number, title, name_of, read.published))
        return Received(name, article, number, title, "imported", same_text_as)

    def _original(self, article: ArticleId, number: str, title: str, ready: Ready) -> None:
        read = ready.read
        original = identity.derived("original", article, read.sha256)
        if original in self._erased:
            raise Refused("erased_for_good", name=read.file_name, day=self._erased[original][:10])
        self._content(ready)
        self._add(
            "originals",
            original,
            article,
            read.sha256,
            read.file_name,
            read.media_type,
            read.size,
            read.reader,
            read.encoding,
            read.text_sha256 if read.text else None,
            read.address,
            read.captured,
            read.captured_from,
            canonical_json(list(read.warnings)) if read.warnings else None,
        )
        self._known[read.sha256] = _Known(original, 0, article, number, title, 0)
        self._receipt(original)

    def _receipt(self, original: str) -> None:
        self._add("receipts", identity.fresh(), original, self._received, self._from_whom, self._how)

    def _source(self, fact: Fact | None) -> str | None:
        if fact is None:
            return None
        folded = sources.folded(fact.value)
        known = self._sources.get(folded)
        if known is None:
            known = self._sources[folded] = sources.find_or_add(self._library, fact.value)
        return known

    def _content(self, ready: Ready) -> None:
        read = ready.read
        if read.sha256 not in self._blobs:
            self._blobs.add(read.sha256)
            self._add("blobs", read.sha256, read.size, int(read.compressed))
            for place, part in enumerate(read.parts):
                self._add("blob_parts", read.sha256, place, part)
        if read.text:
            self._library.prepared[read.text_sha256] = ready.index_text
            if read.text_sha256 not in self._texts:
                self._texts.add(read.text_sha256)
                self._add("texts", read.text_sha256, canonical.RULE, read.text_key, len(read.text), read.text)

    def _add(self, table: str, *row: Value | bytes) -> None:
        self._rows[_INSERTS[table]].append(row)


@dataclass(frozen=True, slots=True)
class _Known:
    """An original of these bytes that the library holds, and its case file; `*_deleted` 1 in the Bin."""

    original: str
    original_deleted: int
    article: str
    number: str
    title: str
    article_deleted: int


@dataclass(frozen=True, slots=True)
class _Same:
    """A case file with the same text."""

    article: str
    number: str
    title: str
    publisher: str | None
    published: DateFact | None


_COLUMNS = {
    "articles": "id, number, title, title_from, publisher, publisher_from, origin, origin_from, place, place_from, "
    "language, published, text",
    "originals": "id, article, sha256, file_name, media_type, size, reader, encoding, text, address, captured, "
    "captured_from, warnings",
    "receipts": "id, original, received, from_whom, how",
    "blobs": "sha256, size, compressed",
    "blob_parts": "sha256, part, data",
    "texts": "sha256, rule, key, length, body",
}
_INSERTS = {
    table: f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' for _ in columns.split(', '))})"
    for table, columns in _COLUMNS.items()
}


def _from(fact: Fact | None) -> str | None:
    return None if fact is None else stored.read_from(fact)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and sources.folded(one) != sources.folded(other)


def _dates_differ(one: DateFact | None, other: DateFact | None) -> bool:
    return one is not None and other is not None and None not in (one.edtf, other.edtf) and one.edtf != other.edtf
