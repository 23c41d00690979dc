from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.readers.language import language

VIETNAMESE = "Công an tỉnh đã bắt giữ mười hai nghi phạm trong đường dây lừa đảo qua biên giới."
CODES = {"th", "lo", "km", "my", "zh", "zh-Hans", "zh-Hant", "vi", "en", None}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Officers of the border unit came with the dogs and left with twelve of the men.", "en"),
        ("The head of the unit, Đỗ Văn Mười (王明), said that he came with help from Hà Nội — and more.", "en"),
        ("ตำรวจจับกุมผู้ต้องหา 12 คน ที่อาคาร Example Tower", "th"),
        ("ຕຳຫຼວດຈັບກຸມຜູ້ຕ້ອງຫາ", "lo"),
        ("សមត្ថកិច្ចបានឃាត់ខ្លួនជនសង្ស័យ", "km"),
        ("ရဲတပ်ဖွဲ့က ဖမ်းဆီးခဲ့သည်", "my"),
        ("警方拘捕十二名嫌疑人，他们来自三个国家，说是为了诈骗。", "zh-Hans"),
        ("警方拘捕十二名嫌疑人，他們來自三個國家，說是為了詐騙。", "zh-Hant"),
        ("北京", "zh"),
        (VIETNAMESE, "vi"),
        (unicodedata.normalize("NFD", VIETNAMESE), "vi"),
    ],
)
def test_a_text_is_known_by_its_script_or_its_small_words(text, code):
    assert language(text) == code
    assert language(text * 400) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "Big raid",
        "Die Polizei hat in Bangkok zwölf Männer festgenommen und das Haus durchsucht, teilte sie mit.",
        "Polisi menangkap dua belas orang di Phnom Penh pada hari Kamis.",
        "La police a arrêté douze personnes à la frontière, selon le ministère.",
        "東京で警察は十二人を逮捕した。",
        "Полиция арестовала двенадцать человек",
        "한국 경찰이 열두 명을 체포했다",
        "Police raid ตำรวจบุก tower ตึก",
    ],
)
def test_in_doubt_there_is_no_language(text):
    assert language(text) is None


@given(st.text(max_size=200))
def test_any_text_gets_a_known_code_or_none(text: str):
    assert language(text) in CODES
