"""One test file for what every format gives; the samples are made here with the formats' own libraries."""

from __future__ import annotations

import hashlib
import io
import quopri
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from hypothesis import given
from hypothesis import strategies as st

from casefile.readers import choose, original
from casefile.records import Fact, ReadArticle
from casefile.text import canonical
from casefile.workers import Done, Failed, Workers

FILES = Path(__file__).resolve().parents[2] / "files"
TODAY = date(2026, 1, 5)
THAI = "ตำรวจค้นอาคารสามหลังริมแม่น้ำเมื่อเช้าวันพุธ"
KHMER = "មន្ត្រីបានឆែកឆេរអគារបី"
LONG = "The patrol found three empty buildings by the river and a ledger that named no one, said the district office. "

PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Empty buildings | River Post</title>
<meta property="og:title" content="Three empty buildings"><meta property="og:site_name" content="River Post">
<meta property="article:published_time" content="2025-07-10T23:30:00+07:00">
<link rel="canonical" href="https://river.example/news/7"></head>
<body><nav><a href="/">Home</a><a href="/all">All news</a></nav><article><h1>Three empty buildings</h1>
<p>{LONG * 2}</p><p>{THAI} {LONG}</p><ol><li>Close the road.</li><li>Count the beds, all of them.</li></ol>
<table><tr><th>Building</th><th>Beds</th></tr><tr><td>North</td><td>41</td></tr></table>
<p>{LONG}</p></article><footer>All rights kept by River Post</footer><script>track("no")</script></body></html>"""
SINGLE_FILE = """<!--
 Page saved with SingleFile 
 url: https://river.example/news/7?from=front 
 saved date: Fri Jul 11 2025 06:05:04 GMT+0700 (Indochina Time)
-->"""  # noqa: W291 - SingleFile writes the spaces


def value(fact: Fact | None) -> str | None:
    return None if fact is None else fact.value


def read_bytes(data: bytes, name: str) -> ReadArticle:
    return choose.read_text(data, file_name=name, today=TODAY)


def pdf(pages: list[str], properties: str = "") -> bytes:
    """A PDF of the simplest kind: one line of ASCII a page, an empty one for a scan."""
    streams = [f"BT /F1 12 Tf 72 720 Td ({page}) Tj ET" if page else "0 0 9 9 re f" for page in pages]
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * number + 1} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< {properties} >>")
    out = b"%PDF-1.7\n"
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    return out + f"{head}{table}trailer\n{trailer}\nstartxref\n{len(out)}\n%%EOF".encode()


def word_file(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_footnote(data: bytes, words: str) -> bytes:
    """The Word file with a footnote at the place of «note»: python-docx has none."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            if member == "word/document.xml":
                text = text.replace(b"<w:t>\xc2\xabnote\xc2\xbb</w:t>", b'<w:footnoteReference w:id="7"/>')
            elif member == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                link = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", link.encode())
            elif member == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                text = text.replace(
                    b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
                )
            new.writestr(member, text)
        new.writestr(
            "word/footnotes.xml",
            f'<w:footnotes {space}><w:footnote w:id="7"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:footnote>'
            "</w:footnotes>",
        )
    return stream.getvalue()


def mhtml(page: str, *, date_header: str | None = "Thu, 10 Jul 2025 23:05:04 -0000") -> bytes:
    """A page as Chrome saves it: quoted-printable, no charset on its parts."""
    body = quopri.encodestring(page.encode("utf-8")).decode("ascii")
    return (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://river.example/news/7\n"
        + (f"Date: {date_header}\n" if date_header else "")
        + 'MIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html";\n'
        + '\tboundary="----MultipartBoundary--x"\n\n'
        + "------MultipartBoundary--x\nContent-Type: text/html\nContent-ID: <frame-1@mhtml.blink>\n"
        + "Content-Transfer-Encoding: quoted-printable\nContent-Location: https://river.example/frame\n\n"
        + body
        + "\n------MultipartBoundary--x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
        + "------MultipartBoundary--x--\n"
    ).encode("ascii")


