"""Which customers go to the public pool and when, who may claim them, and what keeps them where they are."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from guanxi.kernel.messages import Message
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.rooms.customers.duties import KEEP_CUSTOMER
from guanxi.rooms.customers.models import Customer, PoolEntry, PoolState
from guanxi.rooms.customers.policies import POOL_CONTACT_DAYS, POOL_DEAL_DAYS, POOL_WARNING_DAYS
from guanxi.rooms.customers.rules import goes_on
from guanxi.rooms.customers.sources import dealing_sources, pool_objections

CUSTOMER, POOL = "customers.customer", "customers.poolentry"
LEVELS = {"A": Q(demand_level="A"), "B": Q(demand_level="B"), "C": ~Q(demand_level__in=("A", "B"))}


@dataclass(frozen=True)
class Leaving:
    """A customer that its owner is about to lose; `last_day`: on it contact, or a sale, still keeps it."""

    customer: Customer
    last_day: datetime.date


def leaving(today: datetime.date) -> list[Leaving]:
    """Who is to be warned of losing which customer; what somebody works on, and key accounts, are none of them."""
    found: dict[uuid.UUID, Leaving] = {}
    for level in LEVELS:
        for each in (*_without_contact(level, today), *_without_deal(level, today)):
            found.setdefault(each.customer.pk, each)
    kept = pool_kept(list(found))
    return [each for key, each in found.items() if key not in kept]


def _held_since(day: datetime.date) -> QuerySet[Any]:
    """Customers that can be lost and came into the company's, and by the pool into somebody's, hands by that day."""
    night = datetime.datetime.combine(day, datetime.time.max, CHINA)
    rows = Customer.objects.filter(deleted_at=None, owner__isnull=False, key_account=False, created_at__lte=night)
    taken = rows.annotate(taken_on=Max("pool_entries__taken_on")).filter(Q(taken_on=None) | Q(taken_on__lte=day))
    return taken.select_related("owner__department").order_by("pk")


def _without_contact(level: str, today: datetime.date) -> list[Leaving]:
    days, warning = value_of(POOL_CONTACT_DAYS[level], today), value_of(POOL_WARNING_DAYS, today)
    if not days:
        return []
    horizon = today - datetime.timedelta(days=max(days - warning, 0))
    silent = Q(last_contact_on=None) | Q(last_contact_on__lte=horizon)
    told = []
    for customer in _held_since(horizon).filter(LEVELS[level], silent):
        assert customer.created_at is not None
        known = (customer.last_contact_on, customer.taken_on, local(customer.created_at).date())
        last_day = goes_on(max(day for day in known if day is not None), days, today, warning)
        if last_day is not None:
            told.append(Leaving(customer, last_day))
    return told


def _without_deal(level: str, today: datetime.date) -> list[Leaving]:
    days, warning = value_of(POOL_DEAL_DAYS[level], today), value_of(POOL_WARNING_DAYS, today)
    if not days:
        return []
    horizon = today - datetime.timedelta(days=max(days - warning, 0))
    rows = {row.pk: row for row in _held_since(horizon).filter(LEVELS[level])}
    bought = {
        key for source in dealing_sources for key, sum_ in source.sales_since(list(rows), horizon).items() if sum_
    }
    last_day = today + datetime.timedelta(days=warning)
    return [Leaving(row, last_day) for key, row in rows.items() if key not in bought]


def pool_kept(customers: Sequence[uuid.UUID]) -> dict[uuid.UUID, Message]:
    """Which of these customers must stay with their owner, each with one reason why."""
    if not customers:
        return {}
    waiting = PendingAction.objects.filter(
        module=CUSTOMER, record_id__in=customers, state=PendingAction.State.WAITING
    ).values_list("record_id", flat=True)
    found = {key: Message("a request concerning it waits for approval.") for key in waiting if key is not None}
    for source in pool_objections:
        found = {**source(customers), **found}
    return found


def warned(customers: Sequence[uuid.UUID] | None = None) -> QuerySet[Obligation]:
    """The warnings that stand, of these customers or of all: whoever owes the contact, and until when."""
    rows = Obligation.objects.filter(duty=KEEP_CUSTOMER.name, state=State.OPEN)
    return rows if customers is None else rows.filter(record_id__in=customers)


def leaves_after(ctx: Context, customer: Customer) -> datetime.date | None:
    """The last day on which contact keeps a customer of which a warning stands; None for most, without asking."""
    level = customer.demand_level if customer.demand_level in LEVELS else "C"
    days, warning = ctx.value_of(POOL_CONTACT_DAYS[level]), ctx.value_of(POOL_WARNING_DAYS)
    quiet_since = ctx.today - datetime.timedelta(days=max(days - warning, 0))
    is_spoken_to = not days or (customer.last_contact_on is not None and customer.last_contact_on > quiet_since)
    if is_spoken_to and not ctx.value_of(POOL_DEAL_DAYS[level]):
        return None
    return warned([customer.pk]).values_list("due_on", flat=True).first()


def about_to_leave(ctx: Context, most: int) -> list[Leaving]:
    """The customers this person sees that are about to be taken back, the next first."""
    rows = warned().filter(record_id__in=ctx.search(CUSTOMER).values("pk")).order_by("due_on", "pk")[:most]
    due = {row.record_id: row.due_on for row in rows}
    customers = ctx.search(CUSTOMER).filter(pk__in=list(due)).select_related("owner").in_bulk()
    return [Leaving(customers[key], day) for key, day in due.items() if key in customers]


def given_up_on(customer: uuid.UUID, person: Person) -> datetime.date | None:
    """When a person last gave this customer up, or lost it."""
    return PoolEntry.objects.filter(customer=customer, lost_by=person).aggregate(last=Max("entered_on"))["last"]


def held_by(person: Person) -> int:
    """How many customers a person looks after."""
    return Customer.objects.filter(owner=person, deleted_at=None).exclude(status="lost").count()


def claimed_by(person: Person, on: datetime.date) -> int:
    """How many customers a person claimed on a day."""
    return PoolEntry.objects.filter(owner=person, state=PoolState.CLAIMED, taken_on=on).count()
