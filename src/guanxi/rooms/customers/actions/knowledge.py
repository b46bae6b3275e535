"""What becomes of contributions, and how a downstream customer turns into an account."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.kernel.messages import Message
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, ENTERED, create
from guanxi.records.work import Work
from guanxi.rooms.customers.actions.known import CHECK_KNOWN
from guanxi.rooms.customers.duties import FILE_FACT
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.models.knowledge import ContributionState
from guanxi.rooms.customers.queries import followers, known_as

CONTRIBUTION, CUSTOMER = "customers.contribution", "customers.customer"


def resolve_customer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find the customer meant by the name somebody gave.

    Who may not see him learns from the record that he is known, which he might ask outright: so it counts as asking,
    with the same note and the same limit a day. Beyond it nothing is found, and the archivist finds it when filing.
    """
    if "customer_name" not in values or (record is not None and values["customer_name"] == record.customer_name):
        return values
    customer = known_as(values["customer_name"])
    if customer is None or ctx.search(CUSTOMER).filter(pk=customer.pk).exists():
        return {**values, "customer": customer, **({"customer_name": customer.name} if customer else {})}
    return {**values, "customer": customer if _may_learn(ctx, values["customer_name"]) else None}


def _may_learn(ctx: Context, name: str) -> bool:
    if ctx.unbounded:
        return True
    try:
        run(CHECK_KNOWN, ctx, CUSTOMER, data={"text": name})
    except (Refused, NotAllowed):
        return False
    return True


def _execute_contribute(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    archivist = people_who_may(known.module.names, FILE_CONTRIBUTION.name).order_by("pk").first()
    if archivist is None:
        return
    openings = (
        keeping.Opening(
            key=str(row.pk),
            owner=archivist,
            subject=row.content,
            module=CONTRIBUTION,
            record_id=row.pk,
            within=row.customer_id,
        )
        for row in (work.result for work in works)
    )
    keeping.open_many(FILE_FACT, openings, ctx.now)


#: The standard verb, from which on the archivist owes the filing.
CONTRIBUTE = dataclasses.replace(CREATE, execute=_execute_contribute)


def _settled(ctx: Context, record: Any) -> None:
    record.settled_on = ctx.today
    keeping.discharge(FILE_FACT, key=str(record.pk), by=ctx.actor, at=ctx.now, evidence=(CONTRIBUTION, record.pk))


def _tell_result(ctx: Context, record: Any) -> None:
    """Who looks after the customer, leaders who follow it and who handed it in hear what became of it (ARC-35).

    Who handed it in may not know whose archive it was filed in: he hears of what he wrote.
    """
    content = record.content[:60]
    told = _tell_keepers(ctx, record, content) if record.customer is not None else set()
    if record.owner is not None and record.owner not in {ctx.actor, *told}:
        title = Message("Your contribution was filed: %(content)s", content=content)
        notify([record.owner], title, record.answer, CONTRIBUTION, record.pk, "contribution", at=ctx.now)


def _tell_keepers(ctx: Context, record: Any, content: str) -> set[Person]:
    """Tell who looks after the customer and the leaders who follow it; returns them."""
    customer = record.customer
    title = Message("Filed in the archive of %(name)s: %(content)s", name=customer, content=content)
    keepers = [customer.owner] if customer.owner is not None and customer.owner != ctx.actor else []
    leaders = [person for person in followers(customer.pk, ctx.now) if person not in (ctx.actor, customer.owner)]
    notify(keepers, title, record.answer, CUSTOMER, customer.pk, "contribution", at=ctx.now)
    notify(leaders, title, record.answer, CUSTOMER, customer.pk, "following", at=ctx.now)
    return {*keepers, *leaders}


def _file(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    if values.get("customer") is not None:
        record.customer = values["customer"]
    if record.customer_id is None:
        raise Invalid({"customer": [Message("Choose the customer whose archive this belongs to.")]})
    record.answer = values.get("answer") or ""
    _settled(ctx, record)
    _tell_result(ctx, record)


def _take_up(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.customer = values.get("customer") or record.customer
    record.answer = values["answer"]
    _settled(ctx, record)
    _tell_result(ctx, record)


def _decline(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.answer = values["answer"]
    _settled(ctx, record)
    title = Message("Your contribution was declined: %(content)s", content=record.content[:60])
    notify(
        [record.owner] if record.owner else [],
        title,
        record.answer,
        CONTRIBUTION,
        record.pk,
        "contribution",
        at=ctx.now,
    )


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
#: A contribution's part of its being put into a dossier, no verb of people; news of the trade belongs to no customer.
TAKE_UP_CONTRIBUTION = Action(
    name="take_up_contribution",
    label=_("Taken into a dossier"),
    icon="folder-plus",
    perform=_take_up,
    inputs=(
        asked("customer", _("customer"), models.ForeignKey(Customer, models.CASCADE, null=True)),
        asked("answer", _("answer"), models.TextField(), required=True),
    ),
    states=(ContributionState.WAITING,),
    to_state=ContributionState.FILED,
    undoable=False,
)
ENTERED[TAKE_UP_CONTRIBUTION.name] = TAKE_UP_CONTRIBUTION.label
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
        CUSTOMER,
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
