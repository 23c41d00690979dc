"""What the command takes: one table of its commands, and the argparse parser made from it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from casefile import __version__
from casefile.errors import CasefileError

COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("keeping", "new"),
    "import": ("intake", "bring_in"),
    "list": ("case_files", "list_all"),
    "show": ("case_files", "show"),
    "set": ("case_files", "set_fields"),
    "source": ("case_files", "source"),
    "grade": ("case_files", "grade"),
    "note": ("case_files", "note"),
    "dossier add": ("case_files", "dossier_add"),
    "dossier file": ("case_files", "dossier_file"),
    "tag add": ("tagging", "add"),
    "tag list": ("tagging", "list_all"),
    "tag apply": ("tagging", "apply"),
    "tag merge": ("tagging", "merge"),
    "tag split": ("tagging", "split"),
    "suggest": ("tagging", "suggest"),
    "mention accept": ("tagging", "accept"),
    "mention reject": ("tagging", "reject"),
    "search": ("finding", "search"),
    "brief": ("finding", "brief"),
    "undo": ("keeping", "undo"),
    "redo": ("keeping", "redo"),
    "log": ("keeping", "log"),
    "verify": ("keeping", "verify"),
    "backup": ("keeping", "backup"),
    "demo": ("keeping", "demo"),
}
"""Where the function behind each command stands: a module of this package, and its name there."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CasefileError("wrong_use", command=self.prog, reason=message)


def words(value: str) -> str:
    """Text that can be stored. UTF-8 is understood in any locale; other bytes that are no text are refused."""
    try:
        # Halves of surrogate pairs are bytes that the locale's encoding could not read.
        return value if value.isascii() or _is_text(value) else os.fsencode(value).decode("utf-8")
    except UnicodeError:
        raise argparse.ArgumentTypeError("the text is not UTF-8") from None


