"""What a person's calendar programs see: his events and those he is asked to, and his tasks, as entries of a calendar.

A series is one entry, with the days that were changed on their own; a left-out day is said to be left out.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.kernel.icalendar_text import Written
from guanxi.platform.calendar import CHINA, local
from guanxi.records.context import Context
from guanxi.records.links import unseen
from guanxi.rooms.engagement.models import (
    Event,
    EventGap,
    EventSeat,
    EventState,
    OutsideName,
    Repeats,
    SeenState,
    Task,
    TaskState,
)
from guanxi.rooms.engagement.queries.calendar import CUSTOMER, EVENT, TASK
from guanxi.rooms.engagement.queries.events import occurrence, occurrences, rhythm_of

CALENDAR, TASKS = "calendar", "tasks"
#: What stands in each of a person's collections.
MODULES = {CALENDAR: EVENT, TASKS: TASK}
#: So much of the past goes along to the programs: appointments by their day, settled tasks by when they were settled.
PAST = {CALENDAR: datetime.timedelta(days=366), TASKS: datetime.timedelta(days=60)}
#: For so long a program may stay away and still ask what has changed since.
REMEMBERED = datetime.timedelta(days=30)
ENDING = ".ics"
DOMAIN = "@guanxi"
_TASK_STATUS = {TaskState.OPEN: "NEEDS-ACTION", TaskState.DONE: "COMPLETED", TaskState.DROPPED: "CANCELLED"}


@dataclass(frozen=True)
class Resource:
    """One entry under its name: an event with its changed days, or a task; `mark` changes with its content.

    `notes`: by record id, what we say in its text beyond what stands in the record.
    """

    name: str
    record: Any
    entries: tuple[Written, ...]
    mark: str
    gaps: frozenset[int] = frozenset()
    changed: Mapping[datetime.date, Event] = field(default_factory=dict)
    notes: Mapping[uuid.UUID, str] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """The name by which all calendars know it."""
        return self.entries[0].uid

    def is_within(self, start: datetime.datetime, end: datetime.datetime) -> bool:
        """Whether any of it takes place between two moments; a task without a day always does."""
        if isinstance(self.record, Task):
            due = self.record.due_on
            return due is None or start <= datetime.datetime.combine(due, datetime.time(12), CHINA) < end
        first, last = local(start).date(), local(end).date()
        found: list[Any] = [*occurrences(self.record, first, last, self.gaps), *self.changed.values()]
        return any(each.starts_at < end and each.ends_at > start for each in found)


def collection(ctx: Context, kind: str) -> list[Resource]:
    """Everything in one of the person's collections, as far as he sees it now."""
    if kind == TASKS:
        since = ctx.now - PAST[TASKS]
        rows = ctx.search(TASK).filter(Q(state=TaskState.OPEN) | Q(settled_at__gte=since), owner=ctx.actor)
        return list(_tasks(ctx, rows))
    return list(_events(ctx, _own_events(ctx).filter(last_on__gte=ctx.today - PAST[CALENDAR])))


def named(ctx: Context, kind: str, names: Collection[str]) -> dict[str, Resource]:
    """Those of a collection that are called so, however long ago they were."""
    column = "event" if kind == CALENDAR else "task"
    known = OutsideName.objects.filter(person=ctx.actor, name__in=names, **{f"{column}__isnull": False})
    keys = set(known.values_list(column, flat=True)) | {key for name in names if (key := _key_of(name))}
    if kind == TASKS:
        found = _tasks(ctx, ctx.search(TASK).filter(owner=ctx.actor, pk__in=keys))
    else:
        series = Event.objects.filter(pk__in=keys, series__isnull=False).values("series")
        found = _events(ctx, _own_events(ctx).filter(Q(pk__in=keys) | Q(pk__in=series)))
    return {resource.name: resource for resource in found if resource.name in names}


def of_event(ctx: Context, event: Event) -> Resource:
    """One event that the person sees, whoever's it is; a changed day of a series as an entry of its own."""
    return next(_events(ctx, ctx.search(EVENT).filter(pk=event.pk)))


