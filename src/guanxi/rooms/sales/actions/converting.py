"""A lead becomes a customer, with a contact and an opportunity (CRM-25): what of it goes where, and the verb."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import duplicates, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import MoneyField, asked
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Contact, Customer, entry_judges
from guanxi.rooms.sales.actions.leads import OPEN
from guanxi.rooms.sales.models import Lead, LeadState
from guanxi.rooms.sales.queries import CONTACT, CUSTOMER, OPPORTUNITY
from guanxi.rooms.sales.rules import makes_what_it_links

#: What a customer and its contact take over of the lead: their field, and the lead's.
CUSTOMER_FIELDS: Mapping[str, str] = {
    "name": "name", "phone": "phone", "website": "website", "province": "province", "city": "city",
    "address": "address", "industry": "industry", "size": "size", "remarks": "content",
}  # fmt: skip
CONTACT_FIELDS: Mapping[str, str] = {
    "name": "person", "post": "post", "mobile": "mobile", "phone": "phone", "email": "email",
}  # fmt: skip
#: How the customer master and the opportunities call the ways on which leads come.
_CUSTOMER_SOURCE = {
    "trade_show": "trade_fair", "print_ad": "trade_press", "store_visit": "store_visit", "referral": "referral",
    "website": "internet", "wechat": "internet", "marketplace": "internet", "search_ad": "internet",
}  # fmt: skip
_OPPORTUNITY_SOURCE = {
    "trade_show": "trade_show", "referral": "referral", "cold_call": "cold_call", "website": "website",
    "promotion_meeting": "campaign", "print_ad": "campaign", "text_message": "campaign", "search_ad": "campaign",
    "mailing": "campaign",
}  # fmt: skip


def customer_of(lead: Lead, credit_code: str = "") -> dict[str, Any]:
    """The customer that a lead would become."""
    taken = {theirs: getattr(lead, ours) for theirs, ours in CUSTOMER_FIELDS.items()}
    return {
        **taken, "credit_code": credit_code, "owner": lead.owner, "source": _CUSTOMER_SOURCE.get(lead.source, ""),
        "status": "following" if lead.contacted_on else "prospect", "email": "" if lead.person else lead.email,
    }  # fmt: skip


def contact_of(lead: Lead) -> dict[str, Any]:
    """The contact that the person of a lead would become."""
    return {theirs: getattr(lead, ours) for theirs, ours in CONTACT_FIELDS.items()}


def opportunity_of(lead: Lead, values: Mapping[str, Any], is_new_customer: bool) -> dict[str, Any]:
    """The opportunity that would be begun."""
    return {
        "name": values["opportunity_name"] or lead.name, "amount": values["amount"],
        "expected_on": values["expected_on"], "kind": "new" if is_new_customer else "existing",
        "source": _OPPORTUNITY_SOURCE.get(lead.source, "other"), "content": lead.content,
    }  # fmt: skip


# ---- Before it is done -----------------------------------------------------------------------------------------------


def _is_another_company(ctx: Context, lead: Any, values: Mapping[str, Any]) -> Decision:
    """A new customer is judged as at every other door: may it be one now, and is it known already (ARC-01, WF-09)."""
    if values["customer"] is not None:
        return Decision.allow()
    asked_of = customer_of(lead, values["credit_code"])
    company = Customer(name=asked_of["name"], owner=lead.owner)
    decision = Decision.allow()
    for judge in entry_judges:
        decision &= judge(ctx, [company])[0]
    keys = {name: asked_of[name] for name in ("name", "credit_code", "phone")}
    return decision & duplicates.judged(ctx, registry.entry(CUSTOMER), keys)


def _is_another_person(ctx: Context, lead: Any, values: Mapping[str, Any]) -> Decision:
    """Somebody with the same number may be a contact of ours already: he is chosen instead, or told apart."""
    contact, customer = values["contact"], values["customer"]
    if contact is not None:
        is_theirs = customer is not None and contact.customer_id == customer.pk
        return makes_what_it_links(customer is not None, True, is_theirs)
    if not values["with_contact"]:
        return Decision.allow()
    return duplicates.judged(ctx, registry.entry(CONTACT), {"mobile": lead.mobile, "email": lead.email})


# ---- Doing it --------------------------------------------------------------------------------------------------------


def _require_whole(lead: Lead, values: Mapping[str, Any]) -> None:
    wrong: dict[str, list[Message]] = {}
    if values["with_contact"] and values["contact"] is None and not lead.person:
        wrong["with_contact"] = [Message("The lead names no person; enter one first, or make no contact.")]
    if values["with_opportunity"] and values["expected_on"] is None:
        wrong["expected_on"] = [Message("Please enter by when it may be won.")]
    if wrong:
        raise Invalid(wrong)


def _convert(ctx: Context, lead: Any, values: dict[str, Any]) -> Any:
    """Make what was asked for, each through its own verb and right; the lead stays, and says what became of it."""
    _require_whole(lead, values)
    is_new = values["customer"] is None
    lead.customer = values["customer"]
    if is_new:
        lead.customer = create(ctx, CUSTOMER, confirmed=True, **customer_of(lead, values["credit_code"]))
    lead.contact = values["contact"]
    if lead.contact is None and values["with_contact"]:
        lead.contact = create(
            ctx, CONTACT, confirmed=True, customer=lead.customer, primary=is_new, **contact_of(lead)
        )  # fmt: skip
    if values["with_opportunity"]:
        lead.opportunity = create(
            ctx, OPPORTUNITY, confirmed=True, customer=lead.customer, contact=lead.contact,
            **opportunity_of(lead, values, is_new),
        )  # fmt: skip
    lead.contacted_on = lead.contacted_on or ctx.today
    lead.closed_on = ctx.today
    return lead.customer


def usual_day(today: datetime.date) -> datetime.date:
    """By when an opportunity of a lead is expected to be won, until somebody says otherwise."""
    return today + datetime.timedelta(days=60)


CONVERT_LEAD = Action(
    name="convert_lead",
    label=_("Make a customer of it"),
    icon="user-plus",
    tone="ink",
    inputs=(
        asked(
            "customer", _("customer that stands already"), models.ForeignKey(Customer, models.SET_NULL, null=True),
            help=_("Left empty, a new customer is made."),
        ),
        asked("credit_code", _("unified social credit code"), models.CharField(max_length=18, blank=True, default="")),
        asked("with_contact", _("make the person a contact"), models.BooleanField(default=True)),
        asked(
            "contact", _("contact that stands already"), models.ForeignKey(Contact, models.SET_NULL, null=True),
            help=_("Left empty, a new contact is made."),
        ),
        asked("with_opportunity", _("begin an opportunity"), models.BooleanField(default=False)),
        asked("opportunity_name", _("name of the opportunity"),
              models.CharField(max_length=160, blank=True, default="")),
        asked("amount", _("expected amount"), MoneyField(null=True)),
        asked("expected_on", _("expected to close on"), models.DateField(null=True)),
    ),
    rules=(_is_another_company, _is_another_person),
    states=OPEN,
    to_state=LeadState.CONVERTED,
    perform=_convert,
    undoable=False,
    page="sales:convert",
)  # fmt: skip
