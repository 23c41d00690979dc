"""Suggestions for the case file that is shown, found on the reader thread; spellings are read anew when they change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from casefile import mentions, tags
from casefile.changes import Changes
from casefile.door import Library
from casefile.records import ArticleId
from casefile.suggest.known import Spotter, Suggestion
from ui.session import Session


class Suggester(QObject):
    """Keeps the spotter over all known spellings, which costs more to build than to use."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._spellings = 1  # the state of the spellings, counted
        self._built = 0
        self._spotter: Spotter | None = None
        session.changed.connect(self._follow)

    def _follow(self, changes: Changes) -> None:
        if changes.touches("tags", "spellings"):
            self._spellings += 1

    def ask(self, article: ArticleId, then: Callable[[list[Suggestion]], object]) -> None:
        """Let `then` have the suggestions for the article, on the window's thread."""
        wanted = self._spellings
        self._session.ask(lambda library: self._find(library, article, wanted), then)

    def _find(self, library: Library, article: ArticleId, wanted: int) -> list[Suggestion]:
        # On the reader thread alone, which does one thing at a time.
        if self._spotter is None or self._built != wanted:
            self._spotter = Spotter(tags.known_spellings(library))
            self._built = wanted
        return mentions.suggestions(library, article, self._spotter)
