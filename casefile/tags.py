"""Tags: operations, people, agencies, companies, places, sites and identifiers; one preferred name, many spellings.

Merging two tags is a pointer and never moves a row: mentions and taggings keep the tag that they were made with, so
that a split a year later is exact. Everything here is read through the view `tag_of`, which follows the pointers.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from casefile import identity
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, TagId
from casefile.suggest.known import KnownSpelling
from casefile.text import fold, names

KINDS = ("operation", "person", "agency", "company", "place", "site", "identifier")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which a tag's name is printed; `articles` counts case files with a confirmed mention printed so."""

    text: str
    script: str
    articles: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with all that was merged into it: `mentions` counts confirmed ones, `articles` the case files it is in."""

    id: TagId
    kind: str
    name: str
    spellings: tuple[Spelling, ...]
    mentions: int
    articles: int


def folded(name: str) -> str:
    """The form by which two names are the same: folded, white space collapsed."""
    return " ".join(fold.fold(name).split())


def add(library: Library, *, kind: str, name: str, spellings: Iterable[str] = ()) -> TagId:
    """The id of a new tag; its name is its first spelling. A tag that is there already is given the new spellings.

    Raises CasefileError "unknown_kind_of_tag", "name_empty" or "tag_exists" (name, kind and spellings are all there).
    """
    name = " ".join(name.split())
    if kind not in KINDS:
        raise CasefileError("unknown_kind_of_tag", kind=kind, kinds=", ".join(KINDS))
    if not folded(name):
        raise CasefileError("name_empty")
    for tag, other, other_kind in _roots(library):
        if other_kind == kind and folded(other) == folded(name):
            if add_spellings(library, tag, spellings):
                return tag
            raise CasefileError("tag_exists", name=other, tag=tag)
    with library.step("tag.add", kind=kind):
        tag = TagId(library.insert("tags", identity.fresh(), kind=kind, name=name, secret=secrets.token_hex(16)))
        add_spellings(library, tag, [name, *spellings])
    return tag


def add_spellings(library: Library, tag: TagId, spellings: Iterable[str]) -> int:
    """Give the tag further spellings, as printed; those it has already stay. Return how many were added."""
    (secret,) = library.one("SELECT secret FROM tags WHERE id = ?", (tag,)) or ("",)
    texts = [text for text in (" ".join(spelling.split()) for spelling in spellings) if text]
    with library.step("tag.spell", tag=tag):
        return sum(
            library.have(
                "spellings", identity.derived("spelling", secret, text), tag=tag, text=text, script=names.script(text)
            )
            for text in texts
        )


def every(library: Library) -> list[Tag]:
    """All tags that are not merged into another, by kind and name, with counts over all that was merged into them."""
    printed = _printed(library)
    spelled: dict[str, dict[str, str]] = defaultdict(dict)
    for tag, text, script in library.query(
        "SELECT v.tag, s.text, s.script FROM spellings s JOIN tag_of v ON v.made_with = s.tag "
        "JOIN tags t ON t.id = s.tag AND t.deleted = 0 WHERE s.deleted = 0 AND s.text IS NOT NULL ORDER BY s.n"
    ):
        spelled[tag].setdefault(text, script)
    mentions = _counts(library, "SELECT v.tag, count(*) FROM mentions m {joins} GROUP BY v.tag")
    spread: dict[str, set[str]] = defaultdict(set)
    for table in ("mentions", "taggings"):
        for tag, article in library.query(_joined(f"SELECT DISTINCT v.tag, m.article FROM {table} m {{joins}}", table)):
            spread[tag].add(article)
    found = [
        Tag(
            tag,
            kind,
            name,
            tuple(Spelling(text, script, len(printed.get((tag, text), ()))) for text, script in spelled[tag].items()),
            mentions.get(tag, 0),
            len(spread[tag]),
        )
        for tag, name, kind in _roots(library)
    ]
    return sorted(found, key=lambda tag: (KINDS.index(tag.kind) if tag.kind in KINDS else 99, folded(tag.name), tag.id))


def _joined(sql: str, table: str = "mentions") -> str:
    confirmed = " AND m.state = 'confirmed' AND m.passage IS NOT NULL" if table == "mentions" else ""
    joins = (
        "JOIN tag_of v ON v.made_with = m.tag JOIN tags t ON t.id = m.tag AND t.deleted = 0 "
        "JOIN articles a ON a.id = m.article AND a.deleted = 0 "
        f"WHERE m.deleted = 0{confirmed}"
    )
    return sql.format(joins=joins)


def _counts(library: Library, sql: str) -> dict[str, int]:
    return dict(library.query(_joined(sql)))


def _printed(library: Library) -> dict[tuple[str, str], set[str]]:
    """Case files by tag and the text of its confirmed mentions, white space collapsed as in a spelling."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tag, exact, article in library.query(
        _joined("SELECT v.tag, json_extract(m.passage, '$[3]'), m.article FROM mentions m {joins}")
    ):
        found[tag, " ".join(exact.split())].add(article)
    return found


