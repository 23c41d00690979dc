"""The brief's headers and footers: the marking on every page, as TLP 2.0 sets it."""

from __future__ import annotations

from casefile.brief import blocks, runs
from casefile.brief.sheet import Sheet

_GAP = "\u2003"


def header(sheet: Sheet) -> str:
    """The header from the second page on: number, as-of and author, then the marking, right-justified."""
    brief, words = sheet.brief, sheet.words
    parts = (
        f"{words('brief')} {runs.one_line(brief.number)}",
        words("issue", issue=brief.issue),
        words("as_of", moment=words.moment(brief.as_of)),
        runs.one_line(brief.author),
    )
    return blocks.paragraph("Header", runs.xml(" · ".join(filter(None, parts)) + _GAP), _marking(sheet))


def first_header(sheet: Sheet) -> str:
    """The first page's header: the marking alone, since number, as-of and author stand around the title."""
    return blocks.paragraph("Header", _marking(sheet))


def footer(sheet: Sheet) -> str:
    """Page X of Y, then the marking, right-justified."""
    before, _, rest = sheet.words("page_of", page="\x00", pages="\x01").partition("\x00")
    between, _, after = rest.partition("\x01")
    return blocks.paragraph(
        "Footer",
        runs.xml(before),
        blocks.field("PAGE", "1"),
        runs.xml(between),
        blocks.field("NUMPAGES", "1"),
        runs.xml(after + _GAP),
        _marking(sheet),
    )


def _marking(sheet: Sheet) -> str:
    # TLP 2.0: the label in its colour on black, at 12 points or more, right-justified, in header and footer.
    label = sheet.marking.label(sheet.brief.marking)
    look = (
        f'<w:color w:val="{label.colour.lstrip("#")}"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{sheet.marking.background.lstrip("#")}"/>'
    )
    edge = runs.xml("\u00a0", look, style="Marking")
    return edge + runs.xml(label.code, look, style="Marking") + edge
