"""Deciding on requests to see an archive: the sales manager or the general manager opens it, for one person and time.

The grant is written by these actions and by nothing else.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access.grants import end_grants, give_grant
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE
from guanxi.records.work import Work
from guanxi.rooms.customers.actions.known import CHECK_KNOWN
from guanxi.rooms.customers.duties import DECIDE_ACCESS
from guanxi.rooms.customers.models.access import RequestState
from guanxi.rooms.customers.policies import ACCESS_DAYS
from guanxi.rooms.customers.queries import known_as
from guanxi.rooms.customers.rules import may_decide_request, may_last_until, may_withdraw

REQUEST = "customers.accessrequest"
CUSTOMER = "customers.customer"


def name_the_customer(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Find the customer that is named. Asking for it counts as asking whether it is known, with the same limit."""
    name = str(values.get("customer_name") or "").strip()
    if not name or record is not None:
        return values
    run(CHECK_KNOWN, ctx, CUSTOMER, data={"text": name})
    customer = known_as(name)
    if customer is None:
        raise Invalid(
            {"customer_name": [Message("No customer is known under exactly this name, number or credit code.")]}
        )
    return {**values, "customer": customer}


def _execute_create(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    deciders = [person for person in people_who_may(known.module.names, GRANT_ACCESS.name) if person != ctx.actor]
    for work in works:
        title = Message("%(person)s asks to see the archive of %(name)s", person=ctx.actor, name=work.result.customer)
        notify(deciders, title, work.result.purpose, REQUEST, work.result.pk, "access", at=ctx.now)
        _owe_decision(ctx, work.result, deciders)


def _owe_decision(ctx: Context, request: Any, deciders: Sequence[Person]) -> None:
    """Of those who may decide, who stands above the customer's account manager owes it, else the first."""
    if not deciders:
        return
    above = superior_of(request.customer.owner) if request.customer.owner else None
    owner = next((person for person in deciders if person == above), deciders[0])
    keeping.open_duty(
        DECIDE_ACCESS,
        key=str(request.pk),
        owner=owner,
        subject=f"{request.customer} · {ctx.actor}",
        at=ctx.now,
        module=REQUEST,
        record_id=request.pk,
        within=request.customer_id,
    )


#: The standard verb, which tells those who decide.
REQUEST_ACCESS = dataclasses.replace(CREATE, execute=_execute_create)


def _another_decides(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_decide_request(ctx.actor.pk, record.owner_id)


def _not_too_long(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    until = values.get("until") or record.wanted_until
    return may_last_until(until, ctx.today, value_of(ACCESS_DAYS, ctx.today))


def _only_the_requester(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_withdraw(ctx.actor.pk, record.owner_id)


def _settle(ctx: Context, record: Any, answer: str) -> None:
    record.decided_by, record.decided_on, record.answer = ctx.actor, ctx.today, answer
    keeping.discharge(DECIDE_ACCESS, key=str(record.pk), by=ctx.actor, at=ctx.now, evidence=(REQUEST, record.pk))


def _withdraw(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    keeping.drop(
        DECIDE_ACCESS, key=str(record.pk), reason=Message("The request was withdrawn."), at=ctx.now, by=ctx.actor
    )


def _tell_requester(ctx: Context, record: Any, title: Message) -> None:
    notify([record.owner], title, record.answer, REQUEST, record.pk, "access", at=ctx.now)


def _grant(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    until = values.get("until") or record.wanted_until
    _settle(ctx, record, values.get("answer") or "")
    record.granted_until = until
    give_grant(
        person=record.owner,
        module=CUSTOMER,
        record_id=record.customer_id,
        actions=("view",),
        begins=ctx.now,
        ends=_end_of(until),
        reason=str(Message("%(purpose)s (granted by %(person)s)", purpose=record.purpose, person=ctx.actor)),
        by=ctx.actor,
    )
    _tell_requester(
        ctx, record, Message("You may see the archive of %(name)s until %(day)s", name=record.customer, day=until)
    )


def _end_of(day: datetime.date) -> datetime.datetime:
    """The midnight after the day, in China."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def _refuse(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    _settle(ctx, record, values["answer"])
    _tell_requester(ctx, record, Message("Your request to see %(name)s was refused", name=record.customer_name))


def _end(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    end_grants(record.owner, CUSTOMER, record.customer_id, ctx.actor, ctx.now)
    record.granted_until = ctx.today


GRANT_ACCESS = Action(
    name="grant_access",
    label=_("Grant"),
    icon="lock-open",
    tone="ink",
    inputs=(
        asked(
            "until",
            _("until"),
            models.DateField(null=True, blank=True),
            help=_("Empty: as long as was asked for."),
        ),
        asked("answer", _("answer"), models.TextField(blank=True)),
    ),
    rules=(_another_decides, _not_too_long),
    states=(RequestState.OPEN,),
    to_state=RequestState.GRANTED,
    perform=_grant,
)
REFUSE_ACCESS = Action(
    name="refuse_access",
    label=_("Refuse"),
    icon="lock",
    inputs=(asked("answer", _("answer"), models.TextField(), required=True),),
    rules=(_another_decides,),
    states=(RequestState.OPEN,),
    to_state=RequestState.REFUSED,
    perform=_refuse,
)
WITHDRAW_REQUEST = Action(
    name="withdraw_request",
    label=_("Withdraw"),
    icon="arrow-back-up",
    rules=(_only_the_requester,),
    states=(RequestState.OPEN,),
    to_state=RequestState.WITHDRAWN,
    perform=_withdraw,
)
END_ACCESS = Action(
    name="end_access",
    label=_("End the access"),
    icon="lock",
    confirm=_("The person cannot see the archive any more. Continue?"),
    states=(RequestState.GRANTED,),
    to_state=RequestState.ENDED,
    perform=_end,
)
