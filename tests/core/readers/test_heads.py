from __future__ import annotations

import hashlib

import pytest

from casefile.readers.facts import Facts, read_facts
from casefile.records import Sha256

BODY = (
    "\n\nOfficers said on Monday that the group had been at work for years. More is to follow, they added.\n\nThe end."
)


def read(text: str) -> Facts:
    return read_facts(text, Sha256(hashlib.sha256(text.encode()).hexdigest()))


def values(text: str) -> tuple[str | None, ...]:
    """Title, published by, comes from, place and day."""
    facts = read(text)
    found = (facts.title, facts.publisher, facts.origin, facts.place)
    return (*(fact and fact.value for fact in found), facts.published and facts.published.edtf)


# Header lines


@pytest.mark.parametrize(
    "head",
    [
        "Big raid on the border\nMekong Example | 2025-07-10",
        "Big raid on the border\nMekong Example · 10 July 2025 · 5 min read",
        "Mekong Example | July 10, 2025\n\nBig raid on the border",
        "Mekong Example - 10 July 2025, 14:30\nBig raid on the border",
        "Big raid on the border\n\nBy Anna Example | Mekong Example | Published: 10 July 2025 | Updated: 12 July 2025",
        "Home » World » Asia\n\nBig raid on the border\nPublisher: Mekong Example\nDate: 10 July 2025",
        "Title: Big raid on the border\nPublished by: Mekong Example\nIssued 10-07-2025 (Thursday)",
        "EXCLUSIVE\n\nBig raid on the border\n\nMekong Example | 2025-07-10",
    ],
)
def test_title_outlet_and_day_are_read_from_header_lines(head):
    assert values(head + BODY) == ("Big raid on the border", "Mekong Example", None, None, "2025-07-10")


@pytest.mark.parametrize(
    "head",
    [
        "Thursday, July 10, 2025\n\nBig raid on the border",
        " date 2025-07-10 \n\nBig raid on the border",
        "0\n578\nBig raid on the border\n\n12\nPublished: 10 July 2025, 14:30 ICT",
        "Updated: 12 July 2025\nPublished: 10 July 2025\n\nBig raid on the border",
        "By Anna Example\n\nBig raid on the border\n\n10 July 2025 - 14:30",
        "Big raid on the border\n\nby Anna Example and Bo Sample\n\n2025-07-10",
    ],
)
def test_a_day_alone_needs_no_outlet(head):
    assert values(head + BODY) == ("Big raid on the border", None, None, None, "2025-07-10")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ตำรวจบุกตึก\nข่าวตัวอย่าง | 10 กรกฎาคม 2568\n\nเมื่อคืนนี้มีการจับกุม",
            ("ตำรวจบุกตึก", "ข่าวตัวอย่าง", None, None, "2025-07-10"),
        ),
        (
            "ตำรวจบุกตึก\n\nวันพฤหัสบดีที่ ๑๐ กรกฎาคม พ.ศ. ๒๕๖๘\n\nเมื่อคืนนี้",
            ("ตำรวจบุกตึก", None, None, None, "2025-07-10"),
        ),
        (
            "警方突袭园区\n2025年7月10日 来源：示例报\n\n警方说，他们逮捕了十二人。",
            ("警方突袭园区", None, "示例报", None, "2025-07-10"),
        ),
        (
            "Công an bắt người\nBáo Ví Dụ | Thứ Năm, 10/7/2025\n\nHôm qua họ đến.",
            ("Công an bắt người", "Báo Ví Dụ", None, None, "2025-07-10"),
        ),
        ("(ភ្នំពេញ)៖ សមត្ថកិច្ចបានមក។\n\nបន្ទាប់។", ("សមត្ថកិច្ចបានមក។", None, None, "ភ្នំពេញ", None)),
        ("新华社曼谷7月10日电 警方逮捕了十二人。\n\n完。", ("警方逮捕了十二人。", None, "新华社", "曼谷", None)),
        ("ตำรวจบุกตึก\n\nกรุงเทพฯ 10 ก.ค. - เมื่อคืนนี้มีการจับกุม", ("ตำรวจบุกตึก", None, None, "กรุงเทพฯ", None)),
    ],
)
def test_heads_in_other_scripts_are_read(text, expected):
    assert values(text) == expected


