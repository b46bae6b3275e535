"""Follow-ups, visit reports, tasks and memos, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.engagement.actions import COMPLETE_TASK, DISCARD_TASK, DROP_TASK, mark_cold_call
from guanxi.rooms.engagement.models import FollowUp, Memo, Task
from guanxi.rooms.engagement.rules import first_contact_in_writing, may_move_its_day


def _first_in_writing(ctx: Context, contact: Any, changed: frozenset[str]) -> Decision:
    return first_contact_in_writing("cold_call" in changed and contact.cold_call)


def _day_of_meeting(ctx: Context, task: Any, changed: frozenset[str]) -> Decision:
    return may_move_its_day("due_on" in changed and task.minutes_id is not None)


FOLLOW_UP = Module(
    model=FollowUp,
    icon="message-circle",
    data_class=DataClass.C2,
    title="content",
    profile="activity",
    scope_through="customer",
    sort="-happened_at",
    columns=("happened_at", "customer", "kind", "contact", "content", "next_step", "next_on", "owner"),
    sections=(
        Section(
            _("Follow-up"),
            ("customer", "contact", "kind", "purpose", "happened_at", "content", "next_step", "next_on", "owner"),
        ),
    ),
    filters=("kind", "purpose", "cold_call", "customer", "owner", "happened_at", "next_on"),
    search=("customer", "contact", "next_step"),
    menu=Menu("daily", 40),
    prepare=mark_cold_call,
    rules=(_first_in_writing,),
    views=(
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("coming", _("Next steps"), {"field": "next_on", "op": "within", "value": "next_7_days"}, sort="next_on"),
        View("cold", _("Cold calls"), {"field": "cold_call", "op": "is", "value": True}),
    ),
)

TASK = Module(
    model=Task,
    icon="checkbox",
    data_class=DataClass.C2,
    title="subject",
    profile="activity",
    sort="due_on",
    columns=("subject", "customer", "due_on", "priority", "owner", "state"),
    sections=(
        Section(_("Task"), ("subject", "customer", "due_on", "priority", "owner", "details")),
        Section(_("Settled"), ("state", "minutes", "visit", "project", "result", "settled_at")),
    ),
    filters=("state", "priority", "owner", "due_on", "customer", "minutes", "visit", "project"),
    rules=(_day_of_meeting,),
    search=("customer",),
    lifecycle=Lifecycle("state", "open", locked=("done", "dropped")),
    actions=(COMPLETE_TASK, DROP_TASK, DISCARD_TASK),
    menu=Menu("daily", 60),
    views=(
        View(
            "mine", _("My open tasks"),
            {"all": [
                {"field": "owner", "op": "in", "value": ["me"]},
                {"field": "state", "op": "in", "value": ["open"]},
            ]},
        ),
    ),
)  # fmt: skip

MEMO = Module(
    model=Memo,
    icon="note",
    data_class=DataClass.C2,
    title="subject",
    profile="activity",
    number="BW-{year}-{seq:04}",
    columns=("number", "subject", "customer", "owner", "changed_at"),
    sections=(Section(_("Memo"), ("subject", "customer", "content", "owner")),),
    filters=("owner", "customer"),
    search=("customer", "content"),
    menu=Menu("daily", 70),
)
