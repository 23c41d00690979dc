"""Files that are damaged, locked, misnamed or made to do harm are refused with a reason, and folders are walked."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import phrases
from casefile.errors import Refused
from casefile.readers import choose, original

FILES = Path(__file__).resolve().parents[2] / "files"
ROOT = FILES.parents[1]


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("A note of no weight.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return stream.getvalue()


def replaced(member: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(word_file())) as old:
        return archive({**{name: old.read(name) for name in old.namelist()}, member: data})


def bomb() -> bytes:
    """A Word file of 0.3 MB that unpacks to 300 MB."""
    return replaced("word/media/image1.png", bytes(300 * 1024 * 1024))


def laughs() -> bytes:
    """A document part whose entities would unfold to three billion laughs."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"
    return replaced("word/document.xml", f'<!DOCTYPE w [<!ENTITY l0 "lol">{entities}]>{body}'.encode())


LOCKED_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(99)


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (lambda: b"", "empty.txt", "empty_file"),
        (lambda: bytes(range(256)) * 20, "program.txt", "binary_named_text"),
        (lambda: bytes(range(256)) * 20, "page.html", "binary_named_text"),
        (lambda: bytes(range(256)) * 20, "data.bin", "unknown_kind"),
        (lambda: b"a,b\n1,2\n", "table.csv", "unknown_kind"),
        (lambda: b"{\\rtf1\\ansi A letter.}", "letter.txt", "unknown_kind"),
        (lambda: archive({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "book.docx", "unknown_kind"),
        (lambda: word_file()[:-60], "cut.docx", "truncated_docx"),
        (lambda: word_file()[:2000], "cut.docx", "truncated_docx"),
        (lambda: b"A note that was renamed.", "note.docx", "truncated_docx"),
        (lambda: replaced("word/document.xml", b"<w:document"), "torn.docx", "damaged_docx"),
        (laughs, "laughs.docx", "damaged_docx"),
        (lambda: replaced("_rels/.rels", b""), "torn.docx", "damaged_docx"),
        (bomb, "bomb.docx", "too_large_inside"),
        (lambda: LOCKED_WORD, "locked.docx", "encrypted_docx"),
        (lambda: LOCKED_WORD, "old.doc", "unknown_kind"),
        ((FILES / "encrypted.pdf").read_bytes, "locked.pdf", "encrypted_pdf"),
        (lambda: (FILES / "four_scripts.pdf").read_bytes()[:900], "cut.pdf", "damaged_pdf"),
        (lambda: b"%PDF-1.7\n" + bytes(500), "hollow.pdf", "damaged_pdf"),
        (lambda: b"A page that was renamed.", "note.pdf", "damaged_pdf"),
        (lambda: b"<html>moved</html>"[6:], "photo.jpg", "damaged_picture"),
        (lambda: b"   ", "blank.html", "damaged_html"),
        (
            lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n",
            "a.mhtml",
            "damaged_mhtml",
        ),
        (lambda: b"Words without any header.", "a.mht", "damaged_mhtml"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(make, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose.read_text(make(), file_name=name)
    assert refused.value.code == code
    assert name in str(refused.value)
    assert "{" not in str(refused.value)


def test_a_part_that_unpacks_to_more_than_its_directory_says_is_refused() -> None:
    # The directory is what the limit is held against: zipfile must not read past what it says.
    whole = word_file()
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        size = opened.getinfo("word/document.xml").file_size
    lying = whole.replace(size.to_bytes(4, "little"), (20).to_bytes(4, "little"))
    assert lying != whole
    with pytest.raises(Refused) as refused:
        choose.read_text(lying, file_name="lying.docx")
    assert refused.value.code == "damaged_docx"


def test_a_word_file_cannot_make_the_reader_open_another_file() -> None:
    space = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    linked = '<w:r><w:drawing><a:blip r:link="rId77"/></w:drawing></w:r>'
    body = f"<w:document {space}><w:body><w:p><w:r><w:t>before</w:t></w:r>{linked}</w:p></w:body></w:document>"
    assert choose.read_text(replaced("word/document.xml", body.encode()), file_name="a.docx").text == "before"


@pytest.mark.parametrize("code", ["reader_crashed", "reader_too_slow", "reader_out_of_memory"])
def test_what_a_worker_says_of_a_file_has_a_sentence(code: str) -> None:
    assert code in phrases.codes("errors")


def test_every_warning_of_a_reader_has_a_sentence() -> None:
    warnings = {"decoded_with_replacement", "no_text_layer", "pages_without_text", "text_empty"}
    assert warnings <= phrases.codes("warnings")


SAMPLES = {
    "a.docx": word_file(),
    "a.pdf": (FILES / "four_scripts.pdf").read_bytes(),
    "a.html": b"<html><body><p>Words</p><table><tr><td>1",
}


@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 40_000), st.binary(min_size=1, max_size=40))
def test_damage_anywhere_is_read_or_refused_but_never_a_fault(name: str, place: int, damage: bytes) -> None:
    data = SAMPLES[name]
    place %= len(data)
    try:
        choose.read_text(data[:place] + damage + data[place + len(damage) :], file_name=name)
    except Refused as refused:
        assert refused.code in phrases.codes("errors")


@given(
    st.binary(min_size=1, max_size=200),
    st.sampled_from(["a.txt", "a.html", "a.mht", "a.docx", "a.pdf", "a.png", "a", "a.xyz"]),
)
def test_any_bytes_under_any_name_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        article = choose.read_text(data, file_name=name)
    except Refused as refused:
        assert refused.code in phrases.codes("errors")
    else:
        assert article.size == len(data)


# Files and folders on the disk


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    with path.open("wb") as file:
        file.truncate(original.FILE_LIMIT + 1)
    with pytest.raises(Refused) as refused:
        choose.read(path)
    assert refused.value.code == "file_too_large"


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name, code in (("none.txt", "no_such_file"), ("pipe.txt", "not_a_file"), (".", "not_a_file")):
        with pytest.raises(Refused) as refused:
            choose.read(tmp_path / name)
        assert refused.value.code == code


def test_folders_are_walked_by_name_and_pass_over_what_is_hidden_linked_or_unknown(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "case"
    for name in (
        "b/two.txt",
        "b/.secret.txt",
        "a.PDF",
        "C.docx",
        "~$C.docx",
        "table.xlsx",
        ".git/three.txt",
        "ข่าว/สี่.txt",
    ):
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    outside.mkdir()
    (outside / "five.txt").write_text("x", encoding="utf-8")
    (inside / "link").symlink_to(outside)
    (inside / "round").symlink_to(inside)
    (inside / "linked.txt").symlink_to(outside / "five.txt")
    named = inside / "table.xlsx"
    found = choose.walk([inside, named, named, tmp_path / "nowhere"])
    assert [str(path.relative_to(inside)) for path in found.files] == [
        "a.PDF",
        "b/two.txt",
        "C.docx",
        "linked.txt",
        "ข่าว/สี่.txt",
        "table.xlsx",
    ]
    assert {path.name for path in found.skipped} == {".git", ".secret.txt", "~$C.docx", "table.xlsx", "link", "round"}
    assert [(path.name, error.code) for path, error in found.refused] == [("nowhere", "no_such_file")]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_file_and_a_folder_without_rights_are_refused_and_the_rest_is_found(open_folder: Path) -> None:
    (open_folder / "mine").mkdir()
    (open_folder / "mine" / "a.txt").write_text("x", encoding="utf-8")
    (open_folder / "locked.txt").write_text("x", encoding="utf-8")
    (open_folder / "z.txt").write_text("x", encoding="utf-8")
    (open_folder / "locked.txt").chmod(0)
    (open_folder / "mine").chmod(0)
    program = textwrap.dedent(
        f"""
        import os, pwd, sys
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from casefile.errors import Refused
        from casefile.readers import choose
        if os.getuid() == 0:  # Root reads everything: go on as an ordinary account.
            account = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        found = choose.walk([Path({str(open_folder)!r})])
        print([path.name for path in found.files], [(path.name, error.code) for path, error in found.refused])
        try:
            choose.read(found.files[0])
        except Refused as refused:
            print(refused.code)
        """
    )
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd="/")
    finally:
        (open_folder / "mine").chmod(0o755)
    assert done.stdout.splitlines() == [
        "['locked.txt', 'z.txt'] [('mine', 'no_rights_to_read')]",
        "no_rights_to_read",
    ], done.stderr
