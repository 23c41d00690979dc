"""The brief as a Word file: what stands on the page, that it is valid, and that LibreOffice shows it all."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from casefile.brief import blocks, runs, word
from casefile.brief.outline import Brief, ChronologyRow, Citation, Finding, Sentence, SourceRow, Spelling, TagRow
from casefile.errors import CasefileError
from casefile.progress import Cancelled

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "brief"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return etree.fromstring(parts.read(name))


def shown(element: etree._Element) -> str:
    """The visible text, paragraphs as lines."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "\n".join(
        "".join(it.text or "" if it.tag == f"{W}t" else signs.get(it.tag, "") for it in paragraph.iter())
        for paragraph in element.iter(f"{W}p")
    )


def texts(value: object) -> Iterator[str]:
    """Every text of a brief that a reader must find, in any depth."""
    hidden = {"text", "language", "markings", "grading", "as_of", "captured", "received", "kind", "attributed"}
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            kept = isinstance(value, Sentence | Spelling) or field.name not in hidden
            if kept and not isinstance(value, Citation):
                yield from texts(getattr(value, field.name))


def letters(text: str) -> str:
    """Letters and digits alone: what layout and copying out of a PDF must not lose."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isalnum())


@pytest.mark.parametrize("name", ["document", "endnotes", "header1", "header2", "footer1"])
def test_the_parts_are_as_the_golden_files(brief: Brief, name: str):
    with zipfile.ZipFile(io.BytesIO(word.build(brief))) as parts:
        written = parts.read(f"word/{name}.xml").decode().replace("><", ">\n<") + "\n"
    file = GOLDEN / f"{name}.xml"
    if os.environ.get("CASEFILE_WRITE_GOLDEN"):
        file.write_text(written, encoding="utf-8", newline="\n")
    assert written == file.read_text(encoding="utf-8")


def test_the_same_brief_makes_the_same_bytes(brief: Brief):
    assert hashlib.sha256(word.build(brief)).digest() == hashlib.sha256(word.build(brief)).digest()


def test_the_validator_finds_no_error(brief: Brief, tmp_path: Path):
    from openxml_audit import OpenXmlValidator

    for name, it in {"full": brief, "bare": Brief("B-1", "", "TLP:CLEAR", "2024-01-01T00:00:00Z", "")}.items():
        word.write(it, tmp_path / f"{name}.docx")
        result = OpenXmlValidator().validate(str(tmp_path / f"{name}.docx"))
        assert [str(error) for error in result.errors] == []


def test_every_text_of_the_brief_is_in_the_file(brief: Brief):
    content = word.build(brief)
    visible = "".join((shown(part(content, "word/document.xml")) + shown(part(content, "word/endnotes.xml"))).split())
    missing = [text for text in texts(brief) if "".join(text.split()) not in visible]
    assert missing == []
    for finding in brief.findings:
        assert "".join(finding.attributed.split()) in visible


def test_marking_number_as_of_and_author_are_in_every_header_and_the_marking_in_every_footer(brief: Brief):
    content = word.build(brief)
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.different_first_page_header_footer
    for margin in (section.header, section.first_page_header, section.footer, section.first_page_footer):
        (line,) = margin.paragraphs
        assert line.text.endswith("\u00a0TLP:AMBER\u00a0")
        label = next(run for run in line.runs if run.text == "TLP:AMBER")
        assert label.style.name == "Marking" and label.style.font.bold and label.style.font.size.pt >= 12
        assert str(label.font.color.rgb) == "FFC000"
        assert line.style.paragraph_format.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    running = section.header.paragraphs[0].text
    first = "\n".join(paragraph.text for paragraph in document.paragraphs[:3])
    for needed in ("MV-B-0007", "2 July 2024, 08:15 UTC", "Mara Veldt", "issue 2"):
        assert needed in running and needed in first


@pytest.mark.parametrize("name", ["footer1", "footer2"])
def test_the_footer_counts_the_pages(brief: Brief, name: str):
    footer = part(word.build(brief), f"word/{name}.xml")
    assert [field.get(f"{W}instr").strip() for field in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    assert shown(footer).startswith("Page 1 of 1")


def test_each_finding_has_a_real_endnote_of_its_own(brief: Brief):
    content = word.build(brief)
    body, notes = part(content, "word/document.xml"), part(content, "word/endnotes.xml")
    cited = [it.get(f"{W}id") for it in body.iter(f"{W}endnoteReference")]
    assert cited == [str(n) for n in range(1, 8)]
    assert [it.get(f"{W}id") for it in notes] == ["-1", "0", *cited]
    lines = [shown(note) for note in notes][2:]
    assert lines[0] == (
        "\t[S1] Comes from Coastal Press Agency, published by The Lantern, “Harbour police clear a fraud floor above "
        "the night market”, 3 May 2024; grade\u00a0B2; case file\u00a0MV-0001, para.\u00a04."
    )
    assert lines[2] == "\t[S1] case file\u00a0MV-0001, para.\u00a04."
    assert "page\u00a03, para.\u00a02." in lines[3]
    assert "not before 20 June 2024; not graded; case file" in lines[4]


def test_links_lead_to_bookmarks_that_exist_once(brief: Brief):
    content = word.build(brief)
    body, notes = part(content, "word/document.xml"), part(content, "word/endnotes.xml")
    marks = [it.get(f"{W}name") for it in body.iter(f"{W}bookmarkStart")]
    numbers = [it.get(f"{W}id") for it in body.iter(f"{W}bookmarkStart")]
    assert len(set(marks)) == len(marks) and len(set(numbers)) == len(numbers)
    wanted = {it.get(f"{W}anchor") for it in [*body.iter(f"{W}hyperlink"), *notes.iter(f"{W}hyperlink")]}
    assert wanted and wanted <= set(marks)


def test_what_is_not_known_is_said_and_never_guessed(brief: Brief):
    body = shown(part(word.build(brief), "word/document.xml"))
    assert "–\u00a0–\nnot graded" in body
    assert "C\u00a0–" in body
    assert "Source not named:" in body
    assert "Neither origin nor publisher named" in body
    assert "(our assessment)" in body


def test_a_sentence_without_a_passage_is_called_our_assessment_once_if_all_are(brief: Brief):
    cited, ours = brief.bottom_line

    def said(*sentences: Sentence) -> str:
        return shown(part(word.build(dataclasses.replace(brief, bottom_line=sentences)), "word/document.xml"))

    assert "our assessment" not in said(cited)
    assert said(cited, ours).count(f"{ours.text} (our assessment)") == 1
    assert said(ours, ours).count("our assessment") == 1
    assert "Bottom line · our assessment\n" in said(ours, ours)


def test_a_day_gets_no_hour_and_an_odd_moment_stays_as_it_is(brief: Brief):
    sources = (dataclasses.replace(brief.sources[0], captured="2024-05-04", received="early May"), *brief.sources[1:])
    body = shown(part(word.build(dataclasses.replace(brief, sources=sources)), "word/document.xml"))
    assert "captured 4 May 2024 · received early May · " in body


def test_the_key_explains_the_grades_in_use_and_no_others(brief: Brief):
    tables = docx.Document(io.BytesIO(word.build(brief))).tables
    assert [row.cells[0].text for row in tables[-1].rows[1:]] == ["TLP:AMBER", "B", "C", "F", "2", "6", "–"]


def test_tables_repeat_their_heading_and_break_no_row(brief: Brief):
    body = part(word.build(brief), "word/document.xml")
    tables = list(body.iter(f"{W}tbl"))
    for table in tables:
        first, *rows = table.iter(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *rows))
        kept = [row.find(f".//{W}keepNext") is not None for row in (first, *rows)]
        long = len(rows) > blocks.SHORT
        followed = table is tables[-1]  # the heading of the notes never stands alone on a page
        assert kept == ([True, True, *[False] * (len(rows) - 3), True] if long else [True] * len(rows)) + [followed]


def test_every_style_that_the_text_names_is_in_the_template(brief: Brief):
    content = word.build(brief)
    defined = {it.get(f"{W}styleId") for it in part(content, "word/styles.xml").iter(f"{W}style")}
    named = {
        it.get(f"{W}val")
        for name in ("document", "endnotes", "header1", "footer1")
        for tag in ("pStyle", "rStyle", "tblStyle")
        for it in part(content, f"word/{name}.xml").iter(f"{W}{tag}")
    }
    assert named <= defined


def test_the_file_names_the_analyst_and_no_program(brief: Brief):
    properties = docx.Document(io.BytesIO(word.build(brief))).core_properties
    assert (properties.author, properties.last_modified_by) == ("Mara Veldt", "Mara Veldt")
    assert properties.title == brief.title
    assert properties.created.isoformat() == properties.modified.isoformat() == "2024-07-02T08:15:00+00:00"


def test_a_brief_of_a_strict_marking_wears_its_colour(brief: Brief):
    header = part(word.build(dataclasses.replace(brief, marking="TLP:RED")), "word/header1.xml")
    assert {it.get(f"{W}val") for it in header.iter(f"{W}color")} == {"FF2B2B"}


def test_an_unknown_marking_or_grade_leaves_no_file(brief: Brief, tmp_path: Path):
    wrong = dataclasses.replace(brief.sources[0], letter="Z")
    for it, code in (
        (dataclasses.replace(brief, marking="SECRET"), "unknown_marking"),
        (dataclasses.replace(brief, sources=(wrong, *brief.sources[1:])), "unknown_grade"),
    ):
        with pytest.raises(CasefileError) as told:
            word.write(it, tmp_path / "brief.docx")
        assert told.value.code == code
    assert names(tmp_path) == []


def test_progress_counts_to_its_total_and_may_call_the_work_off(brief: Brief, tmp_path: Path):
    class Watch:
        def __init__(self, patience: int) -> None:
            self.seen: list[int] = []
            self.items = 0
            self.patience = patience

        def total(self, items: int) -> None:
            self.items = items

        def done(self, items: int) -> None:
            self.seen.append(items)
            if items == self.patience:
                raise Cancelled

    patient, hasty = Watch(0), Watch(3)
    word.build(brief, progress=patient)
    assert patient.seen == list(range(1, patient.items + 1))
    with pytest.raises(Cancelled):
        word.write(brief, tmp_path / "brief.docx", progress=hasty)
    assert names(tmp_path) == []


ANY = st.text(st.one_of(st.characters(), st.characters(categories=["Cs", "Cc"]), st.sampled_from("<&>{}%\ufffe\r\n\t")))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(*[ANY] * 6))
def test_any_text_gives_a_file_that_opens_again_with_the_same_words(texts: tuple[str, ...]):
    title, author, comment, quote, who, language = texts
    source = SourceRow(1, title, author, origin=who, publisher=comment, published=quote, graded=who, letter="A")
    hostile = Brief(
        number=author,
        title=title,
        marking="TLP:GREEN",
        as_of="2024-02-29T23:59:59+07:00",
        author=author,
        reference=who,
        bottom_line=(Sentence(comment, (Citation(1, 0, 1),)),),
        findings=(Finding(comment, quote, Citation(1, 0, 1), attributed=who, language=language),),
        chronology=(ChronologyRow(title, quote, who, 1, printed=comment, basis=author),),
        tags=(TagRow(who, title, (Spelling(quote, 1),), 1),),
        sources=(source,),
        language=language,
    )
    content = word.build(hostile)
    document = docx.Document(io.BytesIO(content))
    visible = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (runs.one_line(title) or "Untitled") == document.paragraphs[1].text
    for line in runs.lines(comment):
        assert line in visible
    quoted = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Quote"]
    assert "\n".join(quoted) == (
        "“" + "\n".join(line.strip() for line in runs.lines(quote)) + "”" if runs.lines(quote) else ""
    )
    assert docx.Document(io.BytesIO(content)).core_properties.author == runs.one_line(author)[:255]


def test_a_region_of_a_picture_is_cited_without_a_quote(brief: Brief):
    region = Finding("A stamp shows the date.", "", Citation(2, 0, 0, page=1), attributed="The port office")
    body = part(word.build(dataclasses.replace(brief, findings=(region,), bottom_line=())), "word/document.xml")
    (reference,) = body.iter(f"{W}endnoteReference")
    paragraph = next(it for it in reference.iterancestors(f"{W}p"))
    assert shown(body).count("“”") == 0
    assert "".join(paragraph.itertext()) == "The port office:"


FULL_DISK = """
import resource, sys
from pathlib import Path
from casefile.brief import word
from casefile.brief.outline import Brief
from casefile.errors import CasefileError
brief = Brief("B-1", "A title", "TLP:CLEAR", "2024-01-01T00:00:00Z", "A. Author")
word.build(brief)  # so that nothing but the brief is written from here on
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    word.write(brief, Path(sys.argv[1]))
except CasefileError as error:
    print(error.code)
"""


@pytest.mark.skipif(os.name != "posix", reason="the limit is one of POSIX")
def test_a_full_disk_leaves_the_old_brief_as_it_was(tmp_path: Path):
    path = tmp_path / "brief.docx"
    path.write_bytes(b"the brief of last week")
    ran = subprocess.run(
        [sys.executable, "-B", "-c", FULL_DISK, path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "disk_full"
    assert path.read_bytes() == b"the brief of last week"
    assert names(tmp_path) == ["brief.docx"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_every_word_and_marks_every_page(brief: Brief, tmp_path: Path):
    import pypdfium2

    word.write(brief, tmp_path / "brief.docx")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "brief.docx"),
        ],
        capture_output=True,
        check=True,
        timeout=240,
    )
    pdf = pypdfium2.PdfDocument(tmp_path / "brief.pdf")
    pages = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    assert all("TLP:AMBER" in page for page in pages)
    assert re.search(rf"Page 1 of {len(pages)}", pages[0])
    found = letters("".join(pages))
    missing = [text for text in texts(brief) if letters(text) not in found]
    assert missing == []
