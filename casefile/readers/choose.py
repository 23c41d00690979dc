"""Picks the reader for a file and makes its ReadArticle; finds the files of a folder.

The content decides, the extension only where the content says nothing. (puremagic was measured and left out: 370 µs a
file, "BM" at the start of a sentence is a bitmap to it, and every zip archive a Word file.)
"""

from __future__ import annotations

import copyreg
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from importlib import import_module
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from casefile.errors import CasefileError, Refused
from casefile.readers import original
from casefile.records import DateFact, Fact, Passage, ReadArticle
from casefile.text import canonical

if TYPE_CHECKING:
    from casefile.readers.reading import Reading
    from casefile.workers import Done, Failed, Workers


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the module that reads it, its media type and its extensions, lower-case with the dot."""

    reader: str
    media_type: str
    extensions: tuple[str, ...]


TEXT = Kind("plain", "text/plain", (".txt", ".text"))
HTML = Kind("html", "text/html", (".html", ".htm"))
XHTML = Kind("html", "application/xhtml+xml", (".xhtml", ".xht"))
MHTML = Kind("mhtml", "multipart/related", (".mhtml", ".mht"))
WORD = Kind("word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
PDF = Kind("pdf", "application/pdf", (".pdf",))
JPEG = Kind("picture", "image/jpeg", (".jpg", ".jpeg", ".jpe"))
PNG = Kind("picture", "image/png", (".png",))
GIF = Kind("picture", "image/gif", (".gif",))
WEBP = Kind("picture", "image/webp", (".webp",))
TIFF = Kind("picture", "image/tiff", (".tif", ".tiff"))
BITMAP = Kind("picture", "image/bmp", (".bmp",))
HEIC = Kind("picture", "image/heic", (".heic", ".heif"))

KINDS = (TEXT, HTML, XHTML, MHTML, WORD, PDF, JPEG, PNG, GIF, WEBP, TIFF, BITMAP, HEIC)
_BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}

_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
)
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"))
# Kinds that look like text to a reader of plain text, or that hide one; none is read.
_OTHERS = (
    b"{\\rtf",
    b"%!PS",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x7fELF",
    b"MZ\x90\0",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML_START = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL)
_XHTML_START = re.compile(rb"\s*<\?xml\s.{0,2000}?<html[\s>]", re.IGNORECASE | re.DOTALL)
_MHTML_START = re.compile(
    rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_HEAD = 4096

_READERS: dict[str, Callable[[bytes, str], Reading]] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """The files of some paths: to read, passed over (hidden, linked folder, unknown extension), and refused."""

    files: list[Path]
    skipped: list[Path]
    refused: list[tuple[Path, CasefileError]]


def read(path: Path, *, today: date | None = None) -> ReadArticle:
    """Return what the file holds. `today` (local) judges dates that lie ahead; the day of the call without it.

    Raises Refused with the reason; nothing is written and nothing fetched. Hostile files may crash or hang the
    libraries behind a reader: call it in a worker (`read_files`).
    """
    data = original.load(path)
    return _article(data, path.name, kind_of(data, path.name), today)


def read_text(text: str | bytes, *, file_name: str = "pasted.txt", today: date | None = None) -> ReadArticle:
    """Return the article of pasted text (a str is plain text, kept as UTF-8) or of bytes from a pipe (any kind).

    Raises Refused: empty_file, and for bytes what `read` raises.
    """
    if not text:
        raise Refused("empty_file", name=file_name)
    if isinstance(text, bytes):
        return _article(text, file_name, kind_of(text, file_name), today)
    # A clipboard may hold half a surrogate pair, which no encoding can store.
    data = re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8")
    return _article(data, file_name, TEXT, today)


def read_files(
    paths: Iterable[Path], workers: Workers, *, today: date | None = None
) -> Iterator[Done[ReadArticle] | Failed]:
    """Yield for each path, in order, the article that a worker read or the reason why it could not."""
    return workers.map(partial(read, today=today), paths)


def kind_of(data: bytes, name: str) -> Kind:
    """Return the kind of the bytes; `name` helps where they say nothing.

    Raises Refused: unknown_kind, binary_named_text, truncated_docx, encrypted_docx, damaged_pdf, damaged_picture.
    """
    extension = _extension(name)
    by_name = _BY_EXTENSION.get(extension)
    kind = _signature(data, name)
    if kind is not None:
        return kind
    if data.startswith(_OTHERS):
        if by_name is WORD and _ENCRYPTED_PACKAGE in data:
            raise Refused("encrypted_docx", name=name)
        raise Refused("unknown_kind", name=name)
    head = _ascii_head(data)
    if _HTML_START.match(head):
        return HTML
    if _XHTML_START.match(head):
        return XHTML
    if _MHTML_START.match(head):
        return MHTML
    if by_name is PDF and b"%PDF-" in data[:1024]:
        return PDF
    if by_name in (PDF, WORD) or (by_name is not None and by_name.reader == "picture"):
        code = "damaged_pdf" if by_name is PDF else "truncated_docx" if by_name is WORD else "damaged_picture"
        raise Refused(code, name=name)
    if canonical.looks_binary(data):
        raise Refused("unknown_kind" if by_name is None else "binary_named_text", name=name)
    if by_name is None and extension:
        raise Refused("unknown_kind", name=name)
    return by_name or TEXT


def walk(paths: Iterable[Path]) -> Found:
    """Return the files to read: those named, and those of named folders and all folders below, by name.

    In folders, hidden files and folders, links to folders and extensions of no known kind are passed over; a file that
    is named is always read. Refused: no_such_file, no_rights_to_read, unreadable_file.
    """
    found = Found([], [], [])
    for path in dict.fromkeys(paths):
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            found.refused.append((path, original.refusal(path, error)))
            continue
        if is_folder:
            _walk_folder(path, found)
        else:
            found.files.append(path)
    return found


def _article(data: bytes, name: str, kind: Kind, today: date | None) -> ReadArticle:
    # Its many patterns are compiled in the workers alone: the window only walks folders and hands out paths.
    from casefile.readers import facts

    reading = _reader(kind)(data, name)
    text = canonical.canonical(reading.text)
    digest = canonical.digest(text)
    kept = original.keep(data)
    proposed = facts.read_facts(text, digest, metadata=reading.metadata, today=today)
    title = proposed.title
    if reading.spare_title is not None and (title is None or title.basis == "inferred"):
        title = reading.spare_title
    empty = not text or text.isspace()
    warnings = reading.warnings
    if empty and kind.reader != "picture" and "no_text_layer" not in warnings:
        warnings = (*warnings, "text_empty")
    return ReadArticle(
        sha256=kept.sha256,
        size=kept.size,
        file_name=_as_text(name),
        media_type=kind.media_type,
        parts=kept.parts,
        compressed=kept.compressed,
        text=text,
        text_sha256=digest,
        reader=reading.reader,
        encoding=reading.encoding,
        title=title,
        publisher=proposed.publisher,
        origin=proposed.origin,
        place=proposed.place,
        language=proposed.language,
        published=proposed.published,
        captured=reading.captured,
        captured_from=reading.captured_from,
        address=reading.address,
        warnings=warnings,
        text_key="" if empty else canonical.same_text_key(text),
        names=proposed.names,
    )


def _as_text(name: str) -> str:
    """The name in characters that can be stored: on a disk it may be bytes that are no text, read as surrogates."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "replace")
    return name


