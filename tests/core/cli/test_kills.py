"""Killed at random moments of an import or an edit: whatever was acknowledged is in the library, which opens whole."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from command_line import arguments, done

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX"),
]

KILLS = 40
FILES = 1200


def articles(folder: Path) -> Path:
    chance = random.Random(3)
    folder.mkdir()
    for place in range(FILES):
        words = " ".join("".join(chance.choices("aeioukmnprst", k=7)) for _ in range(120))
        (folder / f"{place:04d}.txt").write_text(f"Report {place}\n\n{words}.\n", encoding="utf-8")
    return folder


def killed(words: list[object], seconds: float, *, after_first_line: bool) -> tuple[int, list[str]]:
    """Exit status and lines of stderr of a command that is killed after so many seconds, or after its first line and
    so many seconds."""
    process = subprocess.Popen(arguments(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = [process.stderr.readline()] if after_first_line else []
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    # A line that was cut by the kill is no acknowledgement.
    lines += process.stderr.read().splitlines(keepends=True)
    status = process.wait()
    timer.cancel()
    process.stderr.close()
    return status, [line.rstrip("\n") for line in lines if line.endswith("\n")]


def test_forty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    folder = articles(tmp_path / "articles")
    chance = random.Random(11)
    kills = 0
    acknowledged_in_all = 0
    library, kept = tmp_path / "0.casefile", {}
    done("new", library)
    for round_ in range(400):
        if kills >= KILLS:
            break
        if len(kept) == FILES or (round_ and round_ % 8 == 0):
            library, kept = tmp_path / f"{round_}.casefile", {}
            done("new", library)
        importing = bool(round_ % 4 != 3 or not kept)
        if importing:
            words: list[object] = ["import", library, folder]
            status, lines = killed(words, chance.uniform(0, 1.2), after_first_line=chance.random() < 0.7)
            for line in lines:
                number, path, *_ = line.split("  ")
                kept[path] = number
                acknowledged_in_all += 1
        else:
            number = chance.choice(sorted(kept.values()))
            title = f"Edited {round_}"
            words = ["set", library, number, f"title={title}"]
            status, _ = killed(words, chance.uniform(0.05, 0.5), after_first_line=False)
            if status == 0:
                assert done("show", library, number)["title"] == title
        kills += status < 0
        listed = {one["file_name"]: one for one in done("list", library)}
        for path, number in kept.items():
            assert listed[Path(path).name]["number"] == number
        assert len({one["number"] for one in listed.values()}) == len(listed)
        found = done("verify", library)
        assert found["ok"], found
        for name in chance.sample(sorted(listed), min(3, len(listed))):
            assert done("search", library, listed[name]["title"])
    assert kills == KILLS
    assert acknowledged_in_all > 400
