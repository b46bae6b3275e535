"""How good the archives are: timely, accurate and complete, per account manager and per customer (ARC-37)."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from django.db import models
from django.db.models import Avg, Case, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from guanxi.platform.calendar import local
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.rooms.customers.models import BLOCKS, Customer, DataCheck
from guanxi.rooms.customers.models.quality import Finding
from guanxi.rooms.customers.policies import ACCURACY_DAYS, UPDATE_DAYS
from guanxi.rooms.customers.rules import is_timely, share_percent


@dataclass(frozen=True)
class Checks:
    """What the checks of the last time found: how many fields were looked at, and how many of them were wrong."""

    checked: int = 0
    wrong: int = 0

    @property
    def accurate(self) -> int | None:
        """The share of checked fields that were right, in per cent; None where nothing was checked."""
        return share_percent(self.checked - self.wrong, self.checked)


@dataclass(frozen=True)
class OwnerQuality:
    """The archives of one account manager; `timely` and `complete` in per cent."""

    owner_id: uuid.UUID | None
    owner: str
    department: str
    customers: int
    timely: int
    complete: int
    checks: Checks


@dataclass(frozen=True)
class CustomerQuality:
    """One archive: days since it was last updated or checked, completeness in per cent, and what checks found."""

    customer: Customer
    age_days: int
    timely: bool
    complete: int
    checks: Checks


def quality_by_owner(ctx: Context) -> list[OwnerQuality]:
    """The three indicators per account manager over the customers the person may see; two statements in all."""
    since = ctx.today - datetime.timedelta(days=value_of(UPDATE_DAYS, ctx.today))
    midnight = timezone.make_aware(datetime.datetime.combine(since, datetime.time()))
    recent_check = DataCheck.objects.filter(customer=OuterRef("pk"), deleted_at=None, checked_on__gte=since)
    rows = (
        ctx.search("customers.customer")
        .annotate(is_timely=Q(changed_at__gte=midnight) | Q(Exists(recent_check)), filled=_completeness())
        .values("owner_id", "owner__name", "department__name")
        .annotate(customers=Count("id"), timely=Count("id", filter=Q(is_timely=True)), complete=Avg("filled"))
        .order_by("department__name", "owner__name")
    )
    checks = _checks(ctx, "customer__owner_id")
    return [
        OwnerQuality(
            owner_id=row["owner_id"],
            owner=row["owner__name"] or "",
            department=row["department__name"] or "",
            customers=row["customers"],
            timely=share_percent(row["timely"], row["customers"]) or 0,
            complete=int(row["complete"]),
            checks=checks.get(row["owner_id"], Checks()),
        )
        for row in rows
    ]


def quality_by_customer(ctx: Context, owner: uuid.UUID | None = None, limit: int = 2000) -> list[CustomerQuality]:
    """The three indicators per customer, the least complete first; of one account manager when he is named."""
    target = value_of(UPDATE_DAYS, ctx.today)
    rows = ctx.search("customers.customer")
    if owner is not None:
        rows = rows.filter(owner=owner)
    last_check = (
        DataCheck.objects.filter(customer=OuterRef("pk"), deleted_at=None)
        .order_by()
        .values("customer")
        .annotate(last=Max("checked_on"))
        .values("last")
    )
    annotated = rows.select_related("owner").annotate(filled=_completeness(), last_check=last_check)
    checks = _checks(ctx, "customer_id")
    return [
        CustomerQuality(
            customer=row,
            age_days=(age := _age_days(row, ctx.today)),
            timely=is_timely(age, target),
            complete=row.filled,
            checks=checks.get(row.pk, Checks()),
        )
        for row in annotated.order_by("filled", "name", "pk")[:limit]
    ]


def _age_days(row: Any, today: datetime.date) -> int:
    """Days since somebody last wrote the customer or looked whether it is right."""
    days = [row.last_check, local(row.changed_at).date() if row.changed_at else None]
    last = max((day for day in days if day is not None), default=today)
    return max(0, (today - last).days)


def _checks(ctx: Context, per: str) -> dict[Any, Checks]:
    """What the checks of the accuracy's days found, of living customers, by the column `per`."""
    since = ctx.today - datetime.timedelta(days=value_of(ACCURACY_DAYS, ctx.today))
    rows: QuerySet[Any] = ctx.search("customers.datacheck").filter(
        checked_on__gt=since, checked_on__lte=ctx.today, customer__deleted_at=None
    )
    counted = (
        rows.order_by()
        .values_list(per)
        .annotate(checked=Count("id"), wrong=Count("id", filter=Q(finding=Finding.WRONG)))
    )
    return {key: Checks(checked, wrong) for key, checked, wrong in counted}


def _completeness() -> Any:
    """`queries.completeness` as SQL: the mean over the blocks of each block's whole per cent."""
    blocks = [
        reduce(add, (_is_filled(name) for name in names)) * Value(100) / Value(len(names))
        for _key, _label, names in BLOCKS
    ]
    return models.ExpressionWrapper(reduce(add, blocks) / Value(len(blocks)), output_field=models.IntegerField())


def _is_filled(name: str) -> Any:
    nullable = Customer._meta.get_field(name).null
    empty = Q(**{f"{name}__isnull": True}) if nullable else Q(**{name: ""})
    return Case(When(empty, then=Value(0)), default=Value(1))
