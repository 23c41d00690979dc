"""A brief as a Word file: the template's package, the body written as XML text, and each citation a real endnote.

The body is text because python-docx's own paragraphs and tables take twenty times as long; nothing of the brief's text
is ever read as markup, field or template. Equal briefs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from casefile import schemes
from casefile.brief import body, endnotes, margins, runs, tables, target, template
from casefile.brief.outline import Brief
from casefile.brief.sheet import Sheet
from casefile.brief.words import utc
from casefile.progress import Progress, Silent

if TYPE_CHECKING:
    from docx.document import Document

#: The longest that python-docx lets a core property be.
_LONGEST = 255


def write(brief: Brief, path: Path, *, progress: Progress | None = None) -> None:
    """Write the brief as a .docx at the path, whole or not at all.

    Raises `unknown_marking` and `unknown_grade`, and of the file `disk_full`, `no_rights`, `target_busy`,
    `folder_missing` or `write_failed`: what stood there before is then untouched.
    """
    target.put(path, build(brief, progress=progress))


def build(brief: Brief, *, progress: Progress | None = None) -> bytes:
    """The bytes of the brief's .docx."""
    document = template.opened()
    page = template.page(document)
    sheet = Sheet(brief, page.width)
    notes = endnotes.Endnotes(sheet.sources, sheet.words, marked=margins.header(sheet))
    written = _body(sheet, notes, progress or Silent())
    _describe(document, brief)
    section = document.sections[0]
    return template.saved(
        document,
        {
            template.DOCUMENT: template.part("document", f"<w:body>{written}{page.section}</w:body>"),
            template.ENDNOTES: notes.part(template.blob(document, template.ENDNOTES)),
            str(section.header.part.partname): template.part("hdr", margins.header(sheet)),
            str(section.first_page_header.part.partname): template.part("hdr", margins.first_header(sheet)),
            str(section.footer.part.partname): template.part("ftr", margins.footer(sheet)),
            str(section.first_page_footer.part.partname): template.part("ftr", margins.footer(sheet)),
        },
    )


def _body(sheet: Sheet, notes: endnotes.Endnotes, progress: Progress) -> str:
    blocks: tuple[Callable[[], str], ...] = (
        lambda: body.top(sheet, notes),
        lambda: body.findings(sheet, notes),
        lambda: tables.chronology(sheet),
        lambda: tables.tags(sheet),
        lambda: tables.sources(sheet),
        lambda: tables.keys(sheet),
        lambda: body.before_notes(sheet, notes),
    )
    progress.total(len(blocks))
    written: list[str] = []
    for count, block in enumerate(blocks, start=1):
        written.append(block())
        progress.done(count)
    return "".join(written)


def _describe(document: Document, brief: Brief) -> None:
    def short(text: str) -> str:
        return runs.one_line(text)[:_LONGEST]

    moment = utc(brief.as_of).replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title = short(brief.title)
    properties.author = short(brief.author)
    properties.last_modified_by = short(brief.author)
    properties.identifier = short(brief.number)
    properties.subject = short(brief.reference)
    properties.keywords = schemes.marking(brief.markings).label(brief.marking).code
    properties.language = short(brief.language)
    properties.version = str(brief.issue)
    properties.revision = 1
    properties.created = moment
    properties.modified = moment
