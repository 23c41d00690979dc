"""`casefile new`, `undo`, `redo`, `log`, `verify`, `backup` and `demo`: keeping a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile import phrases
from casefile.cli import desk, printing, shapes
from casefile.cli.printing import Answer
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from casefile.verify import Verified


def new(call: Namespace) -> Answer:
    """Make an empty library."""
    from casefile import library, settings

    who = settings.load()
    key = desk.passphrase(call.passphrase_file)
    with library.create(call.library, key, analyst=who.analyst, initials=who.initials) as made:
        path, encrypted = made.path, made.encrypted
    said = say("made_encrypted" if encrypted else "made", {"path": str(path)})
    return Answer({"path": str(path), "encrypted": encrypted}, lambda: [said])


def undo(call: Namespace) -> Answer:
    """Take back the latest step of this analyst."""
    return _travel(call, "undo")


def redo(call: Namespace) -> Answer:
    """Do again what was undone last."""
    return _travel(call, "redo")


def _travel(call: Namespace, way: str) -> Answer:
    with desk.writing(call) as library:
        named = library.undo_name() if way == "undo" else library.redo_name()
        changes = library.undo() if way == "undo" else library.redo()
    assert named is not None, "undo and redo raise where there is nothing to name"
    action, params = named
    name = phrases.action(action, params)
    said = [say(f"did_{way}", {"name": name})]
    if changes.skipped:
        said.append(printing.counted("skipped_cells", len(changes.skipped)))
    return Answer(shapes.travelled(action, name, changes), lambda: said)


def log(call: Namespace) -> Answer:
    """What was done, the latest first."""
    from casefile import steps

    with desk.reading(call) as library:
        found = steps.latest(library, call.limit)
    named = [(step, phrases.action(step.action, dict(step.params))) for step in found]
    heads = [say(f"head_{name}") for name in ("time", "commit", "analyst", "changes", "action")]
    rows = [[step.time, printing.short(step.commit), step.analyst, str(step.changes), name] for step, name in named]
    return Answer(
        [shapes.logged(step, name) for step, name in named],
        lambda: printing.table(heads, rows, right=frozenset({3})) if rows else [say("no_steps")],
    )


def verify(call: Namespace) -> Answer:
    """Read everything again and check it against its digests."""
    from casefile import verify as verifying

    with desk.reading(call) as library:
        found = verifying.verify(library, progress=printing.bar(say("verifying")))
    return Answer(shapes.verified(found), lambda: _verified(found), status=0 if found.ok else 1)


def _verified(found: Verified) -> Iterator[str]:
    for problem in found.problems:
        yield phrases.problem(problem.code, dict(problem.values))
    values: dict[str, str | int] = {
        "articles": found.articles,
        "commits": found.commits,
        "heads": ", ".join(found.heads) or "–",
    }
    yield say("verified" if found.ok else "not_verified", values)


def backup(call: Namespace) -> Answer:
    """Make a checked copy; the library may be open elsewhere."""
    from casefile import backup as backups

    with desk.reading(call) as library:
        path = backups.make(library.reader(), call.target.expanduser().absolute(), library.key)
    return Answer({"path": str(path)}, lambda: [say("backed_up", {"path": str(path)})])


def demo(call: Namespace) -> Answer:
    """Make the sample library and its brief; what was made before is left as it is."""
    from casefile import demo as sample

    before = (call.folder.expanduser() / sample.LIBRARY).exists()
    made, brief = sample.build(call.folder)
    said = [*([say("demo_left")] if before else []), str(made), str(brief)]
    return Answer({"library": str(made), "brief": str(brief)}, lambda: said)