def _roots(library: Library) -> list[tuple[TagId, str, str]]:
    rows = library.query(
        "SELECT t.id, t.name, t.kind FROM tags t JOIN tag_of v ON v.made_with = t.id AND v.tag = t.id "
        "WHERE t.deleted = 0 AND t.name IS NOT NULL"
    )
    return [(TagId(tag), name, kind) for tag, name, kind in rows]


def resolve(library: Library, wanted: str, *, merged: bool = False) -> TagId:
    """The tag that a name, a spelling, or a start of an id of at least four characters names.

    With `merged`, tags merged into another are looked for as well, before their roots. Raises CasefileError
    "no_such_tag" or "tag_ambiguous" (which lists the candidates).
    """
    if merged:
        rows = library.query("SELECT id, name, kind FROM tags WHERE deleted = 0 AND merged_into IS NOT NULL")
        merged_ones = [(TagId(tag), name or "", kind) for tag, name, kind in rows]
        inside = _named(merged_ones, wanted) or _by_id(merged_ones, wanted)
        if inside:
            return _only(inside, wanted)
    present = _roots(library)
    found = _named(present, wanted)
    if not found:
        by_spelling = {
            TagId(tag)
            for tag, text in library.query(
                "SELECT v.tag, s.text FROM spellings s JOIN tag_of v ON v.made_with = s.tag "
                "JOIN tags t ON t.id = s.tag AND t.deleted = 0 WHERE s.deleted = 0 AND s.text IS NOT NULL"
            )
            if folded(text) == folded(wanted)
        }
        found = [root for root in present if root[0] in by_spelling]
    return _only(found or _by_id(present, wanted), wanted)


def _named(tags: list[tuple[TagId, str, str]], wanted: str) -> list[tuple[TagId, str, str]]:
    return [tag for tag in tags if folded(tag[1]) == folded(wanted)]


def _by_id(tags: list[tuple[TagId, str, str]], wanted: str) -> list[tuple[TagId, str, str]]:
    # Last, since telephone numbers and other identifiers look like the start of an id.
    start = wanted.strip().lower()
    if len(start) < 4 or not all(c in "0123456789abcdef-" for c in start):
        return []
    return [tag for tag in tags if tag[0].startswith(start)]


def _only(found: list[tuple[TagId, str, str]], wanted: str) -> TagId:
    if not found:
        raise CasefileError("no_such_tag", tag=wanted)
    if len(found) > 1:
        named = ", ".join(f"{name} ({kind}, {tag[:13]})" for tag, name, kind in found[:5])
        raise CasefileError("tag_ambiguous", tag=wanted, candidates=named)
    return found[0][0]


def merge(library: Library, tag: TagId, into: TagId) -> None:
    """Let the tag stand for another from now on. Raises CasefileError "merge_itself" or "merge_kinds"."""
    root = _root(library, into)
    if root == _root(library, tag):
        raise CasefileError("merge_itself")
    kinds = dict(library.query("SELECT id, kind FROM tags WHERE id IN (?, ?)", (tag, root)))
    if kinds[tag] != kinds[root]:
        raise CasefileError("merge_kinds", one=kinds[tag], other=kinds[root])
    with library.step("tag.merge", tag=tag, into=root):
        library.change("tags", tag, merged_into=root)


def split(library: Library, tag: TagId) -> None:
    """Let a merged tag stand for itself again, with all that was made with it. Raises CasefileError "not_merged"."""
    row = library.one("SELECT merged_into FROM tags WHERE id = ? AND deleted = 0", (tag,))
    if row is None or row[0] is None:
        raise CasefileError("not_merged", tag=tag)
    with library.step("tag.split", tag=tag):
        library.change("tags", tag, merged_into=None)


def _root(library: Library, tag: TagId) -> TagId:
    row = library.one("SELECT tag FROM tag_of WHERE made_with = ?", (tag,))
    if row is None:
        raise CasefileError("no_such_tag", tag=tag)
    return TagId(row[0])


def apply(library: Library, tag: TagId, articles: Iterable[ArticleId]) -> int:
    """Put the tag on whole case files; return how many did not carry it yet."""
    with library.step("tag.apply", tag=tag):
        return sum(
            library.have("taggings", identity.derived("tagging", article, tag), article=article, tag=tag)
            for article in articles
        )


def known_spellings(library: Library) -> list[KnownSpelling]:
    """Every spelling of every tag, under the tag that it stands for now."""
    return [
        KnownSpelling(TagId(tag), kind, text)
        for tag, kind, text in library.query(
            "SELECT r.id, r.kind, s.text FROM spellings s JOIN tag_of v ON v.made_with = s.tag "
            "JOIN tags t ON t.id = s.tag AND t.deleted = 0 JOIN tags r ON r.id = v.tag AND r.deleted = 0 "
            "WHERE s.deleted = 0 AND s.text IS NOT NULL ORDER BY s.n"
        )
    ]


def of_article(library: Library, article: ArticleId) -> list[TagId]:
    """Ids of the tags that the case file carries as a whole or is mentioned in, confirmed."""
    rows = library.query(
        f"{_joined('SELECT v.tag FROM mentions m {joins}')} AND m.article = :article "
        f"UNION {_joined('SELECT v.tag FROM taggings m {joins}', 'taggings')} AND m.article = :article",
        {"article": article},
    )
    return [TagId(row[0]) for row in rows]
