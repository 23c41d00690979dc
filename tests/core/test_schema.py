"""The file and its tables: classes, guards, marks, keys, migrations, and every way a file can be the wrong one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
import sqlite_utils.db

from casefile import driver, identity, schema
from casefile import library as libraries
from casefile.door import Library
from casefile.driver import Database
from casefile.errors import LibraryUnusable

ByHand = Callable[..., list[tuple[Any, ...]]]
PASSPHRASE = "ฝน 'ตก' \"หนัก\" cafe\u0301"


def refusal(path: Path, key: str | driver.Key | None = None, *, write: bool = True) -> LibraryUnusable:
    with pytest.raises(LibraryUnusable) as told:
        libraries.open(path, key, write=write)
    assert str(told.value) != told.value.code, "an error without a sentence"
    return told.value


# ---- tables


def test_every_table_is_in_exactly_one_class(library: Library) -> None:
    classes = [*schema.RECORDED, *schema.CONTENT, *schema.LOG, *schema.DERIVED, *schema.LOCAL]
    assert len(classes) == len(set(classes))
    assert schema.tables(library.reader()) == set(classes)


def test_a_table_in_no_class_is_seen(library: Library, by_hand: ByHand) -> None:
    by_hand("CREATE TABLE stray (n INTEGER PRIMARY KEY)")
    assert "stray" in schema.tables(library.reader())


def test_every_recorded_table_has_its_fields_and_its_triggers(library: Library) -> None:
    for table, declared in schema.RECORDED.items():
        columns = {row[1]: row for row in library.query(f"PRAGMA table_xinfo({table})")}
        stored = {name for name, row in columns.items() if row[6] == 0}
        assert stored == {"n", "id", "deleted", *declared.fields}
        assert {name for name, row in columns.items() if row[6] != 0} == set(declared.generated)
        rows = library.query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,))
        assert {row[0] for row in rows} == {f"{table}_{of}" for of in ("born", "changed", "id_kept", "kept")}


def test_every_field_of_every_recorded_table_is_noted_when_it_changes(library: Library) -> None:
    for table, declared in schema.RECORDED.items():
        for name in ("deleted", *declared.fields):
            value = 1 if name == "deleted" or name in declared.whole_numbers else "[1,2,3]"
            target = declared.points_at.get(name)
            with library.step("row"):
                row = library.insert(table, identity.fresh())
                if target is not None:
                    value = library.insert(target, identity.fresh())
            with library.step("field"):
                library.change(table, row, **{name: value})
            noted = library.query(
                "SELECT tbl, row, field, value FROM changes WHERE commit_n = (SELECT max(n) FROM commits)"
            )
            assert noted == [(table, row, name, value)]


def test_no_recorded_table_but_its_ids_is_unique(library: Library) -> None:
    for table in schema.RECORDED:
        unique = [row[1] for row in library.query(f"PRAGMA index_list({table})") if row[2]]
        assert len(unique) == 1


@pytest.mark.parametrize("table", [*schema.CONTENT, *schema.LOG])
def test_content_and_log_can_only_be_added_to(library: Library, table: str) -> None:
    with library.step("article.import"):
        article = library.insert("articles", identity.fresh(), title="x")
        library.write("INSERT INTO blobs VALUES ('a', 1, 0)", [()])
        library.write("INSERT INTO blob_parts (sha256, part, data) VALUES ('a', 0, 'x')", [()])
        library.write("INSERT INTO texts (sha256, rule, key, length, body) VALUES ('b', 1, 'k', 1, 'x')", [()])
        library.write("INSERT INTO tombstones VALUES ('c', 'notes', 'r', 'comment')", [()])
    with library.step("article.set"):
        library.change("articles", article, title="y")
    (column,) = library.query(f"SELECT name FROM pragma_table_info('{table}') LIMIT 1")[0]
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="insert only"), library.step("stray"):
            library.write(sql, [()])


@pytest.mark.parametrize(
    "change",
    [
        "value = 'other'",
        "value = NULL",
        "value = NULL, salt = NULL",
        "value = NULL, salt = NULL, digest = x'00'",
        "value = NULL, salt = NULL, digest = randomblob(32), field = 'other'",
        "value = NULL, salt = NULL, digest = randomblob(32), row = 'other'",
    ],
)
def test_the_log_lets_go_of_a_value_only_as_erasing_does(library: Library, change: str) -> None:
    with library.step("article.import"):
        library.insert("articles", identity.fresh(), title="x")
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="but for erasing"), library.step("stray"):
        library.write(f"UPDATE changes SET {change}", [()])


# ---- drift


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("DROP TRIGGER notes_changed", "notes_changed"),
        ("CREATE TRIGGER spy AFTER INSERT ON notes BEGIN SELECT 1; END", "spy"),
        ("CREATE VIEW everything AS SELECT * FROM notes", "everything"),
        ("DROP VIEW tag_of", "tag_of"),
    ],
)
def test_drift_is_found_and_mended_at_the_next_opening(library: Library, by_hand: ByHand, sql: str, name: str) -> None:
    assert schema.drift(library.reader()) == []
    by_hand(sql)
    assert schema.drift(library.reader()) == [name]
    library.close()
    with libraries.open(library.path, analyst="Tan K") as again:
        assert schema.drift(again.reader()) == []


def test_a_trigger_of_another_wording_is_drift_and_one_of_other_spacing_is_none(
    library: Library, by_hand: ByHand
) -> None:
    declared = schema.triggers()["texts_kept"]
    by_hand(re.sub(" ", "\n  ", declared), unguarded="texts_kept")
    assert schema.drift(library.reader()) == []
    by_hand(declared.replace("insert only", "as you like"), unguarded="texts_kept")
    assert schema.drift(library.reader()) == ["texts_kept"]


# ---- the driver


def test_sqlite_utils_catches_the_drivers_errors_and_no_stand_in_stays_behind() -> None:
    assert sqlite_utils.db.OperationalError is sqlcipher3.dbapi2.OperationalError
    code = (
        "import sys; import casefile.library; assert 'pysqlite3' not in sys.modules; "
        "import sqlite3, sqlite_utils.db as db, sqlcipher3; "
        "assert db.OperationalError is not sqlite3.OperationalError; "
        "assert db.OperationalError is sqlcipher3.dbapi2.OperationalError"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_sqlite_utils_adds_columns_when_asked_which_it_does_by_catching_an_error(tmp_path: Path) -> None:
    connection = driver.connect(tmp_path / "any.db", None, write=True)
    database = driver.database(connection)
    database.table("t").insert({"a": 1})
    database.table("t").insert({"a": 2, "b": "ข"}, alter=True)
    assert connection.execute("SELECT a, b FROM t ORDER BY a").fetchall() == [(1, None), (2, "ข")]
    assert not connection.in_transaction
    connection.close()


@pytest.mark.parametrize("key", [None, PASSPHRASE])
def test_every_connection_has_the_settings_of_the_format(tmp_path: Path, key: str | None) -> None:
    path = tmp_path / "set.casefile"
    libraries.create(path, key).close()
    raw = driver.derive_key(key, driver.salt_of(path)) if key else None
    for write in (True, False):
        connection = driver.connect(path, raw, write=write)
        for pragma, value in {
            "application_id": 0x43617365,
            "user_version": schema.VERSION,
            "journal_mode": "wal",
            "page_size": 4096,
            "temp_store": 2,
            "foreign_keys": 1,
            "trusted_schema": 0,
        }.items():
            # SQLCipher answers for the page size itself, in words.
            assert str(connection.execute(f"PRAGMA {pragma}").fetchone()[0]) == str(value), pragma
        if write:
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        connection.close()


# ---- keys


def test_the_key_is_the_one_that_sqlcipher_derives_from_the_passphrase_itself(tmp_path: Path) -> None:
    path = tmp_path / "ours.casefile"
    libraries.create(path, PASSPHRASE).close()
    composed = unicodedata.normalize("NFC", PASSPHRASE).replace("'", "''")
    plain = sqlcipher3.connect(path)
    plain.execute(f"PRAGMA key = '{composed}'")
    assert plain.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    plain.close()


def test_a_file_that_sqlcipher_encrypted_itself_opens_with_our_key(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    theirs = sqlcipher3.connect(path)
    theirs.execute("PRAGMA key = 'ភ្នំពេញ 2025'")
    theirs.execute("CREATE TABLE t (a)")
    theirs.close()
    connection = driver.connect(path, driver.derive_key("ភ្នំពេញ 2025", driver.salt_of(path)), write=False)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


def test_a_passphrase_opens_the_library_however_its_marks_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "nfc.casefile"
    libraries.create(path, "caf\u00e9").close()
    libraries.open(path, "cafe\u0301").close()


def test_the_raw_key_opens_what_the_passphrase_opens_and_is_never_printed(tmp_path: Path) -> None:
    path = tmp_path / "raw.casefile"
    with libraries.create(path, PASSPHRASE) as library:
        key = library.key
        assert library.encrypted
    assert key is not None
    assert key.raw.hex() not in repr(key)
    libraries.open(path, key).close()


def test_a_wrong_passphrase_and_a_missing_one_are_told_apart_and_harm_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.casefile"
    libraries.create(path, PASSPHRASE).close()
    before = path.read_bytes()
    assert refusal(path).code == "passphrase_wanted"
    assert refusal(path, "wrong").code == "passphrase_wrong"
    assert refusal(path, "wrong", write=False).code == "passphrase_wrong"
    assert path.read_bytes() == before
    libraries.open(path, PASSPHRASE).close()


def test_a_passphrase_for_a_library_without_one_is_not_needed(library: Library) -> None:
    library.close()
    with libraries.open(library.path, "anything") as again:
        assert not again.encrypted


# ---- the wrong file


def test_what_is_no_library_is_said_to_be_none_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "odd.casefile"
    assert refusal(path).code == "no_such_library"
    assert not path.exists()
    assert refusal(tmp_path).code == "not_a_library"
    for content in (b"", b"short", b"PK\x03\x04" + os.urandom(5000), b"SQLite format 3\0" + b"\0" * 4080):
        path.write_bytes(content)
        for write in (True, False):
            assert refusal(path, write=write).code == "not_a_library"
            assert path.read_bytes() == content


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlcipher3.connect(path)
    other.execute("CREATE TABLE articles (id)")
    other.close()
    before = path.read_bytes()
    assert refusal(path).code == "not_a_library"
    assert refusal(path, write=False).code == "not_a_library"
    assert sqlcipher3.connect(path).execute("SELECT name FROM sqlite_master").fetchall() == [("articles",)]
    assert len(path.read_bytes()) == len(before)


def test_random_bytes_of_whole_pages_ask_for_a_passphrase_and_take_none(tmp_path: Path) -> None:
    path = tmp_path / "random.casefile"
    path.write_bytes(os.urandom(8192))
    assert refusal(path).code == "passphrase_wanted"
    assert refusal(path, "anything").code == "passphrase_wrong"


def test_a_newer_library_is_refused_and_left_as_it_is(library: Library, by_hand: ByHand) -> None:
    by_hand(f"PRAGMA user_version = {schema.VERSION + 1}")
    library.close()
    before = library.path.read_bytes()
    for write in (True, False):
        assert refusal(library.path, write=write).code == "newer_library"
    assert library.path.read_bytes() == before


def test_a_new_library_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "there.casefile"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(LibraryUnusable) as told:
        libraries.create(path)
    assert (told.value.code, path.read_text("utf-8")) == ("library_exists", "mine")
    with pytest.raises(LibraryUnusable) as told:
        libraries.create(tmp_path / "nowhere" / "new.casefile")
    assert told.value.code == "no_such_folder"
    assert not (tmp_path / "nowhere").exists()


def test_a_name_with_signs_that_mean_something_in_addresses_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "100% ? #1 & ห้อง; 'x'.casefile"
    with libraries.create(path) as library, library.step("article.import"):
        library.insert("articles", identity.fresh(), title="x")
    with libraries.open(path, write=False) as library:
        assert library.query("SELECT title FROM articles") == [("x",)]
    # A reading connection alone may not tidy up the two empty files that it shares the library by.
    assert {entry.name.removeprefix(path.name) for entry in tmp_path.iterdir()} <= {"", ".lock", "-wal", "-shm"}


# ---- migrations


@pytest.fixture
def old(library: Library) -> Path:
    """A library of the format that stands, with one dossier."""
    with library.step("dossier.add"):
        library.insert("dossiers", identity.fresh(), reference="D-1", title="บัญชีม้า")
    library.close()
    return library.path


@pytest.fixture
def newer(old: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A made-up next format with one more field; the list holds the backups that lay there when it migrated."""
    found: list[Path] = []
    migrations = schema.Migrations("casefile")
    migrations._migrations.extend(schema.migrations._migrations)

    @migrations(name="format_2")
    def _format_2(database: Database) -> None:
        found.extend((old.parent / f"{old.stem} backups").iterdir())
        database.conn.execute("ALTER TABLE dossiers ADD COLUMN shade TEXT")
        database.table("dossiers").transform(rename={})

    dossiers = schema.RECORDED["dossiers"]
    wider = {**schema.RECORDED, "dossiers": replace(dossiers, fields=(*dossiers.fields, "shade"))}
    monkeypatch.setattr(schema, "RECORDED", wider)
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "migrations", migrations)
    return found


