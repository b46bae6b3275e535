"""Working days of China: weekends, public holidays, make-up days, and the administrators' overrides."""

import time
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from guanxi.platform.calendar.models import CalendarDay, DayKind

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Another process may change the overrides; this is how long ours may lag behind it.
_OVERRIDES_LIVE_SECONDS = 60.0

_overrides: dict[int, tuple[float, Mapping[date, bool]]] = {}


def is_working_day(day: date) -> bool:
    """Whether people work on this day: an override decides, else China's calendar as far as it is published."""
    override = _overrides_of(day.year).get(day)
    return _is_published_working_day(day) if override is None else override


def add_working_days(day: date, count: int) -> date:
    """The working day `count` working days after `day` (before it when negative); the day itself is not counted.

    With 0 it is `day` itself when people work on it, else the next working day.
    """
    if count == 0:
        while not is_working_day(day):
            day += _ONE_DAY
        return day
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is earlier.

    It undoes `add_working_days`: between a working day and the day n working days later there are n.
    """
    if end < start:
        return -sum(is_working_day(end + timedelta(days=offset)) for offset in range((start - end).days))
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def due_at(start: date, working_days: int) -> date:
    """The last day of a period of `working_days` (0 or more) that an event on `start` sets running.

    The day of the event does not count; a period of 0 ends on that day, or on the next working day after it.
    """
    if working_days < 0:
        raise ValueError("a period cannot be shorter than 0 working days")
    return add_working_days(start, working_days)


def forget_overrides() -> None:
    """Read the overrides again at the next question. Needed only after writing them without `save()` (bulk)."""
    _overrides.clear()


def _is_published_working_day(day: date) -> bool:
    days_off, make_up_days = _published_calendar(day.year)
    if day.weekday() >= _SATURDAY:
        return day in make_up_days
    return day not in days_off


@lru_cache(maxsize=64)
def _published_calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    # Imported when it is first needed: the package brings every country of the world along, half a second of them.
    from holidays.countries import China

    china = China(years=year)
    return frozenset(china), frozenset(day for day in china.weekend_workdays if day.year == year)


def _overrides_of(year: int) -> Mapping[date, bool]:
    cached = _overrides.get(year)
    if cached is not None and time.monotonic() - cached[0] < _OVERRIDES_LIVE_SECONDS:
        return cached[1]
    rows = CalendarDay.objects.filter(date__year=year, deleted_at__isnull=True).values_list("date", "kind")
    overrides = {day: kind == DayKind.WORKING for day, kind in rows}
    _overrides[year] = (time.monotonic(), overrides)
    return overrides


def _forget_on_change(**_: object) -> None:
    forget_overrides()
    # Until the commit another thread may read, and keep, the state before it.
    transaction.on_commit(forget_overrides)


post_save.connect(_forget_on_change, sender=CalendarDay, dispatch_uid="calendar_day_saved")
post_delete.connect(_forget_on_change, sender=CalendarDay, dispatch_uid="calendar_day_deleted")
