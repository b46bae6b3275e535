"""Giving customers to the public pool and taking them from it (ADR 0068)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import Problem, Refused
from guanxi.kernel.messages import Message
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.audit import entries as audit
from guanxi.platform.calendar import local
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records import derived, registry
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.events import RecordsWritten
from guanxi.records.fields import asked
from guanxi.records.standard import ASSIGN
from guanxi.rooms.customers import queries
from guanxi.rooms.customers.duties import KEEP_CUSTOMER
from guanxi.rooms.customers.models import Customer, PoolCause, PoolEntry, PoolState
from guanxi.rooms.customers.policies import POOL_CLAIMS_A_DAY, POOL_MOST_HELD, POOL_REST_DAYS
from guanxi.rooms.customers.queries import CUSTOMER, POOL
from guanxi.rooms.customers.rules import may_be_claimed_by, may_claim_another, may_leave_its_owner

#: What people do by which a customer leaves the pool besides claiming it.
_OWNING = frozenset({"edit", "assign"})


# ---- Into the pool ---------------------------------------------------------------------------------------------------


def _nothing_is_running(ctx: Context, customer: Any, values: Mapping[str, Any]) -> Decision:
    return may_leave_its_owner(customer.owner_id is not None, queries.pool_kept([customer.pk]).get(customer.pk))


def _give_up(cause: PoolCause) -> Any:
    """The customer is nobody's from now on, and stands in the pool; who is owed nothing of it any more is told."""

    def perform(ctx: Context, customer: Any, values: dict[str, Any]) -> None:
        owner = customer.owner
        customer.owner = customer.department = None
        _enter(ctx, customer, owner, cause)
        for key in queries.warned([customer.pk]).values_list("key", flat=True):
            keeping.drop(KEEP_CUSTOMER, key=key, reason=Message("The customer is in the public pool."), at=ctx.now)
        if owner is not None and owner.pk != ctx.actor.pk:
            title = Message("%(name)s is in the public pool from now on", name=customer.name)
            notify([owner], title, ctx.reason, POOL, None, "assigned", at=ctx.now)

    return perform


def _enter(ctx: Context, customer: Customer, owner: Person | None, cause: PoolCause) -> None:
    who = {"created_by": ctx.actor, "changed_by": ctx.actor, "created_at": ctx.now, "changed_at": ctx.now}
    entry = PoolEntry.objects.create(
        customer=customer, name=customer.name, province=customer.province, city=customer.city,
        demand_level=customer.demand_level, last_contact_on=customer.last_contact_on, cause=cause,
        entered_on=ctx.today, reason=ctx.reason, lost_by=owner, **who,
    )  # fmt: skip
    derived.add(registry.entry(POOL), [entry])
    audit.write([ctx.entry("create", module=POOL, record_id=entry.pk, record_label=entry.name)])


def _is_somebodys(customer: Any) -> bool:
    return customer.owner_id is not None


RETURN_TO_POOL = Action(
    name="return_to_pool",
    label=_("Return to the pool"),
    icon="arrow-back-up",
    rare=True,
    bulk=True,
    asks_reason=True,
    rules=(_nothing_is_running,),
    fits=_is_somebodys,
    perform=_give_up(PoolCause.RETURNED),
    may_leave_scope=True,
    undoable=False,
)
RECYCLE_CUSTOMER = Action(
    name="recycle_customer",
    label=_("Take back to the pool"),
    icon="user-minus",
    rare=True,
    bulk=True,
    asks_reason=True,
    rules=(_nothing_is_running,),
    fits=_is_somebodys,
    perform=_give_up(PoolCause.RECYCLED),
    may_leave_scope=True,
    undoable=False,
)


# ---- Out of the pool -------------------------------------------------------------------------------------------------


def _has_rested(ctx: Context, entry: Any, values: Mapping[str, Any]) -> Decision:
    rest = value_of(POOL_REST_DAYS, ctx.today)
    return may_be_claimed_by(queries.given_up_on(entry.customer_id, ctx.actor), ctx.today, rest)


def _claim(ctx: Context, entry: Any, values: dict[str, Any]) -> None:
    """Counted under a lock of the person, so that no two claims at once are both the last that is allowed."""
    Person.objects.select_for_update(no_key=True).get(pk=ctx.actor.pk)
    decision = may_claim_another(
        queries.held_by(ctx.actor), value_of(POOL_MOST_HELD, ctx.today),
        queries.claimed_by(ctx.actor, ctx.today), value_of(POOL_CLAIMS_A_DAY, ctx.today),
    )  # fmt: skip
    if not decision.allowed:
        raise Refused(decision)
    _hand_over(ctx, entry, ctx.actor, PoolState.CLAIMED)


def _looks_after_customers(ctx: Context, entry: Any, values: Mapping[str, Any]) -> Decision:
    person = values["owner"]
    if people_who_may(registry.entry(POOL).module.names, CLAIM.name).filter(pk=person.pk).exists():
        return Decision.allow()
    return refuse("SAL-14", Message("%(person)s looks after no customers.", person=person.name))


def _assign(ctx: Context, entry: Any, values: dict[str, Any]) -> None:
    """Neither caps nor rest bind the manager: whose the customer becomes is his decision."""
    _hand_over(ctx, entry, values["owner"], PoolState.ASSIGNED)


