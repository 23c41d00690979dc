"""Word files (.docx): paragraphs, lists, tables, content controls, footnotes and endnotes."""

from __future__ import annotations

import io
import zipfile
import zlib
from importlib import import_module
from typing import Any
from xml.parsers.expat import ExpatError

from casefile.errors import Refused
from casefile.readers import blocks
from casefile.readers.reading import Reading
from casefile.records import Fact

NAME = "word"

INSIDE_LIMIT = 256 * 1024 * 1024
"""Bytes after unpacking, by the archive's own directory; `zipfile` reads no more of a member than is said there."""

_CORE_TITLE = "{http://purl.org/dc/elements/1.1/}title"

# What mammoth, zipfile and expat raise on files that are not what they say; anything else is a fault of ours.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ExpatError,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
)


def read(data: bytes, name: str) -> Reading:
    """Return the text, its notes numbered at the end.

    Raises Refused: truncated_docx (no whole archive), too_large_inside (more than INSIDE_LIMIT unpacked), damaged_docx
    (an archive that holds no Word text). Text that was deleted with tracked changes, comments, headers and footers are
    left out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > INSIDE_LIMIT:
                raise Refused("too_large_inside", name=name, limit=INSIDE_LIMIT // (1024 * 1024))
            title = _core_title(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Refused("truncated_docx", name=name) from error
    try:
        page = _converted(data)
    except _DAMAGE as error:
        raise Refused("damaged_docx", name=name) from error
    return Reading(text=_text(page), reader=NAME, spare_title=Fact(title, field="dc:title") if title else None)


def _converted(data: bytes) -> str:
    mammoth: Any = import_module("mammoth")

    def leave_out(image: Any) -> list[Any]:
        del image
        return []

    # The document's own style map is ignored: it could leave paragraphs out.
    page: str = mammoth.convert_to_html(
        io.BytesIO(data), convert_image=leave_out, include_embedded_style_map=False, external_file_access=False
    ).value
    return page


def _text(page: str) -> str:
    if not page.strip():
        return ""
    html: Any = import_module("lxml.html")
    tree = html.document_fromstring(
        page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    )
    _number_notes(tree)
    return blocks.text(tree)


def _number_notes(tree: Any) -> None:
    """Mark each note at the end as its reference in the text is marked, `[1]`, and drop the arrow back to it."""
    notes = tree.xpath("//li[starts-with(@id, 'footnote-') or starts-with(@id, 'endnote-')]")
    for number, note in enumerate(notes, 1):
        note.getparent().tag = "ul"
        opening = note if len(note) == 0 or (note.text or "").strip() else note[0]
        opening.text = f"[{number}] {opening.text or ''}"
        for link in note.xpath(".//a[starts-with(@href, '#footnote-ref') or starts-with(@href, '#endnote-ref')]"):
            link.text = None


def _core_title(archive: zipfile.ZipFile) -> str | None:
    try:
        with archive.open("docProps/core.xml") as member:
            core = member.read(INSIDE_LIMIT)
    except (KeyError, RuntimeError, zlib.error, zipfile.BadZipFile):
        return None
    etree: Any = import_module("lxml.etree")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(core, parser=parser) if core.strip() else None
    title: str = "" if root is None else root.findtext(f".//{_CORE_TITLE}", default="") or ""
    return " ".join(title.split()) or None
