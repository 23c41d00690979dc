"""What every block of the page needs to know of the brief that it belongs to."""

from __future__ import annotations

from casefile import schemes
from casefile.brief import runs
from casefile.brief.outline import Brief
from casefile.brief.words import Words


class Sheet:
    """One brief on its way to the page, `width` twips between the margins."""

    def __init__(self, brief: Brief, width: int) -> None:
        self.brief = brief
        self.width = width
        self.words = Words(brief.language)
        self.sources = {source.number: source for source in brief.sources}
        self.grading = schemes.grading(brief.grading)
        self.marking = schemes.marking(brief.markings)

    def word(self, code: str, **values: str | int) -> str:
        """Runs of one of the page's own words."""
        return runs.xml(self.words(code, **values))

    def ours(self, text: str) -> str:
        """Runs of the analyst's words, in the brief's language."""
        return runs.xml(text, language=self.brief.language)