def _reader(kind: Kind) -> Callable[[bytes, str], Reading]:
    # Each reader brings its library, 0.1 to 0.4 s: only those that are needed are loaded.
    reader = _READERS.get(kind.reader)
    if reader is None:
        module = import_module(f"casefile.readers.{kind.reader}")
        reader = _READERS[kind.reader] = cast("Callable[[bytes, str], Reading]", module.read)
    return reader


def _extension(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122


def _signature(data: bytes, name: str) -> Kind | None:
    for start, kind in _SIGNATURES:
        if data.startswith(start):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, name)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    # Sentences begin with "BM" too: the reserved fields are zero, and the header that follows has one of these sizes.
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0" and data[14:18] in _BITMAP_HEADERS:
        return BITMAP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


_BITMAP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))


def _archive(data: bytes, name: str) -> Kind:
    import zipfile

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        code = "truncated_docx" if _extension(name) == ".docx" else "unknown_kind"
        raise Refused(code, name=name) from error
    if "[Content_Types].xml" in names and any(member.startswith("word/") for member in names):
        return WORD
    raise Refused("unknown_kind", name=name)


def _ascii_head(data: bytes) -> bytes:
    """The first bytes as ASCII where they are UTF-16 with a byte order mark, without a mark otherwise."""
    head = data[:_HEAD]
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "replace").encode("ascii", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _walk_folder(folder: Path, found: Found) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: (entry.name.casefold(), entry.name))
    except OSError as error:
        found.refused.append((folder, original.refusal(folder, error)))
        return
    for entry in entries:
        path = Path(entry.path)
        if _is_hidden(entry):
            found.skipped.append(path)
        elif entry.is_dir(follow_symlinks=False):
            _walk_folder(path, found)
        elif os.path.isdir(path) or _extension(entry.name) not in _BY_EXTENSION:  # noqa: PTH112 (a loop is no error)
            found.skipped.append(path)
        else:
            found.files.append(path)


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    # Word's lock files (~$name.docx) hold the name of who has the file open, and no text.
    if entry.name.startswith((".", "~$")):
        return True
    try:
        attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False  # It went meanwhile: reading it tells.
    return bool(attributes & 2)  # FILE_ATTRIBUTE_HIDDEN of Windows


def _pickled_by_constructor(kind: type[ReadArticle | Fact | DateFact | Passage]) -> None:
    values = attrgetter(*(field.name for field in fields(kind)))
    copyreg.pickle(kind, lambda record: (kind, values(record)))


# An article crosses from a worker in 40 µs (packing and unpacking) instead of 110: a frozen dataclass with slots is
# otherwise packed and set field by field in Python.
for _kind in (ReadArticle, Fact, DateFact, Passage):
    _pickled_by_constructor(_kind)
