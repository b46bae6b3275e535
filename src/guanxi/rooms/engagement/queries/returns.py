"""Who is to be visited again, and when: an interval for each customer, counted from its last visit (VIS-05)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from guanxi.platform import calendar
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.engagement.duties import RETURN_VISIT
from guanxi.rooms.engagement.models import FollowUp, VisitReport
from guanxi.rooms.engagement.policies import VISIT_AHEAD_DAYS, VISIT_DAYS

CUSTOMER = "customers.customer"


def intervals(on: datetime.date) -> dict[str, int]:
    """After how many days a customer of each demand level is visited again."""
    return {level: value_of(parameter, on) for level, parameter in VISIT_DAYS.items()}


def due_day(last: datetime.date, own_days: int | None, level: str, days: Mapping[str, int]) -> datetime.date:
    """When a customer is to be visited again: its own interval counts before that of its level."""
    return last + datetime.timedelta(days=own_days or days.get(level, days[""]))


def last_visits(customers: Sequence[uuid.UUID] | None = None) -> dict[uuid.UUID, datetime.date]:
    """The day of the last visit of each customer that had one: reports, and follow-ups that were visits."""
    reports = VisitReport.objects.filter(deleted_at=None)
    talks = FollowUp.objects.filter(deleted_at=None, kind="visit")
    if customers is not None:
        reports, talks = reports.filter(customer__in=customers), talks.filter(customer__in=customers)
    rows = reports.order_by().values_list("customer").annotate(last=Max("visited_on"))
    found: dict[uuid.UUID, datetime.date] = dict(rows.iterator())
    for pk, moment in talks.order_by().values_list("customer").annotate(last=Max("happened_at")).iterator():
        day = calendar.local(moment).date()
        found[pk] = max(day, found.get(pk, day))
    return found


def return_visits(today: datetime.date) -> Iterator[Opening]:
    """What is to be owed by now: the customers whose interval has passed or soon will."""
    days, visits = intervals(today), last_visits()
    announced = today + datetime.timedelta(days=value_of(VISIT_AHEAD_DAYS, today))
    rows = Customer.objects.filter(deleted_at=None, owner__isnull=False).select_related("owner")
    for customer in rows.only("name", "visit_days", "demand_level", "owner").iterator():
        last = visits.get(customer.pk)
        if last is None or customer.owner is None:
            continue
        due = due_day(last, customer.visit_days, customer.demand_level, days)
        if due <= announced:
            yield Opening(
                f"{customer.pk}/{due}/{last}", customer.owner, customer.name, due, CUSTOMER, customer.pk, customer.pk
            )


@dataclass(frozen=True)
class Due:
    """A customer that is to be visited again: since when nobody was there, and by when somebody is."""

    customer: Any
    owner: Any
    last: datetime.date
    due_on: datetime.date
    is_planned: bool

    def days_late(self, today: datetime.date) -> int:
        return max(0, (today - self.due_on).days)


def due_visits(ctx: Context, *, mine: bool, limit: int) -> list[Due]:
    """The customers the person sees that are due for a visit, the longest overdue first; `mine`: what he owes himself.

    A visit that is planned already is told.
    """
    owed = keeping.open_items(RETURN_VISIT).select_related("owner")
    if mine:
        owed = owed.filter(owner__in=ctx.rights.owner_ids)
    seen = ctx.search(CUSTOMER)
    rows: list[Obligation] = list(owed.filter(record_id__in=seen.values("pk"))[:limit])
    keys = [row.record_id for row in rows]
    customers = seen.select_related("owner").in_bulk(keys)
    planned = set(
        ctx.search("engagement.visitplan").filter(customer__in=keys).exclude(state__in=("reported", "called_off"))
        .values_list("customer", flat=True)
    )  # fmt: skip
    return [
        Due(customers[row.record_id], row.owner, datetime.date.fromisoformat(row.key.rpartition("/")[2]), row.due_on,
            row.record_id in planned)
        for row in rows if row.record_id in customers
    ]  # fmt: skip
