"""What this room does by itself: once in each month somebody owes the archive update (RPT-01)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.rhythm import MonthEnd, Turn, recurring
from guanxi.rooms.engagement.duties import HOLD
from guanxi.rooms.engagement.models.meetings import ARCHIVE_UPDATE
from guanxi.rooms.engagement.queries import who_calls_it


@recurring(HOLD, MonthEnd())
def monthly_meetings(turn: Turn, at: datetime) -> Iterator[Opening]:
    """One meeting a month, owed by whoever calls it; shown by its minutes."""
    person = who_calls_it()
    if person is not None:
        yield Opening(ARCHIVE_UPDATE, person, turn.key)
