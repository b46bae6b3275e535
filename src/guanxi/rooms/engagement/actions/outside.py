"""What a calendar program does to events and tasks, as the verbs that people have for it.

Each change is told to `run` as that person's own; what cannot be kept exactly is refused as a whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.icalendar_text import Written
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import CHINA, local
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import CREATE, DELETE, EDIT
from guanxi.rooms.engagement.actions.activities import COMPLETE_TASK, DROP_TASK
from guanxi.rooms.engagement.actions.events import CHANGE_DAY, LEAVE_OUT_DAY, MISS_EVENT
from guanxi.rooms.engagement.models import Event, EventState, OutsideName, Repeats, Task, TaskState
from guanxi.rooms.engagement.queries import outside
from guanxi.rooms.engagement.queries.calendar import EVENT, TASK
from guanxi.rooms.engagement.queries.events import LATE, gaps_of, last_number, occurrence, standing_on
from guanxi.rooms.engagement.queries.outside import CALENDAR, Resource

CANCELLED = "CANCELLED"
_KIND = {CALENDAR: "VEVENT", outside.TASKS: "VTODO"}


def put(ctx: Context, kind: str, name: str, entries: Sequence[Written], resource: Resource | None) -> bool:
    """Take over what a program put under a name: `resource` is what was there. Returns whether it is new.

    Raises Invalid for what cannot be kept, Conflict for another's name, and whatever the verbs raise.
    """
    whole, days = _sorted_out(kind, entries)
    if resource is not None and resource.uid != whole.uid:
        raise Conflict(Message("Under this name another entry is kept (UID)."))
    if resource is None:
        _refuse_known(ctx, kind, whole.uid)
    several = bool(days) or whole.rhythm is not None or (resource is not None and resource.gaps)
    # One verb is a transaction of its own, whose refusal stays on record; several are done together or not at all.
    with transaction.atomic() if several or resource is None else nullcontext():
        record = _put_task(ctx, whole, resource) if kind == outside.TASKS else _put_event(ctx, whole, days, resource)
        if resource is None:
            OutsideName.objects.filter(person=ctx.actor, name=name).delete()  # of what lies in the bin, or is not his
            link = {"event": record} if kind == CALENDAR else {"task": record}
            OutsideName.objects.create(person=ctx.actor, name=name, uid=whole.uid, **link)
    return resource is None


def _sorted_out(kind: str, entries: Sequence[Written]) -> tuple[Written, dict[datetime.date, Written]]:
    """The one entry that is put, and the days of it that were changed on their own."""
    wholes = [entry for entry in entries if entry.instead_of is None]
    if len(wholes) != 1 or {entry.uid for entry in entries} != {wholes[0].uid}:
        raise Invalid(Message("Put one appointment or task at a time, a series together with its changed days."))
    if {entry.kind for entry in entries} != {_KIND[kind]}:
        raise Invalid(Message("Appointments go into the calendar, tasks into the list of tasks."))
    return wholes[0], {entry.instead_of: entry for entry in entries if entry.instead_of is not None}


def _refuse_known(ctx: Context, kind: str, uid: str) -> None:
    if any(each.uid == uid for each in outside.collection(ctx, kind)):
        raise Conflict(Message("This entry is already kept under another name (UID)."))


def discard(ctx: Context, kind: str, resource: Resource) -> None:
    """To the bin with it, and with the days of it that were changed on their own and are still to come."""
    module = outside.MODULES[kind]
    open_days = [day for day in resource.changed.values() if day.state == EventState.PLANNED]
    with transaction.atomic() if open_days else nullcontext():
        run(DELETE, ctx, module, resource.record, version=resource.record.version)
        for day in open_days:
            run(DELETE, ctx, module, day, version=day.version)


# ---- Events ----------------------------------------------------------------------------------------------------------


def _put_event(ctx: Context, whole: Written, days: Mapping[datetime.date, Written], resource: Resource | None) -> Event:
    if resource is None:
        if whole.status == CANCELLED:
            raise Invalid(Message("This appointment does not take place; it is not entered any more."))
        # Nobody can be asked about a warning: a program that saves has been told of none.
        event: Event = run(CREATE, ctx, EVENT, None, _values(whole, ""), confirmed=True)
        _put_days(ctx, event, whole, days, {}, "")
        return event
    event, note = resource.record, resource.notes[resource.record.pk]
    if resource.changed and whole.starts is not None and _begins(whole) != event.starts_at:
        raise Conflict(
            Message("Single days of this series were changed already, so it stays where it is. End it on a day, and "
                    "enter a new one.")
        )  # fmt: skip
    _change(ctx, event, whole, note)
    if whole.status == CANCELLED and event.state == EventState.PLANNED and whole.rhythm is None:
        run(MISS_EVENT, ctx.because(_("Called off in a calendar program.")), EVENT, event)
    elif event.repeats != Repeats.NEVER or whole.rhythm is not None:
        _put_days(ctx, ctx.get(EVENT, event.pk), whole, days, resource.changed, note)
    return event


def _change(ctx: Context, event: Event, entry: Written, note: str) -> None:
    """Bring an event to what the entry says, if that is anything else."""
    held = {name: getattr(event, name) for name in _NAMES}
    wanted = _values(entry, note, known=event.details)
    new = {name: value for name, value in wanted.items() if value != held[name]}
    if new:
        run(EDIT, ctx, EVENT, event, new, version=event.version, confirmed=True)


def _begins(entry: Written) -> datetime.datetime:
    return _times(entry)[0]


def _times(entry: Written) -> tuple[datetime.datetime, datetime.datetime]:
    """Beginning and end as an event has them: whole days from midnight to the last minute."""
    starts, ends = entry.starts, entry.ends
    assert starts is not None and ends is not None  # the reader has looked
    if isinstance(starts, datetime.datetime) and isinstance(ends, datetime.datetime):
        return starts.astimezone(CHINA), ends.astimezone(CHINA)
    last = ends - datetime.timedelta(days=1)
    return datetime.datetime.combine(starts, datetime.time.min, CHINA), datetime.datetime.combine(last, LATE, CHINA)


def _values(entry: Written, note: str, known: str = "") -> dict[str, Any]:
    starts_at, ends_at = _times(entry)
    rhythm = entry.rhythm
    series = {} if entry.instead_of is not None else {
        "repeats": rhythm.unit if rhythm is not None else Repeats.NEVER.value,
        "every": rhythm.every if rhythm is not None else 1, "until": entry.until, "times": entry.times,
    }  # fmt: skip
    return {
        "subject": entry.title or _("(without a title)"), "starts_at": starts_at, "ends_at": ends_at,
        "all_day": entry.all_day, "place": entry.place, "details": _details(entry, note, known),
        "private": entry.is_private, "priority": entry.priority, "remind_minutes": entry.remind_minutes, **series,
    }  # fmt: skip


_NAMES = (
    "subject", "starts_at", "ends_at", "all_day", "place", "details", "private", "priority", "remind_minutes",
    "repeats", "every", "until", "times",
)  # fmt: skip


def _details(entry: Written, note: str, known: str) -> str:
    """The text without what we had put into it, and with what we have no field for: a link, people, remarks."""
    text = entry.text.replace(note.strip(), "").strip() if note else entry.text
    more = [entry.link] if entry.link and not outside.is_ours(entry.link) else []
    if entry.people:
        more.append(_("Participants: %(names)s") % {"names": _(", ").join(entry.people)})
    more += [str(remark) for remark in entry.remarks]
    return "\n".join([*([text] if text else []), *(line for line in more if line not in text and line not in known)])


def _put_days(
    ctx: Context,
    event: Event,
    whole: Written,
    days: Mapping[datetime.date, Written],
    changed: Mapping[datetime.date, Event],
    note: str,
) -> None:
    """Bring the single days of a series to what the entry says of them."""
    last = last_number(event)
    out = {occurrence(event, number).day for number in gaps_of(event) if number <= last}
    if back := out - set(whole.left_out) - set(days):
        raise Conflict(Message("A day that was left out of a series is not put back (%(day)s); enter it as an "
                               "appointment of its own.", day=min(back)))  # fmt: skip
    for day, entry in sorted(days.items()):
        _put_day(ctx, event, day, entry, changed.get(day), note, is_out=day in out)
    for day in sorted(set(whole.left_out) - set(days)):
        if day in changed and changed[day].state == EventState.PLANNED:
            run(DELETE, ctx, EVENT, changed[day], version=changed[day].version)
        elif day not in out and standing_on(event, day) is not None:
            run(LEAVE_OUT_DAY, ctx, EVENT, event.pk, {"day": day})


def _put_day(
    ctx: Context, event: Event, day: datetime.date, entry: Written, before: Event | None, note: str, *, is_out: bool
) -> None:
    if before is not None:
        if entry.status == CANCELLED and before.state == EventState.PLANNED:
            run(DELETE, ctx, EVENT, before, version=before.version)
        else:
            _change(ctx, before, entry, outside.notes_of(ctx, [before])[before.pk] or note)
        return
    if is_out:
        raise Conflict(Message("A day that was left out of a series is not put back (%(day)s); enter it as an "
                               "appointment of its own.", day=day))  # fmt: skip
    if entry.status == CANCELLED:
        run(LEAVE_OUT_DAY, ctx, EVENT, event.pk, {"day": day})
        return
    starts_at, ends_at = _times(entry)
    made = run(CHANGE_DAY, ctx, EVENT, event.pk, {"day": day, "starts_at": starts_at, "ends_at": ends_at})
    _change(ctx, ctx.get(EVENT, made.pk), entry, note)


# ---- Tasks -----------------------------------------------------------------------------------------------------------


def _put_task(ctx: Context, entry: Written, resource: Resource | None) -> Task:
    note = resource.notes[resource.record.pk] if resource is not None else ""
    due = entry.ends or None
    wanted = {
        "subject": entry.title or _("(without a title)"), "priority": entry.priority,
        "due_on": local(due).date() if isinstance(due, datetime.datetime) else due,
        "details": _details(entry, note, resource.record.details if resource is not None else ""),
    }  # fmt: skip
    if resource is None:
        task: Task = run(CREATE, ctx, TASK, None, wanted, confirmed=True)
    else:
        task = resource.record
        new = {name: value for name, value in wanted.items() if value != getattr(task, name)}
        if new:
            run(EDIT, ctx, TASK, task, new, version=task.version, confirmed=True)
    _settle(ctx, task, entry.status)
    return task


def _settle(ctx: Context, task: Task, status: str) -> None:
    if status == "COMPLETED" and task.state != TaskState.DONE:
        run(COMPLETE_TASK, ctx, TASK, task.pk, {})
    elif status == CANCELLED and task.state != TaskState.DROPPED:
        run(DROP_TASK, ctx, TASK, task.pk, {"result": _("Called off in a calendar program.")})
    elif status in ("NEEDS-ACTION", "IN-PROCESS") and task.state != TaskState.OPEN:
        raise Conflict(Message("A settled task is not opened again; enter a new one."))
