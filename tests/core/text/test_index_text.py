import re
import unicodedata

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from casefile.text import fold

THAI = "เจ้าหน้าที่ตำรวจเข้าตรวจค้นอาคารริมชายแดน พบผู้ต้องสงสัยหลายคน"
KHMER = "ប៉ូលិសបានឆែកឆេរអគារមួយនៅជិតព្រំដែន។ មនុស្សជាច្រើនត្រូវបានសង្គ្រោះ"
CHINESE = "警方突击搜查边境大楼，解救多名受害者。他们已被送往北京大学医院"
LAO = "ຕຳຫຼວດໄດ້ກວດຄົ້ນຕຶກໃກ້ຊາຍແດນ"
BURMESE = "ရဲတပ်ဖွဲ့သည် နယ်စပ်အနီး အဆောက်အအုံကို ရှာဖွေခဲ့သည်။"
VIETNAMESE = "Công an tỉnh Đắk Lắk khám xét một tòa nhà gần biên giới"
ENGLISH = 'Officers were searching a building. Soldiers guarded "Gate 9"; Pol. Gen. Arun spoke to UNODC人员 there.'
UNSPACED = {"th": THAI, "km": KHMER, "zh": CHINESE, "lo": LAO, "my": BURMESE}


class Index:
    def __init__(self, *texts):
        self.connection = sqlcipher3.connect(":memory:")
        self.connection.execute(
            f"CREATE VIRTUAL TABLE f USING fts5(body, content='', contentless_delete=1, tokenize=\"{fold.TOKENIZE}\")"
        )
        for row, text in enumerate(texts, 1):
            self.connection.execute("INSERT INTO f(rowid, body) VALUES (?, ?)", (row, fold.index_text(text)))

    def find(self, term, **options):
        expression = fold.query_tokens(term, **options)
        if not expression:
            return []
        found = self.connection.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", (expression,))
        return [row for (row,) in found]


@pytest.fixture(scope="module")
def index():
    decomposed = unicodedata.normalize("NFD", VIETNAMESE)
    return Index(THAI, KHMER, CHINESE, LAO, BURMESE, VIETNAMESE, decomposed, ENGLISH)


@pytest.mark.parametrize(
    ("term", "rows"),
    [
        ("ตำ", [1]),
        ("คน", [1]),
        ("ค", [1]),
        ("น", [1]),
        ("ก\u0e4d\u0e32", []),
        ("ต\u0e4d\u0e32รวจ", [1]),
        ("នៅ", [2]),
        ("អគារ", [2]),
        ("ព្រំ\u200bដែន", [2]),
        ("北京", [3]),
        ("北京大学", [3]),
        ("院", [3]),
        ("上海", []),
        ("ຊາຍແດນ", [4]),
        ("နယ်စပ်", [5]),
        ("dak lak", [6, 7]),
        ("Đắk", [6, 7]),
        ("DAK LAK", [6, 7]),
    ],
)
def test_words_of_every_script_are_found(index, term, rows):
    assert index.find(term) == rows


@pytest.mark.parametrize("name", UNSPACED)
def test_any_part_of_an_unspaced_text_is_found(name):
    text = UNSPACED[name]
    index = Index(text)
    folded = fold.fold(text)
    parts = {
        part
        for run in re.findall(f"[{fold.UNSPACED}]+", folded)
        for size in (1, 2, 3, 7)
        for part in (run[at : at + size] for at in range(len(run) - size + 1))
        if unicodedata.category(part[0])[0] == "L" and part[0] not in "\u0e33\u0eb3"
    }
    assert len(parts) > 40
    assert [part for part in parts if not index.find(part)] == []


@pytest.mark.parametrize("part", ["ำรวจเข้า", "្រំដែន", "ុំကို"])
def test_a_part_whose_first_letter_is_missing_is_found(index, part):
    assert len(index.find(part)) == 1


def test_what_is_not_there_is_not_found(index):
    assert index.find("ตวรจ") == index.find("学北") == index.find("khanh hoa") == []


