"""Text of a tree of paragraphs, lists and tables, as web pages and Word files give it.

Paragraphs are parted by a blank line, items and rows by a line end, cells by a tab. Items of numbered lists keep
their number, since a statement is cited by it; no other sign is added.
"""

from __future__ import annotations

import re
from typing import Any

_SPACE = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPH = "\n\n"
_LINE = "\n"

# HTML's names and those of the TEI tree that trafilatura gives.
_BLOCK_NAMES = """
address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head
header hr list main nav ol p pre quote section summary table ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_LINES = frozenset(("item", "li", "row", "tr"))
_CELLS = frozenset(("cell", "td", "th"))
_BREAKS = frozenset(("br", "lb"))
_SILENT = frozenset(("script", "style", "noscript", "template", "title"))


def text(tree: Any) -> str:
    """Return the text of an lxml tree. White space inside a paragraph is collapsed; `br` and `lb` end the line."""
    writer = _Writer()
    _walk(tree, writer)
    return writer.finished()


class _Writer:
    def __init__(self) -> None:
        self._written: list[str] = []
        self._current: list[str] = []
        self._separator = ""
        self._numbers: dict[Any, int] = {}
        self.cells = 0

    def add(self, piece: str | None) -> None:
        if piece:
            self._current.append(_SPACE.sub(" ", piece))

    def raw(self, piece: str) -> None:
        self._current.append(piece)

    def number(self, item: Any) -> None:
        """Write the number of an item of a numbered list."""
        parent = item.getparent()
        if parent is None or not (parent.tag == "ol" or (parent.tag == "list" and parent.get("rend") == "ol")):
            return
        first: str = parent.get("start", "1")
        number = self._numbers.get(parent, int(first) if first.isdecimal() and len(first) < 7 else 1)
        self._numbers[parent] = number + 1
        self.raw(f"{number}. ")

    def end(self, separator: str) -> None:
        """Close the line or paragraph; inside a table's cell everything stays on the row's line."""
        if self.cells:
            if self._current and not self._current[-1].endswith((" ", "\t")):
                self._current.append(" ")
            return
        line = _tidied("".join(self._current))
        self._current.clear()
        if line:
            if self._written:
                self._written.append(self._separator)
            self._written.append(line)
            self._separator = separator
        elif len(separator) > len(self._separator):
            self._separator = separator

    def finished(self) -> str:
        self.cells = 0
        self.end(_PARAGRAPH)
        return "".join(self._written)


def _tidied(line: str) -> str:
    """No white space round tabs and line ends; empty cells at the end of a row go."""
    return re.sub(r" *([\t\n]) *", r"\1", line).strip(" \t\n")


def _walk(tree: Any, writer: _Writer) -> None:
    # A list instead of recursion: hostile pages nest deeper than Python's stack.
    pending: list[tuple[Any, bool]] = [(tree, True)]
    while pending:
        element, entering = pending.pop()
        if not entering:
            _leave(element, writer)
            if element is not tree:
                writer.add(element.tail)
            continue
        # Comments and processing instructions have a function for a tag.
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            if element is not tree:
                writer.add(element.tail)
            continue
        _enter(element, writer)
        pending.append((element, False))
        pending.extend((child, True) for child in reversed(element))


def _enter(element: Any, writer: _Writer) -> None:
    tag: str = element.tag
    if tag in _BREAKS:
        writer.raw(" " if writer.cells else "\n")
    elif tag in _CELLS:
        if element.getprevious() is not None:
            writer.raw("\t")
        writer.cells += 1
    elif tag in _LINES:
        writer.end(_LINE)
        writer.number(element)
    elif tag in _BLOCKS and not _opens_item(element):
        writer.end(_LINE if _inside_item(element) else _PARAGRAPH)
    writer.add(element.text)


def _leave(element: Any, writer: _Writer) -> None:
    tag: str = element.tag
    if tag in _CELLS:
        writer.cells -= 1
    elif tag in _LINES:
        writer.end(_LINE)
    elif tag in _BLOCKS:
        writer.end(_LINE if _inside_item(element) else _PARAGRAPH)


def _inside_item(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in _LINES


def _opens_item(element: Any) -> bool:
    """Whether the block is the first thing in its item, so that a number stays on its line."""
    parent = element.getparent()
    return _inside_item(element) and element.getprevious() is None and not (parent.text or "").strip()
