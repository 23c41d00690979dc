"""What people see: aligned tables in every script, colours and bars on a terminal only, and a quick start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import arguments, done, here
from wcwidth import width

from casefile.cli import printing


def test_columns_stand_under_each_other_in_every_script() -> None:
    rows = [
        ["TK-0001", "ตำรวจภูธร", "a"],
        ["TK-0002", "ប៉ូលិស", "b"],
        ["TK-0003", "警方", "c"],
        ["TK-0004", "Đắk Lắk", "d"],
        ["TK-0005", "👩\u200d✈️ crew", "e"],
    ]
    lines = printing.table(["Number", "Name", "X"], rows)
    places = {width(line[: line.rindex(row[-1])]) for line, row in zip(lines[1:], rows, strict=True)}
    assert len(places) == 1
    assert width(lines[0][: lines[0].index("X")]) in places


def test_a_cell_is_one_line_and_steers_no_terminal() -> None:
    (_, line) = printing.table(["A", "B"], [["x", "one\n two\x1b[31m\tthree\x85"]])
    assert line == "x  one two�[31m three"


def test_a_table_of_numbers_is_aligned_to_the_right() -> None:
    assert printing.table(["N", "What"], [["5", "a"], ["125", "b"]], right=frozenset({0}))[1:] == ["  5  a", "125  b"]


def test_nothing_heavy_is_imported_for_the_version_and_the_help() -> None:
    program = (
        "import sys; from casefile.cli import main; main(['--version']); main(['list', '--help']); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), sep='\\n', file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert re.match(r"casefile \d+\.\d+", ran.stdout)
    heavy = {"sqlite_utils", "sqlcipher3", "docx", "lxml", "trafilatura", "regex", "PySide6", "tqdm", "platformdirs"}
    assert heavy & set(ran.stderr.split()) == set()


def test_where_the_output_is_no_terminal_there_are_no_colours_and_no_bar(full: Path, folder: Path) -> None:
    for words in (["list", full], ["search", full, "police"], ["verify", full], ["import", full, folder]):
        said = here(*words)
        assert "\x1b" not in said.out + said.err
        assert "\r" not in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_on_a_terminal_there_are_colours_a_bar_and_lines_that_fit(library: Path, folder: Path) -> None:
    long = "A title that is far too long for any terminal of eighty columns to be shown whole. " * 2
    (folder / "long.txt").write_text(f"{long}\n\nText.\n", encoding="utf-8")

    def on_terminal(*words: object) -> str:
        import fcntl
        import pty
        import struct
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        variables = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        variables.pop("NO_COLOR", None)
        process = subprocess.Popen(arguments(*words), stdout=theirs, stderr=theirs, env=variables)
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux: the other end is closed
                break
            if not piece:
                break
            seen += piece
        os.close(ours)
        assert process.wait() == 0
        return seen.decode()

    imported = on_terminal("import", library, folder)
    assert "Importing" in imported
    assert "TK-0006" in imported
    listed = on_terminal("list", library)
    assert "\x1b[1m" in listed
    assert all(width(line) <= 80 for line in listed.splitlines())
    assert listed.count("…") >= 1
    assert len(done("list", library)) == 6
