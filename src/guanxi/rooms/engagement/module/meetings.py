"""Meetings and minutes, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Lines, Menu, Module, Related, Section, View
from guanxi.rooms.engagement import actions
from guanxi.rooms.engagement.actions import CONFIRM_RECEIPT, DISCARD_MINUTES, HAND_OUT, REVIEW_MINUTES, SEND_MINUTES
from guanxi.rooms.engagement.models import WITH_CUSTOMER, Meeting, MeetingSeat, MeetingState, Minutes


def _of_a_customer_or_of_our_own(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Minutes of a meeting with a customer name him; those of our own meetings name their level."""
    level, customer = (values.get(name, getattr(record, name, None)) for name in ("level", "customer"))
    if level == WITH_CUSTOMER and customer is None:
        raise Invalid({"customer": [Message("Name the customer, or choose the level of our own meeting.")]})
    return values


MEETING = Module(
    model=Meeting,
    icon="calendar-event",
    data_class=DataClass.C2,
    profile="meeting",
    number="HY-{year}-{seq:03}",
    sort="-planned_at",
    columns=("number", "name", "kind", "level", "planned_at", "place", "owner", "state", "minutes"),
    sections=(
        Section(_("The meeting"), ("name", "kind", "level", "planned_at", "place", "owner", "agenda")),
        Section(_("Held"), ("state", "minutes")),
    ),
    lines=Lines(MeetingSeat, "meeting", ("person",), _("Participants"), unique=("person",)),
    filters=("kind", "level", "state", "owner", "planned_at"),
    search=("agenda", "place"),
    lifecycle=Lifecycle("state", MeetingState.PLANNED, locked=("held", "cancelled")),
    actions=(
        actions.PLAN_MEETING, actions.MOVE_MEETING, actions.HOLD_MEETING, actions.CANCEL_MEETING,
        actions.DISCARD_MEETING,
    ),
    related=(
        Related("engagement.watch", "meeting", columns=("customer", "reason", "cause", "look_on", "state")),
    ),
    menu=Menu("meeting", 30),
    views=(
        View("coming", _("To come"), {"field": "state", "op": "in", "value": ["planned"]}, sort="planned_at"),
        View("held", _("Held"), {"field": "state", "op": "in", "value": ["held"]}),
        View("archive", _("Archive updates"), {"field": "kind", "op": "in", "value": ["archive_update"]}),
    ),
    without=("merge", "import_rows", "inline_edit", "copy"),
)  # fmt: skip

MINUTES = Module(
    model=Minutes,
    icon="notes",
    data_class=DataClass.C2,
    title="number",
    profile="activity",
    number="JY-{year}-{seq:04}",
    scope_through="customer",
    sort="-held_on",
    columns=("number", "held_on", "level", "customer", "present", "content", "decisions", "state", "owner"),
    sections=(
        Section(
            _("Minutes of a meeting"),
            ("customer", "level", "held_on", "place", "present", "content", "decisions", "owner"),
        ),
        Section(
            _("On the way to the customer"),
            ("state", "days_late", "reviewed_by", "reviewed_on", "sent_to", "sent_on", "received_by", "received_on"),
        ),
    ),
    filters=("level", "state", "customer", "owner", "held_on", "sent_on", "days_late"),
    search=("customer", "present", "content", "decisions", "place"),
    prepare=_of_a_customer_or_of_our_own,
    related=(
        Related("engagement.task", "minutes", _("Tasks given out"), ("subject", "owner", "due_on", "state", "result")),
        Related("engagement.meeting", "minutes", columns=("number", "name", "planned_at", "owner")),
    ),
    lifecycle=Lifecycle("state", "draft", locked=("reviewed", "sent", "confirmed")),
    actions=(REVIEW_MINUTES, SEND_MINUTES, CONFIRM_RECEIPT, HAND_OUT, DISCARD_MINUTES),
    menu=Menu("meeting", 31),
    views=(
        View("ours", _("Of our own meetings"), {"field": "customer", "op": "empty"}),
        View("review", _("To be reviewed"), {"field": "state", "op": "in", "value": ["draft"]}),
        View("late", _("Written late"), {"field": "days_late", "op": "filled"}),
        View(
            "unconfirmed", _("Receipt not confirmed"), {"field": "state", "op": "in", "value": ["sent"]}, sort="sent_on"
        ),
    ),
)
