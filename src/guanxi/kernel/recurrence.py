"""What comes again every so many days, weeks, months or years: on which days, counted from the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guanxi.kernel.dates import add_months

#: How many days or months lie between two occurrences, of each unit.
_DAYS = {"daily": 1, "weekly": 7}
_MONTHS = {"monthly": 1, "yearly": 12}


@dataclass(frozen=True)
class Rhythm:
    """Every so many of a unit: "daily", "weekly", "monthly" or "yearly".

    A month that lacks the day takes its last one: what comes on the 31st comes on 30 April, what comes on 29 February
    on 28 February of common years. Each day is counted from the first, so that 31 March follows 28 February.
    """

    unit: str
    every: int = 1

    def __post_init__(self) -> None:
        if self.unit not in {*_DAYS, *_MONTHS} or self.every < 1:
            raise ValueError(f"there is no rhythm of {self.every} {self.unit}")

    def day(self, first: date, number: int) -> date:
        """The day of an occurrence; `number` 0 is the first."""
        if self.unit in _DAYS:
            return first + timedelta(days=number * self.every * _DAYS[self.unit])
        return add_months(first, number * self.every * _MONTHS[self.unit])

    def numbers(self, first: date, start: date, end: date) -> range:
        """Which occurrences lie between two days, both included; worked out, not counted through."""
        low, high = self._since(first, start - timedelta(days=1)), self._since(first, end)
        return range(low, max(low, high))

    def _since(self, first: date, day: date) -> int:
        """How many occurrences there are up to and including a day."""
        if day < first:
            return 0
        if self.unit in _DAYS:
            return (day - first).days // (self.every * _DAYS[self.unit]) + 1
        months = (day.year - first.year) * 12 + day.month - first.month
        number = months // (self.every * _MONTHS[self.unit])
        return number + (self.day(first, number) <= day)
