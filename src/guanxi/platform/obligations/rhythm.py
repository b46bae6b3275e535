"""Recurring duties: in which periods they come round, and who owes what in each.

    @recurring(REVISE, EveryMonths(2, anchor=date(2026, 1, 1)))
    def revisions(turn: Turn, at: datetime) -> Iterator[Opening]: ...

A rhythm knows calendar days only, never times of day, so no clock change moves it.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.keeping import Opening

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTHS = 12


@dataclass(frozen=True)
class Turn:
    """One period of a rhythm: its name ("2026-11"), which days it is about, from when it is owed, by when.

    `key` sorts and tells the periods of a rhythm apart.
    """

    key: str
    first: date
    last: date
    opens_on: date
    due_on: date


class Rhythm(Protocol):
    """Numbers its periods: `turn(n)` is the n-th, and `number_at(day)` the last one that is owed by then."""

    def turn(self, number: int) -> Turn:
        """The period of that number."""

    def number_at(self, day: date) -> int:
        """The number of the last period that opens on or before the day."""


def turns(rhythm: Rhythm, after: date, until: date) -> Iterator[Turn]:
    """The periods that open after one day and not after another, the earliest first."""
    for number in range(rhythm.number_at(after) + 1, rhythm.number_at(until) + 1):
        yield rhythm.turn(number)


# ---- The rhythms there are -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EveryMonths:
    """Every so many months from the month of `anchor` on: owed from its day on, due at the end of the period.

    An anchor on a day that a month has not (the 31st) counts from that month's last day.
    """

    months: int
    anchor: date

    def __post_init__(self) -> None:
        if self.months < 1:
            raise ValueError("a rhythm has at least one month")

    def turn(self, number: int) -> Turn:
        """The n-th period; before the anchor it is negative."""
        first, after = self._start(number), self._start(number + 1)
        return Turn(f"{first:%Y-%m-%d}", first, after - _ONE_DAY, first, after - _ONE_DAY)

    def number_at(self, day: date) -> int:
        """The period that runs on the day."""
        number = (_month(day) - _month(self.anchor)) // self.months
        return number if self._start(number) <= day else number - 1

    def _start(self, number: int) -> date:
        return _day_in(_month(self.anchor) + number * self.months, self.anchor.day)


@dataclass(frozen=True)
class NextMonth:
    """About each month, due on a day of the month after it (the last day where that month is shorter)."""

    day: int

    def __post_init__(self) -> None:
        _require_day(self.day)

    def turn(self, number: int) -> Turn:
        """The month of that number, owed when it is over."""
        first, after = _day_in(number, 1), _day_in(number + 1, 1)
        return Turn(f"{first:%Y-%m}", first, after - _ONE_DAY, after, _day_in(number + 1, self.day))

    def number_at(self, day: date) -> int:
        """The month before that of the day."""
        return _month(day) - 1


@dataclass(frozen=True)
class MonthEnd:
    """In each month, due on its last day."""

    def turn(self, number: int) -> Turn:
        """The month of that number."""
        first, last = _day_in(number, 1), _day_in(number, 31)
        return Turn(f"{first:%Y-%m}", first, last, first, last)

    def number_at(self, day: date) -> int:
        """The month of the day."""
        return _month(day)


@dataclass(frozen=True)
class Yearly:
    """Once a year, due on a day of it (the last of February where there is no 29th), owed `ahead` days before."""

    month: int
    day: int
    ahead: int = 30

    def __post_init__(self) -> None:
        _require_day(self.day)
        if not 1 <= self.month <= _MONTHS or not 0 <= self.ahead <= 365:
            raise ValueError("a year has twelve months, and one cannot be a year ahead")

    def turn(self, number: int) -> Turn:
        """The year of that number."""
        due = _day_in(number * _MONTHS + self.month - 1, self.day)
        return Turn(str(number), date(number, 1, 1), date(number, 12, 31), due - timedelta(days=self.ahead), due)

    def number_at(self, day: date) -> int:
        """The last year whose duty is owed by the day."""
        number = day.year + 1
        while self.turn(number).opens_on > day:
            number -= 1
        return number


@dataclass(frozen=True)
class Weekly:
    """In each week from Monday on, due on a day of it: 0 is Monday."""

    weekday: int

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError("a week has the days 0 to 6")

    def turn(self, number: int) -> Turn:
        """The week of that number."""
        first = date.min + number * _WEEK
        year, week, _day = first.isocalendar()
        return Turn(f"{year}-W{week:02}", first, first + 6 * _ONE_DAY, first, first + self.weekday * _ONE_DAY)

    def number_at(self, day: date) -> int:
        """The week of the day. The calendar's first day was a Monday."""
        return (day - date.min) // _WEEK


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * _MONTHS + day.month - 1


def _day_in(month: int, day: int) -> date:
    """A day of a month, or the month's last day where it is shorter."""
    year, place = divmod(month, _MONTHS)
    return date(year, place + 1, min(day, months.monthrange(year, place + 1)[1]))


def _require_day(day: int) -> None:
    if not 1 <= day <= 31:
        raise ValueError("a month has the days 1 to 31")


# ---- What recurs -----------------------------------------------------------------------------------------------------

#: Who owes what in one period, as of the moment of asking.
Listing = Callable[[Turn, datetime], Iterable[Opening]]


@dataclass(frozen=True)
class Recurring:
    """A duty that comes round: its rhythm (or how to find it on a day, where parameters decide) and who owes it."""

    duty: Duty
    rhythm: Rhythm | Callable[[date], Rhythm]
    listing: Listing

    def rhythm_on(self, day: date) -> Rhythm:
        """The rhythm as it is on that day."""
        return self.rhythm(day) if callable(self.rhythm) else self.rhythm


_recurring: dict[str, Recurring] = {}


def recurring(duty: Duty, rhythm: Rhythm | Callable[[date], Rhythm]) -> Callable[[Listing], Listing]:
    """Register the decorated `fn(turn, at)`: it lists who owes the duty in a period; its keys are within the period.

    An `Opening` without a day of its own is due when the period says.
    """

    def register(listing: Listing) -> Listing:
        if duty.name in _recurring:
            raise ValueError(f"the duty {duty.name} recurs twice")
        _recurring[duty.name] = Recurring(duty, rhythm, listing)
        return listing

    return register


def all_recurring() -> tuple[Recurring, ...]:
    """What recurs, by the duty's name."""
    return tuple(_recurring[name] for name in sorted(_recurring))


def forget(name: str) -> None:
    """Take a registration back: for tests that make their own."""
    del _recurring[name]
