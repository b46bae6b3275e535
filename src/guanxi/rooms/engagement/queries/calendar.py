"""The calendar: what events, tasks, visits and meetings fall into a window, of whom, as far as one sees (CRM-53)."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, Manager, OuterRef, Q, QuerySet

from guanxi.platform.access.models import Scope
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import department_ids_from
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.links import unseen
from guanxi.records.picklists import label
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.models import (
    VISIT_PURPOSE,
    EventGap,
    EventSeat,
    EventState,
    MeetingSeat,
    MeetingState,
    Repeats,
    TaskState,
)
from guanxi.rooms.engagement.queries.events import occurrences
from guanxi.rooms.engagement.sources import Entry, Window, calendar_sources

EVENT, TASK, VISIT, PLAN, MEETING = (
    "engagement.event", "engagement.task", "engagement.visitreport", "engagement.visitplan", "engagement.meeting",
)  # fmt: skip
SETTLED_PLANS = ("reported", "called_off")
CUSTOMER = "customers.customer"
#: What is read of an event, without making a record of it: a team's month has hundreds.
_EVENT_COLUMNS = (
    "pk", "subject", "place", "version", "kind", "starts_at", "ends_at", "all_day", "priority", "private", "state",
    "repeats", "every", "until", "times", "last_on", "owner_id", "customer_id",
)  # fmt: skip
EVENT_ICONS = {"call": "phone", "meeting": "users"}


def _moments(window: Window) -> tuple[datetime.datetime, datetime.datetime]:
    """The window on a Chinese clock: from its beginning to before the day after it."""
    after = window.last + datetime.timedelta(days=1)
    first, end = (datetime.datetime.combine(day, datetime.time.min, CHINA) for day in (window.first, after))
    return first, end


def _of_people(rows: QuerySet[Any], window: Window, seats: QuerySet[Any]) -> QuerySet[Any]:
    """Rows whose owner is among the people, or to which one of them is asked."""
    return rows.filter(Q(owner__in=window.people) | Exists(seats.filter(person__in=window.people, deleted_at=None)))


def _customer(record: Any) -> dict[str, Any]:
    customer = record.customer
    return {
        "customer_id": record.customer_id,
        "customer": (customer.short_name or customer.name) if customer is not None else "",
    }


def _named(rows: Manager[Any], keys: Iterable[uuid.UUID | None], *columns: str) -> Iterator[tuple[uuid.UUID, str]]:
    """What those rows are called: by the first of the columns in which something stands."""
    for pk, *names in rows.filter(pk__in={key for key in keys if key}).values_list("pk", *columns):
        yield pk, next(filter(None, names), "")


class RoomSource:
    """Events, tasks by the day they are due, visits planned and paid, and our own meetings."""

    def entries(self, ctx: Context, window: Window) -> Iterator[Entry]:
        """What falls into the window, as far as the person sees it."""
        yield from self._events(ctx, window)
        yield from self._tasks(ctx, window)
        yield from self._visits(ctx, window)
        yield from self._plans(ctx, window)
        yield from self._meetings(ctx, window)

    def _events(self, ctx: Context, window: Window) -> Iterator[Entry]:
        _first, end = _moments(window)
        rows = ctx.search(EVENT).filter(last_on__gte=window.first, starts_at__lt=end)
        rows = _of_people(rows, window, EventSeat.objects.filter(event=OuterRef("pk")))
        events = list(rows.values_list(*_EVENT_COLUMNS, named=True))
        people = dict(_named(Person.objects, (event.owner_id for event in events), "name"))
        customers = dict(_named(Customer.objects, (event.customer_id for event in events), "short_name", "name"))
        series = [event.pk for event in events if event.repeats != Repeats.NEVER]
        gaps: dict[uuid.UUID, set[int]] = defaultdict(set)
        for event_id, number in EventGap.objects.filter(event__in=series).values_list("event", "number"):
            gaps[event_id].add(number)
        for event in events:
            again = event.repeats != Repeats.NEVER
            for each in occurrences(event, window.first, window.last, gaps[event.pk]):
                yield Entry(
                    module=EVENT, record_id=event.pk, title=event.subject, note=event.place, version=event.version,
                    icon="repeat" if again else EVENT_ICONS.get(event.kind, "calendar-event"),
                    first=each.day, last=each.last_day, starts_at=None if event.all_day else each.starts_at,
                    ends_at=None if event.all_day else each.ends_at, tone="red" if event.priority == "high" else "blue",
                    owner_id=event.owner_id, who=people.get(event.owner_id, ""), is_private=event.private,
                    moved_by="event" if event.state == EventState.PLANNED else "",
                    day_of_series=each.day if again else None, is_over=event.state == EventState.NOT_HELD,
                    customer_id=event.customer_id, customer=customers.get(event.customer_id, ""),
                )  # fmt: skip

    def _tasks(self, ctx: Context, window: Window) -> Iterator[Entry]:
        rows = ctx.search(TASK).filter(owner__in=window.people, due_on__range=(window.first, window.last))
        for task in rows.exclude(state=TaskState.DROPPED).select_related("owner", "customer"):
            is_open = task.state == TaskState.OPEN
            late = is_open and task.due_on < ctx.today
            yield Entry(
                module=TASK, record_id=task.pk, title=task.subject, icon="checkbox", first=task.due_on,
                last=task.due_on, tone="red" if late else "amber" if is_open else "green", owner_id=task.owner_id,
                who=str(task.owner or ""), version=task.version, is_over=not is_open,
                moved_by="task" if is_open and task.minutes_id is None else "", **_customer(task),
            )  # fmt: skip

    def _visits(self, ctx: Context, window: Window) -> Iterator[Entry]:
        rows = ctx.search(VISIT).filter(owner__in=window.people, visited_on__range=(window.first, window.last))
        for visit in rows.select_related("owner", "customer"):
            yield Entry(
                module=VISIT, record_id=visit.pk, title=label(VISIT_PURPOSE, visit.purpose), icon="map-pin",
                first=visit.visited_on, last=visit.visited_on, tone="green", note=visit.place, owner_id=visit.owner_id,
                who=str(visit.owner or ""), **_customer(visit),
            )  # fmt: skip

    def _plans(self, ctx: Context, window: Window) -> Iterator[Entry]:
        """Visits that are planned or under way; what was reported stands there as a visit."""
        first, end = _moments(window)
        rows = ctx.search(PLAN).filter(owner__in=window.people, planned_at__gte=first, planned_at__lt=end)
        for plan in rows.exclude(state__in=SETTLED_PLANS).select_related("owner", "customer"):
            day = local(plan.planned_at).date()
            yield Entry(
                module=PLAN, record_id=plan.pk, title=label(VISIT_PURPOSE, plan.purpose), icon="map-pin", first=day,
                last=day, starts_at=plan.planned_at, tone="amber" if plan.left_at else "blue", note=plan.place,
                owner_id=plan.owner_id, who=str(plan.owner or ""), **_customer(plan),
            )  # fmt: skip

    def _meetings(self, ctx: Context, window: Window) -> Iterator[Entry]:
        first, end = _moments(window)
        rows = ctx.search(MEETING).filter(planned_at__gte=first, planned_at__lt=end)
        rows = _of_people(rows, window, MeetingSeat.objects.filter(meeting=OuterRef("pk")))
        for meeting in rows.exclude(state=MeetingState.CANCELLED).select_related("owner"):
            day = local(meeting.planned_at).date()
            yield Entry(
                module=MEETING, record_id=meeting.pk, title=meeting.name, icon="users", first=day, last=day,
                starts_at=meeting.planned_at, note=meeting.place, owner_id=meeting.owner_id,
                who=str(meeting.owner or ""),
            )  # fmt: skip


calendar_sources.append(RoomSource())


def entries(ctx: Context, window: Window) -> list[Entry]:
    """What every source has in the window, by day and time, whole days first; no name of a customer one may not see."""
    if not window.people:
        return []
    found = [entry for source in calendar_sources for entry in source.entries(ctx, window)]
    veiled = unseen(ctx, CUSTOMER, {entry.customer_id for entry in found if entry.customer_id})
    named = [
        dataclasses.replace(entry, customer_id=None, customer="") if entry.customer_id in veiled else entry
        for entry in found
    ]
    return sorted(named, key=lambda entry: (entry.first, entry.starts_at or _dawn(entry), entry.title, entry.record_id))


def _dawn(entry: Entry) -> datetime.datetime:
    return datetime.datetime.combine(entry.first, datetime.time.min, CHINA)


def by_day(found: Iterable[Entry], window: Window) -> dict[datetime.date, list[Entry]]:
    """What stands on each day of the window; what lasts several days stands on each of them."""
    days: dict[datetime.date, list[Entry]] = {
        window.first + datetime.timedelta(days=offset): [] for offset in range((window.last - window.first).days + 1)
    }
    for entry in found:
        day = max(entry.first, window.first)
        while day <= min(entry.last, window.last):
            days[day].append(entry)
            day += datetime.timedelta(days=1)
    return days


def whose(ctx: Context) -> Sequence[Person]:
    """Whose calendars one may look at: as far as one sees events of others; oneself first."""
    scope = ctx.scope(registry.module(EVENT))
    people = Person.objects.filter(is_active=True, deleted_at=None).exclude(pk=ctx.actor.pk)
    if scope is Scope.TEAM:
        people = people.filter(department=ctx.actor.department_id) if ctx.actor.department_id else people.none()
    elif scope is Scope.DEPARTMENT:
        people = people.filter(department__in=department_ids_from(ctx.actor.department_id))
    elif scope is not Scope.ALL:
        people = people.filter(pk__in=ctx.rights.represented)
    return [ctx.actor, *people.order_by("name_pinyin", "pk")]


def team(ctx: Context, people: Iterable[Person]) -> list[Person]:
    """Of these people, oneself and those of one's own department and of all below it."""
    departments = department_ids_from(ctx.actor.department_id)
    return [each for each in people if each.pk == ctx.actor.pk or each.department_id in departments]
