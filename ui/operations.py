"""What the analyst does to a library, one step each; run on the writer thread by `session.do`."""

from __future__ import annotations

from dataclasses import dataclass

from casefile import mentions, notes, tags
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, MentionId, NoteId, TagId


@dataclass(frozen=True, slots=True)
class TagChoice:
    """The tag that was chosen for a passage: one that is known, or the kind and name of one that may be new."""

    kind: str
    name: str
    tag: TagId | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a case file's working text, in code points, `stop` excluded."""

    article: ArticleId
    start: int
    stop: int


def tag_passage(library: Library, place: Place, choice: TagChoice) -> MentionId:
    """Confirm that the passage names the tag, which is made first where it is new; one step, undone as one."""
    with library.step("mention.add", article=place.article):
        tag = choice.tag if choice.tag is not None else _known_or_new(library, choice)
        return mentions.add(library, place.article, start=place.start, stop=place.stop, tag=tag)


def _known_or_new(library: Library, choice: TagChoice) -> TagId:
    try:
        return tags.add(library, kind=choice.kind, name=choice.name)
    except CasefileError as error:
        if error.code != "tag_exists":
            raise
        return TagId(str(error.values["tag"]))


def add_note(library: Library, place: Place, comment: str) -> NoteId:
    """Put a note with this comment on the passage."""
    return notes.add(library, place.article, start=place.start, stop=place.stop, comment=comment)
