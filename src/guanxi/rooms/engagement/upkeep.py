"""What this room does by itself: the archive update of each month (RPT-01), return visits (VIS-05), reminders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.rhythm import MonthEnd, Turn, recurring
from guanxi.rooms.engagement.actions import owe_records, owe_return_visits, remind
from guanxi.rooms.engagement.duties import HOLD
from guanxi.rooms.engagement.models import EventReminder
from guanxi.rooms.engagement.models.meetings import ARCHIVE_UPDATE
from guanxi.rooms.engagement.queries import who_calls_it
from guanxi.rooms.engagement.queries.outside import forget_seen

#: So many reminders at most in a run; the next run, a minute later, goes on.
REMINDED_AT_ONCE = 500


@recurring(HOLD, MonthEnd())
def monthly_meetings(turn: Turn, at: datetime) -> Iterator[Opening]:
    """One meeting a month, owed by whoever calls it; shown by its minutes."""
    person = who_calls_it()
    if person is not None:
        yield Opening(ARCHIVE_UPDATE, person, turn.key)


@scheduled("engagement.reminders", every=timedelta(minutes=1))
def remind_of_events(at: datetime) -> None:
    """Tell of the events whose reminder has come, each once: what is told and that it was told go together."""
    due = EventReminder.objects.filter(due_at__lte=at).select_related("event__owner").order_by("due_at", "pk")
    for reminder in due[:REMINDED_AT_ONCE]:
        with transaction.atomic():
            remind(reminder, at)


@scheduled("engagement.return_visits", daily_at="01:30")
def return_visits_fall_due(at: datetime) -> None:
    """Each night: whoever looks after a customer owes the visit that falls due (VIS-05)."""
    owe_return_visits(at)


@scheduled("engagement.records", every=timedelta(hours=1))
def records_are_owed(at: datetime) -> None:
    """What came of appointments with customers is owed once they are over (WF-28)."""
    owe_records(at)


@scheduled("engagement.calendar_states", daily_at="03:40")
def forget_calendar_states(at: datetime) -> None:
    """What calendar programs were told a month ago is not kept: a program that was away longer reads everything."""
    forget_seen(at)
