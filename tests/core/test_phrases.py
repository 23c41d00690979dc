"""Every code of the program has its sentence, every sentence its code, and every placeholder its value."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import casefile
from casefile import phrases, resources, tags
from casefile.articles import STATES

PACKAGE = Path(casefile.__file__).resolve().parent
ERRORS = {"CasefileError", "Refused", "LibraryUnusable"}

#: Codes that are put together where they are raised: by file and source text of the argument.
MADE = {
    ("door.py", "f'nothing_to_{action}'"): {"nothing_to_undo", "nothing_to_redo"},
    ("verify.py", "f'commit_{commit.fault}'"): {"commit_unknown_digest_version", "commit_altered"},
}
#: Parameters that hand a code on: where the function is called, it is a literal.
HANDED_ON = {("verify.py", "code"), ("workers.py", "code")}


@dataclass(frozen=True)
class Use:
    """One place where a sentence is asked for: its code, the names of the values given (None: can't be told)."""

    where: str
    code: str
    given: frozenset[str] | None


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def literals(node: ast.AST | None) -> set[str]:
    return (
        {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)} if node else set()
    )


def codes_of(file: str, tree: ast.Module, inside: ast.FunctionDef | None, argument: ast.expr) -> set[str]:
    """The codes that an argument may be: a literal, a choice of literals, a local name for them, or what a function of
    the module returns."""
    match argument:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp(body=one, orelse=other):
            return codes_of(file, tree, inside, one) | codes_of(file, tree, inside, other)
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            returned = [
                n.value for f in functions(tree) if f.name == name for n in ast.walk(f) if isinstance(n, ast.Return)
            ]
            return {code for value in returned if value for code in codes_of(file, tree, None, value)}
        case ast.Name(id=name):
            found: set[str] = set()
            for node in [*(ast.walk(inside) if inside is not None else ()), *tree.body]:
                if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                    found |= codes_of(file, tree, inside, node.value)
            if found or (file, name) in HANDED_ON:
                return found
        case _:
            pass
    made = MADE.get((file, ast.unparse(argument)))
    assert made is not None, f"{file}: the code {ast.unparse(argument)} can't be told; name it in MADE"
    return made


def calls(names: set[str]) -> Iterator[tuple[str, ast.Module, ast.FunctionDef | None, ast.Call]]:
    for name, file, tree, inside, node in every_call():
        if name in names:
            yield file, tree, inside, node


@cache
def every_call() -> list[tuple[str, str, ast.Module, ast.FunctionDef | None, ast.Call]]:
    found: list[tuple[str, str, ast.Module, ast.FunctionDef | None, ast.Call]] = []
    for file, tree in trees().items():
        inside: dict[ast.AST, ast.FunctionDef] = {}
        for function in functions(tree):
            for node in ast.walk(function):
                inside[node] = function  # the innermost one stands: ast.walk meets outer functions first
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found.append((name, file, tree, inside.get(node), node))
    return found


def uses(names: set[str], own_values: frozenset[str] = frozenset()) -> list[Use]:
    found: list[Use] = []
    for file, tree, inside, call in calls(names):
        given = {keyword.arg for keyword in call.keywords}
        values = None if None in given else frozenset(name for name in given if name) | own_values
        codes = codes_of(file, tree, inside, call.args[0]) - {""}
        found += [Use(f"{file}:{call.lineno}", code, values) for code in codes]
    return found


def placeholders(section: str, code: str) -> set[str]:
    sentence = phrases.sentence(section, code)
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def problems(section: str, found: list[Use]) -> list[str]:
    have = phrases.codes(section)
    told: list[str] = []
    for use in found:
        if use.code not in have:
            told.append(f"{use.where}: no sentence for {use.code}")
        elif use.given is not None:
            for code in {use.code, f"{use.code}.one"} & have:
                missing = placeholders(section, code) - use.given
                if missing:
                    told.append(f"{use.where}: {code} is not given {', '.join(sorted(missing))}")
    return told


def test_every_error_has_a_sentence_and_gets_its_values() -> None:
    assert problems("errors", uses(ERRORS)) == []


