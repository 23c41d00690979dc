from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile import phrases
from casefile.errors import CasefileError
from casefile.text import edtf


@pytest.mark.parametrize(
    ("value", "low", "high", "precision"),
    [
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2025-07-10", "2025-07-10", "2025-07-10", "day"),
        ("2025-02-01/2025-02-28", "2025-02-01", "2025-02-28", "interval"),
        ("2025-06-20/..", "2025-06-20", None, "interval"),
        ("../2025-02-01", None, "2025-02-01", "interval"),
        ("2024/2025-03", "2024-01-01", "2025-03-31", "interval"),
        ("2025-07-10/2025-07-10", "2025-07-10", "2025-07-10", "interval"),
    ],
)
def test_a_value_has_its_first_and_last_day(value, low, high, precision):
    read = edtf.parse(value)
    assert (read.value, read.low, read.high, read.precision) == (value, low, high, precision)


@pytest.mark.parametrize(
    ("value", "approximate", "uncertain"),
    [
        ("2025", False, False),
        ("2025~", True, False),
        ("2025-07?", False, True),
        ("2025-07-10%", True, True),
        ("2025-06-20~/..", True, False),
        ("2025~/2026?", True, True),
    ],
)
def test_marks_say_about_and_uncertain(value, approximate, uncertain):
    read = edtf.parse(value)
    assert (read.approximate, read.uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " 2025",
        "2025-07-10 ",
        "2025-7-1",
        "20250710",
        "10/07/2025",
        "2025-13",
        "2025-00",
        "2023-02-29",
        "2025-04-31/..",
        "0000",
        "199X",
        "2025-21-01",
        "2025-07-10T10:00:00Z",
        "..",
        "../..",
        "/2025",
        "2025/",
        "2025/2026/2027",
        "2025-02-28/2025-02-01",
        "2025~~",
        "?2025",
        "٢٠٢٥",
        "๒๕๖๘",
        "2025\n",
        "yesterday",
    ],
)
def test_anything_else_is_refused_with_a_sentence(value):
    with pytest.raises(CasefileError) as caught:
        edtf.parse(value)
    assert caught.value.code == "date_not_edtf"
    assert value in str(caught.value)
    assert "date_not_edtf" in phrases.codes("errors")


@given(st.dates())
def test_every_day_of_the_calendar_is_its_own_first_and_last(day: date):
    read = edtf.parse(day.isoformat())
    assert read.low == read.high == day.isoformat()


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_ends_where_the_calendar_says(year: int, month: int):
    read = edtf.parse(f"{year:04}-{month:02}")
    assert read.high == date(year, month, calendar.monthrange(year, month)[1]).isoformat()


@given(st.dates(), st.dates())
def test_an_interval_is_accepted_only_if_it_runs_forwards(first: date, last: date):
    value = f"{first}/{last}"
    if first <= last:
        read = edtf.parse(value)
        assert (read.low, read.high) == (str(first), str(last))
    else:
        with pytest.raises(CasefileError):
            edtf.parse(value)


@given(st.text(alphabet="0123456789-/.~?% T", max_size=24))
def test_what_is_accepted_has_days_in_order(value: str):
    try:
        read = edtf.parse(value)
    except CasefileError:
        return
    assert read.low or read.high
    assert (read.low or "") <= (read.high or "9999-99-99")
