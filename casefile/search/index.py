"""The search index: contentless FTS5 tables that follow every step in its own transaction. docs/format.md §11."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from casefile.changes import Changes
from casefile.driver import Connection
from casefile.text import fold


def title_digest(title: str | None) -> str:
    """What `indexed` remembers of a title."""
    return hashlib.sha256((title or "").encode("utf-8")).hexdigest()


def follow(connection: Connection, changes: Changes, prepared: Mapping[str, str]) -> None:
    """Bring the index up to date with the rows touched. `prepared` holds index text by the SHA-256 of its text."""
    articles = changes.rows.get("articles", frozenset())
    if articles:
        _articles(connection, articles, changes.born.get("articles", frozenset()), prepared)
    notes = changes.rows.get("notes", frozenset())
    if notes:
        _notes(connection, notes)


def _articles(connection: Connection, ids: Iterable[str], born: frozenset[str], prepared: Mapping[str, str]) -> None:
    gone: list[tuple[int]] = []
    terms: list[tuple[int, str, str]] = []
    states: list[tuple[int, str | None, str, int]] = []
    for article in ids:
        n, deleted, title, text = connection.execute(
            "SELECT n, deleted, title, text FROM articles WHERE id = ?", (article,)
        ).fetchone()
        state = (text, title_digest(title), fold.FOLD_VERSION)
        if article not in born:
            present = connection.execute("SELECT text, title, fold FROM indexed WHERE n = ?", (n,)).fetchone()
            if present == state and not deleted:
                continue
            if present is not None:
                gone.append((n,))
        if not deleted:
            terms.append((n, fold.index_text(title or ""), _index_text(connection, text, prepared)))
            states.append((n, *state))
    if gone:
        connection.executemany("DELETE FROM article_index WHERE rowid = ?", gone)
        connection.executemany("DELETE FROM indexed WHERE n = ?", gone)
    connection.executemany("INSERT INTO article_index (rowid, title, text) VALUES (?, ?, ?)", terms)
    connection.executemany("INSERT INTO indexed (n, text, title, fold) VALUES (?, ?, ?, ?)", states)


def _index_text(connection: Connection, text: str | None, prepared: Mapping[str, str]) -> str:
    if text is None:
        return ""
    made = prepared.get(text)
    if made is not None:
        return made
    body = connection.execute("SELECT body FROM texts WHERE sha256 = ?", (text,)).fetchone()
    return "" if body is None else fold.index_text(body[0])


def _notes(connection: Connection, ids: Iterable[str]) -> None:
    for note in ids:
        n, deleted, comment = connection.execute(
            "SELECT n, deleted, comment FROM notes WHERE id = ?", (note,)
        ).fetchone()
        connection.execute("DELETE FROM note_index WHERE rowid = ?", (n,))
        if comment and not deleted:
            connection.execute("INSERT INTO note_index (rowid, comment) VALUES (?, ?)", (n, fold.index_text(comment)))


def rebuild(connection: Connection) -> None:
    """Make the whole index anew from articles and notes; the caller holds a transaction."""
    for table in ("article_index", "note_index"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    connection.execute("DELETE FROM indexed")
    articles = [row[0] for row in connection.execute("SELECT id FROM articles WHERE deleted = 0 ORDER BY n")]
    _articles(connection, articles, frozenset(articles), {})
    _notes(connection, [row[0] for row in connection.execute("SELECT id FROM notes WHERE deleted = 0 ORDER BY n")])


def compact(connection: Connection) -> None:
    """Write the index anew as one segment: words of deleted entries stay in the older ones until then."""
    for table in ("article_index", "note_index"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def stale(connection: Connection) -> list[str]:
    """Ids of articles whose index entry is missing, left over or not of their present text and title."""
    found = [
        article
        for article, text, title, deleted, was_text, was_title, version in connection.execute(
            "SELECT a.id, a.text, a.title, a.deleted, i.text, i.title, i.fold FROM articles a "
            "LEFT JOIN indexed i ON i.n = a.n ORDER BY a.n"
        )
        if (
            version is not None
            if deleted
            else (was_text, was_title, version) != (text, title_digest(title), fold.FOLD_VERSION)
        )
    ]
    return [str(article) for article in found]
