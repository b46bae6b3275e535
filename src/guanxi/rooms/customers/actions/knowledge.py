"""What becomes of contributions, and how a downstream customer turns into an account."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.kernel.messages import Message
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.customers.actions.known import CHECK_KNOWN
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.models.knowledge import ContributionState
from guanxi.rooms.customers.queries import known_as


def resolve_customer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find the customer meant by the name somebody gave.

    Who may not see him learns from the record that he is known, which he might ask outright: so it counts as asking,
    with the same note and the same limit a day. Beyond it nothing is found, and the archivist finds it when filing.
    """
    if "customer_name" not in values or (record is not None and values["customer_name"] == record.customer_name):
        return values
    customer = known_as(values["customer_name"])
    if customer is None or ctx.search("customers.customer").filter(pk=customer.pk).exists():
        return {**values, "customer": customer, **({"customer_name": customer.name} if customer else {})}
    return {**values, "customer": customer if _may_learn(ctx, values["customer_name"]) else None}


def _may_learn(ctx: Context, name: str) -> bool:
    if ctx.unbounded:
        return True
    try:
        run(CHECK_KNOWN, ctx, "customers.customer", data={"text": name})
    except (Refused, NotAllowed):
        return False
    return True


def _file(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    if values.get("customer") is not None:
        record.customer = values["customer"]
    if record.customer_id is None:
        raise Invalid({"customer": [Message("Choose the customer whose archive this belongs to.")]})
    record.answer = values.get("answer") or ""
    record.settled_on = ctx.today


def _decline(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.answer = values["answer"]
    record.settled_on = ctx.today


FILE_CONTRIBUTION = Action(
    name="file_contribution",
    label=_("File in the archive"),
    icon="archive",
    perform=_file,
    tone="ink",
    inputs=(
        asked(
            "customer",
            _("customer"),
            models.ForeignKey(Customer, models.CASCADE, null=True),
            help=_("Only if the name given does not already lead to the right customer."),
        ),
        asked("answer", _("answer"), models.TextField(blank=True)),
    ),
    states=(ContributionState.WAITING,),
    to_state=ContributionState.FILED,
)
DECLINE_CONTRIBUTION = Action(
    name="decline_contribution",
    label=_("Decline"),
    icon="x",
    perform=_decline,
    inputs=(asked("answer", _("answer"), models.TextField(), required=True),),
    states=(ContributionState.WAITING,),
    to_state=ContributionState.DECLINED,
)


def _not_an_account_yet(ctx: Context, record: Any, values: Any) -> Decision:
    if record.account_id is not None:
        raise Conflict(Message("%(name)s already has an account of its own.", name=record.name))
    return Decision.allow()


def _turn_into_account(ctx: Context, record: Any, values: dict[str, Any]) -> Any:
    account = create(
        ctx,
        "customers.customer",
        confirmed=True,
        name=record.name,
        city=record.city,
        address=record.address,
        phone=record.phone,
        operating_manager=record.contact,
        market_role="retailer",
        status="prospect",
        source="referral",
    )
    record.account = account
    return record


TURN_INTO_ACCOUNT = Action(
    name="turn_into_account",
    label=_("Turn into an account"),
    icon="building-plus",
    rules=(_not_an_account_yet,),
    perform=_turn_into_account,
    confirm=_("Open an account for this downstream customer? The link to the dealer stays."),
)
