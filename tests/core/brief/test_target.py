"""A file is put in place whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from casefile.brief import target
from casefile.errors import CasefileError

ROOT = Path(__file__).resolve().parents[3]


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def told(path: Path) -> str:
    with pytest.raises(CasefileError) as error:
        target.put(path, b"new")
    assert path.name in str(error.value) and "{" not in str(error.value)
    return error.value.code


def test_a_new_file_and_nothing_else_is_there(tmp_path: Path):
    target.put(tmp_path / "brief.docx", b"new")
    assert (tmp_path / "brief.docx").read_bytes() == b"new"
    assert names(tmp_path) == ["brief.docx"]


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_the_new_file_has_the_rights_of_the_one_whose_place_it_takes(tmp_path: Path):
    path = tmp_path / "brief.docx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    target.put(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_stays_a_link(tmp_path: Path):
    (tmp_path / "real").mkdir()
    path = tmp_path / "brief.docx"
    path.symlink_to(tmp_path / "real" / "brief.docx")
    target.put(path, b"new")
    assert path.is_symlink()
    assert (tmp_path / "real" / "brief.docx").read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    assert told(tmp_path / "gone" / "brief.docx") == "folder_missing"
    assert names(tmp_path) == []


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path):
    (tmp_path / "brief.docx").mkdir()
    assert told(tmp_path / "brief.docx") in ("write_failed", "no_rights")
    assert names(tmp_path) == ["brief.docx"]


def test_another_program_that_holds_the_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Path, other: Path) -> Path:
        refusal = PermissionError(errno.EACCES, "held")
        refusal.winerror = 32  # as Windows says it; on POSIX nobody's open file is in the way
        raise refusal

    path = tmp_path / "brief.docx"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse)
    assert told(path) == "target_busy"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["brief.docx"]


WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from casefile.brief import target
from casefile.errors import CasefileError
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    target.put(Path(sys.argv[1]), b"new")
except CasefileError as error:
    print(error.code)
"""


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_no_rights_in_the_folder_is_told():
    # The test's own folder lies where only its owner may look, and the process below may be nobody's.
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        folder = Path(above, "locked")
        folder.mkdir()
        path = folder / "brief.docx"
        path.write_bytes(b"old")
        folder.chmod(0o555)
        ran = subprocess.run(
            [sys.executable, "-c", WITHOUT_RIGHTS, path], cwd=ROOT, capture_output=True, text=True, check=True
        )
        folder.chmod(0o755)
        assert ran.stdout.strip() == "no_rights"
        assert path.read_bytes() == b"old"
        assert names(folder) == ["brief.docx"]
