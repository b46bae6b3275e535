"""What the calendar shows: rooms above enter theirs here, as this room enters its own."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from guanxi.records.context import Context


@dataclass(frozen=True)
class Window:
    """What of the calendar is looked at: from one day to another, both included, of some people."""

    first: datetime.date
    last: datetime.date
    people: Collection[uuid.UUID]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What stands in the calendar on one day or several. Without `starts_at` it has no time of day.

    `customer_id` and `customer` are what the record holds; the calendar names only customers whom the person may see.
    `moved_by` is the record type's way to another day: "event", "task", or nothing for what stays where it was.
    `day_of_series`: the day on which an occurrence of a series stands.
    """

    module: str
    record_id: uuid.UUID
    title: str
    icon: str
    first: datetime.date
    last: datetime.date
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime | None = None
    tone: str = ""
    note: str = ""
    owner_id: uuid.UUID | None = None
    who: str = ""
    customer_id: uuid.UUID | None = None
    customer: str = ""
    version: int = 0
    moved_by: str = ""
    day_of_series: datetime.date | None = None
    is_private: bool = False
    is_over: bool = False


class CalendarSource(Protocol):
    """Tells what of its record types falls into a window, in a fixed number of queries."""

    def entries(self, ctx: Context, window: Window) -> Iterable[Entry]:
        """What the person may see of it; each once, however many days it covers."""


calendar_sources: list[CalendarSource] = []
