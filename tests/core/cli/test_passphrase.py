"""A library with a passphrase: the whole road, and nothing of an article readable on the disk."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import pytest
from command_line import Said, done, here

NEEDLE = "Vermilion-Quagga-7741"
PHRASE = "ปลาหมึกสีม่วง ấm áp 7"


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "phrase.txt"
    path.write_bytes(f"{PHRASE}\r\nnot this line\n".encode())
    return path


def holding(folder: Path, needle: str) -> list[str]:
    """The files below a folder with the needle in their name or bytes, in UTF-8 or UTF-16."""
    coded = [needle.encode("utf-8"), needle.encode("utf-16-le"), needle.casefold().encode("utf-8")]
    found: list[str] = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if any(bytes_ in data for bytes_ in coded) or needle in path.name:
            found.append(str(path))
    return found


def test_nothing_of_an_article_lies_in_the_clear_after_the_whole_road(
    tmp_path: Path, phrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe, temporary, incoming = tmp_path / "safe", tmp_path / "temporary", tmp_path / "incoming"
    for folder in (safe, temporary, incoming):
        folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)  # it is remembered from before
    for place in range(120):
        words = " ".join(f"{NEEDLE} report{place} word{n}" for n in range(60))
        (incoming / f"{place}.txt").write_text(f"{NEEDLE} at the pier {place}\n\n{words}\n", encoding="utf-8")
    library = safe / "secret.casefile"

    def run(*words: object, status: int = 0) -> Said:
        said = here(*words, "--passphrase-file", phrase)
        assert said.status == status, said
        assert holding(safe, NEEDLE) == []
        assert holding(temporary, NEEDLE) == []
        return said

    run("new", library)
    run("import", library, incoming)
    run("tag", "add", library, "person", NEEDLE)
    suggested = run("suggest", library, "TK-0001", "--json").value
    run("mention", "accept", library, "TK-0001", suggested[0]["id"])
    run("note", library, "TK-0001", "--quote", f"{NEEDLE} at the pier", "--comment", f"{NEEDLE} again")
    run("dossier", "add", library, "S-1", NEEDLE)
    run("dossier", "file", library, "S-1", "TK-0001")
    assert len(run("search", library, NEEDLE, "--json", "--limit", "500").value) == 120
    run("brief", library, "--dossier", "S-1", "--out", tmp_path / "brief.docx")
    run("undo", library)
    run("redo", library)
    run("backup", library, safe / "copy.casefile")
    run("verify", library)
    run("verify", safe / "copy.casefile")
    assert (tmp_path / "brief.docx").is_file()
    assert holding(incoming, NEEDLE)  # the needle can be found where it is


def test_without_the_passphrase_nothing_opens_and_nothing_changes(tmp_path: Path, folder: Path, phrase: Path) -> None:
    library = tmp_path / "secret.casefile"
    assert done("new", library, "--passphrase-file", phrase)["encrypted"]
    done("import", library, folder, "--passphrase-file", phrase)
    before = library.read_bytes()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not it\n", encoding="utf-8")
    for words, code in ((["list"], "passphrase_wanted"), (["list", "--passphrase-file", wrong], "passphrase_wrong")):
        said = here(words[0], library, *words[1:], "--json")
        assert (said.status, said.code) == (3, code)
    assert library.read_bytes() == before
    assert PHRASE not in here("list", library, "--passphrase-file", wrong).err


def test_composed_and_decomposed_letters_are_one_passphrase(tmp_path: Path, phrase: Path) -> None:
    library = tmp_path / "secret.casefile"
    done("new", library, "--passphrase-file", phrase)
    other = tmp_path / "decomposed.txt"
    other.write_bytes(b"\xef\xbb\xbf" + unicodedata.normalize("NFD", PHRASE).encode())
    assert other.read_bytes() != phrase.read_bytes()
    assert done("list", library, "--passphrase-file", other) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "passphrase_empty"), (b"\nsecond", "passphrase_empty"), (b"\xff\xfe\x00", "passphrase_file_unreadable")],
)
def test_a_passphrase_file_without_a_passphrase_makes_no_library(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "phrase.txt"
    file.write_bytes(content)
    said = here("new", tmp_path / "none.casefile", "--passphrase-file", file, "--json")
    assert (said.status, said.code) == (2, code)
    assert here("new", tmp_path / "none.casefile", "--passphrase-file", tmp_path / "gone", "--json").code == (
        "passphrase_file_unreadable"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["phrase.txt"]
