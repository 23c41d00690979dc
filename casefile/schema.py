"""The tables of a library, by class; their triggers; the file's mark and its migrations. docs/format.md is the law."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from casefile.driver import Connection, Database, Migrations
from casefile.text import fold

APPLICATION_ID = 0x43617365  # "Case"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """A table whose every change is logged: its fields, what they point at, what SQL reads out of them, its indexes."""

    fields: tuple[str, ...]
    points_at: Mapping[str, str] = field(default_factory=dict[str, str])
    whole_numbers: frozenset[str] = frozenset()
    generated: Mapping[str, str] = field(default_factory=dict[str, str])
    indexes: tuple[str, ...] = ()


def _json(name: str, path: str) -> str:
    return f"json_extract({name}, '{path}')"


_PASSAGE = {
    "passage_text": f"TEXT AS ({_json('passage', '$[0]')})",
    "start": f"INTEGER AS ({_json('passage', '$[1]')})",
    "stop": f"INTEGER AS ({_json('passage', '$[2]')})",
}

RECORDED: Mapping[str, Recorded] = MappingProxyType(
    {
        "sources": Recorded(("name", "letter", "scheme", "party", "scope"), whole_numbers=frozenset({"party"})),
        "articles": Recorded(
            (
                "number",
                "title",
                "title_from",
                "publisher",
                "publisher_from",
                "origin",
                "origin_from",
                "place",
                "place_from",
                "language",
                "published",
                "doubt",
                "state",
                "state_reason",
                "state_until",
                "digit",
                "digit_scheme",
                "marking",
                "marking_by",
                "notes_marking",
                "text",
            ),
            points_at={"publisher": "sources", "origin": "sources"},
            generated={
                "published_edtf": f"TEXT AS ({_json('published', '$.edtf')})",
                "published_low": f"TEXT AS ({_json('published', '$.low')})",
                "published_high": f"TEXT AS ({_json('published', '$.high')})",
                "initials": "TEXT AS (substr(number, 1, instr(number, '-') - 1))",
                "count": "INTEGER AS (CAST(substr(number, instr(number, '-') + 1) AS INTEGER))",
            },
            indexes=("initials, count", "published_low", "published_high", "text"),
        ),
        "originals": Recorded(
            (
                "article",
                "sha256",
                "file_name",
                "media_type",
                "size",
                "reader",
                "encoding",
                "text",
                "address",
                "captured",
                "captured_from",
                "warnings",
            ),
            points_at={"article": "articles"},
            whole_numbers=frozenset({"size"}),
            indexes=("article", "sha256"),
        ),
        "receipts": Recorded(
            ("original", "received", "from_whom", "how"), points_at={"original": "originals"}, indexes=("original",)
        ),
        "dossiers": Recorded(("reference", "title", "lead", "status", "marking")),
        "filings": Recorded(
            ("dossier", "article"),
            points_at={"dossier": "dossiers", "article": "articles"},
            indexes=("dossier", "article"),
        ),
        "tags": Recorded(("kind", "name", "secret", "merged_into", "masked"), points_at={"merged_into": "tags"}),
        "spellings": Recorded(("tag", "text", "script"), points_at={"tag": "tags"}, indexes=("tag",)),
        "mentions": Recorded(
            ("article", "tag", "kind", "passage", "state"),
            points_at={"article": "articles", "tag": "tags"},
            generated=_PASSAGE,
            indexes=("article", "tag"),
        ),
        "taggings": Recorded(
            ("article", "tag"), points_at={"article": "articles", "tag": "tags"}, indexes=("article", "tag")
        ),
        "notes": Recorded(
            ("article", "passage", "comment", "label"),
            points_at={"article": "articles"},
            generated=_PASSAGE,
            indexes=("article",),
        ),
    }
)

CONTENT = ("blobs", "blob_parts", "texts")
NAMES_CONTENT: Mapping[tuple[str, str], str] = MappingProxyType(
    {("articles", "text"): "texts", ("originals", "text"): "texts", ("originals", "sha256"): "blobs"}
)
"""The fields that hold content in the library, by the SHA-256 in them, and the table it lies in."""
LOG = ("commits", "parents", "changes", "tombstones")
DERIVED = ("article_index", "note_index", "indexed", "tag_roots", "heads")
LOCAL = ("pending", "made_here", "_sqlite_migrations")

_CONTENT_DDL = """
CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, compressed INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE blob_parts (
    n INTEGER PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES blobs(sha256) DEFERRABLE INITIALLY DEFERRED,
    part INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX blob_parts_sha256 ON blob_parts (sha256, part);
CREATE TABLE texts (
    n INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, rule INTEGER NOT NULL, key TEXT NOT NULL,
    length INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX texts_key ON texts (key);
"""

_LOG_DDL = """
CREATE TABLE commits (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, schema INTEGER NOT NULL,
    counter INTEGER NOT NULL, time TEXT NOT NULL, analyst TEXT NOT NULL, action TEXT NOT NULL, params TEXT NOT NULL,
    job TEXT AS (json_extract(params, '$.job'))
);
CREATE INDEX commits_job ON commits (job);
CREATE TABLE parents (child TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (child, parent)) WITHOUT ROWID;
CREATE INDEX parents_parent ON parents (parent);
CREATE TABLE changes (
    commit_n INTEGER NOT NULL REFERENCES commits(n) DEFERRABLE INITIALLY DEFERRED, ord INTEGER NOT NULL,
    tbl TEXT NOT NULL, row TEXT NOT NULL, field TEXT NOT NULL, value, salt BLOB, digest BLOB,
    PRIMARY KEY (commit_n, ord)
) WITHOUT ROWID;
CREATE INDEX changes_row ON changes (row);
CREATE TABLE tombstones (
    commit_id TEXT NOT NULL, tbl TEXT NOT NULL, row TEXT NOT NULL, field TEXT NOT NULL,
    PRIMARY KEY (tbl, row, field, commit_id)
) WITHOUT ROWID;
"""

_DERIVED_DDL = f"""
CREATE VIRTUAL TABLE article_index USING fts5(
    title, text, content='', contentless_delete=1, tokenize="{fold.TOKENIZE}"
);
CREATE VIRTUAL TABLE note_index USING fts5(
    comment, content='', contentless_delete=1, tokenize="{fold.TOKENIZE}"
);
CREATE TABLE indexed (n INTEGER PRIMARY KEY, text TEXT, title TEXT, fold INTEGER NOT NULL);
CREATE TABLE tag_roots (tag TEXT PRIMARY KEY, root TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX tag_roots_root ON tag_roots (root);
CREATE TABLE heads (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

_LOCAL_DDL = """
CREATE TABLE pending (n INTEGER PRIMARY KEY, tbl TEXT NOT NULL, row TEXT NOT NULL, field TEXT, old);
CREATE TABLE made_here (
    n INTEGER PRIMARY KEY, commit_id TEXT NOT NULL UNIQUE, job TEXT NOT NULL, analyst TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX made_here_state ON made_here (analyst, state, n);
CREATE INDEX made_here_job ON made_here (job);
"""

_VIEWS = {
    # A merge of tags is a pointer; every reader of tags goes through this view, so a merge is seen everywhere at once.
    "tag_of": """
        CREATE VIEW tag_of AS
        SELECT tags.id AS made_with, coalesce(tag_roots.root, tags.id) AS tag
        FROM tags LEFT JOIN tag_roots ON tag_roots.tag = tags.id
    """,
}


def _recorded_ddl(name: str, table: Recorded) -> str:
    columns = ["n INTEGER PRIMARY KEY", "id TEXT NOT NULL UNIQUE", "deleted INTEGER NOT NULL DEFAULT 0"]
    for name_of in table.fields:
        column = f"{name_of} {'INTEGER' if name_of in table.whole_numbers else 'TEXT'}"
        if name_of in table.points_at:
            column += f" REFERENCES {table.points_at[name_of]}(id) DEFERRABLE INITIALLY DEFERRED"
        columns.append(column)
    columns += [f"{read_out} {expression} VIRTUAL" for read_out, expression in table.generated.items()]
    ddl = f"CREATE TABLE {name} ({', '.join(columns)});\n"
    for columns_of_index in table.indexes:
        index = f"{name}_{columns_of_index.replace(', ', '_')}"
        ddl += f"CREATE INDEX {index} ON {name} ({columns_of_index});\n"
    return ddl


def triggers() -> dict[str, str]:
    """Every trigger's name and SQL: they note changes for the log, and refuse what the classes of tables forbid."""
    made: dict[str, str] = {}

    def trigger(name: str, when: str, table: str, body: str) -> None:
        made[name] = f"CREATE TRIGGER {name} {when} ON {table} BEGIN {body} END"

    for name, table in RECORDED.items():
        trigger(
            f"{name}_born",
            "AFTER INSERT",
            name,
            f"INSERT INTO pending (tbl, row) VALUES ('{name}', NEW.id);",
        )
        noted = " ".join(
            f"INSERT INTO pending (tbl, row, field, old) SELECT '{name}', NEW.id, '{of}', OLD.{of} "
            f"WHERE NEW.{of} IS NOT OLD.{of};"
            for of in ("deleted", *table.fields)
        )
        trigger(f"{name}_changed", "AFTER UPDATE", name, noted)
        made[f"{name}_id_kept"] = (
            f"CREATE TRIGGER {name}_id_kept BEFORE UPDATE ON {name} WHEN NEW.id IS NOT OLD.id OR NEW.n IS NOT OLD.n "
            f"BEGIN SELECT RAISE(ABORT, '{name}: ids are for ever'); END"
        )
        trigger(
            f"{name}_kept", "BEFORE DELETE", name, f"SELECT RAISE(ABORT, '{name}: rows are binned, never removed');"
        )
    for name in ("blobs", "texts", "commits", "parents", "tombstones", "blob_parts"):
        trigger(f"{name}_fixed", "BEFORE UPDATE", name, f"SELECT RAISE(ABORT, '{name}: insert only');")
        trigger(f"{name}_kept", "BEFORE DELETE", name, f"SELECT RAISE(ABORT, '{name}: insert only');")
    trigger("changes_kept", "BEFORE DELETE", "changes", "SELECT RAISE(ABORT, 'changes: insert only');")
    made["changes_fixed"] = (
        "CREATE TRIGGER changes_fixed BEFORE UPDATE ON changes WHEN NOT ("
        "NEW.value IS NULL AND NEW.salt IS NULL AND length(NEW.digest) IS 32 AND OLD.digest IS NULL "
        "AND NEW.commit_n = OLD.commit_n AND NEW.ord = OLD.ord AND NEW.tbl = OLD.tbl AND NEW.row = OLD.row "
        "AND NEW.field = OLD.field) "
        "BEGIN SELECT RAISE(ABORT, 'changes: insert only, but for erasing'); END"
    )
    return made


def make_triggers(connection: Connection) -> None:
    """Drop and make again every trigger and view from the declarations above; the caller holds a transaction."""
    for kind, name in _present(connection, ("trigger", "view")):
        connection.execute(f"DROP {kind} {name}")
    for sql in (*_VIEWS.values(), *triggers().values()):
        connection.execute(sql)


@contextmanager
def content_unguarded(connection: Connection) -> Generator[None]:
    """Inside, content may be deleted, as erasing for good must; the caller holds a transaction."""
    guards = {f"{table}_kept": triggers()[f"{table}_kept"] for table in CONTENT}
    for name in guards:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for sql in guards.values():
        connection.execute(sql)


def drift(connection: Connection) -> list[str]:
    """Names of triggers and views that are missing, added or not as declared, sorted; empty when all is well."""
    declared = {**_VIEWS, **triggers()}
    found = {
        str(name): " ".join(str(sql).split())
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    }
    return sorted(
        name for name in declared.keys() | found.keys() if found.get(name) != " ".join(declared.get(name, "").split())
    )


def _present(connection: Connection, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    marks = ", ".join("?" for _ in kinds)
    rows = connection.execute(f"SELECT type, name FROM sqlite_master WHERE type IN ({marks})", list(kinds)).fetchall()
    return [(str(kind), str(name)) for kind, name in rows]


def tables(connection: Connection) -> frozenset[str]:
    """Names of all tables but those that SQLite and FTS5 keep for themselves."""
    shadows = tuple(f"{index}_" for index in ("article_index", "note_index"))
    return frozenset(
        name
        for _, name in _present(connection, ("table",))
        if not name.startswith("sqlite_") and not name.startswith(shadows)
    )


migrations = Migrations("casefile")


@migrations(name="format_1")
def _format_1(database: Database) -> None:
    connection = database.conn
    recorded = "".join(_recorded_ddl(name, table) for name, table in RECORDED.items())
    for statement in (recorded + _CONTENT_DDL + _LOG_DDL + _DERIVED_DDL + _LOCAL_DDL).split(";\n"):
        if statement.strip():
            connection.execute(statement)
    # In the migration's own transaction: a file is either no library yet or a whole one.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def migrate(database: Database) -> None:
    """Apply what is missing, then make triggers and views anew and write the version, in one transaction.

    sqlite-utils' transform() drops a table's triggers without a word, so they never survive a migration unmade.
    """
    migrations.apply(database)
    connection = database.conn
    with database.atomic():
        make_triggers(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def marks(connection: Connection) -> tuple[int, int]:
    """The application id and the schema version that the file's header holds."""
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return application, version