def test_a_day_of_updating_is_a_bound_and_no_day_of_publication():
    published = read("Updated 11 July 2025\nBig raid on the border" + BODY).published
    assert published is not None
    assert (published.edtf, published.bounds, published.basis) == (None, "../2025-07-11", "inferred")


def test_the_headings_of_a_chronology_are_no_day_of_publication():
    days = "8 July 2025\n\nThe door was opened.\n\n9 July 2025\n\nThe owner left.\n\n12 July 2025\n\nHe was found."
    text = f"The case day by day\n\n{days}"
    published = read(text).published
    assert published is not None
    assert (published.edtf, published.bounds) == (None, "2025-07-12/..")


@pytest.mark.parametrize("head", ["Meeting of 10 July 2025", "Raid on the border – 10 July 2025"])
def test_a_day_in_a_title_is_cited_and_not_the_day_of_publication(head):
    facts = read(head + BODY)
    assert facts.title is not None and facts.published is not None
    assert (facts.title.value, facts.published.edtf, facts.published.bounds) == (head, None, "2025-07-10/..")


def test_a_single_heading_below_the_body_is_no_day_of_publication():
    published = read(
        "Big raid on the border\n\nOfficers came. They left.\n\n8 July 2025\n\nThe door was opened."
    ).published
    assert published is not None
    assert (published.edtf, published.bounds) == (None, "2025-07-08/..")


def test_a_list_of_sources_gives_no_day_and_no_outlet():
    text = f"Big raid{BODY}{BODY}\n\nSources\n\nOther Example | Published 3 May 2024\nThird Example | 2 May 2024"
    facts = read(text)
    assert facts.publisher is None and facts.published is not None
    assert (facts.published.edtf, facts.published.bounds) == (None, "2024-05-03/..")


def test_a_header_line_under_a_standfirst_is_read():
    text = "Big raid on the border\n\nOfficers came by night.\n\nBy Anna Example | Mekong Example | 10 July 2025" + BODY
    assert values(text) == ("Big raid on the border", "Mekong Example", None, None, "2025-07-10")


def test_a_cited_date_is_never_the_day_of_publication():
    facts = read(
        "Big raid on the border\n\nOn 8 July 2025 officers came. They left on 9 July 2025. Nobody was hurt then."
    )
    assert facts.published is not None
    assert (facts.published.edtf, facts.published.bounds) == (None, "2025-07-09/..")


def test_under_a_stated_day_the_body_is_not_read_for_bounds():
    published = read(
        "Big raid on the border\n\n10 July 2025\n\nOn 8 July 2025 officers came. On 12 May 2031 they left."
    ).published
    assert published is not None
    assert (published.edtf, published.low, published.high, published.bounds) == (
        "2025-07-10",
        "2025-07-10",
        "2025-07-10",
        None,
    )


# Datelines


@pytest.mark.parametrize(
    ("line", "origin", "place", "day"),
    [
        ("BANGKOK, Thailand – Officers came. They left.", None, "BANGKOK, Thailand", None),
        ("BANGKOK — Officers came. They left.", None, "BANGKOK", None),
        ("Mae Sot - Officers came. They left.", None, "Mae Sot", None),
        ("PHNOM PENH (Reuters) - Officers came. They left.", "Reuters", "PHNOM PENH", None),
        ("PHNOM PENH (Reuters) Officers came. They left.", "Reuters", "PHNOM PENH", None),
        (
            "VIENTIANE, 10 July 2025 (Example News) – Officers came. They left.",
            "Example News",
            "VIENTIANE",
            "2025-07-10",
        ),
        ("HÀ NỘI, July 10, 2025 -- Officers came. They left.", None, "HÀ NỘI", "2025-07-10"),
        ("(Phnom Penh): Officers came. They left.", None, "Phnom Penh", None),
        ("Phnom Penh: Officers came. They left.", None, "Phnom Penh", None),
        ("13-11-2025 (BANGKOK) Officers came. They left.", None, "BANGKOK", "2025-11-13"),
        ("(Reuters) - Officers came. They left.", "Reuters", None, None),
    ],
)
def test_a_dateline_gives_place_agency_and_day_and_is_no_part_of_the_title(line, origin, place, day):
    assert values(line + "\n\nMore was said.") == ("Officers came.", None, origin, place, day)


