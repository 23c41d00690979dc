"""The ground under the program: what imports what, what the wheel holds, and which releases it stands on."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import casefile
from casefile.cli import parser

CHECKOUT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (CHECKOUT / "requirements.lock").read_text("utf-8")


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_import_contracts_hold() -> None:
    outcome = contracts(CHECKOUT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("casefile/progress.py", "from PySide6 import QtCore", "The core knows no window"),
        ("casefile/progress.py", "import ui", "The core knows no window"),
        ("ui/__init__.py", "import sqlcipher3", "The window reaches neither the database nor Word itself"),
        ("ui/__init__.py", "from docx import Document", "The window reaches neither the database nor Word itself"),
        ("casefile/progress.py", "import socket", "Nothing goes online"),
        ("casefile/resources.py", "import casefile.phrases", "No circles"),
    ],
)
def test_an_import_across_a_contract_is_found(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for name in ("casefile", "ui"):
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    outcome = contracts(tmp_path)
    assert outcome.returncode == 1
    assert re.search(rf"^{re.escape(contract)} BROKEN\b", outcome.stdout, re.MULTILINE), outcome.stdout + outcome.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def files(folder: str) -> set[str]:
    """Every file below a folder of the checkout, as the names that git would keep."""
    return {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_both_packages_the_resources_and_the_samples_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    travels = {f"casefile/{name}" for name in files("resources") | files("samples")}
    information = f"casefile-{casefile.__version__}.dist-info/"
    held = {name for name in wheel.namelist() if not name.startswith(information)}
    assert held == files("casefile") | files("ui") | travels


def test_the_wheel_carries_its_licence_and_names_it(wheel: zipfile.ZipFile) -> None:
    information = f"casefile-{casefile.__version__}.dist-info"
    assert wheel.read(f"{information}/licenses/LICENSE") == (CHECKOUT / "LICENSE").read_bytes()
    metadata = message_from_bytes(wheel.read(f"{information}/METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Version"] == casefile.__version__


def test_the_wheel_installs_the_command_and_the_window(wheel: zipfile.ZipFile) -> None:
    points = wheel.read(f"casefile-{casefile.__version__}.dist-info/entry_points.txt").decode("utf-8")
    assert "[console_scripts]\ncasefile = casefile.cli:main\n" in points
    assert "[gui_scripts]\ncasefile-desk = ui.__main__:main\n" in points


def locked() -> dict[str, list[Version]]:
    """The releases in the lock by package; more than one where a marker chooses by Python or system."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


@pytest.mark.parametrize("line", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
def test_every_range_of_the_project_is_met_by_the_lock(line: str) -> None:
    requirement = Requirement(line)
    releases = locked().get(canonicalize_name(requirement.name))
    assert releases, f"{requirement.name} is not in requirements.lock: run make lock"
    assert all(requirement.specifier.contains(release) for release in releases), f"{line}, but locked is {releases}"


def test_every_entry_of_the_lock_has_one_release_and_its_hashes() -> None:
    entries = re.split(r"^(?=[^\s#])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > len(PROJECT["dependencies"])
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[^\s]+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_lock_names_no_host_and_no_folder() -> None:
    assert "//" not in LOCK
    assert not re.search(r"^\s*-(?!-hash=)", LOCK, re.MULTILINE)


def test_the_qt_that_loses_references_to_none_is_ruled_out() -> None:
    (requirement,) = (Requirement(line) for line in PROJECT["dependencies"] if line.startswith("PySide6"))
    assert not requirement.specifier.contains("6.12.0")
    assert locked()["pyside6-essentials"] == locked()["shiboken6"] == [Version("6.11.3")]


def test_the_readme_gives_the_set_up_that_the_makefile_runs() -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    for step in ("--require-hashes -r requirements.lock", "--no-deps --no-build-isolation -e ."):
        assert step in readme
        assert step in (CHECKOUT / "Makefile").read_text("utf-8")


def test_the_tour_in_the_readme_is_understood_by_the_command() -> None:
    tour = re.findall(r"^casefile .+$", (CHECKOUT / "README.md").read_text("utf-8"), re.MULTILINE)
    commands = {parser.build().parse_args(shlex.split(line, comments=True)[1:]).command for line in tour}
    assert commands >= {"new", "import", "tag add", "suggest", "mention accept", "note", "brief", "verify"}
