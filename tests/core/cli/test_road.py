"""The whole road by command: from files to a Word brief, back to nothing, and there again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from command_line import done, here, process

from casefile import library as libraries
from casefile import schema

CHECKOUT = Path(__file__).resolve().parents[3]
FIVE = CHECKOUT.parent / "shared" / "articles"
SAMPLES = CHECKOUT / "samples"


def five() -> list[Path]:
    if not FIVE.is_dir():
        pytest.skip("the folder `shared` with the five articles does not lie beside this checkout")
    return sorted(FIVE.glob("*.txt"))


def state(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All recorded rows that are not in the Bin, without their local numbers: what "the same state" compares."""
    with libraries.open(path, write=False) as library:
        return {
            table: sorted(
                library.query(f"SELECT id, {', '.join(of.fields)} FROM {table} WHERE deleted = 0"),
                key=lambda row: row[0],
            )
            for table, of in schema.RECORDED.items()
        }


def undone_and_redone(path: Path) -> None:
    """Undo all there is, look, open anew (every command does), redo all: the state is what it was."""
    before = state(path)
    steps = 0
    while (said := here("undo", path, "--json")).status == 0:
        assert said.value["skipped"] == []
        steps += 1
    assert said.value["error"]["code"] == "nothing_to_undo"
    assert steps > 5
    assert all(rows == [] for rows in state(path).values())
    assert done("list", path) == []
    assert done("verify", path)["ok"]
    for _ in range(steps):
        done("redo", path)
    assert here("redo", path, "--json").code == "nothing_to_redo"
    assert state(path) == before
    assert done("verify", path)["ok"]


def test_the_five_articles_come_in_as_they_should(library: Path) -> None:
    wanted = five()
    report = done("import", library, FIVE, "--from", "A Colleague")
    assert len(report["imported"]) == len(wanted) == 5
    assert report["refused"] == report["known"] == report["skipped"] == []
    listed = done("list", library)
    assert [one["number"] for one in listed] == [f"TK-000{place}" for place in range(1, 6)]
    assert [one["file_name"] for one in listed] == [path.name for path in wanted]
    assert [one["sha256"] for one in listed] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in wanted]
    assert [one["published"] for one in listed] == ["2025-03-15", "2025-07-10", None, "2025-11-13", None]
    assert [one["bounds"] for one in listed] == [None, None, "../2025-02-01", None, "2025-06-20/.."]
    assert [one["published_basis"] for one in listed] == ["stated", "stated", "inferred", "stated", "inferred"]
    assert listed[0]["origin"] == "Thai News Agency"
    assert listed[0]["publisher"] is None
    year = [warning for warning in listed[2]["warnings"] if warning["code"] == "year_inferred"]
    assert "2025" in year[0]["message"]
    assert "TK-0004" in year[0]["message"]
    assert not [one for one in listed[2]["warnings"] if one["code"] == "year_not_printed"]
    shown = done("show", library, "TK-0001")
    assert shown["text"].encode() in {path.read_bytes() for path in wanted}
    assert shown["originals"][0]["receipts"][0]["from_whom"] == "A Colleague"


def test_a_date_without_its_year_stays_without_bounds_where_nothing_dates_it(library: Path) -> None:
    alone = five()[2]
    done("import", library, alone)
    (only,) = done("list", library)
    assert (only["published"], only["bounds"]) == (None, None)
    assert [warning["code"] for warning in only["warnings"]] == ["year_not_printed"]


def test_the_year_is_inferred_when_the_dated_articles_come_later(library: Path) -> None:
    wanted = five()
    done("import", library, wanted[2])
    done("import", library, wanted[0], wanted[1], wanted[3])
    assert done("list", library)[0]["bounds"] == "../2025-02-01"


