"""Dossiers: groups of case files with a reference, title, lead and status; briefs are made from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casefile import identity
from casefile.door import Library
from casefile.errors import CasefileError
from casefile.records import ArticleId, DossierId


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier and how many case files are filed in it."""

    id: DossierId
    reference: str
    title: str
    lead: str | None
    status: str | None
    marking: str | None
    articles: int


def every(library: Library) -> list[Dossier]:
    """All dossiers, by reference."""
    rows = library.query(
        "SELECT d.id, d.reference, d.title, d.lead, d.status, d.marking, "
        "(SELECT count(*) FROM filings f JOIN articles a ON a.id = f.article AND a.deleted = 0 "
        "WHERE f.dossier = d.id AND f.deleted = 0) FROM dossiers d WHERE d.deleted = 0 ORDER BY d.reference, d.id"
    )
    return [Dossier(DossierId(row[0]), row[1] or "", row[2] or "", *row[3:]) for row in rows]


def add(library: Library, *, reference: str, title: str) -> DossierId:
    """The id of a new dossier. Raises CasefileError "reference_empty" or "reference_taken"."""
    reference, title = " ".join(reference.split()), " ".join(title.split())
    if not reference:
        raise CasefileError("reference_empty")
    if any(dossier.reference.casefold() == reference.casefold() for dossier in every(library)):
        raise CasefileError("reference_taken", reference=reference)
    with library.step("dossier.add"):
        return DossierId(
            library.insert("dossiers", identity.fresh(), reference=reference, title=title, lead=library.analyst)
        )


def find(library: Library, reference: str) -> Dossier:
    """The dossier of that reference. Raises CasefileError "no_such_dossier" or "dossier_ambiguous"."""
    wanted = " ".join(reference.split()).casefold()
    found = [dossier for dossier in every(library) if dossier.reference.casefold() == wanted]
    if not found:
        raise CasefileError("no_such_dossier", reference=reference)
    if len(found) > 1:
        raise CasefileError("dossier_ambiguous", reference=reference, count=len(found))
    return found[0]


def file(library: Library, dossier: DossierId, articles: Iterable[ArticleId]) -> int:
    """File case files in the dossier; those already there stay. Return how many were added."""
    with library.step("dossier.file", dossier=dossier):
        return sum(
            library.have("filings", identity.derived("filing", dossier, article), dossier=dossier, article=article)
            for article in articles
        )


def of_article(library: Library, article: ArticleId) -> list[Dossier]:
    """The dossiers that the case file is filed in, by reference."""
    filed = {
        row[0] for row in library.query("SELECT dossier FROM filings WHERE article = ? AND deleted = 0", (article,))
    }
    return [dossier for dossier in every(library) if dossier.id in filed]


def take_out(library: Library, dossier: DossierId, articles: Iterable[ArticleId]) -> None:
    """Take case files out of the dossier; the case files themselves stay."""
    with library.step("dossier.take_out", dossier=dossier):
        for article in articles:
            library.change("filings", identity.derived("filing", dossier, article), deleted=1)
