"""PDF files: the text layer page by page, and the moment of capture where a browser printed the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from casefile.errors import Refused
from casefile.readers.reading import Reading
from casefile.records import Fact

NAME = "pdf"

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY: a kind of encryption that PDFium does not know
# PDFium marks a hyphen at a line's end by one of these (fpdf_text.h); the hyphen is printed, so it is text.
_LINE_HYPHEN = re.compile("[\x02\ufffe]")
_DATE = re.compile(r"^D:(\d{14})(?:(Z)|([+-])(\d{2})'?(\d{2})?'?)")
_OFFICE_TITLE = re.compile(r"^(Microsoft (Word|PowerPoint|Excel) - |untitled$|.*\.(docx?|xlsx?|pptx?|pdf|indd)$)", re.I)


def read(data: bytes, name: str) -> Reading:
    """Return the text of all pages, a blank line between two; lines end as printed and no hyphen is taken out.

    Warnings: no_text_layer (no page has text: a scan) and pages_without_text (some have none). Raises Refused:
    encrypted_pdf (it asks for a password), damaged_pdf.
    """
    pdfium: Any = import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = "encrypted_pdf" if error.err_code in (_PASSWORD, _SECURITY) else "damaged_pdf"
        raise Refused(code, name=name) from error
    try:
        pages = [_page_text(document, number) for number in range(len(document))]
        properties: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    except pdfium.PdfiumError as error:
        raise Refused("damaged_pdf", name=name) from error
    finally:
        document.close()
    if not pages:
        raise Refused("damaged_pdf", name=name)
    blank = sum(1 for page in pages if not page)
    captured, captured_from = _capture(properties)
    return Reading(
        text="\n\n".join(page for page in pages if page),
        reader=NAME,
        spare_title=_title(properties),
        captured=captured,
        captured_from=captured_from,
        warnings=("no_text_layer",) if blank == len(pages) else ("pages_without_text",) if blank else (),
    )


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text: str = text_page.get_text_range()
        finally:
            text_page.close()
    finally:
        page.close()
    return _LINE_HYPHEN.sub("-", text).strip()


def _capture(properties: dict[str, str]) -> tuple[str | None, str | None]:
    """Return when a browser printed the page, in UTC, and by what; other programs' dates say when a file was made."""
    producer = properties.get("Producer", "")
    creator = properties.get("Creator", "")
    chromium = producer.startswith("Skia/PDF") and creator.startswith(("Mozilla/5.0 ", "Chromium"))
    if not chromium and not re.match(r"(Mozilla )?Firefox\b|Safari\b", creator):
        return None, None
    captured = _utc(properties.get("CreationDate", ""))
    printer = creator if not chromium else producer
    return (captured, f"PDF CreationDate, printed by {printer}") if captured else (None, None)


def _utc(date: str) -> str | None:
    """Return UTC for a PDF date that names its offset (ISO 32000-1, 7.9.4), else None."""
    found = _DATE.match(date)
    if not found:
        return None
    offset = "+0000" if found[2] else f"{found[3]}{found[4]}{found[5] or '00'}"
    try:
        moment = datetime.strptime(found[1] + offset, "%Y%m%d%H%M%S%z")
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


def _title(properties: dict[str, str]) -> Fact | None:
    title = " ".join(properties.get("Title", "").split())
    return None if not title or _OFFICE_TITLE.match(title) else Fact(title, field="PDF Title")
