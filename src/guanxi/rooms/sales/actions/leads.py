"""The verbs of a lead: write it, speak to it, find it worth pursuing, give it up, take it up again (CRM-24, CRM-25)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records import duplicates, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import PicklistField, asked
from guanxi.records.standard import DELETE
from guanxi.rooms.sales import picklists
from guanxi.rooms.sales.models import Lead, LeadState
from guanxi.rooms.sales.queries import CONTACT, CUSTOMER, SCORED, known_of, points_of
from guanxi.rooms.sales.rules import (
    CLASSES,
    may_be_touched_on,
    must_be_reachable,
    must_have_class,
    score,
    stays_on_record,
)

OPEN = (LeadState.NEW, LeadState.CONTACTED, LeadState.QUALIFIED)
WAYS = ("mobile", "phone", "email")


# ---- Writing one -----------------------------------------------------------------------------------------------------


def classed_and_scored(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """The class of promotion follows from the way where nobody says otherwise, the score from all that is known."""
    values = dict(values)
    if not values.get("first_touch_on") and (record is None or "first_touch_on" in values):
        values["first_touch_on"] = ctx.today if record is None else record.first_touch_on
    has_new_way = record is None or values.get("source", record.source) != record.source
    if not values.get("channel") and (has_new_way or "channel" in values):
        source = values.get("source") or getattr(record, "source", "")
        if source in CLASSES:
            values["channel"] = CLASSES[source]
    if record is None or any(name in values for name in SCORED):
        told = {name: values.get(name, getattr(record, name, "")) for name in SCORED}
        values["score"] = score(known_of(told), points_of(ctx))[0]
    return values


def is_sound(ctx: Context, lead: Any, changed: frozenset[str]) -> Decision:
    """It can be reached, was reached by today, and is counted under a class of promotion."""
    decision = Decision.allow()
    if changed & {"source", "channel"}:
        decision &= must_have_class(str(dict(_ways()).get(lead.source, lead.source)), lead.channel)
    if "first_touch_on" in changed:
        decision &= may_be_touched_on(lead.first_touch_on, ctx.today)
    if lead._state.adding or changed & set(WAYS):
        decision &= must_be_reachable([getattr(lead, way) for way in WAYS])
    return decision


def _ways() -> list[tuple[str, Any]]:
    """The ways on which leads come, as people read them."""
    return registry.entry("sales.lead").field("source").choices


def known_already(ctx: Context, written: Sequence[tuple[Any, frozenset[str]]]) -> list[Decision]:
    """A lead whom we know as a customer, or as somebody at one, is pointed out (CMP-03)."""
    as_company = [_told(lead, changed, {"name": "name", "phone": "phone"}) for lead, changed in written]
    as_person = [_told(lead, changed, {"mobile": "mobile", "email": "email"}) for lead, changed in written]
    decisions = [Decision.allow()] * len(written)
    for key, rows in ((CUSTOMER, as_company), (CONTACT, as_person)):
        known = registry.entry(key)
        # One question for all; only the few that hit are looked at one by one.
        for place, hits in enumerate(duplicates.matching_ids(known, rows)):
            if hits and not _is_its_own(written[place][0], {record_id for _rule, record_id in hits}):
                decisions[place] &= duplicates.judged(ctx, known, rows[place])
    return decisions


def _told(lead: Lead, changed: frozenset[str], names: Mapping[str, str]) -> dict[str, Any]:
    return {theirs: getattr(lead, ours) for theirs, ours in names.items() if ours in changed}


def _is_its_own(lead: Lead, hits: set[Any]) -> bool:
    return hits <= {lead.customer_id, lead.contact_id}


def _stays(ctx: Context, lead: Any, values: Mapping[str, Any]) -> Decision:
    return stays_on_record(lead.state == LeadState.CONVERTED)


DELETE_LEAD = dataclasses.replace(DELETE, rules=(_stays,))


# ---- On its way ------------------------------------------------------------------------------------------------------


def _speak(ctx: Context, lead: Any, values: dict[str, Any]) -> None:
    lead.contacted_on = lead.contacted_on or ctx.today


def _give_up(ctx: Context, lead: Any, values: dict[str, Any]) -> None:
    lead.closed_on, lead.lost_reason, lead.closing = ctx.today, values["lost_reason"], values["note"]


def _take_up(ctx: Context, lead: Any, values: dict[str, Any]) -> None:
    lead.closed_on, lead.lost_reason, lead.closing = None, "", ""


NOTE_CONTACT = Action(
    name="note_contact",
    label=_("Note as spoken to"),
    icon="phone-call",
    bulk=True,
    states=(LeadState.NEW,),
    to_state=LeadState.CONTACTED,
    perform=_speak,
)
QUALIFY_LEAD = Action(
    name="qualify_lead",
    label=_("Worth pursuing"),
    icon="thumb-up",
    bulk=True,
    states=(LeadState.NEW, LeadState.CONTACTED),
    to_state=LeadState.QUALIFIED,
    perform=_speak,
)
DISQUALIFY_LEAD = Action(
    name="disqualify_lead",
    label=_("Give up the lead"),
    icon="circle-x",
    bulk=True,
    inputs=(
        asked(
            "lost_reason", _("why it was given up"), PicklistField(picklist=picklists.LEAD_LOST_REASON), required=True
        ),
        asked("note", _("note on the end"), models.TextField(blank=True, default="")),
    ),
    states=OPEN,
    to_state=LeadState.DISQUALIFIED,
    perform=_give_up,
)
REOPEN_LEAD = Action(
    name="reopen_lead",
    label=_("Pursue again"),
    icon="arrow-back-up",
    asks_reason=True,
    states=(LeadState.DISQUALIFIED,),
    to_state=LeadState.CONTACTED,
    perform=_take_up,
)
