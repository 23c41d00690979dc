"""A library with a passphrase leaves no readable word in any file, while it is open and after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from casefile import backup, driver, identity
from casefile import library as libraries
from casefile.door import Library
from casefile.erasing import erase_values
from casefile.text import canonical

NEEDLE = "Xylokarpoi-ไซโลคาร์ปอย"
PASSPHRASE = "ฝนตก \"';-- ច្បាប់"


def files_with(needle: str, *folders: Path) -> list[str]:
    """Names of all files below the folders that hold the needle, in one of the encodings that text is stored in."""
    wanted = [needle.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert paths
    return [path.name for path in paths if any(form in path.read_bytes() for form in wanted)]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    return folder


def fill(library: Library) -> list[str]:
    """Work that sorts, indexes and overflows; returns the notes' ids."""
    body = f"{NEEDLE} walked here. " * 2000
    digest = hashlib.sha256(body.encode()).hexdigest()
    with library.step("article.import"):
        library.write(
            "INSERT INTO texts (sha256, rule, key, length, body) VALUES (?, 1, ?, ?, ?)",
            [(digest, canonical.same_text_key(body), len(body), body)],
        )
        article = library.insert("articles", identity.fresh(), title=NEEDLE, text=digest)
        return [
            library.insert("notes", identity.fresh(), article=article, comment=f"{n} {NEEDLE} " * (n % 90))
            for n in range(400)
        ]


@pytest.fixture
def folders(tmp_path: Path, temporary: Path) -> Iterator[list[Path]]:
    kept = tmp_path / "kept"
    kept.mkdir()
    (temporary / "mark").touch()
    yield [kept, temporary]


def test_no_file_holds_a_word_of_a_library_with_a_passphrase(folders: list[Path]) -> None:
    path = folders[0] / "kept.casefile"
    with libraries.create(path, PASSPHRASE, analyst="Tan K") as library:
        fill(library)
        assert library.query("SELECT comment FROM notes ORDER BY comment DESC, length(comment) LIMIT 1")
        assert library.query("SELECT count(*) FROM notes GROUP BY substr(comment, 3) ORDER BY 1")
        assert path.with_name("kept.casefile-wal").stat().st_size > 0
        assert files_with(NEEDLE, *folders) == []
        backup.make(library.reader(), folders[0] / "copies" / "copy.casefile", library.key)
        assert files_with(NEEDLE, *folders) == []
    assert files_with(NEEDLE, *folders) == []
    with libraries.open(path, PASSPHRASE, write=False) as library:
        assert NEEDLE in library.query("SELECT title FROM articles")[0][0]
        assert files_with(NEEDLE, *folders) == []


def test_the_same_work_without_a_passphrase_is_found_by_the_same_search(folders: list[Path]) -> None:
    with libraries.create(folders[0] / "plain.casefile", analyst="Tan K") as library:
        fill(library)
    assert files_with(NEEDLE, *folders) == ["plain.casefile"]


def test_erasing_in_a_library_with_a_passphrase_makes_its_file_anew_without_a_plain_copy(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    connect = driver.connect

    def looking(path: Path, key: driver.Key | None, **how: bool) -> driver.Connection:
        seen.append(files_with(NEEDLE, *folders))
        return connect(path, key, **how)

    with libraries.create(folders[0] / "kept.casefile", PASSPHRASE, analyst="Tan K") as library:
        notes = fill(library)
        monkeypatch.setattr(driver, "connect", looking)
        erase_values(library, [("notes", note, "comment") for note in notes[:100]])
    assert seen
    assert not any(seen)
    assert {path.name for path in folders[0].iterdir()} == {"kept.casefile", "kept.casefile.lock"}


@pytest.mark.parametrize("write", [True, False])
def test_temporary_tables_stay_in_memory(folders: list[Path], write: bool) -> None:
    path = folders[0] / "kept.casefile"
    libraries.create(path, PASSPHRASE).close()
    key = driver.derive_key(PASSPHRASE, driver.salt_of(path))
    connection = driver.connect(path, key, write=write)
    assert connection.execute("PRAGMA temp_store").fetchone() == (2,)
    connection.close()
