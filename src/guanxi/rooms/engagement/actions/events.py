"""The verbs of events: planned with who is asked to them, moved as a whole or by one day, held or not (CRM-27)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.dates import LATEST_YEAR, add_months
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.calendar.working_days import working_days_between
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, DELETE, EDIT, ENTERED, create
from guanxi.records.work import Work
from guanxi.rooms.engagement import duties
from guanxi.rooms.engagement.actions.inviting import asked_already, close_to_others, open_to
from guanxi.rooms.engagement.models import TOGETHER, Event, EventGap, EventReminder, EventState, Repeats
from guanxi.rooms.engagement.policies import MEETING_SIGHT_DAYS
from guanxi.rooms.engagement.queries import events as times
from guanxi.rooms.engagement.rules import (
    may_change_rhythm,
    may_have_taken_place,
    must_have_a_minute_taker,
    must_leave_something,
    must_say_what_came_of_it,
    must_stand,
)

EVENT, MINUTES = "engagement.event", "engagement.minutes"
NOTICE = "event"
#: How long an event may last, and how far its series may reach.
LONGEST = datetime.timedelta(days=31)
FARTHEST_MONTHS = 60
#: What a day that was changed on its own takes over from its series.
TAKEN_OVER = (
    "subject", "kind", "all_day", "place", "customer", "contact", "priority", "private", "remind_minutes", "details",
    "owner",
)  # fmt: skip


# ---- What is entered -------------------------------------------------------------------------------------------------


def settle_times(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Make whole days whole, and refuse what ends before it begins and series without end or sense."""
    draft = Event(**{
        name: values.get(name, getattr(record, name, _DEFAULTS[name])) for name in _DEFAULTS
    })  # fmt: skip
    if draft.starts_at is None or draft.ends_at is None:
        return values  # what is missing is told by its own field
    if draft.all_day:
        draft.starts_at = _at(local(draft.starts_at).date(), datetime.time.min)
        draft.ends_at = _at(local(draft.ends_at).date(), times.LATE)
    _refuse_times(draft)
    if draft.repeats == Repeats.NEVER:
        draft.every, draft.until, draft.times = 1, None, None
    else:
        _refuse_series(draft, record)
    contact, customer = (values.get(name, getattr(record, name, None)) for name in ("contact", "customer"))
    if contact is not None and customer is not None and contact.customer_id != customer.pk:
        raise Invalid({"contact": [Message("This contact belongs to another customer.")]})
    settled = {name: getattr(draft, name) for name in _DEFAULTS}
    return {**values, **settled, "last_on": times.occurrence(draft, times.last_number(draft)).last_day}


_DEFAULTS: dict[str, Any] = {
    "starts_at": None, "ends_at": None, "all_day": False, "repeats": Repeats.NEVER, "every": 1, "until": None,
    "times": None,
}  # fmt: skip


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, CHINA)


def _refuse_times(event: Event) -> None:
    if event.ends_at <= event.starts_at:
        raise Invalid({"ends_at": [Message("It ends before it begins.")]})
    if event.ends_at - event.starts_at > LONGEST:
        raise Invalid({"ends_at": [Message("An event lasts %(days)s days at most.", days=LONGEST.days)]})
    if local(event.ends_at).year > LATEST_YEAR - FARTHEST_MONTHS // 12:
        raise Invalid({"starts_at": [Message("The year is too far away.")]})


def _refuse_series(event: Event, record: Any) -> None:
    """A series has one end, within five years; an occurrence is over before the next begins."""
    if record is not None and record.series_id is not None:
        raise Invalid({"repeats": [Message("This is one day of a series; it does not come again by itself.")]})
    if event.until is None and event.times is None:
        raise Invalid({"until": [Message("A series has an end: name its last day, or how often it takes place.")]})
    if event.until is not None and event.times is not None:
        raise Invalid({"times": [Message("Name the last day of a series or how often it takes place, not both.")]})
    event.every = event.every or 1
    first = local(event.starts_at).date()
    if event.until is not None and event.until < first:
        raise Invalid({"until": [Message("The series ends before it begins.")]})
    limit = add_months(first, FARTHEST_MONTHS)
    if (event.until or first) > limit or times.occurrence(event, times.last_number(event)).day > limit:
        message = Message("A series ends within five years, by %(day)s.", day=limit)
        raise Invalid({"until" if event.until else "times": [message]})
    if times.occurrence(event, 1).starts_at < event.ends_at:
        raise Invalid({"ends_at": [Message("It would still be going on when it comes again.")]})


def rhythm_stays(ctx: Context, event: Any, changed: frozenset[str]) -> Decision:
    """The rhythm of a series of which single days were changed is not changed."""
    return may_change_rhythm(bool({"repeats", "every"} & changed) and event.gaps.exists())


