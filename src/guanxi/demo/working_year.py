"""The year that the demo company looks back on: its working days, and moments of the working day."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from random import Random

from guanxi.platform.calendar import CHINA
from guanxi.platform.calendar.working_days import is_working_day

DAYS = 365


class WorkingYear:
    """The working days of the year that ends at `now`, the last of them being that day or the one before."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now
        self.today = now.astimezone(CHINA).date()
        first = self.today - datetime.timedelta(days=DAYS)
        days = [first + datetime.timedelta(days=offset) for offset in range(DAYS + 1)]
        self.days = [day for day in days if is_working_day(day)]

    @property
    def first(self) -> datetime.date:
        """The day on which the company starts to work with the program."""
        return self.days[0]

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The working day itself or the next one; the last of the year when there is none left."""
        return self.days[min(bisect_left(self.days, day), len(self.days) - 1)]

    def some_day(self, chance: Random, since: datetime.date | None = None) -> datetime.date:
        """Any working day of the year from `since` on."""
        start = min(bisect_left(self.days, since or self.first), len(self.days) - 1)
        return self.days[chance.randrange(start, len(self.days))]

    def desk_day(self, day: datetime.date, every: int) -> datetime.date:
        """When somebody who is out visiting writes up what happened on a day: every so many working days."""
        place = bisect_left(self.days, day)
        return self.days[min(place + -place % every, len(self.days) - 1)]

    def moment(self, day: datetime.date, minute: int) -> datetime.datetime:
        """So many minutes after half past eight on a day; never later than now."""
        opening = datetime.datetime.combine(day, datetime.time(8, 30), CHINA)
        return min(opening + datetime.timedelta(minutes=minute), self.now)

    def lately(self, minutes: int) -> datetime.datetime:
        """So many minutes ago, but on this day: the rules that are put in force today held no sooner."""
        midnight = datetime.datetime.combine(self.today, datetime.time(), CHINA)
        return max(self.now - datetime.timedelta(minutes=minutes), midnight)


def season(day: datetime.date) -> int:
    """How busy liquor orders are on a day, 100 being an ordinary month: peaks before Spring Festival and Mid-Autumn."""
    return {1: 210, 2: 70, 3: 60, 4: 75, 5: 85, 6: 80, 7: 75, 8: 130, 9: 190, 10: 85, 11: 100, 12: 150}[day.month]
