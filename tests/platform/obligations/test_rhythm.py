"""The periods in which duties come round: worked out by hand, month ends and leap years included."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.platform.obligations.rhythm import (
    EveryMonths,
    MonthEnd,
    NextMonth,
    Rhythm,
    Weekly,
    Yearly,
    recurring,
    turns,
)

DAY = datetime.date


def days(rhythm: Rhythm, after: str, until: str) -> list[tuple[str, str, str]]:
    """Period, from when it is owed, by when."""
    found = turns(rhythm, DAY.fromisoformat(after), DAY.fromisoformat(until))
    return [(turn.key, turn.opens_on.isoformat(), turn.due_on.isoformat()) for turn in found]


def test_every_two_months() -> None:
    rhythm = EveryMonths(2, anchor=DAY(2026, 1, 1))
    assert days(rhythm, "2025-12-31", "2026-06-30") == [
        ("2026-01-01", "2026-01-01", "2026-02-28"),
        ("2026-03-01", "2026-03-01", "2026-04-30"),
        ("2026-05-01", "2026-05-01", "2026-06-30"),
    ]
    assert days(rhythm, "2025-10-31", "2025-11-01") == [("2025-11-01", "2025-11-01", "2025-12-31")]


def test_every_month_from_the_last_of_one() -> None:
    assert days(EveryMonths(1, anchor=DAY(2024, 1, 31)), "2024-01-30", "2024-03-31") == [
        ("2024-01-31", "2024-01-31", "2024-02-28"),
        ("2024-02-29", "2024-02-29", "2024-03-30"),
        ("2024-03-31", "2024-03-31", "2024-04-29"),
    ]


def test_the_tenth_of_the_next_month() -> None:
    assert days(NextMonth(10), "2026-11-30", "2027-01-01") == [
        ("2026-11", "2026-12-01", "2026-12-10"),
        ("2026-12", "2027-01-01", "2027-01-10"),
    ]
    assert days(NextMonth(31), "2026-01-31", "2026-02-01") == [("2026-01", "2026-02-01", "2026-02-28")]


def test_month_end_knows_leap_years() -> None:
    assert days(MonthEnd(), "2024-01-31", "2024-02-01") == [("2024-02", "2024-02-01", "2024-02-29")]
    assert days(MonthEnd(), "2026-01-31", "2026-03-31") == [
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-03", "2026-03-01", "2026-03-31"),
    ]


def test_once_a_year() -> None:
    assert days(Yearly(12, 31, ahead=30), "2025-12-01", "2026-12-01") == [("2026", "2026-12-01", "2026-12-31")]
    # Owed from the year before on, and on the last of February where there is no 29th.
    assert days(Yearly(1, 10, ahead=20), "2026-12-20", "2026-12-21") == [("2027", "2026-12-21", "2027-01-10")]
    assert days(Yearly(2, 29, ahead=0), "2023-03-01", "2025-02-28") == [
        ("2024", "2024-02-29", "2024-02-29"),
        ("2025", "2025-02-28", "2025-02-28"),
    ]


def test_once_a_week() -> None:
    # Monday 28 December 2026 begins week 53; its Friday is New Year's Day.
    assert days(Weekly(4), "2026-12-27", "2026-12-28") == [("2026-W53", "2026-12-28", "2027-01-01")]


RHYTHMS = st.one_of(
    st.builds(EveryMonths, st.integers(1, 24), st.dates(DAY(2020, 1, 1), DAY(2030, 12, 31))),
    st.builds(NextMonth, st.integers(1, 31)),
    st.builds(MonthEnd),
    st.builds(Yearly, st.integers(1, 12), st.integers(1, 31), st.integers(0, 365)),
    st.builds(Weekly, st.integers(0, 6)),
)


@given(RHYTHMS, st.dates(DAY(2000, 1, 1), DAY(2060, 12, 31)), st.integers(0, 800))
def test_no_period_is_left_out_and_none_comes_twice(rhythm: Rhythm, day: datetime.date, later: int) -> None:
    number = rhythm.number_at(day)
    assert rhythm.turn(number).opens_on <= day < rhythm.turn(number + 1).opens_on
    end, middle = day + datetime.timedelta(days=later), day + datetime.timedelta(days=later // 2)
    whole = list(turns(rhythm, day, end))
    assert whole == [*turns(rhythm, day, middle), *turns(rhythm, middle, end)]
    assert len({turn.key for turn in whole}) == len(whole)
    assert all(turn.opens_on <= turn.due_on for turn in whole)
    # A clock that was set back asks for nothing.
    assert list(turns(rhythm, end, day)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: EveryMonths(0, DAY(2026, 1, 1)),
        lambda: NextMonth(0),
        lambda: NextMonth(32),
        lambda: Yearly(13, 1),
        lambda: Yearly(1, 1, ahead=400),
        lambda: Weekly(7),
    ],
)
def test_impossible_rhythms_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"month|year|week"):
        wrong()


def test_a_duty_recurs_in_one_rhythm_only(declare: Any) -> None:
    duty = declare()
    recurring(duty, MonthEnd())(lambda turn, at: [])
    with pytest.raises(ValueError, match="recurs twice"):
        recurring(duty, Weekly(1))(lambda turn, at: [])
