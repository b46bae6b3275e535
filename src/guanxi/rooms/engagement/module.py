"""The record types of this room, and what it tells the customer page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.platform import calendar
from guanxi.records.context import Context
from guanxi.records.events import RecordsWritten, subscribe
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.records.registry import register
from guanxi.rooms.customers.public import (
    contact_sources,
    next_step_sources,
    refresh_figures,
    timeline_sources,
    touched_customers,
)
from guanxi.rooms.engagement.actions import (
    CLOSE_VISIT,
    COMPLETE_TASK,
    CONFIRM_RECEIPT,
    DROP_TASK,
    REVIEW_MINUTES,
    SEND_MINUTES,
    mark_cold_call,
)
from guanxi.rooms.engagement.models import FollowUp, Memo, Minutes, Task, VisitReport
from guanxi.rooms.engagement.queries import ENGAGEMENTS
from guanxi.rooms.engagement.rules import first_contact_in_writing


def _first_in_writing(ctx: Context, contact: Any, changed: frozenset[str]) -> Decision:
    return first_contact_in_writing("cold_call" in changed and contact.cold_call)


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

VISIT = Module(
    model=VisitReport,
    icon="map-pin",
    data_class=DataClass.C2,
    title="number",
    profile="activity",
    number="ZF-{year}-{seq:04}",
    scope_through="customer",
    sort="-visited_on",
    columns=("number", "visited_on", "customer", "purpose", "met", "content", "owner", "state"),
    sections=(
        Section(
            _("Visit report"),
            ("customer", "visited_on", "purpose", "met", "place", "content", "outcome", "owner"),
        ),
        Section(_("For the archive"), ("state", "archive_facts", "nothing_new")),
    ),
    filters=("state", "purpose", "customer", "owner", "visited_on"),
    search=("customer", "met", "place"),
    lifecycle=Lifecycle("state", "draft", locked=("closed",)),
    actions=(CLOSE_VISIT,),
    menu=Menu("daily", 50),
    views=(
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("open", _("Not closed"), {"field": "state", "op": "in", "value": ["draft"]}),
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
        Section(_("Settled"), ("state", "result", "settled_at")),
    ),
    filters=("state", "priority", "owner", "due_on", "customer"),
    search=("customer",),
    lifecycle=Lifecycle("state", "open", locked=("done", "dropped")),
    actions=(COMPLETE_TASK, DROP_TASK),
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

MINUTES = Module(
    model=Minutes,
    icon="notes",
    data_class=DataClass.C2,
    title="number",
    profile="activity",
    number="JY-{year}-{seq:04}",
    scope_through="customer",
    sort="-held_on",
    columns=("number", "held_on", "customer", "present", "content", "state", "sent_on", "owner"),
    sections=(
        Section(_("Minutes of a meeting"), ("customer", "held_on", "place", "present", "content", "owner")),
        Section(
            _("On the way to the customer"),
            ("state", "reviewed_by", "reviewed_on", "sent_to", "sent_on", "received_by", "received_on"),
        ),
    ),
    filters=("state", "customer", "owner", "held_on", "sent_on"),
    search=("customer", "present"),
    lifecycle=Lifecycle("state", "draft", locked=("reviewed", "sent", "confirmed")),
    actions=(REVIEW_MINUTES, SEND_MINUTES, CONFIRM_RECEIPT),
    menu=Menu("daily", 55),
    views=(
        View("review", _("To be reviewed"), {"field": "state", "op": "in", "value": ["draft"]}),
        View(
            "unconfirmed", _("Receipt not confirmed"), {"field": "state", "op": "in", "value": ["sent"]}, sort="sent_on"
        ),
    ),
)

register(FOLLOW_UP, VISIT, TASK, MEMO, MINUTES)

timeline_sources.append(ENGAGEMENTS)
contact_sources.append(ENGAGEMENTS)
next_step_sources.append(ENGAGEMENTS)


def _refresh_contacts(event: RecordsWritten) -> None:
    """A follow-up or visit was written: the customer's last contact is worked out again."""
    model = {"engagement.followup": FollowUp, "engagement.visitreport": VisitReport}.get(event.module)
    if model is not None:
        refresh_figures(touched_customers(event, model), calendar.today())


subscribe(RecordsWritten, _refresh_contacts)