@pytest.mark.parametrize("term", ["search", "searched", "OFFICER", "building", "guards", "gate 9", "unodc", "人员"])
def test_english_words_are_found_by_their_stem(index, term):
    assert index.find(term) == [8]


def test_a_phrase_stays_inside_a_sentence(index):
    assert index.find("a building") == [8]
    assert index.find("building soldiers") == []
    assert index.find("building. Soldiers") == [8]
    assert index.find("受害者他们") == []


@pytest.mark.parametrize("end", [". ", "! ", "?” ", ".\n", "…) ", "\n\n", "\n \n", "。", "។", "။ "])
def test_every_sentence_end_stops_a_phrase(end):
    assert Index(f"gold bars{end}hidden well").find("bars hidden") == []


@pytest.mark.parametrize("joint", [" ", "\n", ", ", "; ", " – ", ": "])
def test_what_is_no_sentence_end_stops_no_phrase(joint):
    assert Index(f"gold bars{joint}hidden well").find("bars hidden") == [1]


@pytest.mark.parametrize("text", ["Pol. Lt. Gen. Arun Dee", "Dr. J. Arun", "U.S. Navy", "พล.ต.อ. อรุณ ดี", "v3.5 now"])
def test_abbreviations_end_no_sentence(text):
    bare = re.sub("[ .]+", " ", text)
    assert Index(text).find(text) == Index(text).find(bare) == [1]


def test_a_mixed_term_is_one_phrase(index):
    assert index.find("UNODC人员") == index.find("to unodc人员 there") == [8]
    assert index.find("unodc人民") == []
    assert fold.query_tokens("5G网络 new") == '"5g 网络 络 new"'


def test_a_prefix_is_found_only_when_asked_for(index):
    assert index.find("guar") == []
    assert index.find("guar", prefix=True) == [8]
    assert index.find("dak la", prefix=True) == [6, 7]


@pytest.mark.parametrize("term", ["", " ", '"', "*", "–", "👮", "\u200b", "\x00", "...", "\ue000", "()^:"])
def test_a_term_without_letters_or_digits_looks_for_nothing(term):
    assert fold.query_tokens(term) == ""


@pytest.mark.parametrize(
    "term", ['a" OR "building', "NEAR(building", "body:building", "building*", "^building", "-building", "{building}"]
)
def test_search_syntax_in_a_term_is_text(index, term):
    assert index.find(term) in ([], [8])


@given(st.text(max_size=20), st.booleans())
def test_no_term_breaks_the_query(term, prefix):
    Index("word").find(term, prefix=prefix)


@given(st.text(st.sampled_from("ab .กา中\n\ue000ប"), min_size=1, max_size=12))
def test_a_text_is_found_by_itself(text):
    if fold.query_tokens(text):
        assert Index(text).find(text) == [1]


def test_private_characters_of_a_text_are_no_sentence_ends():
    assert Index("gold \ue000 bars").find("gold bars") == [1]
    assert Index("gold \ue001 bars").find("\ue001") == [1]


def test_a_text_can_be_taken_out_and_put_in_again(index):
    index = Index(THAI, CHINESE)
    index.connection.execute("DELETE FROM f WHERE rowid = 1")
    assert index.find("ตำรวจ") == []
    index.connection.execute("INSERT INTO f(rowid, body) VALUES (1, ?)", (fold.index_text(THAI),))
    assert index.find("ตำรวจ") == [1]


def test_a_run_gives_each_cluster_with_the_next_and_the_last_alone():
    assert fold.index_text("ที่นี่ 北京 ក").split() == ["ที่นี่", "นี่", "北京", "京", "ក"]


@pytest.mark.parametrize(
    ("term", "expression"),
    [
        ("ตำรวจ", '"ตำร รว วจ" *'),
        ("ก", '"ก" *'),
        ("Raids", '"raids"'),
        ("Đắk Lắk", '"dak lak"'),
        ('say "no"', '"say no"'),
    ],
)
def test_a_term_becomes_one_quoted_phrase(term, expression):
    assert fold.query_tokens(term) == expression
