"""What users run into: bad files, missing rights, foreign libraries, full disks. A clear message, and nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Said, arguments, done, here, process, write_articles

from casefile import library as libraries

CHECKOUT = Path(__file__).resolve().parents[3]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="rights, signals and devices of POSIX")
root = sys.platform != "win32" and os.geteuid() == 0


def words(count: int, seed: int) -> str:
    """So many words that do not compress well."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(count))


def many(folder: Path, count: int, words_each: int = 200) -> Path:
    folder.mkdir()
    for place in range(count):
        text = f"Report {place}\n\n{words(words_each, place)}.\n"
        (folder / f"{place:04d}.txt").write_text(text, encoding="utf-8")
    return folder


def acknowledged(said: Said) -> list[str]:
    return [line.split("  ")[0] for line in said.err.splitlines() if line.startswith("TK-")]


def numbers(library: Path) -> list[str]:
    return [one["number"] for one in done("list", library)]


# ---- files


def test_bad_files_are_refused_with_their_reason_and_the_rest_go_in(library: Path, folder: Path) -> None:
    with zipfile.ZipFile(folder / "whole.docx", "w") as word:
        word.writestr("[Content_Types].xml", "<Types/>")
        word.writestr("word/document.xml", "<w:document/>" * 100)
    (folder / "cut.docx").write_bytes((folder / "whole.docx").read_bytes()[:-40])
    (folder / "whole.docx").unlink()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "program.txt").write_bytes(bytes(range(256)) * 20)
    shutil.copy(CHECKOUT / "tests" / "files" / "encrypted.pdf", folder / "locked.pdf")
    (folder / ".hidden.txt").write_text("hidden", encoding="utf-8")
    (folder / "table.xyz").write_bytes(b"1,2")
    said = here("import", library, folder, folder / "gone.txt", "--json")
    assert said.status == 1
    report = said.value
    assert len(report["imported"]) == 5
    assert {Path(one["path"]).name: one["code"] for one in report["refused"]} == {
        "gone.txt": "no_such_file",
        "cut.docx": "truncated_docx",
        "empty.txt": "empty_file",
        "locked.pdf": "encrypted_pdf",
        "program.txt": "binary_named_text",
    }
    assert all(Path(one["path"]).name in one["reason"] for one in report["refused"])
    assert {Path(path).name for path in report["skipped"]} == {".hidden.txt", "table.xyz"}
    assert len(done("list", library)) == 5
    assert done("verify", library)["ok"]
    for name in ("empty.txt", "program.txt", "cut.docx", "locked.pdf"):
        alone = here("import", library, folder / name)
        assert alone.status == 1
        assert f"refused: {folder / name}: " in alone.err
    assert len(done("list", library)) == 5