def test_the_road_from_the_five_articles_to_a_brief_and_back(library: Path, tmp_path: Path) -> None:
    five()
    done("import", library, FIVE)
    person = done(
        "tag", "add", library, "person", "Thatchai Pitaneelabutr", "--spelling", "Thatchai Pitaneelaboot",
        "--spelling", "Pitaneelaboot",
    )  # fmt: skip
    done("tag", "add", library, "agency", "UNODC")
    suggested = done("suggest", library)
    assert {one["kind"] for one in suggested} == {"person", "agency"}
    texts = {one["id"]: done("show", library, one["number"])["text"] for one in done("list", library)}
    for one in suggested:
        assert texts[one["article"]][one["start"] : one["stop"]] == one["text"]
    by_article: dict[str, list[str]] = {}
    for one in suggested:
        by_article.setdefault(one["article"], []).append(one["id"])
    for article, ids in by_article.items():
        done("mention", "accept", library, article, *ids)
    assert done("suggest", library) == []
    counted = {one["id"]: one for one in done("tag", "list", library)}
    printed = {spelling["text"]: spelling["articles"] for spelling in counted[person["id"]]["spellings"]}
    assert printed["Thatchai Pitaneelabutr"] == 1
    assert printed["Thatchai Pitaneelaboot"] == 2
    note = done("note", library, "TK-0003", "--quote", "starting February 1", "--comment", "Which year?")
    assert texts[note["article"]][note["start"] : note["stop"]] == "starting February 1"
    hits = done("search", library, "which year")
    assert [hit["number"] for hit in hits] == ["TK-0003"]
    done("set", library, "TK-0003", "publisher=NNT")
    assert done("grade", library, "TK-0001", "B2")["of"] == "origin"
    assert done("grade", library, "TK-0003", "C3")["of"] == "publisher"
    assert here("grade", library, "TK-0002", "B2", "--json").code == "no_source"
    done("dossier", "add", library, "OP-7", "Call centres at the border")
    done("dossier", "file", library, "OP-7", *(one["number"] for one in done("list", library)))
    out = tmp_path / "brief.docx"
    done("brief", library, "--dossier", "OP-7", "--out", out, "--marking", "TLP:AMBER", "--bottom-line", "It goes on.")
    with zipfile.ZipFile(out) as word:
        document = word.read("word/document.xml").decode()
    for expected in ("starting February 1", "Which year?", "Pitaneelaboot", "It goes on."):
        assert expected in document
    assert done("verify", library)["ok"]
    assert done("log", library, "--limit", "1")[0]["action"] == "brief.export"
    undone_and_redone(library)


def test_a_sentence_that_stands_twice_is_noted_where_it_was_meant(library: Path) -> None:
    done("import", library, five()[2])
    text = done("show", library, "TK-0001")["text"]
    sentence = next(line for line in text.splitlines() if line and text.count(line) > 1)
    said = here("note", library, "TK-0001", "--quote", sentence, "--comment", "which?", "--json")
    assert (said.status, said.code) == (2, "quote_ambiguous")
    note = done("note", library, "TK-0001", "--quote", sentence, "--comment", "this", "--occurrence", "2")
    assert text.index(sentence) < note["start"] == text.index(sentence, text.index(sentence) + 1)


def test_the_road_on_our_own_articles_and_back(full: Path, tmp_path: Path) -> None:
    listed = done("list", full)
    assert {"th", "km", "zh-Hans", "vi"} <= {one["language"] for one in listed}
    ids = {one["file_name"]: one for one in listed}
    bureau = done("tag", "add", full, "agency", "Coastal Crime Bureau", "--spelling", "CCB")
    done("tag", "add", full, "agency", "ตำรวจ")
    done("tag", "add", full, "person", "Marisol Quandt")
    for one in done("suggest", full):
        done("mention", "accept", full, one["article"], one["id"][:8])
    assert {one["name"]: one["mentions"] for one in done("tag", "list", full)} == {
        "Coastal Crime Bureau": 2,
        "ตำรวจ": 2,
        "Marisol Quandt": 1,
    }
    done("note", full, ids["thai.txt"]["id"], "--quote", "พบคนทำงาน 12 คน 🚨", "--comment", "ใครนับ?")
    done("dossier", "add", full, "HL-1", "Lantern")
    done("dossier", "file", full, "HL-1", *(one["number"] for one in listed))
    done("tag", "apply", full, ids["chinese.txt"]["id"][:8], bureau["id"])
    for words, name in (
        ("ยาบ้า", "thai.txt"),
        ("警方", "chinese.txt"),
        ("dak lak", "vietnamese.txt"),
        ("ใครนับ", "thai.txt"),
        ("មនុស្ស", "khmer.txt"),
    ):
        (hit,) = done("search", full, words)
        assert hit["article"] == ids[name]["id"]
        assert all(0 <= start < stop <= len(hit["snippet"]) for start, stop in hit["marks"])
    assert {hit["article"] for hit in done("search", full, "", "--tag", "CCB")} == {
        ids["harbour.txt"]["id"],
        ids["chinese.txt"]["id"],
    }
    assert len(done("search", full, "", "--dossier", "HL-1", "--after", "2025-03-05", "--before", "2025-03-06")) == 2
    done("brief", full, "--dossier", "HL-1", "--out", tmp_path / "brief.docx")
    assert done("verify", full)["ok"]
    undone_and_redone(full)


