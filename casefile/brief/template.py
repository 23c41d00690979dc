"""Our Word template, kept as the readable parts of an unzipped .docx (resources/word/template), and its package.

To change the looks, edit `word/styles.xml`, or zip the folder to a .docx, edit its styles in Word and unzip it again.
python-docx holds the package: its parts, relationships, section and core properties.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from casefile import resources

if TYPE_CHECKING:
    from docx.document import Document

#: The oldest moment a zip can name: with it, the same brief always makes the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

#: The names of the parts that every brief writes anew.
DOCUMENT = "/word/document.xml"
ENDNOTES = "/word/endnotes.xml"

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


@dataclass(frozen=True, slots=True)
class Page:
    """What the body must know of the template: the section's XML and the width between its margins, in twips."""

    section: str
    width: int


def opened() -> Document:
    """The template as python-docx has it."""
    import docx

    folder = resources.path("word", "template")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                parts.write(file, file.relative_to(folder).as_posix())
    return docx.Document(stream)


def page(document: Document) -> Page:
    """The template's page."""
    section = document.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    _, start, rest = document.part.blob.decode().rpartition("<w:sectPr")
    written, stop, _ = rest.partition("</w:sectPr>")
    return Page(start + written + stop, round(width / 635))  # 635 English metric units make a twip


def part(root: str, inner: str) -> bytes:
    """A part of the package whose root element (`document`, `hdr`, `ftr`) holds the XML."""
    opening = f'<w:{root} xmlns:w="{_MAIN}" xmlns:r="{_RELATIONS}">'
    return f"{_DECLARATION}{opening}{inner}</w:{root}>".encode()


def blob(document: Document, name: str) -> bytes:
    """The template's own part of that name."""
    return next(rel.target_part.blob for rel in document.part.rels.values() if rel.target_part.partname == name)


def saved(document: Document, written: Mapping[str, bytes]) -> bytes:
    """The package as the bytes of a .docx, with `written` in place of the parts of those names.

    Equal input gives equal bytes.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in _contents(document, written):
            entry = zipfile.ZipInfo(name.lstrip("/"), _NO_TIME)
            entry.create_system = 0  # else the system's own number, and other bytes on Windows
            entry.compress_type = zipfile.ZIP_DEFLATED
            parts.writestr(entry, content)
    return stream.getvalue()


def _contents(document: Document, written: Mapping[str, bytes]) -> Iterator[tuple[str, bytes | str]]:
    package = document.part.package
    if package is None:
        raise ValueError("a part without its package")
    types = "".join(
        f"<Override PartName={quoteattr(str(part.partname))} ContentType={quoteattr(part.content_type)}/>"
        for part in package.parts
    )
    yield (
        "[Content_Types].xml",
        f'{_DECLARATION}<Types xmlns="{_TYPES}"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'.encode(),
    )
    yield "_rels/.rels", package.rels.xml
    for part in package.parts:
        yield str(part.partname), written.get(str(part.partname)) or part.blob
        if part.rels:
            yield str(part.partname.rels_uri), part.rels.xml
