"""Three libraries that part and meet in every way: after a full exchange they are equal and verify."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casefile import door, identity
from casefile import library as libraries
from casefile.door import Library
from casefile.erasing import erase_values
from casefile.errors import CasefileError
from casefile.exchange.export import recorded_rows
from casefile.exchange.merge import merge
from casefile.verify import verify

WORDS = [None, "ปอยเปต", "សៀមរាប", "西港", "e\u0301", "\u00e9", "🙂", "a\r\nb", "zebra", "[1]"]
ANALYSTS = ("Tan K", "Li Na", "Sok P")


class Circle:
    """Three analysts with a library each, some older copies in a drawer, and a seeded idea of what happens next."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.drawer: list[Path] = []
        self.years = 2031
        self.libraries = [
            libraries.create(folder / str(n) / "cases.casefile", analyst=analyst)
            for n, analyst in enumerate(ANALYSTS)
            if (folder / str(n)).mkdir() is None
        ]
        self.deeds: list[tuple[int, Callable[[int], None]]] = [
            (14, self.work),
            (5, self.undo),
            (4, self.redo),
            (5, self.meet),
            (1, self.copy_over),
            (1, self.keep),
            (1, self.restore),
            (1, self.jump),
            (1, self.erase),
            (1, self.write_outside),
        ]

    def live(self, deeds: int) -> None:
        weights, doings = zip(*self.deeds, strict=True)
        for _ in range(deeds):
            (doing,) = self.chance.choices(doings, weights)
            doing(self.chance.randrange(3))

    def a_row(self, library: Library, table: str) -> str | None:
        rows = library.query(f"SELECT id FROM {table} ORDER BY id")
        return self.chance.choice(rows)[0] if rows else None

    # ---- what happens

    def work(self, n: int) -> None:
        library = self.libraries[n]
        try:
            with library.step("work"):
                for _ in range(self.chance.randrange(1, 5)):
                    self.change(library)
        except CasefileError as refused:
            assert refused.code == "erased"

    def change(self, library: Library) -> None:
        chance, word = self.chance, self.chance.choice(WORDS)
        table = chance.choice(["articles", "articles", "notes", "tags", "taggings", "sources"])
        row = self.a_row(library, table)
        if row is not None and chance.random() < 0.6:
            fields = {
                "articles": "title",
                "notes": "comment",
                "tags": "merged_into",
                "taggings": "tag",
                "sources": "party",
            }
            name = chance.choice([fields[table], "deleted"])
            values = {
                "deleted": chance.randrange(2),
                "merged_into": self.a_row(library, "tags"),
                "tag": self.a_row(library, "tags"),
                "party": chance.choice([0, 1, None]),
            }
            library.change(table, row, **{name: values.get(name, word)})
            return
        article = self.a_row(library, "articles")
        match table:
            case "articles" | "sources":
                # A few ids only, so that the same article comes in on several sides.
                made = identity.derived(table, str(chance.randrange(8)))
                if not library.query(f"SELECT 1 FROM {table} WHERE id = ?", (made,)):
                    library.insert(table, made, **{"title" if table == "articles" else "name": word})
            case "tags":
                library.insert("tags", identity.fresh(), kind="person", name=word)
            case "notes":
                library.insert("notes", identity.fresh(), article=article, comment=word)
            case _:
                library.insert("taggings", identity.fresh(), article=article, tag=self.a_row(library, "tags"))

    def undo(self, n: int) -> None:
        if self.libraries[n].undo_name() is not None:
            self.libraries[n].undo()

    def redo(self, n: int) -> None:
        if self.libraries[n].redo_name() is not None:
            self.libraries[n].redo()

    def meet(self, n: int) -> None:
        library, other = self.libraries[n], self.libraries[self.chance.choice([m for m in range(3) if m != n])]
        merge(library, other.path)
        known = {row[0] for row in library.query("SELECT id FROM commits")}
        assert known >= {row[0] for row in other.query("SELECT id FROM commits")}
        assert merge(library, other.path).commits == 0

    def put(self, file: Path, n: int) -> None:
        path = self.libraries[n].path
        self.libraries[n].close()
        shutil.copy(file, path)
        self.libraries[n] = libraries.open(path, analyst=ANALYSTS[n])

    def copy_over(self, n: int) -> None:
        other = self.chance.choice([m for m in range(3) if m != n])
        self.keep(other)
        self.put(self.drawer[-1], n)

    def keep(self, n: int) -> None:
        path = self.libraries[n].path
        self.libraries[n].close()
        self.drawer.append(self.folder / f"kept-{len(self.drawer)}.casefile")
        shutil.copy(path, self.drawer[-1])
        self.libraries[n] = libraries.open(path, analyst=ANALYSTS[n])

    def restore(self, n: int) -> None:
        if self.drawer:
            self.put(self.chance.choice(self.drawer), n)

    def jump(self, _: int) -> None:
        self.years = self.chance.choice([1970, 2031, 2099, 9999])

    def now(self) -> str:
        return f"{self.years}-06-01T12:00:00Z"

    def erase(self, n: int) -> None:
        library = self.libraries[n]
        note = self.a_row(library, "notes")
        if note is not None:
            erase_values(library, [("notes", note, "comment")])

    def write_outside(self, n: int) -> None:
        library = self.libraries[n]
        with library.derive() as connection:
            connection.execute("UPDATE articles SET place = ? WHERE n % 3 = 0", (self.chance.choice(WORDS),))
        library.close()
        self.libraries[n] = libraries.open(library.path, analyst=ANALYSTS[n])

    # ---- the end

    def exchange(self) -> None:
        """Everyone merges with everyone until all have all."""
        first, second, third = self.libraries
        for one, other in ((first, second), (first, third), (second, first), (third, first)):
            merge(one, other.path)

    def check(self) -> None:
        for library in self.libraries:
            assert verify(library).problems == ()
        self.exchange()
        states = [list(recorded_rows(library)) for library in self.libraries]
        assert states[0] == states[1] == states[2]
        heads = [library.query("SELECT id FROM heads ORDER BY id") for library in self.libraries]
        assert heads[0] == heads[1] == heads[2]
        assert len(heads[0]) <= 1
        for library in self.libraries:
            assert verify(library).problems == ()
            assert merge(library, self.libraries[0].path).commits == 0

    def close(self) -> None:
        for library in self.libraries:
            library.close()


def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, deeds: int) -> None:
    folder = tmp_path / str(seed)
    folder.mkdir()
    circle = Circle(folder, seed)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(door, "utc_now", circle.now)
            circle.live(deeds)
            circle.check()
    finally:
        circle.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("seed", range(4))
def test_three_libraries_converge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    play(tmp_path, monkeypatch, seed, deeds=40)


@pytest.mark.long
@pytest.mark.parametrize("start", range(100, 400, 20))
def test_three_libraries_converge_in_three_hundred_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    for seed in range(start, start + 20):
        play(tmp_path, monkeypatch, seed, deeds=60)
