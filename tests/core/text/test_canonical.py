import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.errors import CasefileError
from casefile.text import canonical

THAI = "ตำรวจไทยจับกุมผู้ต้องหา 3 คน\nที่ชายแดนกัมพูชา เมื่อวันจันทร์\n"
CHINESE = "警方在边境城市逮捕了三名嫌疑人，并查获大量手机和现金。案件仍在调查之中。\n"
KHMER = "ប៉ូលិសបានចាប់ខ្លួនជនសង្ស័យបីនាក់នៅក្រុងប៉ោយប៉ែត។\n"

ODD = st.sampled_from("\ufeff\r\n\x85\v\f\u2028\u2029\x00\x1b\x7f\x9f\ud83d\ude00\ufdd0\ufffe\uffff\tก\u0301é👮 a")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\v", "\f", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_line_feed(end):
    assert canonical.canonical(f"บรรทัด{end}{end}line") == "บรรทัด\n\nline"


def test_unfit_characters_are_replaced_one_for_one():
    unfit = "\x00\x08\x0e\x1f\x7f\x80\x9f\ud800\udfff\ufdd0\ufdef\ufffe\uffff"
    assert canonical.canonical(f"a{unfit}b") == "a" + "\ufffd" * len(unfit) + "b"


def test_what_was_printed_stays():
    printed = "\t ko\u0301 \u00a0\u200b\ufeff\u00ad  👮🏽\u200d♀️ \ue000 \U0001fffe \n\n\n "
    assert canonical.canonical(printed) == printed


def test_leading_byte_order_marks_go_and_others_stay():
    assert canonical.canonical("\ufeffa\ufeff") == "a\ufeff"
    assert canonical.canonical("\ufeff\ufeffa") == "a"


@given(st.text(ODD | st.characters()))
def test_the_rule_leaves_its_own_results_alone(text):
    once = canonical.canonical(text)
    assert canonical.canonical(once) == once
    assert canonical.digest(once) == canonical.digest(once)


@given(st.text(st.characters(exclude_characters="\r\ufeff")))
def test_the_rule_keeps_the_length(text):
    assert len(canonical.canonical(text)) == len(text)


def test_an_ordinary_article_costs_microseconds():
    article = "The men were freed at dawn, a spokesman said. " * 60
    best = min(_timed(article) for _ in range(50))
    assert best < 0.001


def _timed(article):
    start = time.perf_counter()
    canonical.canonical(article)
    return time.perf_counter() - start


def test_the_digest_is_that_of_utf_8():
    assert canonical.digest("ก") == "2d1d9c572948ea561abf37b1aec906fd2ea595d9b8f182845f0cf0876f544fb2"


@pytest.mark.parametrize("text", [THAI, CHINESE, KHMER, "Plain words, “quoted” – and dashed.\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_encodings_are_read_as_written(text, encoding):
    decoded = canonical.decode(text.encode(encoding))
    assert (decoded.text, decoded.replaced) == (text, False)


@pytest.mark.parametrize("text", [THAI, CHINESE, KHMER, "Plain words, quoted and dashed.\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(text, encoding):
    data = text.encode(encoding)
    assert canonical.decode(data).text == text
    assert not canonical.looks_binary(data)


@pytest.mark.parametrize(("text", "encoding"), [(THAI, "cp874"), (CHINESE, "gb18030"), (CHINESE, "big5")])
def test_old_encodings_are_guessed(text, encoding):
    text = text if encoding != "big5" else "警方在邊境城市逮捕了三名嫌疑人，並查獲大量手機和現金。案件仍在調查之中。\n"
    decoded = canonical.decode(text.encode(encoding) * 3)
    assert (decoded.text, decoded.replaced) == (text * 3, False)
    assert not canonical.looks_binary(text.encode(encoding))


def test_a_few_damaged_bytes_do_not_make_utf_8_another_encoding():
    data = THAI.encode()
    decoded = canonical.decode(data[:-4] + b"\xe0\xb8\n")
    assert decoded.replaced
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(THAI[:-3])


def test_a_named_encoding_is_obeyed_even_where_it_does_not_fit():
    assert canonical.decode(THAI.encode("cp874"), "tis-620").text == THAI
    decoded = canonical.decode("é".encode("latin-1"), "utf-8")
    assert (decoded.text, decoded.replaced) == ("\ufffd", True)
    assert canonical.decode("\ufeffa".encode(), "utf-8").text == "a"


@pytest.mark.parametrize("name", ["klingon", "rot13", "zip", "\x00", ""])
def test_an_unknown_encoding_is_told(name):
    with pytest.raises(CasefileError) as told:
        canonical.decode(b"a", name)
    assert told.value.code == "unknown_encoding"


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "cp874", "utf-16"]))
def test_any_bytes_become_a_text_that_can_be_stored(data, encoding):
    canonical.digest(canonical.canonical(canonical.decode(data, encoding).text))


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00",
        random.Random(7).randbytes(4000),
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8" + bytes(60),
    ],
)
def test_a_binary_is_no_text(data):
    assert canonical.looks_binary(data)


@pytest.mark.parametrize("data", [b"", b"a\x00b", b"line\r\n\x1a", THAI.encode("utf-16"), THAI.encode("utf-32")])
def test_a_text_with_a_stray_control_is_no_binary(data):
    assert not canonical.looks_binary(data)


def test_the_same_text_has_the_same_key_whatever_its_white_space_case_and_marks():
    key = canonical.same_text_key("Đắk Lắk:\n\n  the RAID\u200b")
    assert key == canonical.same_text_key("dak lak: the raid ")
    assert key != canonical.same_text_key("dak lak: the raids")


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff"])
def test_no_text_has_no_key(text):
    assert canonical.same_text_key(text) == ""
