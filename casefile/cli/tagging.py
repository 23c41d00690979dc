"""`casefile tag`, `suggest` and `mention`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile import phrases
from casefile.cli import desk, printing, shapes
from casefile.cli.printing import Answer
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace

    from casefile.door import Library
    from casefile.mentions import Decision
    from casefile.records import TagId
    from casefile.tags import Tag


def _tag(library: Library, wanted: TagId) -> Tag:
    from casefile import tags

    return next(tag for tag in tags.every(library) if tag.id == wanted)


def add(call: Namespace) -> Answer:
    """Make a tag."""
    from casefile import tags

    with desk.writing(call) as library:
        made = tags.add(library, kind=call.kind, name=call.name, spellings=call.spellings)
        found = _tag(library, made)
    return Answer(shapes.tag(found), lambda: _listed([found]))


def list_all(call: Namespace) -> Answer:
    """All tags with their spellings."""
    from casefile import tags

    with desk.reading(call) as library:
        found = tags.every(library)
    return Answer([shapes.tag(one) for one in found], lambda: _listed(found))


def _listed(found: list[Tag]) -> list[str]:
    if not found:
        return [say("no_tags")]
    heads = [say(f"head_{name}") for name in ("id", "kind", "name", "mentions", "spellings")]
    rows = [
        [
            one.id[:13],  # ids of one hour share their first eight characters
            phrases.word("kinds", one.kind),
            one.name,
            str(one.mentions),
            " · ".join(f"{spelling.text} ({spelling.articles})" for spelling in one.spellings),
        ]
        for one in found
    ]
    return printing.table(heads, rows, right=frozenset({3}))


def apply(call: Namespace) -> Answer:
    """Put a tag on a whole case file."""
    from casefile import articles, tags

    with desk.writing(call) as library:
        article = articles.resolve(library, call.file)
        tag = tags.resolve(library, call.tag)
        added = tags.apply(library, tag, [article]) == 1
        values: dict[str, str | int] = {
            "number": articles.get(library, article).number,
            "tag": _tag(library, tag).name,
        }
    return Answer(
        {"tag": tag, "article": article, "added": added},
        lambda: [say("applied" if added else "applied_before", values)],
    )


def merge(call: Namespace) -> Answer:
    """Let a tag stand for another."""
    from casefile import tags

    with desk.writing(call) as library:
        one, into = tags.resolve(library, call.tag), tags.resolve(library, call.into)
        name = _tag(library, one).name
        tags.merge(library, one, into)
        root = _tag(library, into)
    return Answer({"tag": one, "into": into}, lambda: [say("merged", {"tag": name, "into": root.name})])


def split(call: Namespace) -> Answer:
    """Let a merged tag stand for itself again."""
    from casefile import tags

    with desk.writing(call) as library:
        tag = tags.resolve(library, call.tag, merged=True)
        tags.split(library, tag)
        name = _tag(library, tag).name
    return Answer({"tag": tag}, lambda: [say("split", {"tag": name})])


def suggest(call: Namespace) -> Answer:
    """Where known spellings stand that nobody confirmed or rejected, in some case files or in all."""
    from casefile import articles, mentions, tags
    from casefile.suggest.known import Spotter

    with desk.reading(call) as library:
        spotter = Spotter(tags.known_spellings(library))
        names = {tag.id: tag.name for tag in tags.every(library)}
        wanted = [articles.resolve(library, file) for file in call.files] or articles.ids(library)
        found = [
            (article, one) for article in wanted for one in mentions.suggestions(library, article, spotter=spotter)
        ]
        numbers = {article.id: article.number for article in articles.some(library, wanted)}
    heads = [say(f"head_{name}") for name in ("number", "id", "kind", "name", "reason", "printed")]
    rows = [
        [
            numbers[article],
            printing.short(one.id),
            phrases.word("kinds", one.kind),
            names.get(one.tag, "") if one.tag is not None else "",
            phrases.word("reasons", one.reason),
            one.text,
        ]
        for article, one in found
    ]
    return Answer(
        [shapes.suggestion(article, one) for article, one in found],
        lambda: printing.table(heads, rows) if rows else [say("no_suggestions")],
    )


def accept(call: Namespace) -> Answer:
    """Confirm suggestions."""
    return _decide(call, "confirmed")


def reject(call: Namespace) -> Answer:
    """Reject suggestions."""
    return _decide(call, "rejected")


def _decide(call: Namespace, decision: Decision) -> Answer:
    from casefile import articles, mentions

    with desk.writing(call) as library:
        article = articles.resolve(library, call.file)
        made = mentions.decide(library, article, call.ids, decision)
    return Answer(
        {"article": article, "decision": decision, "mentions": made},
        lambda: [printing.counted(f"mentions_{decision}", len(made))],
    )
