"""The sample library: three invented articles with an analyst's work on them, and the brief made from it.

What is done is data (samples/library.toml); it goes through the ordinary rooms, as an analyst's own work does.
"""

from __future__ import annotations

import errno
import secrets
import shutil
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casefile import articles, dossiers, library, mentions, notes, receiving, resources, sources, tags
from casefile.brief import issue
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId
from casefile.suggest.known import Spotter
from casefile.text import passages

LIBRARY = "sample.casefile"
BRIEF = "sample-brief.docx"


def build(folder: Path) -> tuple[Path, Path]:
    """The sample library and its brief in the folder, which is made if it is missing.

    A library of that name is kept as the user left it, and so is the brief; a brief that is missing is exported from
    the library as it stands. Each comes whole or not at all. Raises CasefileError: "no_rights" or "disk_full" for the
    folder, and for a kept library whatever opening it and exporting from it raise.
    """
    folder = folder.expanduser().absolute()
    made, brief = folder / LIBRARY, folder / BRIEF
    plan: dict[str, Any] = tomllib.loads((resources.folder("samples") / "library.toml").read_text(encoding="utf-8"))
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not made.exists():
        _make(plan, made)
    if not brief.exists():
        with library.open(made, analyst=plan["analyst"], initials=plan["initials"]) as sample:
            dossier = dossiers.find(sample, plan["dossier"]["reference"])
            issue.export(sample, dossier.id, brief, bottom_line=plan["brief"]["bottom_line"])
    return made, brief


@contextmanager
def _told(folder: Path) -> Generator[None]:
    """Turn what the system says of the folder into what the user is told."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno == errno.ENOSPC else "no_rights"
        raise CasefileError(code, path=str(folder), reason=error.strerror or str(error)) from error


def _make(plan: dict[str, Any], target: Path) -> None:
    # Made in a folder of its own: a file of the library's name is a whole one, even if the power fails meanwhile.
    working = target.with_name(f".{target.stem}-{secrets.token_hex(4)}.part")
    try:
        with _told(target.parent):
            working.mkdir()
        with library.create(working / target.name, analyst=plan["analyst"], initials=plan["initials"]) as sample:
            _work(sample, plan)
        with _told(target.parent):
            (working / target.name).rename(target)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _work(sample: Library, plan: dict[str, Any]) -> None:
    """Do in the empty library what the plan says."""
    files = [resources.folder("samples") / one["file"] for one in plan["articles"]]
    report = receiving.receive_paths(sample, files, from_whom=plan["received_from"])
    for _, refusal in report.refused:
        raise refusal
    filed: dict[str, ArticleId] = {Path(one.name).name: one.article for one in report.received}
    for one in plan["articles"]:
        articles.set_fields(sample, filed[one["file"]], one["facts"])
        articles.grade(sample, filed[one["file"]], one["grade"])
    for one in plan["sources"]:
        source = sources.find_or_add(sample, one["name"])
        sources.grade(sample, source, one["letter"])
        sources.set_party(sample, source, one["party"])
    _tag(sample, plan, filed)
    for one in plan["notes"]:
        article = filed[one["file"]]
        passage = passages.quote(articles.text(sample, article), one["quote"])
        notes.add(sample, article, start=passage.start, stop=passage.stop, comment=one["comment"])
    dossiers.file(sample, dossiers.add(sample, **plan["dossier"]), filed.values())


def _tag(sample: Library, plan: dict[str, Any], filed: dict[str, ArticleId]) -> None:
    made = {
        one["name"]: tags.add(sample, kind=one["kind"], name=one["name"], spellings=one["spellings"])
        for one in plan["tags"]
    }
    accepted = {made[name] for name in plan["mentions"]["accept"]}
    spotter = Spotter(tags.known_spellings(sample))
    for article in filed.values():
        found = mentions.suggestions(sample, article, spotter)
        mentions.decide(sample, article, [one.id for one in found if one.tag in accepted], "confirmed")
