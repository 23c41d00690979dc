"""A writer killed at any moment: what it acknowledged is there, what it had not finished is not there at all."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from casefile import library as libraries
from casefile.door import Library
from casefile.verify import verify

NOTES_A_STEP = 7

WRITER = """
import sys
from casefile import articles, erasing, identity, library, notes, receiving

path, passphrase, first = sys.argv[1], sys.argv[2] or None, int(sys.argv[3])
with library.open(path, passphrase, analyst="Tan K", initials="TK") as held:
    print("open", flush=True)
    for number in range(first, first + 10_000):
        text = f"Statement {number}. เจ้าหน้าที่ช่วยเหลือ {number} คน " + f"word{number} " * (number % 400)
        article = receiving.receive_text(held, text).article
        with held.step("note.add"):
            for _ in range(NOTES_A_STEP):
                held.insert("notes", identity.fresh(), article=article, comment=f"#{number}", label="kept")
        print(number, flush=True)
        with held.step("note.add"):
            spare = held.insert("notes", identity.fresh(), article=article, comment="spare")
        held.undo()
        if number % 3 == 0:
            held.redo()
        if number % 10 == 0:
            erasing.erase_values(held, [("notes", spare, "comment")])
"""


def run_until_killed(path: Path, passphrase: str | None, first: int, chance: random.Random) -> list[int]:
    """Numbers of the steps that the writer acknowledged before it was killed, at no moment of its choosing."""
    script = WRITER.replace("NOTES_A_STEP", str(NOTES_A_STEP))
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(path), passphrase or "", str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    try:
        assert writer.stdout.readline() == "open\n", writer.stderr.read()
        seen = [int(writer.stdout.readline()) for _ in range(chance.randrange(12))]
        # Somewhere between two acknowledgements.
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(chance.random() * 0.03)
    finally:
        writer.kill()
        rest, _ = writer.communicate()
    # The last line may have been cut short by the kill.
    return seen + [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def check(library: Library, acknowledged: list[int]) -> int:
    """All that was acknowledged is there, nothing is there by half; returns the number to go on from."""
    counts = dict(library.query("SELECT comment, count(*) FROM notes WHERE label = 'kept' GROUP BY comment"))
    assert {f"#{number}" for number in acknowledged} <= counts.keys()
    assert set(counts.values()) <= {NOTES_A_STEP}
    found = verify(library)
    assert found.problems == ()
    return 1 + max((int(comment[1:]) for comment in counts), default=0)


def kill_again_and_again(path: Path, passphrase: str | None, times: int, seed: int) -> None:
    chance = random.Random(seed)
    libraries.create(path, passphrase).close()
    acknowledged: list[int] = []
    first = 1
    for _ in range(times):
        acknowledged += run_until_killed(path, passphrase, first, chance)
        with libraries.open(path, passphrase, analyst="Tan K", initials="TK") as library:
            assert library.outside is None
            first = check(library, acknowledged)
    assert acknowledged


def test_a_writer_killed_three_times_loses_nothing_acknowledged(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path / "killed.casefile", None, times=3, seed=1)


@pytest.mark.long
@pytest.mark.parametrize(("passphrase", "seed"), [(None, 2), ("ฝน", 3)])
def test_a_writer_killed_forty_times_loses_nothing_acknowledged(
    tmp_path: Path, passphrase: str | None, seed: int
) -> None:
    kill_again_and_again(tmp_path / "killed.casefile", passphrase, times=20, seed=seed)