# Plain text


def test_a_text_file_keeps_its_bytes_and_gives_its_text(tmp_path: Path) -> None:
    data = f"\ufeff{THAI}\r\n\r\n\r\ncafe\u0301 😀 {KHMER}\r\n".encode()
    path = tmp_path / "บันทึก.txt"
    path.write_bytes(data)
    article = choose.read(path, today=TODAY)
    assert article.text == f"{THAI}\n\n\ncafe\u0301 😀 {KHMER}\n"
    assert (article.file_name, article.media_type, article.reader) == ("บันทึก.txt", "text/plain", "plain")
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert article.text_sha256 == canonical.digest(article.text)
    assert article.text_key == canonical.same_text_key(article.text)
    assert article.size == len(data)
    assert article.warnings == ()
    parts = [zlib.decompress(part) if article.compressed else part for part in article.parts]
    assert b"".join(parts) == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"])
def test_thai_text_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    text = f"{THAI}\n{THAI}ที่ริมน้ำ\n" * 5
    assert read_bytes(text.encode(encoding), "a.txt").text == text


def test_bytes_of_no_encoding_are_replaced_and_told() -> None:
    article = read_bytes(THAI.encode() + b" \xff\xfe\xfa " + KHMER.encode(), "a.txt")
    assert article.warnings == ("decoded_with_replacement",)
    assert THAI in article.text
    assert KHMER in article.text


def test_pasted_text_is_plain_text_whatever_it_looks_like() -> None:
    article = choose.read_text("<html><body>Look at this tag</body></html> and \ud83d", today=TODAY)
    assert article.text == "<html><body>Look at this tag</body></html> and \ufffd"
    assert (article.file_name, article.reader, article.encoding) == ("pasted.txt", "plain", "utf-8")


def test_a_text_of_white_space_is_told() -> None:
    article = read_bytes(b" \n\n ", "a.txt")
    assert (article.warnings, article.text_key, article.text) == (("text_empty",), "", " \n\n ")


# Web pages


def test_a_web_page_gives_its_article_in_paragraphs_without_what_stands_around_it() -> None:
    article = read_bytes(PAGE.encode(), "page.html")
    assert f"\n\n{THAI} {LONG.strip()}\n\n1. Close the road.\n2. Count the beds, all of them.\n\n" in article.text
    assert "Building\tBeds\nNorth\t41" in article.text
    for outside in ("All news", "rights kept", "track"):
        assert outside not in article.text
    assert value(article.title) == "Three empty buildings"
    assert value(article.publisher) == "River Post"
    assert article.address == "https://river.example/news/7"
    assert article.published is not None
    assert article.published.low == "2025-07-10"
    assert (article.captured, article.captured_from) == (None, None)


def test_the_capture_of_singlefile_is_read_in_utc() -> None:
    article = read_bytes(
        PAGE.replace("<html ", f"<html {SINGLE_FILE}", 1).replace("<html <!--", "<html><!--").encode(), "a.html"
    )
    assert article.captured == "2025-07-10T23:05:04Z"
    assert article.captured_from == "SingleFile comment"
    assert article.address == "https://river.example/news/7?from=front"


def test_the_mark_of_the_web_gives_an_address_and_no_time() -> None:
    article = read_bytes(f"<!-- saved from url=(0025)https://river.example/abc -->{PAGE}".encode(), "a.htm")
    assert (article.address, article.captured) == ("https://river.example/abc", None)


def test_a_singlefile_date_that_is_no_date_is_left_out() -> None:
    page = PAGE.replace("<body>", f"<body>{SINGLE_FILE.replace('Jul 11', 'Jul 99')}")
    assert read_bytes(page.encode(), "a.html").captured is None