def _key_of(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name.removesuffix(ENDING))
    except ValueError:
        return None


def _own_events(ctx: Context) -> QuerySet[Any]:
    seats = EventSeat.objects.filter(event=OuterRef("pk"), person=ctx.actor, deleted_at=None)
    return ctx.search(EVENT).filter(Q(owner=ctx.actor) | Exists(seats))


# ---- Events ----------------------------------------------------------------------------------------------------------


def _events(ctx: Context, rows: QuerySet[Any]) -> Iterator[Resource]:
    found = list(rows.select_related("customer", "outside_name").order_by("starts_at", "pk"))
    series = {event.pk: event for event in found if event.repeats != Repeats.NEVER}
    gaps: dict[uuid.UUID, set[int]] = defaultdict(set)
    for event_id, number in EventGap.objects.filter(event__in=list(series)).values_list("event", "number"):
        gaps[event_id].add(number)
    changed: dict[uuid.UUID, dict[datetime.date, Event]] = defaultdict(dict)
    days = _own_events(ctx).filter(series__in=list(series)).select_related("customer", "outside_name")
    for day in days if series else ():
        whole = series[day.series_id]
        if any(occurrence(whole, number).day == day.instead_of for number in gaps[whole.pk]):
            changed[whole.pk][day.instead_of] = day
    folded = {day.pk: day for days_of in changed.values() for day in days_of.values()}
    notes = notes_of(ctx, [*found, *(day for pk, day in folded.items())])
    for event in found:
        if event.pk in folded:
            continue
        own = changed.get(event.pk, {})
        entries = (
            _written(event, _uid(event), notes, left_out=_left_out(event, gaps[event.pk], own)),
            *(_changed_day(event, day, notes) for day in own.values()),
        )
        versions = [event.version, *(day.version for day in own.values())]
        yield Resource(_name(ctx, event), event, entries, _mark(entries, versions), frozenset(gaps[event.pk]), own,
                       {each.pk: notes[each.pk] for each in (event, *own.values())})  # fmt: skip


def _uid(record: Any) -> str:
    outside = getattr(record, "outside_name", None)
    return outside.uid if outside is not None else f"{record.pk}{DOMAIN}"


def _name(ctx: Context, record: Any) -> str:
    """As this person's own program calls it; every other knows it by its id."""
    outside = getattr(record, "outside_name", None)
    return outside.name if outside is not None and outside.person_id == ctx.actor.pk else f"{record.pk}{ENDING}"


def _mark(entries: Iterable[Written], versions: Iterable[int]) -> str:
    return hashlib.sha256(repr((tuple(entries), tuple(versions))).encode()).hexdigest()[:32]


def _left_out(event: Event, gaps: set[int], changed: Mapping[datetime.date, Event]) -> tuple[datetime.date, ...]:
    days = (occurrence(event, number).day for number in sorted(gaps))
    return tuple(day for day in days if day not in changed)


def _written(event: Event, uid: str, notes: Mapping[uuid.UUID, str], **more: Any) -> Written:
    starts, ends = local(event.starts_at), local(event.ends_at)
    return Written(
        uid=uid, title=event.subject, text=event.details + notes[event.pk], place=event.place,
        link=address_of(EVENT, event.pk), starts=starts.date() if event.all_day else starts,
        ends=ends.date() + datetime.timedelta(days=1) if event.all_day else ends, rhythm=rhythm_of(event),
        until=event.until, times=event.times, priority=event.priority, is_private=event.private,
        status="CANCELLED" if event.state == EventState.NOT_HELD else "CONFIRMED",
        remind_minutes=event.remind_minutes, changed_at=event.changed_at, **more,
    )  # fmt: skip


