from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casefile import phrases
from casefile.errors import CasefileError
from casefile.records import ArticleId, DateFact, Sha256
from casefile.text import dates

DIGEST = Sha256("0" * 64)
THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split(" ")
KHMER = "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ".split(" ")
LAO = "ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ".split(" ")


def edtfs(text: str) -> list[str | None]:
    return [found.edtf for found in dates.printed_dates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" date 2025-03-15 ", ["2025-03-15"]),
        ("2025/07/10", ["2025-07-10"]),
        ("13-11-2025 (BANGKOK)", ["2025-11-13"]),
        ("13.11.2025", ["2025-11-13"]),
        ("11/13/2025", ["2025-11-13"]),
        ("07/07/2025", ["2025-07-07"]),
        ("10 July 2025", ["2025-07-10"]),
        ("July 10, 2025", ["2025-07-10"]),
        ("JULY 10 2025", ["2025-07-10"]),
        ("Jul. 10,2025", ["2025-07-10"]),
        ("10-Jul-2025", ["2025-07-10"]),
        ("the 10th of July, 2025", ["2025-07-10"]),
        ("Thu, 10 Jul 2025 10:00:00 +0700", ["2025-07-10"]),
        ("2025-07-10T14:00:00+07:00", ["2025-07-10"]),
        ("10 July 2025.The next sentence", ["2025-07-10"]),
        ("April 2025, pp 53", ["2025-04"]),
        ("13 มีนาคม 2568", ["2025-03-13"]),
        ("๑๐ กรกฎาคม พ.ศ. ๒๕๖๘", ["2025-07-10"]),
        ("10 ก.ค. 2568", ["2025-07-10"]),
        ("13/3/2568", ["2025-03-13"]),
        ("3/4/2568", ["2025-04-03"]),
        ("เดือนมีนาคม 2568", ["2025-03"]),
        ("10 กรกฎาคม ค.ศ. 2025", ["2025-07-10"]),
        ("ថ្ងៃទី១៥ ខែមីនា ឆ្នាំ២០២៥", ["2025-03-15"]),
        ("ថ្ងៃទី១៥\u200bខែមីនា\u200bឆ្នាំ២០២៥", ["2025-03-15"]),
        ("ວັນທີ 10 ກໍລະກົດ 2025", ["2025-07-10"]),
        ("၂၀၂၅ ခုနှစ် ဇူလိုင်လ ၁၀ ရက်", ["2025-07-10"]),
        ("2025年7月10日", ["2025-07-10"]),
        ("2025 年 7 月 10 號", ["2025-07-10"]),
        ("2025年7月", ["2025-07"]),
        ("二〇二五年十二月三十一日", ["2025-12-31"]),
        ("二○二五年七月十日", ["2025-07-10"]),
        ("ngày 10 tháng 7 năm 2025", ["2025-07-10"]),
        (unicodedata.normalize("NFD", "ngày 10 tháng 7 năm 2025"), ["2025-07-10"]),
        ("ngày 3/4/2025", ["2025-04-03"]),
        ("วันที่ 3/4/2025", ["2025-04-03"]),
    ],
)
def test_a_date_is_read_in_each_way_of_writing(text, expected):
    assert edtfs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 13-14, 2025", "2025-03-13/2025-03-14"),
        ("13–14 March 2025", "2025-03-13/2025-03-14"),
        ("14 to 16 May 2025", "2025-05-14/2025-05-16"),
        ("28 February – 2 March 2025", "2025-02-28/2025-03-02"),
        ("February 28 - March 2, 2025", "2025-02-28/2025-03-02"),
        ("28 December – 2 January 2025", "2024-12-28/2025-01-02"),
        ("2025年7月13日至14日", "2025-07-13/2025-07-14"),
        ("13 ถึง 14 มีนาคม 2568", "2025-03-13/2025-03-14"),
    ],
)
def test_a_range_is_one_date_with_two_ends(text, expected):
    assert edtfs(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "30 February 2025",
        "31/04/2025",
        "2025-02-29",
        "13/3/68",
        "10/7/25",
        "in March 13 people were held",
        "on March 10,000 people came",
        "the 10 may have left",
        "Kok An, May said 10 were there",
        "April fools and 20 Marines",
        "17 March-14 2025-13-45",
        "phone 081-12-2025",
        "case 12-10-2025-3",
        "192.168.1.2025",
        "https://example.org/2025-02-27/raid",
        "www.example.org/2025/02/27",
        "see example.org/2025/02/27/a",
        "file /srv/2025-02-27/report",
        r"C:\cases\2025-02-27\report",
        "report_2025-07-10.pdf",
        "a@2025-07-10.example",
        "១៥ មីនា ២៥៦៨ (a Khmer Buddhist year)".partition(" (")[0],
    ],
)
def test_no_full_date_is_invented(text):
    assert not [found for found in dates.printed_dates(text) if found.full or (found.year and not found.day)]