def test_a_page_without_a_date_of_publication_gets_none_from_a_cited_date() -> None:
    page = PAGE.replace("article:published_time", "article:modified_time").replace(
        "</h1>", "</h1><p>As the paper wrote on 3 March 2019, the road was closed for repairs again.</p>"
    )
    published = read_bytes(page.encode(), "a.html").published
    assert published is None or published.field is None


def test_json_ld_names_the_day_of_publication_only_for_an_article() -> None:
    script = '<script type="application/ld+json">{"@graph": [{"@type": "%s", "datePublished": "2025-06-01"}]}</script>'
    page = PAGE.replace("article:published_time", "x")
    [article, video] = [
        read_bytes(page.replace("</head>", script % kind + "</head>").encode(), "a.html")
        for kind in ("NewsArticle", "VideoObject")
    ]
    assert article.published is not None
    assert (article.published.low, article.published.field) == ("2025-06-01", "JSON-LD datePublished")
    assert video.published is None or video.published.field is None


@pytest.mark.parametrize("label", ["tis-620", "windows-874", "TIS-620"])
def test_a_declared_encoding_is_followed(label: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    page = f"<html><head>{meta}</head><body><p>{THAI}</p></body></html>"
    assert read_bytes(page.encode("cp874"), "a.html").text == THAI


def test_a_declared_encoding_that_does_not_fit_gives_way_to_one_that_does() -> None:
    page = f'<html><head><meta charset="tis-620"></head><body><p>{KHMER} {THAI}</p></body></html>'
    assert read_bytes(page.encode("utf-8"), "a.html").text == f"{KHMER} {THAI}"


def test_a_page_without_an_article_gives_all_its_text() -> None:
    assert read_bytes(f"<html><body><span>{KHMER}</span></body></html>".encode(), "a.html").text == KHMER


def test_a_page_nested_too_deep_for_the_parser_still_gives_its_words() -> None:
    page = "<html><body>" + "<div>" * 20_000 + "said &amp; done" + "</div>" * 20_000
    assert read_bytes(page.encode(), "a.html").text == "said & done"


def test_nothing_outside_the_page_is_read() -> None:
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY far SYSTEM "file:///etc/passwd"><!ENTITY lol "lol">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>before &far; after</p></body></html>'
    )
    article = read_bytes(page.encode(), "a.xhtml")
    assert article.media_type == "application/xhtml+xml"
    assert "root:" not in article.text
    assert "after" in article.text


# Saved pages in one file


def test_an_mhtml_file_gives_the_page_its_address_and_the_moment_of_capture() -> None:
    article = read_bytes(mhtml(PAGE), "page.mhtml")
    assert THAI in article.text
    assert (article.reader, article.media_type) == ("mhtml", "multipart/related")
    assert article.captured is None  # -0000 says that the place of the clock is unknown
    article = read_bytes(mhtml(PAGE, date_header="Fri, 11 Jul 2025 06:05:04 +0700"), "page.mht")
    assert (article.captured, article.captured_from) == ("2025-07-10T23:05:04Z", "Date header of the MHTML file")
    assert article.address == "https://river.example/news/7"
    assert value(article.title) == "Three empty buildings"


def test_an_mhtml_file_in_the_encoding_of_its_page_is_decoded_by_the_page() -> None:
    page = f'<html><head><meta charset="windows-1252"></head><body><p>Café {LONG}</p></body></html>'
    data = mhtml(page).replace(b"Caf=C3=A9", b"Caf=E9")
    assert read_bytes(data, "page.mhtml").text == f"Café {LONG.strip()}"


# Word


def test_a_word_file_gives_paragraphs_lists_tables_footnotes_and_content_controls_in_order() -> None:
    document = docx.Document()
    document.core_properties.title = "Draft"
    document.add_heading("Three empty buildings", 1)
    document.add_paragraph(THAI)
    document.add_paragraph("The ledger").add_run("«note»")
    document.add_paragraph("Close the road.", style="List Number")
    document.add_paragraph("Count the beds.", style="List Number")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "North", "41"
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    content.append(parse_xml(f"<w:p {space}><w:r><w:t>{KHMER}</w:t></w:r></w:p>"))
    control.append(content)
    document.element.body.insert(-1, control)
    article = read_bytes(with_footnote(word_file(document), "Seen on 4 July."), "brief.docx")
    assert article.text == (
        f"Three empty buildings\n\n{THAI}\n\nThe ledger[1]\n\n1. Close the road.\n2. Count the beds.\n\n"
        f"North\t41\n\n{KHMER}\n\n[1] Seen on 4 July."
    )
    assert (article.reader, article.warnings) == ("word", ())


