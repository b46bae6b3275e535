"""Material that was sent: entered by hand, or noted when the mail went out; its receipt (WF-21)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.platform.calendar import local
from guanxi.records.actions import Action
from guanxi.records.context import Context, system_context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Stage, refresh_figures, stage_reached
from guanxi.rooms.mail import rules
from guanxi.rooms.mail.models import Handout, Letter, LetterState
from guanxi.rooms.mail.models.letters import Purpose

HANDOUT = "mail.handout"


def complete_handout(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Without a day it was today; a contact brings his customer along."""
    if record is None and not values.get("sent_on"):
        values = {**values, "sent_on": ctx.today}
    if values.get("contact") is not None and values.get("customer") is None and record is None:
        values = {**values, "customer": values["contact"].customer}
    return values


def note_sent(letter: Letter, at: datetime.datetime) -> None:
    """A mail has left: it stands as sent, and so does with its customer what it took along."""
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, error="", happened_at=at, changed_at=at)
    assert letter.owner is not None
    _note_material(letter, system_context(letter.owner, source="job", now=at))
    if letter.customer_id is not None:
        refresh_figures([letter.customer_id], local(at).date())
        if letter.purpose == Purpose.MARKETING:
            stage_reached([letter.customer_id], Stage.PROMOTION, at, letter.owner.pk)


def _note_material(letter: Letter, ctx: Context) -> Handout | None:
    """The material that a mail to a customer took along is noted as sent by mail, once."""
    if letter.material is None or letter.customer is None or letter.handouts.exists():
        return None
    assert letter.owner is not None
    made: Handout = create(
        system_context(letter.owner, source=ctx.source, now=ctx.now), HANDOUT, confirmed=True,
        customer=letter.customer, contact=letter.contact, material=letter.material, channel="email",
        sent_on=ctx.today, remarks=letter.subject[:300], owner=letter.owner,
    )  # fmt: skip
    Handout.objects.filter(pk=made.pk).update(letter=letter)
    return made


def _in_time(ctx: Context, handout: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_be_received_on(values["received_on"] or ctx.today, handout.sent_on, ctx.today)


def _perform_confirm(ctx: Context, handout: Any, values: dict[str, Any]) -> None:
    handout.received_by, handout.received_on = values["received_by"], values["received_on"] or ctx.today


CONFIRM_MATERIAL = Action(
    name="confirm_receipt", label=_("Receipt confirmed"), icon="check", tone="ink",
    inputs=(
        asked("received_by", _("received by"), models.CharField(max_length=80), required=True),
        asked("received_on", _("received on"), models.DateField(null=True)),
    ),
    rules=(_in_time,), fits=lambda handout: handout.received_on is None, perform=_perform_confirm,
)  # fmt: skip
