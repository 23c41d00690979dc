from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import docx
import pytest

from casefile import articles, demo, dossiers, mentions, notes, resources, sources, tags
from casefile import library as libraries
from casefile.brief import issue
from casefile.errors import CasefileError
from casefile.verify import verify

SAMPLES = resources.folder("samples")
PLAN: dict[str, Any] = tomllib.loads((SAMPLES / "library.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return demo.build(tmp_path_factory.mktemp("sample") / "not there yet")


@pytest.fixture
def sample(built: tuple[Path, Path]):
    with libraries.open(built[0], write=False) as library:
        yield library


def _by_file(sample) -> dict[str | None, articles.Article]:
    return {one.file_name: one for one in articles.some(sample, articles.ids(sample))}


def test_the_folder_holds_one_library_and_its_brief(built: tuple[Path, Path]) -> None:
    library, brief = built
    assert [path.name for path in library.parent.glob("*.casefile")] == ["sample.casefile"]
    assert sorted(path.suffix for path in library.parent.iterdir()) == [".casefile", ".docx", ".lock"]
    assert brief.parent == library.parent


def test_the_sample_verifies(sample) -> None:
    found = verify(sample)
    assert (found.ok, found.problems, found.articles) == (True, (), 3)


def test_the_wire_report_says_its_day_its_place_and_who_stands_behind_it(sample) -> None:
    wire = _by_file(sample)["wire-report.txt"]
    assert (wire.number, wire.publisher, wire.origin) == ("SA-0001", "The Estuary Post", "Two Rivers Wire")
    assert (wire.place, wire.language, wire.grade) == ("THA MUEN DAO", "en", "B2")
    assert wire.title == "Border river police clear three warehouses at Tha Muen Dao"
    assert wire.published is not None
    assert (wire.published.edtf, wire.published.basis) == ("2024-09-05", "stated")
    assert wire.warnings == ()  # the weekday beside the date is right


def test_the_statement_is_undated_but_not_older_than_the_day_it_tells_of(sample) -> None:
    statement = _by_file(sample)["provincial-statement.txt"]
    assert (statement.publisher, statement.origin) == (None, "Provincial Administration of Kampong Romduol")
    assert (statement.place, statement.language, statement.grade) == ("Kampong Romduol", "en", "C3")
    assert statement.published is not None
    assert (statement.published.edtf, statement.published.bounds) == (None, "2024-09-09/..")
    party = sources.find(sample, "Provincial Administration of Kampong Romduol")
    assert party is not None
    assert party.party


def test_the_thai_report_is_read_from_its_buddhist_year_and_its_line_ends(sample) -> None:
    thai = _by_file(sample)["thai-report.txt"]
    assert (thai.publisher, thai.origin, thai.language) == ("สำนักข่าวธารดาว", None, "th")
    assert (thai.place, thai.grade) == ("ท่าหมื่นดาว", "B2")
    assert thai.published is not None
    assert (thai.published.edtf, thai.published.printed) == ("2024-09-12", "วันพฤหัสบดีที่ 12 กันยายน พ.ศ. 2567")
    received = (SAMPLES / "thai-report.txt").read_bytes()
    assert received.count(b"\r\n") == received.count(b"\n") > 10
    assert unicodedata.is_normalized("NFC", received.decode())
    assert "\r" not in articles.text(sample, thai.id)


def test_every_suggestion_is_of_a_tag_and_decided(sample) -> None:
    for article in articles.ids(sample):
        assert mentions.suggestions(sample, article) == []
        assert mentions.of_article(sample, article)
    printed = {tag.name: {one.text for one in tag.spellings if one.articles} for tag in tags.every(sample)}
    assert printed["Arthit Khetsarawong"] >= {"Arthit Khetsarawong", "Artit Ketsarawong", "อาทิตย์ เขตสราวงศ์"}
    assert printed["Tha Muen Dao"] == {"Tha Muen Dao", "THA MUEN DAO", "Thamuendao", "ท่าหมื่นดาว"}
    assert all(printed[one["name"]] for one in PLAN["tags"])


def test_every_note_quotes_its_article_letter_by_letter(sample) -> None:
    found = notes.of_dossier(sample, dossiers.find(sample, "TMD-1").id)
    assert sorted(note.passage.exact for note in found) == sorted(one["quote"] for one in PLAN["notes"])
    for note in found:
        assert articles.text(sample, note.article)[note.passage.start : note.passage.stop] == note.passage.exact


def test_the_brief_has_every_finding_and_the_marking_of_the_notes(built: tuple[Path, Path]) -> None:
    document = docx.Document(str(built[1]))
    printed = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for one in PLAN["notes"]:
        assert one["comment"] in printed
        assert one["quote"] in printed
    assert PLAN["brief"]["bottom_line"] in printed
    assert document.core_properties.keywords == "TLP:GREEN"


def test_nobody_who_is_accused_is_named_without_saying_by_whom() -> None:
    for text in ((SAMPLES / "wire-report.txt").read_text(encoding="utf-8"), *(one["comment"] for one in PLAN["notes"])):
        for sentence in text.replace("\n", ". ").split(". "):
            if "Chanrith" in sentence:
                assert "told the agency" in sentence or "Court papers seen by" in sentence


def test_two_builds_hold_the_same(built: tuple[Path, Path], sample, tmp_path: Path) -> None:
    with libraries.open(demo.build(tmp_path)[0], write=False) as other:
        assert _plain(other) == _plain(sample)


def _plain(library) -> list[object]:
    dossier = dossiers.every(library)
    return [
        [(one.id, one.number, one.title, one.published, one.grade, one.marking) for one in _by_file(library).values()],
        [(tag.kind, tag.name, tag.spellings, tag.mentions) for tag in tags.every(library)],
        [(note.article, note.passage, note.comment) for note in notes.of_dossier(library, dossier[0].id)],
        [(source.name, source.letter, source.party) for source in sources.every(library)],
        [(one.reference, one.title, one.articles) for one in dossier],
    ]


def test_a_second_build_keeps_what_the_user_did(built: tuple[Path, Path], tmp_path: Path) -> None:
    for path in built:
        shutil.copy(path, tmp_path)
    brief = tmp_path / built[1].name
    brief.write_bytes(b"edited by hand")
    with libraries.open(tmp_path / built[0].name, analyst="Tan K", initials="TK") as mine:
        (first, *_) = articles.ids(mine)
        articles.set_fields(mine, first, {"title": "My own title"})
    assert demo.build(tmp_path) == (tmp_path / built[0].name, brief)
    assert brief.read_bytes() == b"edited by hand"
    with libraries.open(tmp_path / built[0].name, write=False) as mine:
        assert articles.get(mine, first).title == "My own title"
        assert issue.count(mine, dossiers.find(mine, "TMD-1").id) == 1


def test_a_missing_brief_is_exported_again_from_the_library_as_it_stands(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    kept = Path(shutil.copy(built[0], tmp_path))
    with libraries.open(kept, analyst="Tan K", initials="TK") as mine:
        (first, *_) = articles.ids(mine)
        notes.add(mine, first, start=0, stop=8, comment="A finding of my own.")
    _, brief = demo.build(tmp_path)
    assert "A finding of my own." in "\n".join(one.text for one in docx.Document(str(brief)).paragraphs)


def test_a_file_of_another_making_under_its_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sample.casefile").write_text("a letter", encoding="utf-8")
    with pytest.raises(CasefileError) as told:
        demo.build(tmp_path)
    assert told.value.code == "not_a_library"
    assert [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.casefile")] == ["a letter"]
    assert not list(tmp_path.glob("*.docx"))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(CasefileError) as told:
        demo.build(tmp_path / "file" / "demo")
    assert told.value.code == "no_rights"


def test_a_build_that_fails_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = tmp_path / "samples"
    shutil.copytree(SAMPLES, samples)
    (samples / "thai-report.txt").write_bytes(b"")
    monkeypatch.setattr(resources, "folder", lambda name: samples if name == "samples" else SAMPLES.parent / name)
    with pytest.raises(CasefileError) as told:
        demo.build(tmp_path / "demo")
    assert told.value.code == "empty_file"
    assert list((tmp_path / "demo").iterdir()) == []


def test_an_installed_package_makes_the_sample_from_its_own_files(tmp_path: Path) -> None:
    installed = tmp_path / "site"
    package = Path(demo.__file__).parent
    shutil.copytree(package, installed / "casefile", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("resources", "samples"):
        shutil.copytree(resources.folder(name), installed / "casefile" / name, dirs_exist_ok=True)
    program = (
        "from pathlib import Path\n"
        "from casefile import demo, resources\n"
        "if __name__ == '__main__':\n"
        "    print(resources.folder('samples'), *demo.build(Path('made')), sep='\\n')\n"
    )
    (tmp_path / "run.py").write_text(program, encoding="utf-8")
    said = subprocess.run(
        [sys.executable, tmp_path / "run.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout.splitlines()
    assert Path(said[0]) == (installed / "casefile" / "samples").resolve()
    assert [Path(line).exists() for line in said[1:]] == [True, True]