def test_the_title_in_the_properties_counts_only_where_the_text_has_none() -> None:
    document = docx.Document()
    document.core_properties.title = "Notes of the patrol"
    document.add_paragraph(LONG * 3)
    without = read_bytes(word_file(document), "a.docx")
    assert without.title == Fact("Notes of the patrol", field="dc:title")
    with_own = read_bytes(PAGE.encode(), "a.html")
    assert value(with_own.title) == "Three empty buildings"
    printed = read_bytes(
        pdf(["seen by the patrol at the river, which is all that it says."], "/Title (River)"), "a.pdf"
    )
    assert value(printed.title) == "River"
    office = read_bytes(pdf(["seen by the patrol."], "/Title (Microsoft Word - note.doc)"), "a.pdf")
    assert value(office.title) != "Microsoft Word - note.doc"


def test_a_word_file_without_text_is_kept_and_told() -> None:
    article = read_bytes(word_file(docx.Document()), "empty.docx")
    assert (article.text, article.warnings, article.text_key) == ("", ("text_empty",), "")


# PDF


def test_a_pdf_of_four_scripts_gives_its_pages_in_order_and_tells_of_the_one_without_text() -> None:
    article = choose.read(FILES / "four_scripts.pdf", today=TODAY)
    assert article.text == (
        "สำนักงานตำรวจแห่งชาติ แถลงข่าวที่จังหวัดสระแก้ว\nប៉ោយប៉ែត\n警方周四表示\nOfficers spoke of a co-operation.\n\nThird page."
    )
    assert article.warnings == ("pages_without_text",)


def test_a_scanned_pdf_is_kept_and_told() -> None:
    article = read_bytes(pdf(["", ""]), "scan.pdf")
    assert (article.text, article.warnings) == ("", ("no_text_layer",))


CHROME = "/Creator (Mozilla/5.0 \\(X11; Linux x86_64\\) AppleWebKit/537.36) /Producer (Skia/PDF m126)"


@pytest.mark.parametrize(
    ("properties", "captured"),
    [
        (f"{CHROME} /CreationDate (D:20250711060504+07'00')", "2025-07-10T23:05:04Z"),
        (
            "/Creator (Mozilla Firefox 128.0) /Producer (cairo 1.18) /CreationDate (D:20250711060504+07'00)",
            "2025-07-10T23:05:04Z",
        ),
        (
            "/Creator (Safari) /Producer (macOS Quartz PDFContext) /CreationDate (D:20250710230504Z00'00')",
            "2025-07-10T23:05:04Z",
        ),
        (f"{CHROME} /CreationDate (D:20250711060504)", None),
        (f"{CHROME} /CreationDate (D:20251311060504Z)", None),
        ("/Producer (Skia/PDF m126 Google Docs Renderer) /CreationDate (D:20250711060504+07'00')", None),
        ("/Creator (Writer) /Producer (LibreOffice 7.4) /CreationDate (D:20250711060504+07'00')", None),
    ],
)
def test_the_date_of_a_pdf_is_a_capture_only_where_a_browser_printed_it(properties: str, captured: str | None) -> None:
    article = read_bytes(pdf(["Printed words"], properties), "print.pdf")
    assert article.text == "Printed words"
    assert article.captured == captured
    assert (article.captured_from is None) == (captured is None)