def every_literal() -> set[str]:
    return {text for tree in trees().values() for text in literals(tree)}.union(*MADE.values())


def test_no_sentence_for_an_error_is_left_over() -> None:
    assert phrases.codes("errors") - every_literal() == set()


def test_every_action_has_a_name_and_gets_its_values() -> None:
    assert problems("actions", uses({"step"})) == []
    assert {"undo", "redo", "merge", "outside"} <= phrases.codes("actions")


def test_no_name_of_an_action_is_left_over() -> None:
    have = {code.removesuffix(".one") for code in phrases.codes("actions")}
    assert have - every_literal() == set()


def warnings_in(tree: ast.Module) -> set[str]:
    """The literals that are given to `warnings`, as an argument or a name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="warnings", value=value):
                found |= literals(value)
            case ast.AugAssign(target=ast.Name(id="warnings"), value=value):
                found |= literals(value)
            case ast.Assign(targets=[ast.Name(id="warnings")], value=value):
                found |= literals(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for name, value in zip(names, values, strict=True):
                    if isinstance(name, ast.Name) and name.id == "warnings":
                        found |= literals(value)
            case _:
                pass
    return found


def test_every_warning_has_a_sentence_and_none_is_left_over() -> None:
    raised = {code for tree in trees().values() for code in warnings_in(tree) if "_" in code} | {"year_inferred"}
    assert raised - phrases.codes("warnings") == set()
    assert phrases.codes("warnings") - every_literal() == set()


@pytest.mark.parametrize("code", sorted(phrases.codes("warnings")))
def test_a_warning_asks_for_no_value_that_a_case_file_can_not_give(code: str) -> None:
    given = {"year", "articles"} if code == "year_inferred" else {"printed"}
    assert placeholders("warnings", code) <= given


def test_every_problem_of_verifying_has_a_sentence_and_gets_its_values() -> None:
    about = {"_add": set(), "_about_row": {"table", "row"}, "_about_content": {"sha256"}}
    told = [
        use
        for name, values in about.items()
        for use in uses({name}, frozenset({"number", *values}))
        if use.where.startswith("verify.py")
    ]
    assert len(told) > 20
    assert problems("problems", told) == []
    literal = uses({"Problem"})
    assert {use.code for use in literal} <= phrases.codes("problems")
    assert phrases.codes("problems") - every_literal() == set()


def test_what_the_command_says_is_there_and_none_is_left_over() -> None:
    have = phrases.codes("command")
    said = {code.removesuffix(".one") for code in have}
    literal = every_literal()
    parts = ("head_", "became_", "count_", "graded_", "mentions_", "did_")
    assert {code for code in said if not code.startswith(parts)} - literal == set()
    assert {
        argument.value
        for _, _, _, call in calls({"say", "counted"})
        if isinstance(argument := call.args[0], ast.Constant)
    } <= have


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("kinds", tags.KINDS),
        ("states", STATES),
        ("bases", ("stated", "inferred", "analyst")),
        ("reasons", ("known_spelling", "known_spelling_folded")),
    ],
)
def test_every_code_of_a_list_has_its_word(section: str, codes: tuple[str, ...]) -> None:
    assert phrases.codes(section) == set(codes)


def test_one_is_said_in_the_singular() -> None:
    assert "1" not in phrases.action("article.import", {"n": 1})
    assert phrases.action("article.import", {"n": 12}) == "import of 12 files"


def test_a_code_of_a_later_version_is_shown_as_it_is() -> None:
    assert phrases.action("claim.add", {"n": 2}) == "claim.add (n: 2)"


def test_every_sentence_of_an_error_says_more_than_what_happened() -> None:
    # What happened, what was kept, what to do next: two sentences at least.
    short = {code for code in phrases.codes("errors") if phrases.sentence("errors", code).count(". ") < 1}
    assert short == set()


def test_phrases_lie_in_one_file_a_language() -> None:
    assert [path.stem for path in resources.path("phrases").glob("*.toml")] == [phrases.LANGUAGE]