def test_an_older_library_is_migrated_after_a_checked_backup(old: Path, newer: list[Path]) -> None:
    before = old.with_name("before")
    shutil.copy(old, before)
    with libraries.open(old, analyst="Tan K") as library:
        (kept,) = newer
        assert library.query("PRAGMA user_version") == [(2,)]
        assert schema.drift(library.reader()) == []
        with library.step("dossier.set"):
            library.change("dossiers", library.query("SELECT id FROM dossiers")[0][0], shade="blue")
        assert library.query("SELECT schema FROM commits ORDER BY n") == [(1,), (2,)]
        assert library.query("SELECT field, value FROM changes ORDER BY commit_n DESC LIMIT 1") == [("shade", "blue")]
        library.undo()
    assert kept.name.startswith(f"{old.stem}-before-format-2-")
    connection = sqlcipher3.connect(kept)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT title FROM dossiers").fetchall() == [("บัญชีม้า",)]
    connection.close()


def test_an_older_library_opened_for_reading_only_is_refused_with_advice(old: Path, newer: list[Path]) -> None:
    before = old.read_bytes()
    assert refusal(old, write=False).code == "older_library"
    assert (old.read_bytes(), newer) == (before, [])


def test_a_migration_that_fails_leaves_the_library_in_its_old_format(
    old: Path, newer: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    @schema.migrations(name="format_2_again")
    def _broken(database: Database) -> None:
        database.conn.execute("ALTER TABLE tags ADD COLUMN shade TEXT")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        libraries.open(old)
    connection = sqlcipher3.connect(old)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert "shade" not in {row[1] for row in connection.execute("PRAGMA table_info(tags)")}
    connection.close()
    # Going on from half-way: the part that was done is not done again.
    schema.migrations._migrations.pop()
    with libraries.open(old) as library:
        assert library.query("PRAGMA user_version") == [(2,)]
        assert schema.drift(library.reader()) == []


def test_without_room_for_its_backup_nothing_is_migrated(old: Path, newer: list[Path]) -> None:
    folder = old.parent / f"{old.stem} backups"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(Exception, match="backups"):
        libraries.open(old)
    connection = sqlcipher3.connect(old)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
