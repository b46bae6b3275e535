"""The verbs of meetings: asked to, moved, held by their minutes, called off; and what they decide, given out."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.events import RecordsWritten
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, DELETE, EDIT, ENTERED, create
from guanxi.records.work import Work
from guanxi.rooms.engagement import duties
from guanxi.rooms.engagement.actions.inviting import asked_already, open_to
from guanxi.rooms.engagement.models import Meeting, MeetingSeat, MeetingState, Minutes, MinutesState, Task, TaskState
from guanxi.rooms.engagement.models.meetings import ARCHIVE_UPDATE
from guanxi.rooms.engagement.policies import MEETING_SIGHT_DAYS
from guanxi.rooms.engagement.queries.meetings import front_line_heads, is_of_meeting
from guanxi.rooms.engagement.rules import may_be_due_on, may_have_been_held, stays_on_file

MEETING, MINUTES, TASK = "engagement.meeting", "engagement.minutes", "engagement.task"
NOTICE = "meeting"


# ---- Planning --------------------------------------------------------------------------------------------------------


def _execute_plan(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        meeting = work.result
        if meeting.kind == ARCHIVE_UPDATE and not meeting.seats.exists():
            MeetingSeat.objects.bulk_create(
                MeetingSeat(meeting=meeting, person=head, created_at=ctx.now, changed_at=ctx.now, created_by=ctx.actor,
                            changed_by=ctx.actor)
                for head in front_line_heads()
            )  # fmt: skip
        _ask_to(ctx, meeting)
        _owe_minutes(ctx, meeting)


def _execute_move(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert EDIT.execute is not None
    EDIT.execute(ctx, known, works)
    for work in works:
        meeting = work.record
        before = asked_already(MEETING, meeting.pk)
        _ask_to(ctx, meeting)
        if "planned_at" in work.changes:
            _nobody_owes(ctx, meeting, Message("The meeting was put off."))
            _tell(ctx, meeting, [seat.person for seat in _seats(meeting) if seat.person_id in before],
                  Message("Put off to %(at)s: %(name)s", at=_when(meeting), name=meeting.name))  # fmt: skip
        if {"planned_at", "owner"} & set(work.changes):
            _owe_minutes(ctx, meeting)


#: The standard verbs: who is asked to a meeting hears of it and may open it, and its chair owes the minutes.
PLAN_MEETING = dataclasses.replace(CREATE, execute=_execute_plan)
MOVE_MEETING = dataclasses.replace(EDIT, execute=_execute_move)


def _seats(meeting: Meeting) -> Sequence[MeetingSeat]:
    return list(meeting.seats.filter(deleted_at=None).select_related("person"))


def _ask_to(ctx: Context, meeting: Meeting) -> None:
    """Open the meeting to who was asked to it and does not know yet, and tell him (RPT-01)."""
    ends = ctx.now + datetime.timedelta(days=value_of(MEETING_SIGHT_DAYS, ctx.today))
    people = [seat.person for seat in _seats(meeting)]
    new = open_to(ctx, MEETING, meeting.pk, people, ends, str(_("was asked to this meeting")))
    _tell(ctx, meeting, new, Message("You are asked to a meeting on %(at)s: %(name)s", at=_when(meeting),
                                     name=meeting.name))  # fmt: skip


def _tell(ctx: Context, meeting: Meeting, people: Sequence[Person], title: Message) -> None:
    others = [person for person in people if person.pk != ctx.actor.pk]
    notify(others, title, meeting.place, MEETING, meeting.pk, NOTICE, at=ctx.now)


def _when(meeting: Meeting) -> str:
    return f"{local(meeting.planned_at):%Y-%m-%d %H:%M}"


def _owe_minutes(ctx: Context, meeting: Meeting) -> None:
    """Whoever takes the chair owes the minutes, counted from the day of the meeting (RPT-08)."""
    if meeting.owner is None:
        return
    day = local(meeting.planned_at).date()
    duty = keeping.open_duty(
        duties.WRITE_MINUTES, key=f"{meeting.pk}/{day}", owner=meeting.owner, subject=meeting.name, at=ctx.now,
        due_on=duties.WRITE_MINUTES.due_after(day), module=MEETING, record_id=meeting.pk,
    )  # fmt: skip
    if duty.owner_id != meeting.owner.pk:
        keeping.hand_over(duties.WRITE_MINUTES, key=duty.key, to=meeting.owner, at=ctx.now, by=ctx.actor)


def _owed(meeting: Meeting) -> list[str]:
    rows = Obligation.objects.filter(duty=duties.WRITE_MINUTES.name, record_id=meeting.pk, state=State.OPEN)
    return list(rows.values_list("key", flat=True))


def _nobody_owes(ctx: Context, meeting: Meeting, reason: object) -> None:
    for key in _owed(meeting):
        keeping.drop(duties.WRITE_MINUTES, key=key, reason=reason, at=ctx.now, by=ctx.actor)


# ---- Held, called off, kept ------------------------------------------------------------------------------------------


def _on_a_possible_day(ctx: Context, meeting: Any, values: Mapping[str, Any]) -> Decision:
    assert meeting.created_at is not None
    return may_have_been_held(values["held_on"] or ctx.today, local(meeting.created_at).date(), ctx.today)


def _hold(ctx: Context, meeting: Any, values: dict[str, Any]) -> None:
    """The minutes make it held: they discharge the chair, and the month of an archive update."""
    held_on = values["held_on"] or ctx.today
    meeting.minutes = minutes = create(
        ctx, MINUTES, level=meeting.level, held_on=held_on, place=meeting.place, content=values["content"],
        present=values["present"] or _everybody(ctx, meeting),
        decisions=values["decisions"] or "",
    )  # fmt: skip
    for key in _owed(meeting):
        keeping.discharge(duties.WRITE_MINUTES, key=key, by=ctx.actor, at=ctx.now, evidence=(MINUTES, minutes.pk))
    if meeting.kind == ARCHIVE_UPDATE:
        held = min(ctx.now, datetime.datetime.combine(held_on, datetime.time.max, CHINA))
        keeping.discharge(
            duties.HOLD, key=f"{held_on:%Y-%m}/{ARCHIVE_UPDATE}", by=ctx.actor, at=held, evidence=(MEETING, meeting.pk)
        )
    _tell(ctx, meeting, [seat.person for seat in _seats(meeting)],
          Message("The minutes are written: %(name)s", name=meeting.name))  # fmt: skip


def _everybody(ctx: Context, meeting: Meeting) -> str:
    """The chair and all who were asked to it."""
    people = [meeting.owner or ctx.actor, *(seat.person for seat in _seats(meeting))]
    return "、".join(dict.fromkeys(person.name for person in people))


HOLD_MEETING = Action(
    name="hold_meeting",
    label=_("Write the minutes"),
    icon="writing",
    tone="ink",
    inputs=(
        asked("held_on", _("held on"), models.DateField(null=True), help=_("Left empty: today.")),
        asked(
            "present", _("who was present"), models.CharField(max_length=300, blank=True),
            help=_("Left empty: everybody who was asked to it."),
        ),
        asked("content", _("what was discussed"), models.TextField(), required=True),
        asked("decisions", _("what was decided"), models.TextField(blank=True)),
    ),
    rules=(_on_a_possible_day,),
    states=(MeetingState.PLANNED,),
    to_state=MeetingState.HELD,
    perform=_hold,
    undoable=False,
)  # fmt: skip


def _call_off(ctx: Context, meeting: Any, values: dict[str, Any]) -> None:
    _nobody_owes(ctx, meeting, ctx.reason)
    title = Message("Called off: %(name)s", name=meeting.name)
    others = [seat.person for seat in _seats(meeting) if seat.person_id != ctx.actor.pk]
    notify(others, title, ctx.reason, MEETING, meeting.pk, NOTICE, at=ctx.now)


CANCEL_MEETING = Action(
    name="cancel_meeting", label=_("Call the meeting off"), icon="calendar", rare=True, asks_reason=True,
    states=(MeetingState.PLANNED,), to_state=MeetingState.CANCELLED, perform=_call_off, undoable=False,
)  # fmt: skip


def _not_held(ctx: Context, meeting: Any, values: Mapping[str, Any]) -> Decision:
    return stays_on_file(meeting.state == MeetingState.HELD)


def _not_filed(ctx: Context, minutes: Any, values: Mapping[str, Any]) -> Decision:
    return stays_on_file(is_of_meeting(minutes) or minutes.state != MinutesState.DRAFT)


DISCARD_MEETING = dataclasses.replace(DELETE, rules=(_not_held,))
DISCARD_MINUTES = dataclasses.replace(DELETE, rules=(_not_filed,))


# ---- What was decided ------------------------------------------------------------------------------------------------


def _for_a_day_to_come(ctx: Context, minutes: Any, values: Mapping[str, Any]) -> Decision:
    return may_be_due_on(values["due_on"], ctx.today)


def _note_minutes(ctx: Context, task: Any, values: dict[str, Any]) -> None:
    task.minutes = values["minutes"]


#: What giving out does to the task. Nobody holds it as a right.
_GIVEN = Action(
    name="given_by_meeting",
    label=_("Given out by a meeting"),
    inputs=(asked("minutes", _("decided in"), models.ForeignKey(Minutes, models.PROTECT), required=True),),
    perform=_note_minutes,
)
ENTERED[_GIVEN.name] = _GIVEN.label


def _give_out(ctx: Context, minutes: Any, values: dict[str, Any]) -> Task:
    """Whoever is named owes it, whether or not the giver reaches his tasks: the meeting gave it."""
    given = {"subject": values["subject"], "owner": values["owner"], "due_on": values["due_on"]}
    customer = {"customer": minutes.customer} if minutes.customer_id else {}
    reach = dataclasses.replace(system_context(ctx.actor, source=ctx.source, now=ctx.now), reason=ctx.reason)
    task: Task = create(reach, TASK, confirmed=True, details=minutes.decisions, **given, **customer)
    run(_GIVEN, reach, TASK, task, {"minutes": minutes})
    keeping.open_duty(
        duties.CARRY_OUT, key=str(task.pk), owner=values["owner"], subject=task.subject, at=ctx.now,
        due_on=task.due_on, module=TASK, record_id=task.pk,
    )  # fmt: skip
    if values["owner"].pk != ctx.actor.pk:
        title = Message("Decided in a meeting, yours by %(day)s: %(what)s", day=task.due_on, what=task.subject)
        notify([values["owner"]], title, minutes.decisions, TASK, task.pk, NOTICE, at=ctx.now)
    return task


HAND_OUT = Action(
    name="hand_out",
    label=_("Give out a task"),
    icon="checklist",
    inputs=(
        asked("subject", _("what is to be done"), models.CharField(max_length=160), required=True),
        asked("owner", _("who does it"), models.ForeignKey(Person, models.PROTECT), required=True),
        asked("due_on", _("to be finished by"), models.DateField(), required=True),
    ),
    rules=(_for_a_day_to_come,),
    perform=_give_out,
    undoable=False,
)


def follow_owners(event: RecordsWritten, at: datetime.datetime) -> None:
    """Tasks that a meeting gave out went to somebody else: so does what is owed."""
    if event.module != TASK or event.action not in ("edit", "assign"):
        return
    given = Task.objects.filter(pk__in=event.records, state=TaskState.OPEN, minutes__isnull=False, deleted_at=None)
    for task in given.select_related("owner"):
        if task.owner is not None:
            keeping.hand_over(duties.CARRY_OUT, key=str(task.pk), to=task.owner, at=at)
