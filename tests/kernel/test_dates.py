from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.dates import (
    Period,
    add_months,
    age_in_years_months,
    half_year_of,
    month_end,
    month_of,
    parse_date,
    periods,
    quarter_of,
    year_of,
)
from guanxi.kernel.errors import Invalid

DAYS = st.dates(date(1901, 1, 1), date(2900, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 21), 14, date(2028, 1, 21)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_are_clipped_at_their_end(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def test_periods_of_a_day() -> None:
    day = date(2026, 11, 21)
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert quarter_of(day) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert [period(day).key for period in (month_of, quarter_of, half_year_of, year_of)] == [
        "2026-11",
        "2026Q4",
        "2026H2",
        "2026",
    ]
    assert Period.of_months(day, 2).key == "2026-11~2026-12"
    assert quarter_of(day).shifted(-4).key == "2025Q4"
    assert day in quarter_of(day) and date(2027, 1, 1) not in quarter_of(day)
    assert [period.key for period in periods(date(2026, 8, 15), date(2027, 1, 1), 3)] == ["2026Q3", "2026Q4", "2027Q1"]
    assert periods(date(2026, 8, 15), date(2026, 6, 1), 3) == []
    with pytest.raises(ValueError, match="5 months"):
        Period.of_months(day, 5)


@pytest.mark.parametrize(
    ("since", "day", "age"),
    [
        (date(2020, 7, 21), date(2026, 11, 21), (6, 4)),
        (date(2020, 7, 22), date(2026, 11, 21), (6, 3)),
        (date(2024, 2, 29), date(2025, 2, 28), (1, 0)),
        (date(2026, 11, 21), date(2026, 11, 21), (0, 0)),
        (date(2027, 1, 1), date(2026, 11, 21), (0, 0)),
    ],
)
def test_age(since: date, day: date, age: tuple[int, int]) -> None:
    assert age_in_years_months(since, day) == age


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-21",
        "2026/11/21",
        "2026.11.21",
        "2026年11月21日",
        "２０２６年１１月２１号",
        " 2026 - 11 - 21 ",
        "20261121",
        "46347",
        46347,
        46347.75,
        Decimal(46347),
        20261121.0,
        "2026-11-21 10:30",
        "2026-11-21T10:30:05.5",
        datetime(2026, 11, 21, 23, 59),  # noqa: DTZ001
        date(2026, 11, 21),
    ],
)
def test_dates_as_people_and_spreadsheets_write_them(written: object) -> None:
    assert parse_date(written) == date(2026, 11, 21)


def test_serial_numbers_around_the_day_that_never_was() -> None:
    assert parse_date(1) == date(1900, 1, 1)
    assert parse_date(59) == date(1900, 2, 28)
    assert parse_date(61) == date(1900, 3, 1)
    with pytest.raises(Invalid, match="no such day"):
        parse_date(60)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-02-30", "no such day"),
        ("20261301", "no such day"),
        ("26-11-21", "not a date"),
        ("2026-11/21", "not a date"),
        ("2026-11-21日", "not a date"),
        ("soon", "not a date"),
        (float("nan"), "not a date"),
        (-5, "not a date"),
        (True, "not a date"),
        ("0", "not a date"),
        ("202611", "not a date"),
        ("", "Enter a date"),
        ("1850-01-01", "between 1900 and 2999"),
        (date(3000, 1, 1), "between 1900 and 2999"),
    ],
)
def test_impossible_dates_are_refused(written: object, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        parse_date(written)


@given(DAYS, st.integers(-600, 600))
def test_a_month_later_and_back_keeps_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or moved == month_end(moved)


@given(DAYS)
def test_every_day_reads_back(day: date) -> None:
    assert parse_date(day.isoformat()) == parse_date(f"{day:%Y%m%d}") == day
    if day.year < 2173:
        assert parse_date((day - date(1899, 12, 30)).days) == day