@pytest.mark.parametrize(
    "line",
    [
        "Police: we know nothing of it. They left.",
        "The Example Group – a company – was there. They left.",
        "Update: officers came again. They left.",
        "Anna Example (CCB) said so. They left.",
        "(1) Officers came. They left.",
        "Officers came – and left. Nobody saw it.",
    ],
)
def test_what_only_looks_like_a_dateline_gives_no_place(line):
    assert read(line + "\n\nMore was said.").place is None


def test_a_dateline_below_a_standfirst_is_found():
    text = "Big raid on the border\n\n0\n578\nOfficers came by night.\n\nMAE SOT, Thailand – Officers came. They left."
    assert values(text) == ("Big raid on the border", None, None, "MAE SOT, Thailand", None)


def test_a_headline_keeps_its_colon():
    text = "Cambodia: New law passed\n\nThe house passed a law. It is new."
    assert values(text)[:4] == ("Cambodia: New law passed", None, None, None)


def test_a_dateline_without_its_year_wants_one():
    facts = read("PHNOM PENH, July 10 (Xinhua) -- The Example Unit met Anna Example. They left.\n\nMore was said.")
    assert facts.published is not None
    assert (facts.published.edtf, facts.published.printed) == (None, "July 10")
    assert (facts.published.basis, facts.published.warnings) == (None, ("year_not_printed",))
    assert "anna example" in facts.names


# Feet


@pytest.mark.parametrize(
    ("end", "publisher"),
    [
        ("They left. (NNT)", "NNT"),
        ("They left.\n\n(Example News)", "Example News"),
        ("They left.\n=EXAMPLE WIRE", "EXAMPLE WIRE"),
        ("They left.\n= Example Wire =", "Example Wire"),
        ("They left.—Wire", "Wire"),
        ("พวกเขาออกไป.-สำนักข่าวตัวอย่าง", "สำนักข่าวตัวอย่าง"),
        ("They left. (END)", None),
        ("They work for the Cyber Crime Bureau (CCB)", None),
        ("They left. (3)", None),
        ("They left - at night.", None),
    ],
)
def test_a_sign_off_names_who_publishes(end, publisher):
    found = read("Big raid on the border\n\nOfficers came.\n\n" + end).publisher
    assert (found and found.value) == publisher


def test_a_sign_off_under_another_outlet_is_the_origin():
    text = "Big raid on the border\nMekong Example | 2025-07-10\n\nOfficers came. They left. (Xinhua)"
    assert values(text) == ("Big raid on the border", "Mekong Example", "Xinhua", None, "2025-07-10")


def test_a_statement_is_dated_at_its_foot():
    text = (
        "KINGDOM OF CAMBODIA\nNation Religion King\n\nPRESS RELEASE\n\nOn the border\n\n"
        "The Ministry regrets what was said on 3 May 2025."
        " It will answer.\n\nPhnom Penh, 24 July 2025\n"
    )
    assert values(text) == ("On the border", None, None, "Phnom Penh", "2025-07-24")


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        ("According to Example News Agency, thanks were given.", "Example News Agency"),
        ("According to the Example Bureau, thanks were given.", None),
        ("He lied, according to Example News Agency.", None),
    ],
)
def test_an_agency_named_by_the_first_words_of_a_sentence_is_the_origin(words, origin):
    found = read(f"Big raid on the border\n\nOfficers came. {words} They left.").origin
    assert (found and found.value) == origin