def _hand_over(ctx: Context, entry: PoolEntry, person: Person, state: PoolState) -> None:
    """Assigned like any customer: history, the week for the first contact and the notice follow from that."""
    entry.state, entry.owner, entry.department, entry.taken_on = state, person, person.department, ctx.today
    # Written at once, so that the next of the same batch counts it.
    PoolEntry.objects.filter(pk=entry.pk).update(state=state, owner=person, taken_on=ctx.today)
    because = ctx.as_program().because(ctx.reason or str(Message("Taken from the public pool")))
    run(ASSIGN, because, CUSTOMER, entry.customer_id, {"owner": person}, confirmed=True)


CLAIM = Action(
    name="claim_customer",
    label=_("Claim"),
    icon="user-plus",
    tone="ink",
    bulk=True,
    states=(PoolState.FREE,),
    rules=(_has_rested,),
    perform=_claim,
    may_leave_scope=True,
    undoable=False,
)
ASSIGN_FROM_POOL = Action(
    name="assign_from_pool",
    label=_("Assign"),
    icon="user-share",
    bulk=True,
    states=(PoolState.FREE,),
    inputs=(asked("owner", _("the customer is of"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_looks_after_customers,),
    perform=_assign,
    may_leave_scope=True,
    undoable=False,
)


def leave_pool(event: RecordsWritten, at: datetime.datetime) -> None:
    """Customers were given to somebody by other ways, from their own page or shared out: they left the pool, too."""
    if event.module != CUSTOMER or event.action not in _OWNING:
        return
    free = PoolEntry.objects.filter(
        customer__in=event.records, customer__owner__isnull=False, state=PoolState.FREE, deleted_at=None
    )
    for entry in free.select_related("customer"):
        owner, department = entry.customer.owner_id, entry.customer.department_id
        PoolEntry.objects.filter(pk=entry.pk).update(
            state=PoolState.ASSIGNED, owner=owner, department=department, taken_on=local(at).date(), changed_at=at,
            version=models.F("version") + 1,
        )  # fmt: skip


# ---- By night --------------------------------------------------------------------------------------------------------


def settle_pool(at: datetime.datetime) -> None:
    """Each night: who had been warned and did nothing loses the customer, who is about to is warned (SAL-14)."""
    actor = people_who_may(registry.entry(CUSTOMER).module.names, RECYCLE_CUSTOMER.name).order_by("pk").first()
    today = local(at).date()
    if actor is None:
        return
    ctx = system_context(actor, source="job", now=at)
    _take_in(ctx)
    due = {each.customer.pk: each for each in queries.leaving(today)}
    for row in list(queries.warned().select_related("owner")):
        each = due.get(_record(row))
        if each is None or each.customer.owner_id != row.owner_id:
            _end(row, at)
        elif row.due_on < today:
            _recycle(ctx, each.customer, row)
    owed = set(queries.warned().values_list("record_id", flat=True))
    keeping.open_many(
        KEEP_CUSTOMER,
        (
            keeping.Opening(
                f"{key}/{today}", each.customer.owner, each.customer.name, each.last_day, CUSTOMER, key, key
            )
            for key, each in due.items()
            if key not in owed and each.customer.owner is not None
        ),
        at,
    )


def _take_in(ctx: Context) -> None:
    """Customers that nobody looks after stand in the pool without anybody having put them there."""
    in_pool = PoolEntry.objects.filter(state=PoolState.FREE, deleted_at=None).values("customer")
    for customer in Customer.objects.filter(owner=None, deleted_at=None).exclude(pk__in=in_pool).order_by("pk"):
        with transaction.atomic():
            locked = Customer.objects.select_for_update().get(pk=customer.pk)
            if locked.owner_id is None and locked.deleted_at is None:
                _enter(ctx, locked, None, PoolCause.NOBODYS)


def _recycle(ctx: Context, customer: Customer, row: Obligation) -> None:
    """Something may have begun since the customers were looked at: then it stays, and is looked at again tomorrow."""
    because = ctx.because(str(Message("Neither contact nor sale until %(day)s", day=row.due_on)))
    try:
        with transaction.atomic():
            locked = Customer.objects.select_for_update().get(pk=customer.pk)
            if locked.owner_id == row.owner_id and locked.last_contact_on == customer.last_contact_on:
                run(RECYCLE_CUSTOMER, because, CUSTOMER, locked.pk, confirmed=True)
    except Problem:
        return


def note_kept(customers: Iterable[uuid.UUID], at: datetime.datetime) -> None:
    """Customers were contacted: who was warned of losing them has done what was asked."""
    for row in queries.warned(list(customers)).select_related("owner"):
        if _was_kept(row):
            _end(row, at)


def _end(row: Obligation, at: datetime.datetime) -> None:
    if _was_kept(row):
        keeping.discharge(KEEP_CUSTOMER, key=row.key, by=row.owner, at=at, evidence=(CUSTOMER, _record(row)))
    else:
        keeping.drop(KEEP_CUSTOMER, key=row.key, reason=Message("The customer stays where it is."), at=at)


def _was_kept(row: Obligation) -> bool:
    """Whether there was contact since the warning."""
    since = local(row.opened_at).date()
    return Customer.objects.filter(pk=_record(row), owner=row.owner_id, last_contact_on__gte=since).exists()


def _record(row: Obligation) -> uuid.UUID:
    assert row.record_id is not None
    return row.record_id