def test_a_two_digit_year_is_never_guessed():
    (found,) = dates.printed_dates("10 ก.ค. 68")
    assert (found.year, found.month, found.day, found.edtf, found.low, found.high) == (None, 7, 10, None, None, None)


def test_a_date_without_its_year_has_no_edtf():
    (found,) = dates.printed_dates("They met on March 13-14 at noon.")
    assert (found.printed, found.year, found.month, found.day, found.last) == (
        "March 13-14",
        None,
        3,
        13,
        (None, 3, 14),
    )


def test_day_and_month_that_may_be_exchanged_are_kept_with_both_readings():
    (found,) = dates.printed_dates("03/04/2025")
    assert found.ambiguous and not found.full
    assert (found.edtf, found.low, found.high) == (None, "2025-03-04", "2025-04-03")


def test_a_weekday_settles_which_number_is_the_month():
    assert edtfs("Thursday 03/04/2025") == ["2025-04-03"]
    assert edtfs("Tuesday, 03/04/2025") == ["2025-03-04"]
    assert edtfs("Sunday 03/04/2025") == [None]


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("THURSDAY, JULY 10, 2025", True),
        ("Friday 10 July 2025", False),
        ("10 July 2025 (Thursday)", True),
        ("วันพฤหัสบดีที่ 10 กรกฎาคม 2568", True),
        ("วันศุกร์ที่ 10 กรกฎาคม 2568", False),
        ("ថ្ងៃព្រហស្បតិ៍ ទី១០ ខែកក្កដា ឆ្នាំ២០២៥", True),
        ("2025年7月10日（星期四）", True),
        ("2025年7月10日星期五", False),
        ("Thứ Năm, ngày 10/7/2025", True),
        (unicodedata.normalize("NFD", "Thứ Sáu, ngày 10 tháng 7 năm 2025"), False),
        ("10 July 2025", None),
        ("Thursday, July 10", None),
    ],
)
def test_the_weekday_beside_a_date_is_checked(text, agrees):
    (found,) = dates.printed_dates(text)
    assert found.weekday_agrees is agrees
    assert found.printed in text


def test_offsets_count_code_points_after_emoji():
    text = "🚓🚓 นัด 13 มีนาคม 2568 ครับ"
    (found,) = dates.printed_dates(text)
    assert text[found.start : found.stop] == "13 มีนาคม 2568"
    assert found.buddhist


@given(
    st.dates(date(1900, 1, 1), date(2156, 12, 31)),
    st.sampled_from(["english", "us", "thai", "khmer", "lao", "han", "iso"]),
)
def test_every_day_is_read_back_from_every_language(day: date, way: str):
    printed = {
        "english": f"{day.day} {day:%B} {day.year}",
        "us": f"{day:%B} {day.day}, {day.year}",
        "thai": f"{day.day} {THAI[day.month - 1]} {day.year + 543}",
        "khmer": f"{day.day} ខែ{KHMER[day.month - 1]} ឆ្នាំ{day.year}",
        "lao": f"{day.day} {LAO[day.month - 1]} {day.year}",
        "han": f"{day.year}年{day.month}月{day.day}日",
        "iso": day.isoformat(),
    }[way]
    assert edtfs(f"a {printed}, b") == [day.isoformat()]


