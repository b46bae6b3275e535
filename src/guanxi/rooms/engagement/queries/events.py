"""When events take place: the occurrences of a series within a window, what of it was left out, the next reminder."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from guanxi.kernel.recurrence import Rhythm
from guanxi.platform.calendar import CHINA, local
from guanxi.rooms.engagement.models import Event, EventGap, Repeats

#: From when the reminder of whole days is counted.
MORNING = datetime.time(9)
LATE = datetime.time(23, 59)


@dataclass(frozen=True)
class Occurrence:
    """One time that an event takes place; `number` 0 is the first, and the only one of what comes once."""

    event: Event
    number: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime

    @property
    def day(self) -> datetime.date:
        """The day on which it begins, on a Chinese clock."""
        return local(self.starts_at).date()

    @property
    def last_day(self) -> datetime.date:
        """The day on which it ends; what ends at midnight ends on the day before."""
        return local(self.ends_at - datetime.timedelta(microseconds=1)).date()


def rhythm_of(event: Event) -> Rhythm | None:
    """In which rhythm an event comes again; None for what comes once."""
    return None if event.repeats == Repeats.NEVER else Rhythm(event.repeats, event.every)


def last_number(event: Event) -> int:
    """Which is the last occurrence of an event."""
    rhythm = rhythm_of(event)
    if rhythm is None:
        return 0
    if event.times is not None:
        return event.times - 1
    assert event.until is not None  # a series ends: the table sees to it
    first = local(event.starts_at).date()
    return max(rhythm.numbers(first, first, event.until)) if event.until >= first else 0


def occurrence(event: Event, number: int) -> Occurrence:
    """An occurrence of an event: at the same time of day, for as long, whichever day it is."""
    rhythm = rhythm_of(event)
    starts = local(event.starts_at)
    if rhythm is not None:
        starts = datetime.datetime.combine(rhythm.day(starts.date(), number), starts.time(), CHINA)
    return Occurrence(event, number, starts, starts + (event.ends_at - event.starts_at))


def occurrences(
    event: Event, first: datetime.date, last: datetime.date, gaps: Collection[int] = ()
) -> Iterator[Occurrence]:
    """What of an event is going on between two days, both included, without its `gaps`; nothing else is worked out."""
    rhythm = rhythm_of(event)
    if rhythm is None:
        numbers = range(1)
    else:
        begun = local(event.starts_at).date()
        lasting = local(event.ends_at).date() - begun
        found = rhythm.numbers(begun, first - lasting, last)
        numbers = range(found.start, min(found.stop, last_number(event) + 1))
    for number in numbers:
        each = occurrence(event, number)
        if number not in gaps and each.day <= last and each.last_day >= first:
            yield each


def gaps_of(event: Event) -> set[int]:
    """Which occurrences of a series do not take place as the series has them."""
    if event.repeats == Repeats.NEVER:
        return set()
    return set(EventGap.objects.filter(event=event.pk).values_list("number", flat=True))


def standing_on(event: Event, day: datetime.date) -> Occurrence | None:
    """The occurrence of a series that begins on a day; None where there is none, or none any more."""
    begun = (each for each in occurrences(event, day, day, gaps_of(event)) if each.day == day)
    return next(begun, None)


def next_reminder(event: Event, after: datetime.datetime, since: int = 0) -> tuple[int, datetime.datetime] | None:
    """Which occurrence, of those from number `since` on, is the next to be reminded of after a moment, and when."""
    if event.remind_minutes is None:
        return None
    before, gaps = datetime.timedelta(minutes=event.remind_minutes), gaps_of(event)
    for number in range(since, last_number(event) + 1):
        if number in gaps:
            continue
        begins = occurrence(event, number).starts_at
        if event.all_day:
            begins = datetime.datetime.combine(local(begins).date(), MORNING, CHINA)
        if begins > after:
            return number, max(begins - before, after)
    return None
