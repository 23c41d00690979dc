"""Verifying a library: its pages, its log, its rows, its originals and texts, its index. Reading only.

What the log can't tell: that commits at its end were cut off together with all that they wrote. A head written down
elsewhere (in a report, a package, a backup) tells that; the graph alone does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from casefile import content, driver, ledger, schema, tag_roots
from casefile.custody import Cell, Value
from casefile.door import Library
from casefile.driver import Connection, DatabaseError
from casefile.progress import Progress, Silent
from casefile.records import ArticleId, CommitId
from casefile.search import index
from casefile.text import canonical

MOST_PROBLEMS = 1000
"""Problems that are listed; a library with more is told so."""

_TOLD_EVERY = 500
_CACHE_KIB = 16 * 1024

#: How to get from a row to its article, by table; those with a column `article` are found by it.
_ARTICLE_OF = {
    "articles": "SELECT id FROM articles WHERE id = ?",
    "receipts": "SELECT o.article FROM receipts r JOIN originals o ON o.id = r.original WHERE r.id = ?",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be; `phrases.problem(code, values)` gives its sentence.

    `article` and `number` name the case file that it belongs to, `commit` the step of the log, where there is one.
    """

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    article: ArticleId | None = None
    number: str | None = None
    commit: CommitId | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found, and the heads of the log: whoever wrote those down elsewhere can compare.

    `articles` counts the case files that are not in the Bin.
    """

    ok: bool
    articles: int
    commits: int
    heads: tuple[CommitId, ...]
    problems: tuple[Problem, ...]


def verify(library: Library, *, progress: Progress | None = None) -> Verified:
    """Hold all that is stored against its own digests, as of one moment; a step that runs meanwhile is not seen.

    Damage is a problem in the answer, never an exception. Nothing is written and nothing mended.
    """
    try:
        connection = driver.connect_reading(library.path, library.key)
    except DatabaseError as error:
        return Verified(False, 0, 0, (), (Problem("library_damaged", {"reason": str(error)}),))
    # Bytes that are no UTF-8 are read as lone surrogates, whose digest can't be right: so they are told with their row.
    connection.text_factory = ledger.lenient
    # Everything is read once: pages kept for longer would only take memory.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        return _Verification(connection, progress or Silent(), encrypted=library.encrypted).run()
    finally:
        connection.close()


class _Verification:
    def __init__(self, connection: Connection, progress: Progress, *, encrypted: bool) -> None:
        self._connection = connection
        self._progress = progress
        self._encrypted = encrypted
        self._problems: list[Problem] = []
        self._done = 0
        self._articles = 0
        self._commits = 0
        self._heads: tuple[CommitId, ...] = ()
        self._buried: set[Cell] = set()

    def run(self) -> Verified:
        for stage in (
            self._count,
            self._pages,
            self._tables,
            self._log,
            self._graph,
            self._rows,
            self._references,
            self._originals,
            self._texts,
            self._derived,
        ):
            try:
                stage()
            except DatabaseError as error:
                self._damaged(error)
        return Verified(not self._problems, self._articles, self._commits, self._heads, tuple(self._problems))

    # ---- telling

    def _add(
        self, code: str, *, article: str | None = None, commit: CommitId | None = None, **values: str | int
    ) -> None:
        if len(self._problems) >= MOST_PROBLEMS:
            if self._problems[-1].code != "more_problems":
                self._problems.append(Problem("more_problems", {"listed": MOST_PROBLEMS}))
            return
        number: str | None = None
        if article is not None:
            row = self._connection.execute("SELECT number FROM articles WHERE id = ?", (article,)).fetchone()
            number = row[0] if row and isinstance(row[0], str) else article[:8]
        if commit is not None:
            values["commit"] = str(commit)[:12]
        values["number"] = number or "–"
        found = ArticleId(article) if article is not None else None
        self._problems.append(Problem(code, values, found, number, commit))

    def _damaged(self, error: DatabaseError) -> None:
        # The same page may stop several stages; one sentence says it.
        told = Problem("library_damaged", {"reason": str(error)})
        if told not in self._problems:
            self._problems.append(told)

    def _more(self) -> None:
        self._done += 1
        if self._done % _TOLD_EVERY == 0:
            self._progress.done(self._done)

    def _article_of(self, table: str, row: str) -> str | None:
        sql = _ARTICLE_OF.get(table)
        if sql is None and "article" in schema.RECORDED[table].fields:
            sql = f"SELECT article FROM {table} WHERE id = ?"
        found = self._connection.execute(sql, (row,)).fetchone() if sql is not None else None
        return found[0] if found is not None and isinstance(found[0], str) else None

    def _about_row(self, code: str, table: str, row: str, **values: str) -> None:
        self._add(code, article=self._article_of(table, row), commit=None, table=table, row=row, **values)

    def _each(self, sql: str, parameters: tuple[Value, ...] = ()) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters)

    # ---- stages

    def _count(self) -> None:
        self._connection.execute("BEGIN")
        total = 0
        for table in ("commits", "blobs", "texts", *schema.RECORDED):
            ((counted,),) = self._each(f"SELECT count(*) FROM {table}")
            total += counted
        ((self._articles,),) = self._each("SELECT count(*) FROM articles WHERE deleted = 0")
        self._progress.total(total)

    def _pages(self) -> None:
        for (said,) in self._each("PRAGMA quick_check"):
            if said != "ok":
                self._add("pages_damaged", detail=str(said))
        if self._encrypted:
            for (said,) in self._each("PRAGMA cipher_integrity_check"):
                self._add("pages_damaged", detail=str(said))

    def _tables(self) -> None:
        for name in schema.drift(self._connection):
            self._add("trigger_changed", name=name)
        declared = {*schema.RECORDED, *schema.CONTENT, *schema.LOG, *schema.DERIVED, *schema.LOCAL}
        present = schema.tables(self._connection)
        for name in sorted(present - declared):
            self._add("table_unknown", name=name)
        for name in sorted(declared - present):
            self._add("table_missing", name=name)

    def _log(self) -> None:
        self._buried = {(table, row, name) for table, row, name in self._each("SELECT tbl, row, field FROM tombstones")}
        for commit in ledger.read(self._connection):
            self._commits += 1
            self._more()
            if commit.fault is not None:
                self._add(
                    f"commit_{commit.fault}",
                    commit=commit.id,
                    time=str(commit.head.time),
                    analyst=str(commit.head.analyst),
                    version=str(commit.version),
                )
            for table, row, name, _, salt, kept in commit.changes:
                buried = (table, row, name) in self._buried
                if kept is not None and not buried:
                    self._add("value_gone", commit=commit.id, table=table, row=row, field=name)
                elif salt is not None and buried:
                    self._add("erased_value_left", commit=commit.id, table=table, row=row, field=name)

    def _graph(self) -> None:
        for commit, parent in self._each(
            "SELECT child, parent FROM parents WHERE parent NOT IN (SELECT id FROM commits)"
        ):
            self._add("parent_unknown", commit=CommitId(commit), parent=str(parent)[:12])
        for (commit,) in self._each(
            "SELECT k.id FROM commits k LEFT JOIN parents p ON p.child = k.id LEFT JOIN commits q ON q.id = p.parent "
            "GROUP BY k.n HAVING k.counter IS NOT 1 + coalesce(max(q.counter), 0)"
        ):
            self._add("counter_wrong", commit=CommitId(commit))
        ((stray,),) = self._each(
            "SELECT (SELECT count(*) FROM changes WHERE commit_n NOT IN (SELECT n FROM commits)) "
            "+ (SELECT count(*) FROM parents WHERE child NOT IN (SELECT id FROM commits)) "
            "+ (SELECT count(*) FROM tombstones WHERE commit_id NOT IN (SELECT id FROM commits))"
        )
        if stray:
            self._add("log_stray", count=stray)
        self._heads = tuple(
            CommitId(commit)
            for (commit,) in self._each(
                "SELECT id FROM commits WHERE id NOT IN (SELECT parent FROM parents) ORDER BY id"
            )
        )
        if [commit for (commit,) in self._each("SELECT id FROM heads ORDER BY id")] != list(self._heads):
            self._add("heads_wrong")

    def _rows(self) -> None:
        # By the index of rows, so that nothing is sorted: one row's changes in memory at a time.
        changes = self._each(
            "SELECT c.row, c.tbl, c.field, c.value, k.counter, k.id FROM changes c INDEXED BY changes_row "
            "CROSS JOIN commits k ON k.n = c.commit_n ORDER BY c.row"
        )
        for row, of_row in groupby(changes, key=itemgetter(0)):
            standing: dict[str, dict[str, tuple[int, str, Value]]] = {}
            for _, table, name, value, counter, commit in of_row:
                cells = standing.setdefault(table, {})
                before = cells.get(name)
                if before is None or (counter, commit) > before[:2]:
                    cells[name] = (counter, commit, value)
            for table, cells in standing.items():
                if table in schema.RECORDED:
                    self._row(table, row, {name: value for name, (_, _, value) in cells.items()})
                    self._more()
        for table in schema.RECORDED:
            for (row,) in self._each(
                f"SELECT id FROM {table} t "
                "WHERE NOT EXISTS (SELECT 1 FROM changes c JOIN commits k ON k.n = c.commit_n "
                f"WHERE c.row = t.id AND c.tbl = '{table}')"
            ):
                self._about_row("row_unknown", table, row)

    def _row(self, table: str, row: str, standing: dict[str, Value]) -> None:
        names = ("deleted", *schema.RECORDED[table].fields)
        present = self._connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row,)).fetchone()
        if present is None:
            self._add("row_missing", table=table, row=row)
            return
        for name, value in zip(names, present, strict=True):
            due = None if (table, row, name) in self._buried else standing.get(name)
            if name == "deleted" and due is None:
                due = 0
            if value != due or type(value) is not type(due):
                self._about_row("row_altered", table, row, field=name)

    def _references(self) -> None:
        for table, n, target, _ in self._each("PRAGMA foreign_key_check"):
            if table in schema.RECORDED:
                ((row,),) = self._each(f"SELECT id FROM {table} WHERE n = ?", (n,))
                self._about_row("reference_broken", table, row, target=target)
            else:
                self._add("log_stray", count=1)
        for (table, name), kind in schema.NAMES_CONTENT.items():
            for (row,) in self._each(
                f"SELECT id FROM {table} t WHERE {name} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {kind} c WHERE c.sha256 = t.{name})"
            ):
                self._about_row("original_missing" if kind == "blobs" else "text_missing", table, row)

    def _originals(self) -> None:
        for sha256, size, compressed in self._each("SELECT sha256, size, compressed FROM blobs"):
            self._more()
            try:
                parts = content.unpacked(content.parts(self._connection, sha256), compressed=bool(compressed))
                fault = "" if content.digest(parts) == (sha256, size) else "original_altered"
            except ValueError:
                fault = "original_altered"
            except DatabaseError:
                fault = "original_unreadable"
            if fault:
                self._about_content(fault, "SELECT article FROM originals WHERE sha256 = ?", sha256)
        for article, sha256 in self._each(
            "SELECT o.article, o.sha256 FROM originals o JOIN blobs b ON b.sha256 = o.sha256 "
            "WHERE b.size IS NOT o.size AND o.size IS NOT NULL"
        ):
            self._add("original_altered", article=article, sha256=str(sha256)[:12])

    def _texts(self) -> None:
        for sha256, key, length, body in self._each("SELECT sha256, key, length, body FROM texts"):
            self._more()
            try:
                whole = hashlib.sha256(body.encode("utf-8")).hexdigest() == sha256 and length == len(body)
                fault = "" if whole else "text_altered"
                if whole and canonical.same_text_key(body) != key:
                    fault = "text_key_wrong"
            except (UnicodeEncodeError, AttributeError):
                fault = "text_altered"
            if fault:
                self._about_content(
                    fault,
                    "SELECT id FROM articles WHERE text = ?1 UNION SELECT article FROM originals WHERE text = ?1",
                    sha256,
                )

    def _about_content(self, code: str, articles: str, sha256: str) -> None:
        found = [article for (article,) in self._each(articles, (sha256,))]
        for article in found or [None]:
            self._add(code, article=article, sha256=str(sha256)[:12])

    def _derived(self) -> None:
        for article in index.stale(self._connection):
            self._add("index_stale", article=article)
        for (article,) in self._each(
            "SELECT a.id FROM articles a JOIN indexed i ON i.n = a.n "
            "WHERE NOT EXISTS (SELECT 1 FROM article_index_docsize d WHERE d.id = a.n)"
        ):
            self._add("index_stale", article=article)
        for (row,) in self._each(
            "SELECT id FROM notes n WHERE (deleted = 0 AND coalesce(comment, '') <> '') "
            "IS NOT EXISTS (SELECT 1 FROM note_index_docsize d WHERE d.id = n.n)"
        ):
            self._add("index_stale", article=self._article_of("notes", row))
        ((left,),) = self._each(
            "SELECT (SELECT count(*) FROM article_index_docsize WHERE id NOT IN (SELECT n FROM indexed)) "
            "+ (SELECT count(*) FROM indexed WHERE n NOT IN (SELECT n FROM articles)) "
            "+ (SELECT count(*) FROM note_index_docsize WHERE id NOT IN (SELECT n FROM notes))"
        )
        if left:
            self._add("index_stale")
        merged = dict(self._each(tag_roots.POINTERS))
        if dict(self._each("SELECT tag, root FROM tag_roots")) != tag_roots.roots(merged):
            self._add("tag_roots_stale")
        ((waiting,),) = self._each("SELECT count(*) FROM pending")
        if waiting:
            self._add("write_unlogged", count=waiting)
        self._progress.done(self._done)
