from pathlib import Path

import pytest

from casefile.text import names

ARTICLES = Path(__file__).resolve().parents[3] / ".." / "shared" / "articles"


@pytest.mark.parametrize("spelling", ["HAS", "UNODC", "K9", "U.N.", "ÉNA", "ДПС"])
def test_a_short_spelling_in_capitals_counts_in_capitals_only(spelling):
    assert names.capitals_only(spelling)


@pytest.mark.parametrize("spelling", ["INTERPOL", "Has", "has", "ตชด", "中国", "K PARK TWO", "", "12", "iOS"])
def test_other_spellings_count_in_any_case(spelling):
    assert not names.capitals_only(spelling)


@pytest.mark.parametrize(
    ("spelling", "script"),
    [
        ("Poi Pet", "Latn"),
        ("Đắk Lắk", "Latn"),
        ("ปอยเปต", "Thai"),
        ("ប៉ោយប៉ែត", "Khmr"),
        ("ປອຍເປັດ", "Laoo"),
        ("မြဝတီ", "Mymr"),
        ("太子集团", "Hani"),
        ("みずほ銀行", "Jpan"),
        ("경찰청", "Hang"),
        ("Интерпол", "Cyrl"),
        ("الشرطة", "Arab"),
        ("ตำรวจ ABC", "Thai"),
        ("𖼀𖼁", "Zzzz"),
        ("+66 2 555", "Zyyy"),
    ],
)
def test_a_spelling_has_the_script_of_most_of_its_letters(spelling, script):
    assert names.script(spelling) == script


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Officers of the Harbour Police said", {"harbour police"}),
        ("The Harbour\nPolice’s boats, and Arun Dee's car", {"harbour police", "arun dee"}),
        ("Yesterday it rained. Later Arun left for Bangkok.", set()),
        ("In March Arun Dee told the XPLO and a UNITED man", {"arun dee", "xplo", "united"}),
        ("the Bank of South Harbour paid", {"bank of south harbour", "south harbour"}),
        ("tại Đắk Lắk hôm nay", {"dak lak"}),
        ("on Monday Arun Dee, Boris Lee and Mai Tran met", {"arun dee", "boris lee", "mai tran"}),
        ("PHNOM PENH, Cambodia", {"phnom penh"}),
        ("RAID ON THE HARBOUR OFFICE ENDS WITH TWO ARRESTS", set()),
        ("เมื่อวาน ตำรวจ", set()),
        ("", set()),
    ],
)
def test_names_of_several_words_and_acronyms_are_collected(text, found):
    assert names.names_in(text) == found


def test_articles_about_the_same_matter_share_names():
    if not ARTICLES.is_dir():
        pytest.skip("the folder of shared articles is absent")
    found = [names.names_in(path.read_text(encoding="utf-8")) for path in sorted(ARTICLES.glob("*.txt"))]
    assert "royal thai police" in found[0] & found[2]
    assert "unodc" in found[1] & found[2]
    assert "wang xing" in found[2] & found[4]