def _is_text(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def count(value: str) -> int:
    """A whole number from 1."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value} is not a whole number from 1")
    return int(value)


def field(value: str) -> tuple[str, str]:
    """FIELD=VALUE as a pair."""
    name, equals, given = words(value).partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{value} is not of the form FIELD=VALUE")
    return name.strip(), given


_FILE = "case file: its number, or at least four characters of its id"
_TAG = "tag: its name, a spelling of it, or at least four characters of its id"
_ID = "suggestion: its id or at least four characters of it"


def build() -> argparse.ArgumentParser:
    """The parser of the whole command. Wrong use raises CasefileError "wrong_use"; --help and --version exit."""
    parser = _Parser(prog="casefile", description="Case files for analysts who work offline.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"casefile {__version__}")
    commands = _Commands(parser)
    _case_files(commands)
    _dossiers_and_tags(commands)
    _finding(commands)
    _keeping(commands)
    return parser


def _case_files(commands: _Commands) -> None:
    commands.add("new", "make an empty library")

    add = commands.add("import", "bring in files, folders, or pasted text")
    add("paths", nargs="+", metavar="PATH", help="file or folder; - alone reads the standard input")
    add("--from", dest="from_whom", metavar="WHOM", type=words, help="from whom it was received")

    add = commands.add("list", "list the case files")
    add("--dossier", metavar="REFERENCE", type=words, help="only those filed in this dossier")

    add = commands.add("show", "show a case file with its text and all that was done to it")
    add("file", metavar="FILE", type=words, help=_FILE)

    add = commands.add("set", "set facts of a case file by hand")
    add("file", metavar="FILE", type=words, help=_FILE)
    add(
        "fields",
        nargs="+",
        metavar="FIELD=VALUE",
        type=field,
        help="title, publisher, origin, place, language, published (EDTF), marking, notes_marking or state",
    )

    add = commands.add("source", "add or show a source, grade it, or mark it as a party")
    add("name", metavar="NAME", type=words)
    add("--letter", metavar="B", type=words, help="its reliability, A to F")
    add("--party", action=argparse.BooleanOptionalAction, default=None, help="whether it is a party to the matter")

    add = commands.add("grade", "grade a case file, such as B2")
    add("file", metavar="FILE", type=words, help=_FILE)
    add("grade", metavar="GRADE", type=words, help="letter of the source and digit of the case file, such as B2")

    add = commands.add("note", "put a note on a passage")
    add("file", metavar="FILE", type=words, help=_FILE)
    add("--quote", metavar="TEXT", type=words, required=True, help="the passage as printed")
    add("--comment", metavar="TEXT", type=words, required=True)
    add("--occurrence", metavar="N", type=count, help="which one, where the quote occurs several times")
    add("--label", metavar="LABEL", type=words)


def _dossiers_and_tags(commands: _Commands) -> None:
    dossier = commands.group("dossier", "make dossiers and file case files in them")
    add = dossier.add("add", "make a dossier")
    add("reference", metavar="REFERENCE", type=words)
    add("title", metavar="TITLE", type=words)
    add = dossier.add("file", "file case files in a dossier")
    add("reference", metavar="REFERENCE", type=words)
    add("files", nargs="+", metavar="FILE", type=words, help=_FILE)

    tag = commands.group("tag", "operations, people, agencies, companies, places, sites and identifiers")
    add = tag.add("add", "make a tag")
    add("kind", metavar="KIND", type=words, help="operation, person, agency, company, place, site or identifier")
    add("name", metavar="NAME", type=words)
    add(
        "--spelling",
        dest="spellings",
        action="append",
        default=[],
        metavar="S",
        type=words,
        help="another way to print it",
    )
    tag.add("list", "list the tags with their spellings")
    add = tag.add("apply", "put a tag on a whole case file")
    add("file", metavar="FILE", type=words, help=_FILE)
    add("tag", metavar="TAG", type=words, help=_TAG)
    add = tag.add("merge", "let a tag stand for another")
    add("tag", metavar="TAG", type=words, help=_TAG)
    add("into", metavar="INTO", type=words, help=_TAG)
    add = tag.add("split", "let a merged tag stand for itself again")
    add("tag", metavar="TAG", type=words, help=_TAG)

    add = commands.add("suggest", "say where known spellings stand that nobody confirmed or rejected")
    add("files", nargs="*", metavar="FILE", type=words, help=f"{_FILE}; all of them without one")

    mention = commands.group("mention", "decide about suggestions")
    for name, what in (("accept", "confirm suggestions"), ("reject", "reject suggestions")):
        add = mention.add(name, what)
        add("file", metavar="FILE", type=words, help=_FILE)
        add("ids", nargs="+", metavar="ID", type=words, help=_ID)


def _finding(commands: _Commands) -> None:
    add = commands.add("search", "find case files by words in title, text and notes")
    add("query", metavar="QUERY", type=words)
    add("--dossier", metavar="REFERENCE", type=words)
    add("--tag", metavar="TAG", type=words, help=_TAG)
    add("--after", metavar="DATE", type=words, help="EDTF, included")
    add("--before", metavar="DATE", type=words, help="EDTF, included")
    add("--limit", metavar="N", type=count, default=50, help="at most so many (50)")

    add = commands.add("brief", "write a dossier's brief as a Word file")
    add("--dossier", metavar="REFERENCE", type=words, required=True)
    add("--out", metavar="FILE.docx", type=Path, required=True)
    add("--number", metavar="N", type=words, help="the brief's number")
    add("--marking", metavar="TLP:AMBER", type=words)
    add("--bottom-line", metavar="TEXT", type=words)


def _keeping(commands: _Commands) -> None:
    commands.add("undo", "take back the latest step of yours")
    commands.add("redo", "do again what was undone last")
    add = commands.add("log", "list what was done, the latest first")
    add("--limit", metavar="N", type=count, help="at most so many")
    commands.add("verify", "read everything again and check it against its digests")
    add = commands.add("backup", "make a checked copy")
    add("target", metavar="FILE", type=Path, help="the copy, which must not be there yet")

    add = commands.add("demo", "make the sample library and its brief", of_library=False)
    add("folder", nargs="?", default=Path("casefile-demo"), metavar="FOLDER", type=Path, help="(casefile-demo)")


class _Commands:
    """Adds commands to a parser; each takes the library first, and the options that all share."""

    def __init__(self, parser: argparse.ArgumentParser, group: str = "") -> None:
        self._group = group
        self._parsers = parser.add_subparsers(required=True, metavar="COMMAND", dest=group or "command")

    def group(self, name: str, what: str) -> _Commands:
        return _Commands(self._parsers.add_parser(name, help=what, description=what, allow_abbrev=False), name)

    def add(self, name: str, what: str, *, of_library: bool = True) -> Callable[..., Any]:
        """Add a command; returns the function that adds its arguments."""
        parser = self._parsers.add_parser(name, help=what, description=what, allow_abbrev=False)
        if of_library:
            parser.add_argument("library", metavar="LIB", type=Path, help="library, a .casefile file")
            parser.add_argument(
                "--passphrase-file", metavar="F", type=Path, help="file with the passphrase in its first line"
            )
        parser.add_argument("--json", action="store_true", help="print one JSON value")
        parser.set_defaults(command=f"{self._group} {name}".strip())
        return parser.add_argument