@posix_only
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps file names in UTF-8")
def test_a_file_whose_name_is_no_text_comes_in_all_the_same(library: Path, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text("A report of no weight.\n", encoding="utf-8")
    said = process("import", library, os.fsdecode(path), "--json")
    assert said.status == 0, said
    assert len(said.value["imported"]) == 1
    assert done("list", library)[0]["file_name"].startswith("caf")


def test_a_name_that_would_steer_the_terminal_is_shown_without_its_controls(library: Path, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows allows no control characters in names")
    (tmp_path / "a\x1b[2Jb.txt").write_text("A report.\n", encoding="utf-8")
    said = here("import", library, tmp_path / "a\x1b[2Jb.txt")
    assert "\x1b" not in said.err + said.out
    assert said.status == 0


# ---- rights


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are for their owner alone."""
    path = Path(tempfile.mkdtemp(prefix="casefile-rights-"))
    path.chmod(0o755)
    yield path
    for below in path.rglob("*"):
        if below.is_dir():
            below.chmod(0o755)
    shutil.rmtree(path)


def _ordinary() -> None:
    """Let the process obey rights, root though it may be: without these two capabilities the bits count for it too.

    (Another account would not reach a Python that lies in root's home.)
    """
    import ctypes

    drop, override, read_and_search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    system = ctypes.CDLL(None)
    assert system.prctl(drop, override, 0, 0, 0) == 0
    assert system.prctl(drop, read_and_search, 0, 0, 0) == 0


def as_nobody(folder: Path, *called: object) -> Said:
    """The command as a user without special rights."""
    if root and not sys.platform.startswith("linux"):
        pytest.skip("root may do everything here")
    home = folder / "home"
    home.mkdir(exist_ok=True)
    ran = subprocess.run(
        arguments(*called),
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=_ordinary if root else None,
        env={**os.environ, "CASEFILE_SETTINGS": str(home), "TMPDIR": str(home)},
    )
    return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@posix_only
def test_without_rights_a_clear_word_and_nothing_half_written(open_folder: Path) -> None:
    shut = open_folder / "shut"
    shut.mkdir()
    library = shut / "cases.casefile"
    done("new", library)
    done("import", library, write_articles(open_folder / "articles"))
    secret = open_folder / "articles" / "secret"
    secret.mkdir()
    (secret / "more.txt").write_text("A further report.\n", encoding="utf-8")
    done("dossier", "add", library, "A-1", "Lantern")
    done("dossier", "file", library, "A-1", "TK-0001")
    for path in shut.iterdir():
        path.chmod(0o444)
    shut.chmod(0o555)
    secret.chmod(0)
    before = sorted(path.name for path in shut.iterdir())

    assert as_nobody(open_folder, "list", library, "--json").status == 0
    for called in (
        ["new", shut / "other.casefile"],
        ["undo", library],
        ["import", library, open_folder / "articles"],
    ):
        said = as_nobody(open_folder, *called, "--json")
        assert (said.status, said.code) == (3, "no_rights"), said
    backup = as_nobody(open_folder, "backup", library, shut / "copy.casefile", "--json")
    assert (backup.status, backup.code) == (2, "no_rights"), backup
    assert sorted(path.name for path in shut.iterdir()) == before

    own = open_folder / "home" / "own.casefile"
    assert as_nobody(open_folder, "new", own).status == 0
    said = as_nobody(open_folder, "import", own, open_folder / "articles", "--json")
    assert said.status == 1
    assert len(said.value["imported"]) == 5
    assert [(Path(one["path"]).name, one["code"]) for one in said.value["refused"]] == [("secret", "no_rights_to_read")]
    first = as_nobody(open_folder, "list", own, "--json").value[0]["number"]
    assert as_nobody(open_folder, "dossier", "add", own, "A-1", "Lantern").status == 0
    assert as_nobody(open_folder, "dossier", "file", own, "A-1", first).status == 0
    said = as_nobody(open_folder, "brief", own, "--dossier", "A-1", "--out", shut / "brief.docx", "--json")
    assert (said.status, said.code) == (2, "no_rights")
    assert sorted(path.name for path in shut.iterdir()) == before


# ---- libraries


def test_a_file_that_is_no_library_is_told_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "other.casefile"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    connection.close()
    (tmp_path / "text.casefile").write_text("Dear Sir,\n" * 1000, encoding="utf-8")
    (tmp_path / "empty.casefile").write_bytes(b"")
    (tmp_path / "short.casefile").write_bytes(b"SQLite format 3\0")
    (tmp_path / "folder.casefile").mkdir()
    for name in ("other", "text", "empty", "short", "folder"):
        path = tmp_path / f"{name}.casefile"
        bytes_before = path.read_bytes() if path.is_file() else None
        for called in (["list", path], ["import", path, foreign], ["verify", path]):
            said = here(*called, "--json")
            assert (said.status, said.code) == (3, "not_a_library"), (name, called, said)
        assert (path.read_bytes() if path.is_file() else None) == bytes_before


def test_a_newer_library_is_told_and_left_alone(full: Path) -> None:
    connection = sqlite3.connect(full)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = full.read_bytes()
    for called in (["list", full], ["undo", full]):
        said = here(*called, "--json")
        assert (said.status, said.code) == (3, "newer_library")
        assert "99" in said.value["error"]["message"]
    assert full.read_bytes() == before


@posix_only
def test_a_library_that_another_process_holds_is_told_with_who_holds_it(full: Path) -> None:
    hold = (
        "import sys; from casefile import library as l; held = l.open(sys.argv[1]); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(full)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        said = here("set", full, "TK-0001", "title=x", "--json")
        assert (said.status, said.code) == (3, "library_held")
        assert f"process {holder.pid}" in said.value["error"]["message"]
        assert len(done("list", full)) == 5
        holder.kill()
    assert done("set", full, "TK-0001", "title=Held no more")["title"] == "Held no more"


def test_a_damaged_library_is_told_wherever_the_damage_lies(full: Path, tmp_path: Path) -> None:
    whole = full.read_bytes()
    listed = done("list", full)
    chance = random.Random(7)
    told = 0
    for place in range(12):
        damaged = tmp_path / f"damaged-{place}.casefile"
        at = chance.randrange(100, len(whole) - 2000)
        damaged.write_bytes(whole[:at] + bytes(chance.randrange(256) for _ in range(2000)) + whole[at + 2000 :])
        for called in (
            ["list", damaged],
            ["show", damaged, "TK-0001"],
            ["search", damaged, "police"],
            ["verify", damaged],
            ["log", damaged],
            ["set", damaged, "TK-0001", "title=x"],
        ):
            said = here(*called, "--json")
            assert said.status in (0, 1, 2, 3), (place, called, said)
            told += said.status in (1, 3)
            if called[0] == "verify" and said.status == 0:
                assert done("list", damaged) == listed  # an empty stretch of a page was hit
    assert told >= 12


# ---- disks


def mounted(path: Path, size: str) -> bool:
    """Mount a file system of that size on the folder, if this user may."""
    if not sys.platform.startswith("linux"):
        return False
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 megabytes, in memory."""
    path = tmp_path / "disk"
    path.mkdir()
    if not mounted(path, "24m"):
        pytest.skip("this user may not mount a small disk; the limits of file size below test the same paths")
    yield path
    subprocess.run(["umount", str(path)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves so many bytes free on the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - leave))
    return ballast


def test_an_import_that_would_not_fit_is_refused_before_it_begins(small_disk: Path, tmp_path: Path) -> None:
    library = small_disk / "cases.casefile"
    done("new", library)
    articles = many(tmp_path / "articles", 30, words_each=6000)
    fill(small_disk, 4 * 1024 * 1024)
    said = here("import", library, articles, "--json")
    assert (said.status, said.code) == (3, "disk_full")
    assert acknowledged(said) == []
    assert done("list", library) == []
    assert done("verify", library)["ok"]


def test_a_disk_that_fills_up_during_an_import_loses_nothing_acknowledged(small_disk: Path, tmp_path: Path) -> None:
    library = small_disk / "cases.casefile"
    done("new", library)
    articles = many(tmp_path / "articles", 250)
    size = sum(path.stat().st_size for path in articles.iterdir())
    ballast = fill(small_disk, int(3.2 * size))
    said = here("import", library, articles, "--json")
    assert (said.status, said.code) == (3, "disk_full"), said
    kept = acknowledged(said)
    assert here("set", library, kept[0] if kept else "TK-0001", "title=x", "--json").status in (2, 3)
    ballast.unlink()
    assert numbers(library) == kept
    assert done("verify", library)["ok"]
    again = done("import", library, articles)
    assert len(again["imported"]) + len(again["known"]) == 250
    assert len(again["known"]) == len(kept)
    assert len(numbers(library)) == 250


LIMITED = """
import resource, signal, sys
from casefile.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main(sys.argv[2:]))
"""


def limited(limit: int, *called: object) -> Said:
    """The command in a process that may write no file beyond the limit, in bytes: a disk that is full there."""
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *map(str, called)], capture_output=True, check=False, timeout=60
    )
    return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@posix_only
def test_a_file_that_may_not_grow_during_an_import_loses_nothing_acknowledged(library: Path, tmp_path: Path) -> None:
    articles = many(tmp_path / "articles", 450)
    some = 0
    for megabytes in (0.3, 2.5, 4.0):
        before = numbers(library)
        said = limited(int(megabytes * 1024 * 1024), "import", library, articles, "--json")
        assert said.status == 3, (megabytes, said)
        assert said.code in ("disk_full", "disk_failed")
        new = [number for number in acknowledged(said) if number not in before]
        some += len(new)
        assert numbers(library) == before + new
        assert done("verify", library)["ok"]
    assert some > 0
    done("import", library, articles)
    assert len(numbers(library)) == 450


def briefed(full: Path) -> Path:
    done("dossier", "add", full, "A-1", "Lantern")
    done("dossier", "file", full, "A-1", "TK-0001", "TK-0002")
    return full


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a small disk is mounted on Linux")
def test_a_full_disk_on_export_leaves_what_was_there(small_disk: Path, full: Path) -> None:
    briefed(full)
    old = small_disk / "old.docx"
    done("brief", full, "--dossier", "A-1", "--out", old)
    before = old.read_bytes()
    steps = len(done("log", full))
    fill(small_disk, 8192)
    for called in (
        ["brief", full, "--dossier", "A-1", "--out", old],
        ["brief", full, "--dossier", "A-1", "--out", small_disk / "new.docx"],
        ["backup", full, small_disk / "copy.casefile"],
    ):
        said = here(*called, "--json")
        assert (said.status, said.code) == (2, "disk_full"), said
        assert sorted(path.name for path in small_disk.iterdir()) == ["ballast", "old.docx"]
        assert old.read_bytes() == before
    assert len(done("log", full)) == steps
    assert here("new", small_disk / "new.casefile", "--json").code == "disk_full"
    assert sorted(path.name for path in small_disk.iterdir() if path.suffix != ".lock") == ["ballast", "old.docx"]


@posix_only
def test_a_full_disk_behind_the_output_is_told(full: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    for extra in ([], ["--json"]):
        with Path("/dev/full").open("wb") as output:
            ran = subprocess.run(
                arguments("list", full, *extra), stdout=output, stderr=subprocess.PIPE, check=False, timeout=60
            )
        assert ran.returncode == 2
        if not extra:
            assert ran.stderr.decode().startswith("casefile: The output could not be written")
        assert b"Traceback" not in ran.stderr


@posix_only
def test_a_reader_that_goes_away_ends_the_command_quietly(full: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(arguments("list", full), stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, b"")


# ---- the keyboard, and faults


@posix_only
def test_an_import_that_is_interrupted_keeps_what_it_acknowledged(library: Path, tmp_path: Path) -> None:
    articles = many(tmp_path / "articles", 600, words_each=60)
    with subprocess.Popen(
        arguments("import", library, articles), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as importing:
        assert importing.stderr is not None
        first = importing.stderr.readline()
        importing.send_signal(signal.SIGINT)
        rest = importing.stderr.read()
    said = Said(importing.wait(), "", first + rest)
    kept = acknowledged(said)
    if importing.returncode == 0:
        assert len(kept) == 600  # it was faster than the signal
    else:
        assert importing.returncode == 130
        assert said.err.splitlines()[-1].startswith("Stopped.")
        assert "Traceback" not in said.err
    assert set(kept) <= set(numbers(library))
    assert done("verify", library)["ok"]


def test_a_fault_is_told_and_reported_without_the_text_of_the_case(
    full: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from casefile import articles

    def broken(*_: object, **__: object) -> list[str]:
        raise RuntimeError("Marisol Quandt")

    monkeypatch.setattr(articles, "ids", broken)
    said = here("list", full)
    assert (said.status, said.out) == (70, "")
    report = next(home.rglob("fault-*.txt"))
    assert str(report) in said.err
    text = report.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "Marisol" not in text + said.err
    assert here("list", full, "--json").code == "fault"


def test_settings_that_are_no_settings_are_told(full: Path) -> None:
    from casefile import settings

    (settings.folder() / settings.FILE_NAME).write_text("analyst = ", encoding="utf-8")
    said = here("list", full, "--json")
    assert (said.status, said.code) == (2, "settings_unreadable")


def test_what_another_program_wrote_is_kept_and_told(full: Path) -> None:
    with libraries.open(full, write=False) as library:
        heads = library.query("SELECT id FROM heads")
    connection = sqlite3.connect(full)
    connection.execute("UPDATE articles SET title = 'Other' WHERE number = 'TK-0001'")
    connection.commit()
    connection.close()
    assert not here("verify", full, "--json").value["ok"]
    said = here("source", full, "NNT")
    assert "Another program" in said.err
    assert done("log", full)[1]["action"] == "outside"
    assert done("show", full, "TK-0001")["title"] == "Other"
    assert done("verify", full)["heads"] != [row[0] for row in heads]
    assert done("verify", full)["ok"]
