"""`casefile list`, `show`, `set`, `source`, `grade`, `note` and `dossier`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casefile import phrases
from casefile.cli import desk, printing, shapes
from casefile.cli.printing import Answer
from casefile.phrases import command as say

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from casefile.articles import Article
    from casefile.cli.shapes import Shape
    from casefile.records import DateFact


def list_all(call: Namespace) -> Answer:
    """All case files, or those of a dossier, in the order they came in."""
    from casefile import articles, dossiers

    with desk.reading(call) as library:
        of = dossiers.find(library, call.dossier).id if call.dossier is not None else None
        found = articles.some(library, articles.ids(library, dossier=of, order="a.n"))
    return Answer([shapes.article(one) for one in found], lambda: _listed(found))


def _listed(found: list[Article]) -> list[str]:
    if not found:
        return [say("no_case_files")]
    heads = [say(f"head_{name}") for name in ("number", "published", "publisher", "grade", "state", "title")]
    rows = [
        [
            one.number,
            date_in_short(one.published),
            one.publisher or (say("comes_from_short", {"origin": one.origin}) if one.origin else ""),
            one.grade or say("not_graded_short"),
            phrases.word("states", one.state),
            one.title,
        ]
        for one in found
    ]
    return printing.table(heads, rows)


def date_in_short(date: DateFact | None) -> str:
    """The date as a short cell: EDTF, what bounds an unknown one, or nothing."""
    if date is None:
        return ""
    return date.edtf or date.bounds or ""


def show(call: Namespace) -> Answer:
    """A case file with its text and all that was done to it."""
    from casefile import articles, dossiers, mentions, notes, originals, tags

    with desk.reading(call) as library:
        wanted = articles.resolve(library, call.file)
        found = articles.get(library, wanted)
        carried = set(tags.of_article(library, wanted))
        value = shapes.shown(
            found,
            articles.text(library, wanted),
            tags=[tag for tag in tags.every(library) if tag.id in carried],
            mentions=mentions.of_article(library, wanted),
            notes=notes.of_article(library, wanted),
            dossiers=dossiers.of_article(library, wanted),
            originals=originals.of_article(library, wanted),
        )
    return Answer(value, lambda: _shown(found, value))


def _shown(found: Article, value: Shape) -> Iterator[str]:
    date = found.published
    basis = f" ({phrases.word('bases', date.basis)})" if date and date.basis else ""
    yield printing.strong(f"{found.number}  {printing.one_line(found.title)}")
    yield from printing.facts(
        [
            (say("head_id"), found.id),
            (say("head_publisher"), found.publisher),
            (say("head_origin"), found.origin),
            (say("head_place"), found.place),
            (say("head_language"), found.language),
            (say("head_published"), (date_in_short(date) or say("unknown_date")) + basis),
            (say("head_printed"), date.printed if date else None),
            (say("head_grade"), found.grade or say("not_graded")),
            (say("head_state"), phrases.word("states", found.state)),
            (say("head_marking"), found.marking),
            (say("head_notes_marking"), found.notes_marking),
            (say("head_file"), f"{found.file_name} ({found.media_type}, SHA-256 {found.sha256})"),
            *((say("head_dossier"), f"{one['reference']}  {one['title']}") for one in _objects(value["dossiers"])),
            *((say("head_warning"), warning.message) for warning in found.warnings),
            *((phrases.word("kinds", str(one["kind"])), str(one["name"])) for one in _objects(value["tags"])),
            *((say("head_note"), f"“{one['text']}” {one['comment']}") for one in _objects(value["notes"])),
        ]
    )
    yield ""
    # Line by line, so that tabs and line ends stay; the text rule took other control characters out.
    yield str(value["text"])


def _objects(value: object) -> list[Shape]:
    assert isinstance(value, list)
    return value  # pyright: ignore[reportUnknownVariableType]


def set_fields(call: Namespace) -> Answer:
    """Set facts of a case file by hand, all of them in one step."""
    from casefile import articles

    with desk.writing(call) as library:
        wanted = articles.resolve(library, call.file)
        articles.set_fields(library, wanted, dict(call.fields))
        found = articles.get(library, wanted)
    return Answer(shapes.article(found), lambda: _listed([found]))


def source(call: Namespace) -> Answer:
    """Add a source or change what is known of it, in one step; without options show it as it stands."""
    from casefile import sources

    with desk.writing(call) as library:
        with library.step("source.set"):
            wanted = sources.find_or_add(library, call.name)
            if call.letter is not None:
                sources.grade(library, wanted, call.letter)
            if call.party is not None:
                sources.set_party(library, wanted, call.party)
        found = sources.find(library, call.name)
        assert found is not None
    letter = found.letter or say("not_given")
    party = say("is_party") if found.party else say("is_no_party")
    return Answer(
        shapes.source(found),
        lambda: [say("source_is", {"name": found.name, "letter": letter, "party": party})],
    )


def grade(call: Namespace) -> Answer:
    """Grade: the letter goes to the origin, else to the publisher; the digit to the case file."""
    from casefile import articles

    with desk.writing(call) as library:
        wanted = articles.resolve(library, call.file)
        given = articles.grade(library, wanted, call.grade)
        number = articles.get(library, wanted).number
    values: dict[str, str | int] = {
        "letter": given.letter,
        "source": given.source,
        "of": say(f"graded_{given.of}"),
        "digit": given.digit,
        "number": number,
    }
    return Answer(shapes.graded(wanted, given), lambda: [say("graded", values)])


def note(call: Namespace) -> Answer:
    """Put a note on the passage that the quote names."""
    from casefile import articles, notes
    from casefile.text import passages

    with desk.writing(call) as library:
        wanted = articles.resolve(library, call.file)
        passage = passages.quote(articles.text(library, wanted), call.quote, occurrence=call.occurrence)
        made = notes.add(
            library, wanted, start=passage.start, stop=passage.stop, comment=call.comment, label=call.label
        )
        found = notes.get(library, made)
    return Answer(
        shapes.note(found), lambda: [say("noted", {"quote": found.passage.exact, "note": printing.short(made)})]
    )


def dossier_add(call: Namespace) -> Answer:
    """Make a dossier."""
    from casefile import dossiers

    with desk.writing(call) as library:
        dossiers.add(library, reference=call.reference, title=call.title)
        found = dossiers.find(library, call.reference)
    return Answer(
        shapes.dossier(found),
        lambda: [say("dossier_made", {"reference": found.reference, "title": found.title})],
    )


def dossier_file(call: Namespace) -> Answer:
    """File case files in a dossier."""
    from casefile import articles, dossiers

    with desk.writing(call) as library:
        into = dossiers.find(library, call.reference)
        wanted = [articles.resolve(library, file) for file in call.files]
        added = dossiers.file(library, into.id, wanted)
    return Answer(
        {"dossier": into.id, "articles": wanted, "added": added},
        lambda: [printing.counted("filed", added, reference=into.reference)],
    )
