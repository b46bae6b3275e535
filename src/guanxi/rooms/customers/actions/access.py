"""Opening an archive to somebody of another department: asked for by him, approved by a manager, for some days.

The grant is written by these actions and by nothing else.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access.grants import end_grants, give_grant
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action, run
from guanxi.records.approvals import asking
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE
from guanxi.records.work import Work
from guanxi.rooms.customers.actions.known import CHECK_KNOWN
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.models.access import AccessState
from guanxi.rooms.customers.queries import known_as

ACCESS, CUSTOMER = "customers.archiveaccess", "customers.customer"


def name_the_customer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find the customer that is named. Asking for it counts as asking whether it is known, with the same limit."""
    name = str(values.get("customer_name") or "").strip()
    if not name or record is not None:
        return values
    return {**values, "customer": _approved(ctx) or _named(ctx, name), "purpose": ctx.reason.strip()}


def _named(ctx: Context, name: str) -> Customer:
    run(CHECK_KNOWN, ctx, CUSTOMER, data={"text": name})
    customer = known_as(name)
    if customer is None:
        raise Invalid(
            {"customer_name": [Message("No customer is known under exactly this name, number or credit code.")]}
        )
    return customer


def _approved(ctx: Context) -> Customer | None:
    """The customer whose archive was approved to be seen: whatever else bears the name by now."""
    if ctx.approved is None:
        return None
    meant = ctx.approved.changes["customer"][1]["id"]
    customer = Customer.objects.filter(pk=meant, deleted_at=None).first()
    if customer is None:
        raise Conflict(Message("The customer whose archive was asked for is no longer there."))
    return customer


def waits_for(ctx: Context, customer: Any) -> bool:
    """Whether the person has asked to see this customer's archive already, and nobody has decided yet."""
    waiting = PendingAction.objects.filter(
        owner=ctx.actor, module=ACCESS, action=CREATE.name, state=PendingAction.State.WAITING, deleted_at=None
    )
    if ctx.approved is not None:
        waiting = waiting.exclude(pk=ctx.approved.pk)
    asked = waiting.values_list("changes", flat=True)
    return any(changes.get("customer", (None, {}))[1].get("id") == str(customer) for changes in asked)


def _execute_open(ctx: Context, known: Registered, works: list[Work]) -> None:
    signer = _signer(ctx)
    for work in works:
        work.values["approved_by"] = signer
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        access, giver = work.result, signer or ctx.actor
        give_grant(
            person=access.owner,
            module=CUSTOMER,
            record_id=access.customer_id,
            actions=("view",),
            begins=ctx.now,
            ends=_end_of(access.until),
            reason=str(Message("%(purpose)s (granted by %(person)s)", purpose=access.purpose, person=giver)),
            by=giver,
        )


def _signer(ctx: Context) -> Person | None:
    """Who agreed last; nobody has while it is only asked for or tried."""
    agreed = asking.signed(ctx.approved) if ctx.approved is not None else []
    return agreed[-1].done_by if agreed else None


def _end_of(day: datetime.date) -> datetime.datetime:
    """The midnight after the day, in China."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def _end(ctx: Context, access: Any, values: dict[str, Any]) -> None:
    end_grants(access.owner, CUSTOMER, access.customer_id, ctx.actor, ctx.now)
    access.ended_at = ctx.now


#: The standard verb, which opens the archive; not without the sales manager or the general manager.
OPEN_ARCHIVE = dataclasses.replace(
    CREATE,
    label=_("Ask to see an archive"),
    icon="lock-access",
    execute=_execute_open,
    approval=asking.ByNature("approval.archive_access", "SEC-03", roles=("sales_manager", "general_manager")),
)
END_ACCESS = Action(
    name="end_access",
    label=_("End the access"),
    icon="lock",
    confirm=_("The person cannot see the archive any more. Continue?"),
    states=(AccessState.GIVEN,),
    to_state=AccessState.ENDED,
    perform=_end,
)