PIECES = st.sampled_from(
    [
        "10",
        "July",
        "2025",
        "2568",
        "/",
        "-",
        " ",
        ".",
        ",",
        "March",
        "มีนาคม",
        "ก.ค.",
        "年",
        "7",
        "月",
        "日",
        "十",
        "Thursday",
        "to",
        "\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join))
@example("10 July - 10 July 2025 - 3 March")
@example("29 February - 1 March")
def test_dates_found_lie_in_order_in_the_text_as_printed(text: str):
    edge = 0
    for found in dates.printed_dates(text):
        assert edge <= found.start < found.stop <= len(text)
        assert text[found.start : found.stop] == found.printed
        assert (found.low or "") <= (found.high or "")
        assert found.edtf is None or found.year is not None
        edge = found.stop


# Bounds of an undated text


def limits(text: str, **more: date) -> str | None:
    fact = dates.bounds(text, DIGEST, **more)
    return fact and fact.bounds


def test_the_latest_day_told_as_past_is_the_lower_bound_with_its_passage():
    text = (
        "It opened on 20 February 2025. As printed in the Gazette on 20 June 2025, it is busy. (*1) Wire, 3 May 2025."
    )
    fact = dates.bounds(text, DIGEST)
    assert fact is not None and fact.passage is not None
    assert (fact.edtf, fact.bounds, fact.low, fact.high, fact.basis) == (
        None,
        "2025-06-20/..",
        "2025-06-20",
        None,
        "inferred",
    )
    assert (fact.printed, fact.passage.exact, fact.passage.text) == ("20 June 2025", "20 June 2025", DIGEST)
    assert text[fact.passage.start : fact.passage.stop] == fact.passage.exact


@pytest.mark.parametrize(
    "text",
    [
        "On 1 August 2025, the new law will take effect.",
        "The trial opens on 1 August 2025.",
        "They have until 1 August 2025 to leave.",
        "The gang ran for months, starting 1 August 2025.",
        "From 1 August 2025 onwards the border is shut.",
        "The permit expires on 1 August 2025.",
        "They must leave by 1 August 2025.",
        "จะประชุมวันที่ 10 กรกฎาคม 2568",
        "会议将于2025年7月10日举行",
        "Cuộc họp sẽ diễn ra vào ngày 10 tháng 7 năm 2025",
        "Read https://example.org/2025-06-20/raid for more.",
        "It was due in April 2025.",
    ],
)
def test_a_coming_day_is_never_a_lower_bound(text):
    fact = dates.bounds(text, DIGEST)
    assert fact is None or fact.low is None


@pytest.mark.parametrize(
    ("text", "expected", "printed"),
    [
        ("The board will meet daily, starting February 1, 2025.", "../2025-02-01", "starting February 1, 2025"),
        ("They will meet Pol. Gen. Example on 1 August 2025.", "../2025-08-01", "on 1 August 2025"),
        ("The hearing is scheduled for 1 May 2026.", "../2026-05-01", "scheduled for 1 May 2026"),
        ("The deadline is 1 May 2026.", "../2026-05-01", "deadline is 1 May 2026"),
        ("It will be held on 3 May and will end on 5 May 2026.", "../2026-05-05", "on 5 May 2026"),
    ],
)
def test_a_day_that_the_text_announces_is_the_upper_bound(text, expected, printed):
    fact = dates.bounds(text, DIGEST)
    assert fact is not None
    assert (fact.bounds, fact.printed, fact.basis) == (expected, printed, "inferred")


@pytest.mark.parametrize(
    "text",
    [
        "He will return the money taken on 8 July 2025.",
        "They will discuss the raid on 20 June 2025.",
        "The hearing was scheduled for 1 May 2024 but nobody came.",
        "The bank will study payments from 1 January 2024 to 31 December 2024.",
        "His task is to review the raid of 20 June 2025.",
    ],
)
def test_a_doubtful_day_bounds_nothing(text):
    assert dates.bounds(text, DIGEST) is None


def test_both_bounds_make_a_closed_interval():
    assert limits("They met on 3 March 2025. They will meet on 1 May 2025.") == "2025-03-03/2025-05-01"
    assert limits("They met on 3 March 2025 and said: We will meet on 3 March 2025.") == "2025-03-03/2025-03-03"


def test_an_announcement_older_than_the_latest_past_day_is_no_bound():
    assert limits("In the note: they will meet on 1 May 2024. It was found on 3 March 2025.") == "2025-03-03/.."


def test_a_day_after_today_is_not_past():
    text = "They met on 3 March 2025. The receipt, 9 September 2031, is false."
    assert limits(text) == "2031-09-09/.."
    assert limits(text, today=date(2025, 8, 1)) == "2025-03-03/.."


def test_a_text_without_dates_has_no_bounds():
    assert dates.bounds("They met in March, and 10 of them left.", DIGEST) is None


# A year inferred by the caller

COMING = "The centre will hold meetings, starting February 1, to judge."


def test_a_coming_day_without_its_year_bounds_nothing_alone():
    fact = dates.bounds(COMING, DIGEST)
    assert fact is not None and fact.passage is not None
    assert fact == DateFact(
        edtf=None,
        bounds=None,
        printed="starting February 1",
        basis=None,
        passage=fact.passage,
        warnings=("year_not_printed",),
    )
    assert fact.passage.exact == "starting February 1"


def test_with_a_year_a_coming_day_is_the_upper_bound():
    fact = dates.bounds(COMING, DIGEST)
    assert fact is not None
    named = (ArticleId("a"), ArticleId("b"))
    dated = dates.with_year(fact, 2025, named)
    assert (dated.edtf, dated.bounds, dated.low, dated.high) == (None, "../2025-02-01", None, "2025-02-01")
    assert (dated.basis, dated.warnings, dated.year_from, dated.passage) == ("inferred", (), named, fact.passage)


def test_with_a_year_a_bare_day_is_the_date():
    fact = DateFact(None, printed="Thursday, July 10", warnings=("year_not_printed", "date_sources_differ"))
    dated = dates.with_year(fact, 2025, ())
    assert (dated.edtf, dated.low, dated.high, dated.basis) == ("2025-07-10", "2025-07-10", "2025-07-10", "inferred")
    assert dated.warnings == ("date_sources_differ",)
    assert dates.with_year(fact, 2024, ()).warnings == ("date_sources_differ", "weekday_differs")


def test_with_a_year_a_bare_range_is_kept_as_bounds():
    dated = dates.with_year(DateFact(None, printed="March 13-14", warnings=("year_not_printed",)), 2025, ())
    assert (dated.edtf, dated.bounds, dated.low, dated.high) == (
        None,
        "2025-03-13/2025-03-14",
        "2025-03-13",
        "2025-03-14",
    )


def test_a_fact_that_wants_no_year_or_has_no_such_day_comes_back_as_it_was():
    leap = DateFact(None, printed="29 February", warnings=("year_not_printed",))
    assert dates.with_year(leap, 2025, ()) is leap
    assert dates.with_year(leap, 2024, ()).edtf == "2024-02-29"
    dated = DateFact("2025-07-10", printed="10 July 2025", basis="stated")
    assert dates.with_year(dated, 2024, ()) is dated


# The analyst's own date


def test_an_analyst_sets_a_date_or_bounds():
    day = dates.date_fact_from_analyst(" 2025-07~ ")
    assert (day.edtf, day.bounds, day.low, day.high, day.basis) == (
        "2025-07~",
        None,
        "2025-07-01",
        "2025-07-31",
        "analyst",
    )
    bounds = dates.date_fact_from_analyst("2025-06-20/..")
    assert (bounds.edtf, bounds.bounds, bounds.low, bounds.high) == (None, "2025-06-20/..", "2025-06-20", None)
    with pytest.raises(CasefileError, match="10/7/2025"):
        dates.date_fact_from_analyst("10/7/2025")


def test_every_warning_about_dates_has_a_sentence():
    codes = {"year_not_printed", "date_ambiguous", "weekday_differs", "date_in_future", "date_sources_differ"}
    assert codes <= phrases.codes("warnings")
