"""The JSON shapes that the command prints: docs/cli.schema.json describes the same, and a test compares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casefile import phrases

if TYPE_CHECKING:
    from casefile.articles import Article, Graded
    from casefile.changes import Changes
    from casefile.dossiers import Dossier
    from casefile.mentions import Mention
    from casefile.notes import Note
    from casefile.originals import Original
    from casefile.receiving import Received, Report
    from casefile.records import ArticleId, Passage, TagId
    from casefile.search.find import Hit
    from casefile.sources import Source
    from casefile.steps import Step
    from casefile.suggest.known import Suggestion
    from casefile.tags import Tag
    from casefile.verify import Verified


Shape = dict[str, object]
"""One JSON object."""


def article(found: Article) -> Shape:
    """A case file as `list` prints it."""
    date = found.published
    return {
        "id": found.id,
        "number": found.number,
        "title": found.title,
        "publisher": found.publisher,
        "origin": found.origin,
        "place": found.place,
        "language": found.language,
        "published": date.edtf if date else None,
        "published_basis": date.basis if date else None,
        "bounds": date.bounds if date else None,
        "warnings": [{"code": warn.code, "message": warn.message} for warn in found.warnings],
        "grade": found.grade,
        "state": found.state,
        "marking": found.marking,
        "notes_marking": found.notes_marking,
        "sha256": found.sha256,
        "media_type": found.media_type,
        "file_name": found.file_name,
    }


def shown(
    found: Article,
    text: str,
    *,
    tags: Iterable[Tag],
    mentions: Iterable[Mention],
    notes: Iterable[Note],
    dossiers: Iterable[Dossier],
    originals: Iterable[Original],
) -> Shape:
    """A case file as `show` prints it."""
    return {
        **article(found),
        "text": text,
        "published_from": _published(found),
        "tags": [{"id": tag.id, "kind": tag.kind, "name": tag.name} for tag in tags],
        "mentions": [mention(one) for one in mentions],
        "notes": [note(one) for one in notes],
        "dossiers": [dossier(one) for one in dossiers],
        "originals": [_original(one) for one in originals],
    }


def _published(found: Article) -> Shape | None:
    date = found.published
    if date is None:
        return None
    return {
        "printed": date.printed or None,
        "passage": _passage(date.passage) if date.passage else None,
        "field": date.field,
        "year_from": list(date.year_from),
    }


def _passage(found: Passage) -> Shape:
    return {"text": found.exact, "start": found.start, "stop": found.stop}


def mention(found: Mention) -> Shape:
    """A confirmed mention."""
    return {"id": found.id, "tag": found.tag, "kind": found.kind, "name": found.name, **_passage(found.passage)}


def note(found: Note) -> Shape:
    """A note on a passage."""
    return {
        "id": found.id,
        "article": found.article,
        "comment": found.comment,
        "label": found.label,
        **_passage(found.passage),
    }


def dossier(found: Dossier) -> Shape:
    """A dossier by its reference and title."""
    return {"id": found.id, "reference": found.reference, "title": found.title}


def _original(found: Original) -> Shape:
    return {
        "id": found.id,
        "sha256": found.sha256,
        "file_name": found.file_name,
        "media_type": found.media_type,
        "size": found.size,
        "encoding": found.encoding,
        "address": found.address,
        "captured": found.captured,
        "captured_from": found.captured_from,
        "receipts": [{"received": one.received, "from_whom": one.from_whom, "how": one.how} for one in found.receipts],
    }


def brought_in(report: Report) -> Shape:
    """What became of each file of an import."""

    def known(item: Received) -> Shape:
        return {"path": item.name, "article": item.article}

    return {
        "imported": [item.article for item in report.received if item.became == "imported"],
        "known": [known(item) for item in report.received if item.became == "known"],
        "restored": [known(item) for item in report.received if item.became == "restored"],
        "same_text": [
            {**known(item), "same_text_as": item.same_text_as} for item in report.received if item.same_text_as
        ],
        "refused": [{"path": path, "code": error.code, "reason": str(error)} for path, error in report.refused],
        "skipped": [str(path) for path in report.skipped],
    }


def source(found: Source) -> Shape:
    """A source as it stands."""
    return {"id": found.id, "name": found.name, "letter": found.letter, "party": found.party}


def graded(wanted: ArticleId, given: Graded) -> Shape:
    """A grade, and whom its letter was given to."""
    return {"article": wanted, "letter": given.letter, "digit": given.digit, "source": given.source, "of": given.of}


def tag(found: Tag) -> Shape:
    """A tag with its spellings."""
    return {
        "id": found.id,
        "kind": found.kind,
        "name": found.name,
        "spellings": [{"text": one.text, "articles": one.articles} for one in found.spellings],
        "mentions": found.mentions,
        "articles": found.articles,
    }


def merged(one: TagId, into: TagId) -> Shape:
    """A tag and the one that it stands for from now on."""
    return {"tag": one, "into": into}


def suggestion(of: ArticleId, found: Suggestion) -> Shape:
    """A suggestion for a case file."""
    return {
        "id": found.id,
        "article": of,
        "kind": found.kind,
        "tag": found.tag,
        "text": found.text,
        "start": found.start,
        "stop": found.stop,
        "reason": found.reason,
        "score": found.score,
    }


def hit(found: Hit) -> Shape:
    """A case file that was found."""
    return {
        "article": found.article,
        "number": found.number,
        "title": found.title,
        "published": found.published,
        "snippet": found.snippet,
        "marks": list(found.marks),
        "score": found.score,
    }


def travelled(action: str, name: str, changes: Changes) -> Shape:
    """What undo or redo did; `action` and `name` are those of the job taken back or done again."""
    return {
        "action": action,
        "name": name,
        "commit": changes.commit,
        "skipped": [{"table": table, "row": row, "field": field} for table, row, field in changes.skipped],
    }


def logged(found: Step, name: str) -> Shape:
    """A step of the log, with its action in words."""
    return {
        "commit": found.commit,
        "time": found.time,
        "analyst": found.analyst,
        "action": found.action,
        "name": name,
        "changes": found.changes,
    }


def verified(found: Verified) -> Shape:
    """What verifying found."""
    return {
        "ok": found.ok,
        "articles": found.articles,
        "commits": found.commits,
        "heads": list(found.heads),
        "problems": [
            {
                "code": one.code,
                "message": phrases.problem(one.code, dict(one.values)),
                "article": one.article,
                "number": one.number,
                "commit": one.commit,
            }
            for one in found.problems
        ],
    }
