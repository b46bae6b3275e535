"""On which days something comes again: month ends and leap days by table, the rest against dateutil."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.recurrence import Rhythm


@pytest.mark.parametrize(
    ("unit", "every", "first", "days"),
    [
        ("daily", 1, "2026-02-27", ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ("daily", 10, "2028-02-20", ["2028-02-20", "2028-03-01", "2028-03-11"]),
        ("weekly", 2, "2026-12-21", ["2026-12-21", "2027-01-04", "2027-01-18"]),
        ("monthly", 1, "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("monthly", 1, "2028-01-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("monthly", 3, "2026-11-30", ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("yearly", 1, "2028-02-29", ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("yearly", 4, "2028-02-29", ["2028-02-29", "2032-02-29"]),
    ],
)
def test_days_are_counted_from_the_first(unit: str, every: int, first: str, days: list[str]) -> None:
    rhythm, start = Rhythm(unit, every), date.fromisoformat(first)
    found = [rhythm.day(start, number) for number in range(len(days))]
    assert [day.isoformat() for day in found] == days
    assert rhythm.numbers(start, start, found[-1]) == range(len(days))


@pytest.mark.parametrize(("unit", "every"), [("hourly", 1), ("daily", 0), ("weekly", -1)])
def test_there_is_no_other_rhythm(unit: str, every: int) -> None:
    with pytest.raises(ValueError, match="no rhythm"):
        Rhythm(unit, every)


UNITS = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY, "yearly": YEARLY}


@given(
    unit=st.sampled_from(sorted(UNITS)),
    every=st.integers(1, 40),
    first=st.dates(date(2000, 1, 1), date(2040, 12, 31)),
    ahead=st.integers(-400, 3000),
    length=st.integers(0, 400),
)
def test_a_window_holds_what_dateutil_finds_in_it(unit: str, every: int, first: date, ahead: int, length: int) -> None:
    start = first + timedelta(days=ahead)
    end = start + timedelta(days=length)
    rhythm = Rhythm(unit, every)
    found = {rhythm.day(first, number) for number in rhythm.numbers(first, start, end)}
    more = {}
    if unit in ("monthly", "yearly"):
        # "On the day, or the last one before it": a month always has one.
        more = {"bymonthday": list(range(28, first.day + 1)) or [first.day], "bysetpos": -1}
    if unit == "yearly":
        more["bymonth"] = first.month
    known = rrule(UNITS[unit], dtstart=first, interval=every, until=end, **more)
    assert found == {each.date() for each in known if each.date() >= start}