def _changed_day(series: Event, day: Event, notes: Mapping[uuid.UUID, str]) -> Written:
    assert day.instead_of is not None
    stood = datetime.datetime.combine(day.instead_of, local(series.starts_at).time(), CHINA)
    return _written(
        day, _uid(series), notes, instead_of=day.instead_of, stood=day.instead_of if series.all_day else stood
    )


def address_of(module: str, pk: uuid.UUID) -> str:
    """The record's page, as a calendar program links to it."""
    return f"{settings.BASE_URL.rstrip('/')}/{module.replace('.', '/')}/{pk}/"


def is_ours(link: str) -> bool:
    """Whether a link leads to a page of this installation."""
    return link.startswith(f"{settings.BASE_URL.rstrip('/')}/")


def notes_of(ctx: Context, records: Iterable[Any]) -> dict[uuid.UUID, str]:
    """What the text of an entry says beyond the record's own: the customer, and who is asked to an event."""
    found = list(records)
    veiled = unseen(ctx, CUSTOMER, {record.customer_id for record in found if record.customer_id})
    asked: dict[uuid.UUID, list[str]] = defaultdict(list)
    events = [record.pk for record in found if isinstance(record, Event)]
    seats = EventSeat.objects.filter(event__in=events, deleted_at=None).order_by("id")
    for event_id, person in seats.values_list("event", "person__name") if events else ():
        asked[event_id].append(person)
    notes = {}
    for record in found:
        lines = []
        if record.customer_id and record.customer_id not in veiled:
            lines.append(_("Customer: %(name)s") % {"name": record.customer.name})
        if asked.get(record.pk):
            lines.append(_("Invited: %(names)s") % {"names": _(", ").join(asked[record.pk])})
        notes[record.pk] = "\n\n—— " + "\n—— ".join(lines) if lines else ""
    return notes


# ---- Tasks -----------------------------------------------------------------------------------------------------------


def _tasks(ctx: Context, rows: QuerySet[Any]) -> Iterator[Resource]:
    found = list(rows.select_related("customer", "outside_name").order_by("due_on", "pk"))
    notes = notes_of(ctx, found)
    for task in found:
        entry = Written(
            uid=_uid(task), kind="VTODO", title=task.subject, text=task.details + notes[task.pk],
            link=address_of(TASK, task.pk), ends=task.due_on, priority=task.priority,
            status=_TASK_STATUS[TaskState(task.state)], changed_at=task.changed_at,
        )  # fmt: skip
        yield Resource(_name(ctx, task), task, (entry,), _mark((entry,), [task.version]),
                       notes={task.pk: notes[task.pk]})  # fmt: skip


# ---- What a program saw last -----------------------------------------------------------------------------------------


def state_of(resources: Iterable[Resource]) -> dict[str, str]:
    """What is in a collection: name → mark."""
    return {resource.name: resource.mark for resource in resources}


def token_of(state: Mapping[str, str]) -> str:
    """The mark of a whole collection: changes with anything in it."""
    return hashlib.sha256(repr(sorted(state.items())).encode()).hexdigest()


def remember_seen(ctx: Context, kind: str, state: Mapping[str, str]) -> str:
    """Keep what a program is told is there; returns the mark by which it asks for the changes since."""
    token = token_of(state)
    kept, _made = SeenState.objects.get_or_create(
        person=ctx.actor, collection=kind, token=token, defaults={"entries": dict(state), "seen_at": ctx.now}
    )
    if kept.seen_at < ctx.now - datetime.timedelta(days=1):
        SeenState.objects.filter(pk=kept.pk).update(seen_at=ctx.now)
    return token


def forget_seen(at: datetime.datetime) -> None:
    """Forget what no program has been told for long: one that asks by it all the same reads everything anew."""
    SeenState.objects.filter(seen_at__lt=at - REMEMBERED).delete()


def seen_before(ctx: Context, kind: str, token: str) -> Mapping[str, str] | None:
    """What the program was told under this mark; None where nobody remembers."""
    kept = SeenState.objects.filter(person=ctx.actor, collection=kind, token=token).first()
    return kept.entries if kept is not None else None