# Pictures


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40), "a.jpg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "wrongly named.txt", "image/png"),
        (b"GIF89a" + bytes(40), "a.gif", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40), "a.webp", "image/webp"),
        (b"II*\0" + bytes(40), "a.tiff", "image/tiff"),
        (
            b"BM"
            + (58).to_bytes(4, "little")
            + bytes(4)
            + (54).to_bytes(4, "little")
            + (40).to_bytes(4, "little")
            + bytes(40),
            "a.bmp",
            "image/bmp",
        ),
        (b"\0\0\0\x18ftypheic" + bytes(40), "a.heic", "image/heic"),
    ],
)
def test_a_picture_is_kept_as_received_whatever_its_name(data: bytes, name: str, media_type: str) -> None:
    article = read_bytes(data, name)
    assert (article.reader, article.media_type, article.text, article.warnings) == ("picture", media_type, "", ())
    assert article.sha256 == hashlib.sha256(data).hexdigest()


# The choice


@pytest.mark.parametrize(
    ("data", "name", "reader"),
    [
        (PAGE.encode(), "page.txt", "html"),
        (PAGE.encode("utf-16"), "page.html", "html"),
        (b"BM is short for the body that met on Monday.", "a.txt", "plain"),
        (b"%PDF- is how a PDF begins, but not on line two.\n"[1:], "a.txt", "plain"),
        (mhtml(PAGE), "page.txt", "mhtml"),
        (b"Content-Type: what a page says of itself", "a.txt", "plain"),
        (b"no extension at all", "README", "plain"),
        (pdf(["x"]), "pdf.txt", "pdf"),
        (b"\n\n" + pdf(["x"]), "late.pdf", "pdf"),
    ],
)
def test_the_content_chooses_the_reader_before_the_name_does(data: bytes, name: str, reader: str) -> None:
    assert read_bytes(data, name).reader == reader


def test_reading_plain_text_loads_no_heavy_library(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{LONG}\n{THAI}", encoding="utf-8")
    heavy = "lxml trafilatura inscriptis mammoth pypdfium2 docx sqlite_utils psutil PySide6 charset_normalizer"
    program = (
        "import sys; from pathlib import Path; from casefile.readers import choose; from casefile import workers\n"
        f"choose.read(Path({str(path)!r}))\nprint([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=FILES.parents[1]
    )
    assert done.stdout.strip() == "[]"


# The original


@given(st.binary(min_size=1, max_size=300), st.sampled_from([1, 60, 5000, 40_000]))
def test_the_parts_give_back_every_byte_and_are_compressed_only_where_it_pays(seed: bytes, times: int) -> None:
    data = seed * times
    kept = original.keep(data)
    assert original.unpacked(kept) == data
    assert (kept.sha256, kept.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert len(kept.parts) == -(-len(data) // original.PART_SIZE)
    assert sum(map(len, kept.parts)) <= (0.9 * len(data) if kept.compressed else len(data))


def test_a_large_file_that_is_compressed_already_is_kept_as_it_is() -> None:
    noise = b"".join(hashlib.sha256(n.to_bytes(4, "big")).digest() for n in range(160_000))
    kept = original.keep(noise)
    assert not kept.compressed
    assert {len(part) for part in kept.parts[:-1]} == {original.PART_SIZE}
    assert original.unpacked(kept) == noise


# Many files


def test_files_are_read_by_workers_in_order_and_a_bad_one_stops_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"First. {LONG}", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7\nbroken")
    (tmp_path / "c.html").write_text(PAGE, encoding="utf-8")
    paths = [tmp_path / name for name in ("a.txt", "b.pdf", "c.html", "d.txt")]
    with Workers(2) as crew:
        first, second, third, fourth = choose.read_files(paths, crew, today=TODAY)
    assert isinstance(first, Done)
    assert first.result == choose.read(paths[0], today=TODAY)
    assert isinstance(second, Failed)
    assert second.error.args == ("damaged_pdf",)
    assert isinstance(third, Done)
    assert third.result.reader == "html"
    assert isinstance(fourth, Failed)
    assert fourth.error.args == ("no_such_file",)