# ---- Planned and moved -----------------------------------------------------------------------------------------------


def _execute_plan(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        _ask_to(ctx, work.result)
        remember(ctx.now, work.result)


def _execute_move(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert EDIT.execute is not None
    EDIT.execute(ctx, known, works)
    for work in works:
        event, before = work.record, asked_already(EVENT, work.record.pk)
        _ask_to(ctx, event)
        if {"starts_at", "ends_at", "repeats", "every"} & set(work.changes):
            others = [person for person in _people(event) if person.pk in before]
            _tell(ctx, event, others, Message("Moved to %(at)s: %(name)s", at=when(event), name=event.subject))
        remember(ctx.now, event)


def _execute_discard(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert DELETE.execute is not None
    DELETE.execute(ctx, known, works)
    for work in works:
        if work.record.state == EventState.PLANNED and work.record.ends_at > ctx.now:
            title = Message("The event does not take place: %(name)s", name=work.record.subject)
            _tell(ctx, work.record, _people(work.record), title)


#: The standard verbs: who is asked to an event sees it and hears of it, and who no longer is sees it no more.
PLAN_EVENT = dataclasses.replace(CREATE, execute=_execute_plan)
MOVE_EVENT = dataclasses.replace(EDIT, execute=_execute_move)
DISCARD_EVENT = dataclasses.replace(DELETE, execute=_execute_discard)


def _people(event: Event) -> Sequence[Person]:
    return [seat.person for seat in event.seats.filter(deleted_at=None).select_related("person")]


def _ask_to(ctx: Context, event: Event) -> None:
    """Open it to who is asked to it, for as long as it goes on and some time after; close it to who is not."""
    people = _people(event)
    ends = _at(event.last_on, times.LATE) + datetime.timedelta(days=value_of(MEETING_SIGHT_DAYS, ctx.today))
    new = open_to(ctx, EVENT, event.pk, people, max(ends, ctx.now), str(_("was asked to this event")))
    _tell(ctx, event, new, Message("You are asked to an event on %(at)s: %(name)s", at=when(event), name=event.subject))
    close_to_others(ctx, EVENT, event.pk, people)


def _tell(ctx: Context, event: Event, people: Sequence[Person], title: Message) -> None:
    notify(
        [each for each in people if each.pk != ctx.actor.pk], title, event.place, EVENT, event.pk, NOTICE, at=ctx.now
    )


def when(event: Event, starts_at: datetime.datetime | None = None) -> str:
    """The day, and the time unless it is of whole days, on a Chinese clock."""
    moment = local(starts_at or event.starts_at)
    return f"{moment:%Y-%m-%d}" if event.all_day else f"{moment:%Y-%m-%d %H:%M}"


# ---- Reminders -------------------------------------------------------------------------------------------------------


def remember(at: datetime.datetime, event: Event, since: int = 0) -> None:
    """Enter which reminder comes next, or that none does."""
    EventReminder.objects.filter(event=event.pk).delete()
    found = times.next_reminder(event, at, since) if event.state == EventState.PLANNED else None
    if found is not None:
        number, due_at = found
        EventReminder.objects.create(event=event, number=number, due_at=due_at, created_at=at, changed_at=at)


def remind(reminder: EventReminder, at: datetime.datetime) -> bool:
    """Remind whose the event is and who is asked to it, once; what began long ago is passed over. True if told.

    To be called in a transaction: what is told and that it was told are kept together.
    """
    event = reminder.event
    taken, _rows = EventReminder.objects.filter(pk=reminder.pk, due_at=reminder.due_at).delete()
    if not taken:
        return False  # another worker was faster
    remember(at, event, reminder.number + 1)
    found = times.occurrence(event, reminder.number)
    if event.deleted_at is not None or found.ends_at <= at:
        return False
    people = [*([event.owner] if event.owner is not None else []), *_people(event)]
    title = Message("Soon, %(at)s: %(name)s", at=when(event, found.starts_at), name=event.subject)
    notify(people, title, event.place, EVENT, event.pk, "event_reminder", at=at)
    return True


# ---- One day of a series ---------------------------------------------------------------------------------------------


def _stands(ctx: Context, event: Any, values: Mapping[str, Any]) -> Decision:
    return must_stand(times.standing_on(event, values["day"]) is not None, values["day"])


def _leaves_something(ctx: Context, event: Any, values: Mapping[str, Any]) -> Decision:
    return must_leave_something(times.last_number(event) + 1 - len(times.gaps_of(event)))


def _take_out(ctx: Context, event: Event, day: datetime.date) -> times.Occurrence:
    found = times.standing_on(event, day)
    assert found is not None  # the rule has looked
    EventGap.objects.create(
        event=event, number=found.number, created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now,
        changed_by=ctx.actor,
    )  # fmt: skip
    remember(ctx.now, event)
    return found


def _leave_out(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    found = _take_out(ctx, event, values["day"])
    title = Message("Not on %(at)s: %(name)s", at=when(event, found.starts_at), name=event.subject)
    _tell(ctx, event, _people(event), title)


def _note_series(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    event.series, event.instead_of = values["series"], values["instead_of"]


#: What makes a day that was changed on its own one of its series. Nobody holds it as a right.
_OF_SERIES = Action(
    name="changed_day_of_series",
    label=_("Changed day of a series"),
    inputs=(
        asked("series", _("of the series"), models.ForeignKey(Event, models.PROTECT), required=True),
        asked("instead_of", _("instead of the day"), models.DateField(), required=True),
    ),
    perform=_note_series,
)
ENTERED[_OF_SERIES.name] = _OF_SERIES.label


def _change_day(ctx: Context, event: Any, values: dict[str, Any]) -> Event:
    """The day becomes an event of its own, with all that the series says of it."""
    found = _take_out(ctx, event, values["day"])
    starts_at = values["starts_at"] or found.starts_at
    ends_at = values["ends_at"] or starts_at + (found.ends_at - found.starts_at)
    given = {name: getattr(event, name) for name in TAKEN_OVER}
    seats = [{"person": person} for person in _people(event)]
    reach = ctx.as_program()
    changed: Event = create(reach, EVENT, confirmed=True, **given, starts_at=starts_at, ends_at=ends_at, lines=seats)
    run(_OF_SERIES, reach, EVENT, changed, {"series": event, "instead_of": values["day"]})
    return changed


_DAY = asked("day", _("day of the series"), models.DateField(), required=True)

CHANGE_DAY = Action(
    name="change_day",
    label=_("Change one day"),
    icon="calendar-event",
    inputs=(
        _DAY,
        asked("starts_at", _("start time"), models.DateTimeField(null=True), help=_("Left empty: as in the series.")),
        asked("ends_at", _("end time"), models.DateTimeField(null=True), help=_("Left empty: it lasts as long.")),
    ),
    fits=lambda event: event.repeats != Repeats.NEVER,
    rules=(_stands, _leaves_something),
    states=(EventState.PLANNED,),
    perform=_change_day,
    undoable=False,
)
LEAVE_OUT_DAY = Action(
    name="leave_out_day",
    label=_("Leave out one day"),
    icon="calendar-off",
    inputs=(_DAY,),
    fits=lambda event: event.repeats != Repeats.NEVER,
    rules=(_stands, _leaves_something),
    states=(EventState.PLANNED,),
    perform=_leave_out,
    undoable=False,
)


# ---- Held or not -----------------------------------------------------------------------------------------------------


def _has_begun(ctx: Context, event: Any, values: Mapping[str, Any]) -> Decision:
    return may_have_taken_place(event.starts_at, ctx.now)


def _is_talk(event: Event) -> bool:
    """Whether a customer and we sit together: what asks for minutes."""
    return event.customer_id is not None and event.kind in TOGETHER


def _somebody_keeps_minutes(ctx: Context, event: Any, values: Mapping[str, Any]) -> Decision:
    return must_have_a_minute_taker(_is_talk(event), event.minute_taker_id is not None)


def _says_what_came_of_it(ctx: Context, event: Any, values: Mapping[str, Any]) -> Decision:
    return must_say_what_came_of_it(event.customer_id is not None, values["result"] or "")


def _confirm(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    event.confirmed_on = ctx.today
    people = [*_people(event), *([event.minute_taker] if event.minute_taker is not None else [])]
    _tell(ctx, event, people, Message("Confirmed, %(at)s: %(name)s", at=when(event), name=event.subject))


def _hold(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    event.result = values["result"] or ""
    event.present = values["present"] or "、".join(dict.fromkeys(_names(event)))[:300]
    EventReminder.objects.filter(event=event.pk).delete()
    keeping.discharge(duties.RECORD, key=str(event.pk), by=ctx.actor, at=ctx.now, evidence=(EVENT, event.pk))
    if _is_talk(event) and event.owner is not None:
        keeping.open_duty(
            duties.WRITE_TALK, key=str(event.pk), owner=event.owner, subject=event.subject, at=ctx.now,
            due_on=_minutes_due(event), module=EVENT, record_id=event.pk, within=event.customer_id,
        )  # fmt: skip


def _names(event: Event) -> list[str]:
    people = [event.owner, event.minute_taker, *_people(event), event.contact]
    return [person.name for person in people if person is not None]


def _minutes_due(event: Event) -> datetime.date:
    """The last day on which the minutes are in time, counted from the day of the meeting (WF-26)."""
    return duties.WRITE_TALK.due_after(local(event.ends_at).date())


def _mark_late(ctx: Context, minutes: Any, values: dict[str, Any]) -> None:
    minutes.days_late = values["days_late"]


#: What writing minutes too late does to them. Nobody holds it as a right.
_WRITTEN_LATE = Action(
    name="written_late",
    label=_("Written late"),
    inputs=(asked("days_late", _("written late by, working days"), models.PositiveSmallIntegerField(), required=True),),
    perform=_mark_late,
)
ENTERED[_WRITTEN_LATE.name] = _WRITTEN_LATE.label


def _write_minutes(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    """The minutes of a meeting with a customer discharge who met it; late ones say so."""
    event.minutes = minutes = create(
        ctx, MINUTES, customer=event.customer, held_on=local(event.starts_at).date(), place=event.place,
        present=event.present, content=values["content"], decisions=values["decisions"] or "",
    )  # fmt: skip
    due_on = _minutes_due(event)
    if ctx.today > due_on:
        late = {"days_late": max(1, working_days_between(due_on, ctx.today))}
        run(_WRITTEN_LATE, ctx.as_program(), MINUTES, minutes, late)
    keeping.discharge(duties.WRITE_TALK, key=str(event.pk), by=ctx.actor, at=ctx.now, evidence=(MINUTES, minutes.pk))


WRITE_TALK_MINUTES = Action(
    name="write_talk_minutes",
    label=_("Write the minutes"),
    icon="writing",
    tone="ink",
    inputs=(
        asked("content", _("what was discussed and agreed"), models.TextField(), required=True),
        asked("decisions", _("what was decided"), models.TextField(blank=True)),
    ),
    fits=lambda event: _is_talk(event) and event.minutes_id is None,
    states=(EventState.HELD,),
    perform=_write_minutes,
    undoable=False,
)
CONFIRM_EVENT = Action(
    name="confirm_event",
    label=_("Confirm the appointment"),
    icon="checks",
    fits=lambda event: event.confirmed_on is None and event.repeats == Repeats.NEVER,
    rules=(_somebody_keeps_minutes,),
    states=(EventState.PLANNED,),
    perform=_confirm,
    undoable=False,
)


def owe_records(at: datetime.datetime) -> None:
    """Whoever had an appointment with a customer owes what came of it, once it is over (WF-28)."""
    over = Event.objects.filter(
        state=EventState.PLANNED, repeats=Repeats.NEVER, customer__isnull=False, owner__isnull=False, ends_at__lt=at,
        deleted_at=None,
    )  # fmt: skip
    keeping.open_many(
        duties.RECORD,
        (
            keeping.Opening(
                str(event.pk), event.owner, event.subject, duties.RECORD.due_after(local(event.ends_at).date()), EVENT,
                event.pk, event.customer_id,
            )
            for event in over.select_related("owner").iterator()
            if event.owner is not None
        ),
        at,
    )  # fmt: skip


def _miss(ctx: Context, event: Any, values: dict[str, Any]) -> None:
    event.result = ctx.reason
    keeping.discharge(duties.RECORD, key=str(event.pk), by=ctx.actor, at=ctx.now, evidence=(EVENT, event.pk))
    EventReminder.objects.filter(event=event.pk).delete()
    if event.ends_at > ctx.now:
        title = Message("The event does not take place: %(name)s", name=event.subject)
        _tell(ctx, event, _people(event), title)


HOLD_EVENT = Action(
    name="hold_event",
    label=_("It took place"),
    icon="check",
    tone="ink",
    inputs=(
        asked("result", _("what came of it"), models.TextField(blank=True, default="")),
        asked(
            "present",
            _("who was present"),
            models.CharField(max_length=300, blank=True, default=""),
            help=_("Left empty: whose it is, who was invited, and the contact."),
        ),
    ),
    fits=lambda event: event.repeats == Repeats.NEVER,
    rules=(_has_begun, _somebody_keeps_minutes, _says_what_came_of_it),
    states=(EventState.PLANNED,),
    to_state=EventState.HELD,
    perform=_hold,
    undoable=False,
)
MISS_EVENT = Action(
    name="miss_event",
    label=_("It does not take place"),
    icon="x",
    asks_reason=True,
    fits=lambda event: event.repeats == Repeats.NEVER,
    states=(EventState.PLANNED,),
    to_state=EventState.NOT_HELD,
    perform=_miss,
    undoable=False,
)
