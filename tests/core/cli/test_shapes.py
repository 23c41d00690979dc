"""What every command prints, held against docs/cli.schema.json and docs/cli.md."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import done, here
from jsonschema import Draft202012Validator

from casefile import phrases
from casefile.cli.parser import COMMANDS

DOCS = Path(__file__).resolve().parents[3] / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "cli.schema.json").read_text(encoding="utf-8"))


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without leave for keys that it does not name: what the documents don't tell is not printed."""
    closed = copy.deepcopy(schema)
    shapes = closed["$defs"]
    parts = [shapes["article"], *shapes["show"]["allOf"]]

    def close(node: Any) -> None:
        if isinstance(node, dict) and "properties" in node and not any(node is part for part in parts):
            node["additionalProperties"] = False
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            close(value)

    close(closed)
    for whole in (shapes["list"]["items"], shapes["set"], shapes["show"]):
        whole["unevaluatedProperties"] = False
    return closed


STRICT = strict(SCHEMA)


def check(command: str, value: Any) -> None:
    Draft202012Validator({**STRICT, "$ref": f"#/$defs/{command.replace(' ', '%20')}"}).validate(value)


def test_the_schema_is_one_and_has_an_entry_for_every_command() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["$defs"]) == {*COMMANDS, "id", "article", "error"}


def test_a_key_that_the_schema_does_not_name_is_noticed() -> None:
    check("tag split", {"tag": "0f8fad5b-d9cb-469f-a165-70867728950e"})
    assert not Draft202012Validator({**STRICT, "$ref": "#/$defs/backup"}).is_valid({"path": "a", "more": 1})


def test_what_every_command_prints_is_of_its_shape(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "shapes.casefile"
    (folder / "empty.txt").write_bytes(b"")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    seen: set[str] = set()

    def run(command: str, *words: object, status: int = 0) -> Any:
        said = here(*command.split(), *words, "--json")
        assert said.status == status, said
        check(command, said.value)
        seen.add(command)
        return said.value

    run("new", library)
    assert run("import", library, folder, status=1)["skipped"] == [str(folder / ".hidden")]
    run("import", library, folder / "thai.txt")
    first, *_ = run("list", library)
    number = first["number"]
    run("set", library, number, "publisher=Harbour Post", "published=2025-03-04", "notes_marking=TLP:AMBER")
    run("source", library, "Harbour Post", "--letter", "c", "--party")
    run("grade", library, number, "B2")
    tag = run("tag add", library, "agency", "ตำรวจ", "--spelling", "警方")
    other = run("tag add", library, "agency", "Coastal Crime Bureau", "--spelling", "CCB")
    suggested = run("suggest", library)
    run("mention accept", library, suggested[0]["article"], suggested[0]["id"])
    run("mention reject", library, suggested[-1]["article"], suggested[-1]["id"])
    by_name = {one["file_name"]: one["number"] for one in run("list", library)}
    run("note", library, by_name["thai.txt"], "--quote", "🚨", "--comment", "who?", "--label", "open")
    run("dossier add", library, "A-1", "Lantern")
    run("dossier file", library, "A-1", *by_name.values())
    run("tag apply", library, by_name["thai.txt"], "CCB")
    run("tag list", library)
    for name in by_name.values():
        run("show", library, name)
    run("tag merge", library, tag["id"], other["id"])
    run("tag split", library, tag["id"])
    assert run("search", library, "警方")
    run("brief", library, "--dossier", "A-1", "--out", tmp_path / "brief.docx")
    run("undo", library)
    run("redo", library)
    run("log", library)
    run("verify", library)
    run("backup", library, tmp_path / "copy.casefile")
    samples = DOCS.parent / "samples"
    if any(samples.glob("*")):
        run("demo", tmp_path / "demo")
    assert set(COMMANDS) - seen <= {"demo"}


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["list"], 2, "wrong_use"),
        (["frobnicate"], 2, "wrong_use"),
        ([], 2, "wrong_use"),
        (["search", "LIB", "x", "--limit", "0"], 2, "wrong_use"),
        (["set", "LIB", "TK-0001", "title"], 2, "wrong_use"),
        (["set", "LIB", "TK-0001", "colour=red"], 2, "unknown_field"),
        (["set", "LIB", "TK-0001", "published=13-11-2025"], 2, "date_not_edtf"),
        (["set", "LIB", "TK-0001", "marking=SECRET"], 2, "unknown_marking"),
        (["set", "LIB", "TK-0001", "state=open"], 2, "unknown_state"),
        (["set", "LIB", "TK-0001", "title= "], 2, "title_empty"),
        (["show", "LIB", "TK-9999"], 2, "no_such_article"),
        (["grade", "LIB", "TK-0001", "G9"], 2, "unknown_grade"),
        (["source", "LIB", "NNT", "--letter", "Z"], 2, "unknown_grade"),
        (["note", "LIB", "TK-0001", "--quote", "never printed", "--comment", "x"], 2, "quote_not_found"),
        (["mention", "accept", "LIB", "TK-0001", "ffff"], 2, "no_such_suggestion"),
        (["tag", "add", "LIB", "animal", "Cat"], 2, "unknown_kind_of_tag"),
        (["tag", "apply", "LIB", "TK-0001", "nobody"], 2, "no_such_tag"),
        (["dossier", "file", "LIB", "none", "TK-0001"], 2, "no_such_dossier"),
        (["brief", "LIB", "--dossier", "none", "--out", "x.docx"], 2, "no_such_dossier"),
        (["search", "LIB", "x", "--after", "yesterday"], 2, "date_not_edtf"),
        (["import", "LIB", "-", "x.txt"], 2, "stdin_alone"),
        (["redo", "LIB"], 2, "nothing_to_redo"),
        (["list", "LIB", "--passphrase-file", "/nowhere/at/all"], 2, "passphrase_file_unreadable"),
        (["list", "NOWHERE"], 3, "no_such_library"),
        (["new", "LIB"], 3, "library_exists"),
    ],
)
def test_every_failure_is_one_json_value_and_changes_nothing(
    full: Path, words: list[str], status: int, code: str
) -> None:
    before = done("verify", full)["heads"]
    said = here(*(str(full) if word == "LIB" else word for word in words), "--json")
    check("error", said.value)
    assert (said.status, said.code) == (status, code)
    assert said.code in phrases.codes("errors")
    assert done("verify", full)["heads"] == before
    plain = here(*(str(full) if word == "LIB" else word for word in words))
    assert (plain.status, plain.out) == (status, "")
    assert plain.err.startswith("casefile: ")
    assert plain.err.count("\n") == 1


def test_the_manual_names_every_command_and_every_error() -> None:
    manual = (DOCS / "cli.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert re.search(rf"`casefile {command} ?[`A-Z\[]", manual), command
    table = set(re.findall(r"^\| `([a-z_]+)` \|", manual, re.MULTILINE))
    assert table == phrases.codes("errors") | {"fault"}