def test_the_samples_make_the_demo(tmp_path: Path) -> None:
    if not any(SAMPLES.glob("*")):
        pytest.skip("no samples in this checkout")
    made = done("demo", tmp_path / "demo")
    assert Path(made["brief"]).read_bytes()[:2] == b"PK"
    assert done("verify", made["library"])["ok"]
    assert done("list", made["library"])
    assert done("tag", "list", made["library"])


def test_the_demo_is_left_as_it_is_when_it_was_made_before(tmp_path: Path) -> None:
    if not any(SAMPLES.glob("*")):
        pytest.skip("no samples in this checkout")
    first = done("demo", tmp_path / "demo")
    number = done("list", first["library"])[0]["number"]
    done("set", first["library"], number, "state=relevant")
    assert done("demo", tmp_path / "demo") == first
    assert done("list", first["library"])[0]["state"] == "relevant"
    assert "made here before" in here("demo", tmp_path / "demo").out
    Path(first["brief"]).write_bytes(b"a letter of mine")
    assert done("demo", tmp_path / "demo") == first
    assert Path(first["brief"]).read_bytes() == b"a letter of mine"


def test_a_process_of_its_own_does_the_same_as_a_call(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "own.casefile"
    assert process("new", library, variables={"LC_ALL": "C", "PYTHONUTF8": "0"}).status == 0
    said = process("import", library, folder, "--from", "Tần", variables={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert said.status == 0
    assert [line.split()[0] for line in said.err.splitlines()] == [f"TK-000{place}" for place in range(1, 6)]
    assert "ตำรวจบุกค้นอาคาร" in said.err
    listed = process("list", library, variables={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert "警方捣毁诈骗窝点" in listed.out


def test_the_same_bytes_again_are_told_and_restored_from_the_bin(full: Path, folder: Path) -> None:
    said = here("import", full, folder / "thai.txt", "--from", "Somebody", "--json")
    assert said.status == 0
    assert said.value["imported"] == []
    (known,) = said.value["known"]
    assert known["path"] == str(folder / "thai.txt")
    assert "TK-0004" in said.err
    receipts = done("show", full, known["article"])["originals"][0]["receipts"]
    assert [one["from_whom"] for one in receipts] == [None, "Somebody"]
    done("undo", full)
    done("undo", full)  # the first import: all five go
    assert done("list", full) == []
    again = done("import", full, folder / "thai.txt")
    assert [one["article"] for one in again["restored"]] == [known["article"]]


def test_pasted_text_comes_in_by_the_standard_input(library: Path) -> None:
    said = process("import", library, "-", "--from", "Ministry", "--json", given="วันนี้\r\nตำรวจ\r\n".encode())
    (article,) = said.value["imported"]
    shown = done("show", library, article)
    assert shown["text"] == "วันนี้\nตำรวจ\n"
    assert shown["originals"][0]["receipts"][0] | {"received": ""} == {
        "received": "", "from_whom": "Ministry", "how": "paste",
    }  # fmt: skip
    empty = process("import", library, "-", "--json")
    assert (empty.status, empty.value["refused"][0]["code"]) == (1, "empty_file")


def test_what_comes_through_a_pipe_is_read_in_a_process_of_its_own(library: Path) -> None:
    program = (
        "import sys; from casefile.cli import main; main(sys.argv[1:]); "
        "print(*(name for name in sys.modules if name in ('lxml', 'trafilatura')), file=sys.stderr)"
    )
    page = b"<!doctype html><html><body><h1>Harbour news</h1><p>The pier was closed on Monday.</p></body></html>"
    ran = subprocess.run(
        [sys.executable, "-c", program, "import", str(library), "-"],
        input=page, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert ran.stderr.decode().splitlines()[-1] == ""
    assert "pier was closed" in done("show", library, "TK-0001")["text"]


def altered(path: Path, sql: str, triggers: str) -> None:
    """Change a library by hand, past its guarding triggers, which opening it for writing makes again."""
    connection = sqlite3.connect(path)
    for trigger in triggers.split():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(sql)
    connection.commit()
    connection.close()
    libraries.open(path).close()


def test_verify_names_the_case_file_of_which_a_byte_was_changed(full: Path) -> None:
    of = "SELECT o.sha256 FROM originals o JOIN articles a ON a.id = o.article WHERE a.number = 'TK-0003'"
    with libraries.open(full, write=False) as library:
        ((part, data),) = library.query(f"SELECT n, data FROM blob_parts WHERE sha256 = ({of})")
    changed = bytes([*data[:-3], data[-3] ^ 1, *data[-2:]]).hex()
    altered(full, f"UPDATE blob_parts SET data = X'{changed}' WHERE n = {part}", "blob_parts_fixed")
    said = here("verify", full, "--json")
    assert said.status == 1
    (problem,) = said.value["problems"]
    assert (problem["code"], problem["number"]) == ("original_altered", "TK-0003")
    assert "TK-0003" in problem["message"]
    plain = here("verify", full)
    assert (plain.status, plain.out.splitlines()[0]) == (1, problem["message"])


def test_verify_names_the_step_that_was_altered(full: Path) -> None:
    done("set", full, "TK-0001", "title=As it was set")
    step = done("log", full, "--limit", "1")[0]["commit"]
    altered(full, "UPDATE changes SET value = 'As it never was' WHERE value = 'As it was set'", "changes_fixed")
    said = here("verify", full, "--json")
    assert said.status == 1
    assert step in [problem["commit"] for problem in said.value["problems"]]


def test_merging_two_tags_and_splitting_them_again(full: Path) -> None:
    one = done("tag", "add", full, "agency", "CCB")
    other = done("tag", "add", full, "agency", "Coastal Crime Bureau")
    for suggestion in done("suggest", full):
        done("mention", "accept", full, suggestion["article"], suggestion["id"])
    before = done("tag", "list", full)
    done("tag", "merge", full, "CCB", "Coastal Crime Bureau")
    (merged,) = done("tag", "list", full)
    assert (merged["id"], merged["mentions"]) == (other["id"], 2)
    assert here("tag", "merge", full, "CCB", "Coastal Crime Bureau", "--json").code == "merge_itself"
    done("tag", "split", full, one["id"][:13])
    assert done("tag", "list", full) == before
    assert here("tag", "split", full, "CCB", "--json").code == "not_merged"


def test_a_rejected_suggestion_stays_away(full: Path) -> None:
    done("tag", "add", full, "agency", "CCB")
    (suggested,) = done("suggest", full)
    done("mention", "reject", full, suggested["article"], suggested["id"][:4])
    assert done("suggest", full) == []
    assert done("tag", "list", full)[0]["mentions"] == 0
    done("undo", full)
    assert done("suggest", full) == [suggested]


def test_what_is_read_goes_on_while_another_process_holds_the_library(full: Path, tmp_path: Path) -> None:
    with libraries.open(full, analyst="Holder", initials="HO"):
        assert len(done("list", full)) == 5
        assert done("search", full, "Lantern")
        assert done("verify", full)["ok"]
        assert done("suggest", full) == []
        assert done("tag", "list", full) == []
        assert done("log", full)
        assert done("show", full, "TK-0001")["number"] == "TK-0001"
        done("backup", full, tmp_path / "copy.casefile")
        said = here("undo", full, "--json")
        assert (said.status, said.code) == (3, "library_held")
        assert "process" in said.value["error"]["message"]
    assert len(done("list", tmp_path / "copy.casefile")) == 5


def test_json_is_one_value_that_any_program_reads(full: Path) -> None:
    for words in (["list", full], ["log", full], ["show", full, "TK-0001"]):
        said = process(*words, "--json")
        assert json.loads(said.out)
        assert said.err == ""
