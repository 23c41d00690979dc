"""Bringing in text files and finding one word, beside raw SQLite FTS5 in the same run.

usage: python bench/import.py [--count 10000] [--rounds 3] [--work FOLDER]

Floor A: the same articles, already read and decoded, put into one table by executemany and from there by one bulk
INSERT … SELECT into an external-content FTS5 table with the unicode61 tokenizer, by the standard library's sqlite3;
CPU seconds, user and system. Ours: the `casefile import` command from start to end, CPU seconds of its whole process
tree, start-up and workers included. A and ours in turn, medians. The shares come from one more run in a single
process with the steps timed apart.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import corpus


def cpu_of(arguments: list[str]) -> float:
    """CPU seconds of a command with all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def floor_a(files: list[Path], database: Path) -> None:
    """Print floor A's CPU seconds; reading is not counted."""
    import sqlite3

    rows: list[tuple[int, str, str, str, str]] = []
    for n, path in enumerate(files):
        title, line, _, body = path.read_text(encoding="utf-8").split("\n", 3)
        outlet, day = line.rsplit(" | ", 1)
        rows.append((n, title, outlet, day, body))
    start = time.process_time()
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT, source TEXT, date TEXT, body TEXT)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.execute(
        "CREATE VIRTUAL TABLE fts USING fts5(title, body, content='article', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("BEGIN")
    connection.execute("INSERT INTO fts (rowid, title, body) SELECT id, title, body FROM article")
    connection.execute("COMMIT")
    connection.execute("CREATE INDEX article_date ON article (date)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(time.process_time() - start)
    connection.close()


def shares(folder: Path, database: Path) -> dict[str, float]:
    """CPU seconds of each part of an import done in one process."""
    from casefile import history, library, receiving
    from casefile.readers import choose
    from casefile.search import index
    from casefile.text import fold
    from casefile.workers import Done

    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += time.process_time() - start

        return run

    class HereWorkers:
        def __enter__(self) -> HereWorkers:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def map(self, function: Callable[[Path], Any], files: list[Path]) -> Iterator[Done[Any]]:
            for place, path in enumerate(files):
                yield Done(place, function(path))

    with _replaced(
        (receiving, "Workers", HereWorkers),
        (choose, "read", timed("reading: file, decoding, facts, compressing", choose.read)),
        (fold, "index_text", timed("folding", fold.index_text)),
        (index, "follow", timed("index (FTS5)", index.follow)),
        (history, "seal", timed("log: reading back, digests, writing", history.seal)),
        (history, "value_digest", timed("digests of values", history.value_digest)),
        (history, "commit_id", timed("digests of commits", history.commit_id)),
    ):
        start = time.process_time()
        made = library.create(database, analyst="Bench", initials="BN")
        receiving.receive_paths(made, [folder])
        made.close()
        spent["all"] = time.process_time() - start
    return spent


@contextmanager
def _replaced(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
    for owner, name, value in changes:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


def search_one_word(ours: Path, raw: Path, word: str, repeats: int = 21) -> None:
    """Print CPU ms of one word: ours with snippets of a page, beside raw FTS5 with rank and snippet()."""
    from sqlcipher3 import dbapi2

    from casefile import library
    from casefile.search import find

    connection: Any = dbapi2.connect(str(raw))
    sql = (
        "SELECT a.id, a.title, a.date, snippet(fts, 1, '[', ']', '…', 16) FROM fts JOIN article a ON a.id = fts.rowid "
        "WHERE fts MATCH ? ORDER BY rank LIMIT 50"
    )
    with library.open(ours, write=False) as opened:
        rows: list[tuple[float, float]] = []
        for _ in range(repeats):
            start = time.process_time()
            find.search(opened, word)
            middle = time.process_time()
            found = connection.execute(sql, (word,)).fetchall()
            rows.append((middle - start, time.process_time() - middle))
        (count,) = connection.execute("SELECT count(*) FROM fts WHERE fts MATCH ?", (word,)).fetchone()
    a, b = statistics.median(row[0] for row in rows) * 1000, statistics.median(row[1] for row in rows) * 1000
    print(f"search {word!r}: {count} hits, first {len(found)}: ours {a:.1f} ms, raw {b:.1f} ms, {a / b:.2f}x")


def main() -> None:
    """Run floor and import in turn and print the ratio, the shares and the search."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--floor", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.floor:
        floor_a(sorted(given.floor[0].rglob("*.txt")), given.floor[1])
        return
    work = given.work or Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    folder = work / f"corpus-{given.count}"
    corpus.write(given.count, folder)
    command = [sys.executable, "-m", "casefile"]
    floors: list[float] = []
    ours: list[float] = []
    for _ in range(given.rounds):
        raw, made = work / "floor.db", work / "ours.casefile"
        for path in (*work.glob("floor.db*"), *work.glob("ours.casefile*")):
            path.unlink()
        answer = subprocess.run(
            [sys.executable, __file__, "--floor", str(folder), str(raw)], check=True, capture_output=True, text=True
        )
        floors.append(float(answer.stdout))
        subprocess.run([*command, "new", str(made)], check=True, stdout=subprocess.DEVNULL)
        ours.append(cpu_of([*command, "import", str(made), str(folder)]))
        print(f"A {floors[-1]:.2f} s, ours {ours[-1]:.2f} s, {ours[-1] / floors[-1]:.2f}x", flush=True)
    a, b = statistics.median(floors), statistics.median(ours)
    size = (work / "ours.casefile").stat().st_size / 1e6
    print(
        f"import of {given.count} files: A {a:.2f} CPU s, ours {b:.2f} CPU s, ratio {b / a:.2f}; library {size:.0f} MB"
    )
    for path in work.glob("shares.casefile*"):
        path.unlink()
    spent = shares(folder, work / "shares.casefile")
    for name, seconds in spent.items():
        print(f"  {name:45s} {seconds:6.2f} s  {100 * seconds / spent['all']:4.0f} %")
    for word in ("police", "compound", "warrants"):
        search_one_word(work / "ours.casefile", work / "floor.db", word)
    if given.work is None:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
