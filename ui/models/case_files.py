"""The list of case files: ids of all, rows of those that were shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from casefile.articles import Article
from casefile.records import ArticleId
from ui import words

PAGE = 64
"""Rows fetched at once."""

_KEPT = 32  # pages; more than any screen shows, few enough for any memory

Index = QModelIndex | QPersistentModelIndex


class CaseFiles(QAbstractListModel):
    """Case files in the order in which SQL gave their ids; `fetch` reads the rows of some of them."""

    ARTICLE = Qt.ItemDataRole.UserRole
    """The Article of a row, or None when it has gone meanwhile."""

    def __init__(self, fetch: Callable[[Sequence[ArticleId]], list[Article]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: list[ArticleId] = []
        self._rows: dict[ArticleId, int] = {}
        self._pages: dict[int, dict[ArticleId, Article]] = {}
        self.fetches = 0
        """How often rows were fetched."""

    # ---- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """As many as there are ids."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, words for a screen reader, or the Article itself."""
        if not index.isValid() or role not in (
            self.ARTICLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        article = self._article(index.row())
        if role == self.ARTICLE or article is None:
            return article
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{article.title}, {words.source_and_date(article)}, {words.grade(article)}"
        return article.title

    def _article(self, row: int) -> Article | None:
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            self.fetches += 1
            found = self._fetch(self._ids[number * PAGE : (number + 1) * PAGE])
            page = self._pages[number] = {article.id: article for article in found}
            if len(self._pages) > _KEPT:
                del self._pages[next(iter(self._pages))]
        return page.get(self._ids[row])

    # ---- what the pane asks

    def row_of(self, article: ArticleId) -> int | None:
        """The row of a case file, or None."""
        return self._rows.get(article)

    def id_at(self, row: int) -> ArticleId | None:
        """The case file of a row, or None beyond either end."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    # ---- refreshing

    def forget(self) -> None:
        """Fetch rows anew when they are next shown: facts or grades have changed."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def become(self, ids: Sequence[ArticleId]) -> None:
        """Hold these ids in this order; rows that stay keep their selection."""
        wanted = set(ids)
        for first, last in reversed(_runs([row for row, each in enumerate(self._ids) if each not in wanted])):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._ids[first : last + 1]
            self._renumber()
            self.endRemoveRows()
        present = set(self._ids)
        self._reorder([each for each in ids if each in present])
        for first, last in _runs([row for row, each in enumerate(ids) if each not in present]):
            self.beginInsertRows(QModelIndex(), first, last)
            self._ids[first:first] = ids[first : last + 1]
            self._renumber()
            self.endInsertRows()

    def _reorder(self, ids: list[ArticleId]) -> None:
        if ids == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._ids[index.row()] for index in before]
        self._ids = ids
        self._renumber()
        self.changePersistentIndexList(before, [self.index(self._rows[article]) for article in held])
        self.layoutChanged.emit()

    def _renumber(self) -> None:
        self._rows = {article: row for row, article in enumerate(self._ids)}
        self._pages.clear()


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    if not rows:
        return []
    breaks = [place for place, (one, other) in enumerate(pairwise(rows), 1) if other != one + 1]
    return [(rows[first], rows[last - 1]) for first, last in zip([0, *breaks], [*breaks, len(rows)], strict=True)]
