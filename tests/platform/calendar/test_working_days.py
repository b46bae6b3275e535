from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from guanxi.platform.calendar.models import CalendarDay, DayKind
from guanxi.platform.calendar.working_days import (
    add_working_days,
    due_at,
    forget_overrides,
    is_working_day,
    working_days_between,
)


@pytest.fixture(autouse=True)
def fresh_overrides():
    forget_overrides()
    yield
    forget_overrides()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "working"),
    [
        # New Year 2026: 1-3 January off, Sunday the 4th made up.
        (date(2025, 12, 31), date(2026, 1, 5), "W...WW"),
        # Spring Festival 2025: 28 January - 4 February off, Sunday 26 January and Saturday 8 February made up.
        (date(2025, 1, 25), date(2025, 2, 9), ".WW........WWWW."),
        # Spring Festival 2026: 15-23 February off, Saturday 14 and Saturday 28 February made up.
        (date(2026, 2, 13), date(2026, 3, 1), "WW.........WWWWW."),
        # Labour Day 2026: 1-5 May off, Saturday 9 May made up.
        (date(2026, 4, 30), date(2026, 5, 10), "W.....WWWW."),
        # National Day and Mid-Autumn 2025: 1-8 October off, Sunday 28 September and Saturday 11 October made up.
        (date(2025, 9, 27), date(2025, 10, 12), ".WWW........WWW."),
        # National Day 2026: 1-7 October off, Sunday 20 September and Saturday 10 October made up.
        (date(2026, 9, 30), date(2026, 10, 11), "W.......WWW."),
    ],
)
def test_the_published_calendar(first, last, working):
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert "".join("W" if is_working_day(day) else "." for day in days) == working


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 10, 9), -1, date(2025, 9, 30)),
        (date(2025, 10, 9), -3, date(2025, 9, 28)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2025, 10, 1), 0, date(2025, 10, 9)),
    ],
)
def test_counting_from_a_day(start, count, expected):
    assert add_working_days(start, count) == expected


@pytest.mark.django_db
def test_counting_between_days():
    assert working_days_between(date(2025, 9, 26), date(2025, 10, 13)) == 7  # 28, 29, 30 and 9, 10, 11, 13
    assert working_days_between(date(2025, 10, 13), date(2025, 9, 26)) == -7  # 26, 28, 29, 30 and 9, 10, 11
    assert working_days_between(date(2026, 2, 14), date(2026, 2, 23)) == 0
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 20)) == 0


@pytest.mark.django_db
def test_a_deadline_of_two_working_days_and_no_negative_one():
    assert due_at(date(2026, 11, 20), 2) == date(2026, 11, 24)
    assert due_at(date(2026, 11, 21), 0) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="shorter than 0"):
        due_at(date(2026, 11, 20), -1)


@pytest.mark.django_db
def test_an_administrator_overrides_the_calendar_and_takes_it_back():
    saturday, monday = date(2027, 2, 20), date(2027, 2, 22)
    assert (is_working_day(saturday), is_working_day(monday)) == (False, True)
    made_up = CalendarDay.objects.create(date=saturday, kind=DayKind.WORKING, name="春节调休")
    day_off = CalendarDay.objects.create(date=monday, kind=DayKind.HOLIDAY, name="厂休")
    assert (is_working_day(saturday), is_working_day(monday)) == (True, False)
    assert add_working_days(date(2027, 2, 19), 2) == date(2027, 2, 23)
    made_up.delete()
    day_off.deleted_at = datetime(2026, 1, 1, tzinfo=UTC)
    day_off.save()
    assert (is_working_day(saturday), is_working_day(monday)) == (False, True)


@pytest.mark.django_db
def test_a_day_is_overridden_once_and_with_a_known_kind():
    CalendarDay.objects.create(date=date(2027, 2, 20), kind=DayKind.WORKING)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(date=date(2027, 2, 20), kind=DayKind.HOLIDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(date=date(2027, 2, 21), kind="half")


@pytest.mark.django_db
def test_a_year_is_read_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        # 365 days, 104 of them on weekends, 13 statutory holidays: 248.
        assert working_days_between(date(2026, 1, 1), date(2026, 12, 31)) == 248


class TestCounting(HypothesisTestCase):
    @given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(-60, 60))
    def test_between_undoes_adding(self, start, count):
        start = add_working_days(start, 0)
        end = add_working_days(start, count)
        assert is_working_day(end)
        assert working_days_between(start, end) == count
