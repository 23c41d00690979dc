"""Mentions: passages that name a tag. Suggested ones are computed, never stored; decisions about them are stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casefile import articles, identity, tags
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, MentionId, Passage, TagId
from casefile.suggest.known import Spotter, Suggestion
from casefile.text import canonical, passages

Decision = Literal["confirmed", "rejected"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A decision about a passage: that it names the tag, or that it does not. `tag` is what the tag stands for now."""

    id: MentionId
    article: ArticleId
    tag: TagId
    kind: str
    name: str
    passage: Passage
    state: Decision


def of_article(library: Library, article: ArticleId, state: Decision = "confirmed") -> list[Mention]:
    """The article's confirmed (or rejected) mentions in the order of their passages."""
    rows = library.query(
        "SELECT m.id, r.id, r.kind, r.name, m.passage, m.state FROM mentions m "
        "JOIN tags t ON t.id = m.tag AND t.deleted = 0 "
        "JOIN tag_of v ON v.made_with = m.tag JOIN tags r ON r.id = v.tag AND r.deleted = 0 "
        "WHERE m.article = ? AND m.state = ? AND m.deleted = 0 AND m.passage IS NOT NULL ORDER BY m.start, m.stop, m.n",
        (article, state),
    )
    return [
        Mention(MentionId(row[0]), article, TagId(row[1]), row[2], row[3] or "", passages.from_json(row[4]), row[5])
        for row in rows
    ]


def add(library: Library, article: ArticleId, *, start: int, stop: int, tag: TagId) -> MentionId:
    """Confirm that a passage of the working text names the tag; how it is printed becomes a spelling of the tag.

    Offsets in code points, `stop` excluded. Raises CasefileError "outside_text" or "empty_passage".
    """
    passage = passages.at(articles.text(library, article), start, stop)
    with library.step("mention.add", article=article, tag=tag):
        tags.add_spellings(library, tag, [passage.exact])
        return _decide(library, article, tag, passage, "confirmed")


def suggestions(library: Library, article: ArticleId, spotter: Spotter | None = None) -> list[Suggestion]:
    """What the known spellings find in the article's text, less what was confirmed or rejected already.

    A `spotter` over `tags.known_spellings` can be handed in where many articles are asked about.
    """
    text = articles.text(library, article)
    if not text:
        return []
    if spotter is None:
        spotter = Spotter(tags.known_spellings(library))
    digest = canonical.digest(text)
    confirmed = [
        (mention.tag, mention.passage.start, mention.passage.stop)
        for mention in of_article(library, article)
        if mention.passage.text == digest
    ]
    # A rejection outlives offsets: it is known again by tag, exact text and what stands around it.
    rejected = {_context(mention.tag, mention.passage) for mention in of_article(library, article, "rejected")}
    return [
        found
        for found in spotter.find(text, digest)
        if not any(tag == found.tag and start < found.stop and found.start < stop for tag, start, stop in confirmed)
        and (
            not rejected
            or _context(found.tag, passages.at(text, found.start, found.stop, digest=digest)) not in rejected
        )
    ]


def _context(tag: str | None, passage: Passage) -> tuple[str | None, str, str, str]:
    return tag, passage.exact, passage.prefix, passage.suffix


def decide(library: Library, article: ArticleId, chosen: Iterable[str], decision: Decision) -> list[MentionId]:
    """Confirm or reject suggestions of the article by their ids (a start of at least four characters will do).

    A confirmed one's print becomes a spelling of the tag. Raises CasefileError "no_such_suggestion" or
    "suggestion_ambiguous"; nothing is decided then.
    """
    present = suggestions(library, article)
    picked = [_pick(present, wanted) for wanted in chosen]
    text = articles.text(library, article)
    made: list[MentionId] = []
    with library.step(
        "mention.accept" if decision == "confirmed" else "mention.reject", article=article, n=len(picked)
    ):
        for suggestion in picked:
            assert suggestion.tag is not None
            passage = passages.at(text, suggestion.start, suggestion.stop)
            if decision == "confirmed":
                tags.add_spellings(library, suggestion.tag, [passage.exact])
            made.append(_decide(library, article, suggestion.tag, passage, decision))
    return made


def _pick(present: list[Suggestion], wanted: str) -> Suggestion:
    found = [suggestion for suggestion in present if suggestion.id.startswith(wanted.lower())]
    if not found or len(wanted) < 4:
        raise CasefileError("no_such_suggestion", suggestion=wanted)
    if len(found) > 1:
        raise CasefileError("suggestion_ambiguous", suggestion=wanted, count=len(found))
    return found[0]


def _decide(library: Library, article: ArticleId, tag: TagId, passage: Passage, decision: Decision) -> MentionId:
    row = identity.derived("mention", article, tag, "", passage.text, str(passage.start), str(passage.stop))
    if library.one("SELECT 1 FROM mentions WHERE id = ?", (row,)):
        library.change("mentions", row, state=decision, deleted=0)
    else:
        library.insert("mentions", row, article=article, tag=tag, passage=passages.to_json(passage), state=decision)
    return MentionId(row)


def put_in_bin(library: Library, mention: MentionId) -> None:
    """Take a decision away: the passage may be suggested again."""
    with library.step("mention.bin", mention=mention):
        library.change("mentions", mention, deleted=1)
