"""Paragraphs, links and tables as WordprocessingML text; the styles are the template's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: A cell's paragraphs, each a style and its runs.
Cell = list[tuple[str, str]]

#: Tables of up to so many rows are kept on one page.
SHORT = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading (runs), and its share of the table's width."""

    head: str
    share: int
    right: bool = False


def paragraph(style: str, *runs: str, keep: bool = False, right: bool = False) -> str:
    """A paragraph of the runs in the style; `keep` keeps it on one page with the next."""
    properties = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" * keep}{_RIGHT * right}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def link(anchor: str, runs: str) -> str:
    """The runs as a link to a bookmark of the same file."""
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{runs}</w:hyperlink>'


def bookmark(anchor: str, number: int, runs: str) -> str:
    """The runs inside a bookmark; `number` must be the only one of its value in the file."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{anchor}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


def field(instruction: str, shown: str, properties: str = "") -> str:
    """A field that Word works out by itself, such as PAGE; `shown` stands there until it does."""
    within = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r>{within}<w:t>{shown}</w:t></w:r></w:fldSimple>'


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int, *, keep: bool = False) -> str:
    """A table over `width` twips, its heading row repeated on each page and no row broken across two.

    Short tables are kept whole; longer ones keep their first two rows together, and their last two. `keep` keeps the
    last row on one page with what follows.
    """
    total = sum(column.share for column in columns)
    widths = [width * column.share // total for column in columns]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    head: list[Cell] = [[("TableHead", column.head)] for column in columns]
    written = [_row(head, columns, widths, keep=True, heading=True)]
    for place, row in enumerate(rows, start=1):
        last = place == len(rows)
        together = not last if len(rows) <= SHORT else place < 2 or place == len(rows) - 1
        written.append(_row(row, columns, widths, keep=keep if last else together))
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="BriefTable"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
        f' w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(written)}</w:tbl>'
    )


_RIGHT = '<w:jc w:val="right"/>'


def _row(
    cells: Sequence[Cell],
    columns: Sequence[Column],
    widths: Sequence[int],
    *,
    keep: bool,
    heading: bool = False,
) -> str:
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        + "".join(paragraph(style, runs, keep=keep, right=column.right) for style, runs in cell)
        + "</w:tc>"
        for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * heading}</w:trPr>{written}</w:tr>"
