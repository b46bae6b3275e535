"""Reports over the customers a person may see: won and lost, sources, rankings, books, contributions."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum, Value

from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.models import Customer, IntelligenceNote, MarketFlow, PolicyNote
from guanxi.rooms.customers.models.customer import Stage
from guanxi.rooms.customers.models.market import Direction, WentTo
from guanxi.rooms.customers.picklists import DEALING_STATUSES, INTERNAL_RELATIONS
from guanxi.rooms.customers.policies import QUIET_DAYS
from guanxi.rooms.customers.queries.figures import has_dealings

#: Stands for a policy note where the kinds of source of notes are told.
_POLICY = "policy note"


@dataclass(frozen=True)
class CompetitorResult:
    """Orders of one customer that came to us or went to one competitor."""

    customer: str
    customer_id: uuid.UUID
    competitor: str
    won: int
    lost: int
    won_amount: Decimal
    lost_amount: Decimal


def won_and_lost(ctx: Context) -> list[CompetitorResult]:
    """Won and lost orders by customer and competitor (ARC-07)."""
    flows: QuerySet[MarketFlow] = ctx.search("customers.marketflow").filter(direction=Direction.SALE)
    rows = (
        flows.values("customer_id", "customer__name", "competitor__name", "went_to")
        .annotate(orders=Count("id"), total=Sum("amount"))
        .order_by("customer__name", "competitor__name")
    )
    found: dict[tuple[uuid.UUID, str], CompetitorResult] = {}
    for row in rows:
        key = (row["customer_id"], row["competitor__name"] or "")
        before = found.get(key) or CompetitorResult(
            row["customer__name"], row["customer_id"], key[1], 0, 0, Decimal(0), Decimal(0)
        )
        amount = row["total"] or Decimal(0)
        won = row["went_to"] == WentTo.US
        found[key] = CompetitorResult(
            before.customer,
            before.customer_id,
            before.competitor,
            before.won + (row["orders"] if won else 0),
            before.lost + (0 if won else row["orders"]),
            before.won_amount + (amount if won else 0),
            before.lost_amount + (0 if won else amount),
        )
    return list(found.values())


@dataclass(frozen=True)
class InStage:
    """How many customers are in one stage of the sales process, how many came lately, and since when the first."""

    customers: int = 0
    recently: int = 0
    oldest_on: datetime.date | None = None


def by_stage(ctx: Context) -> dict[str, InStage]:
    """Every stage with the customers the person may see in it (VIS-01)."""
    since = ctx.today - datetime.timedelta(days=30)
    rows = (
        ctx.search("customers.customer")
        .order_by()
        .values_list("stage")
        .annotate(n=Count("id"), new=Count("id", filter=Q(stage_on__gte=since)), oldest=Min("stage_on"))
    )
    found = {stage: InStage(n, new, oldest) for stage, n, new, oldest in rows}
    return {stage: found.get(stage, InStage()) for stage in Stage.values}


def by_source(ctx: Context) -> list[dict[str, Any]]:
    """Customers and won orders per source of the customer (WF-08)."""
    customers = dict(
        ctx.search("customers.customer")
        .values_list("source")
        .annotate(n=Count("id"))
        .order_by()
        .values_list("source", "n")
    )
    won = (
        ctx.search("customers.marketflow")
        .filter(went_to=WentTo.US, direction=Direction.SALE, customer__deleted_at=None)
        .values("customer__source")
        .annotate(orders=Count("id"), amount=Sum("amount"), buyers=Count("customer", distinct=True))
        .order_by()
    )
    deals = {row["customer__source"]: row for row in won}
    return [
        {
            "source": source,
            "customers": customers.get(source, 0),
            "orders": deals.get(source, {}).get("orders", 0),
            "amount": deals.get(source, {}).get("amount") or Decimal(0),
        }
        for source in sorted(set(customers) | set(deals), key=lambda key: -customers.get(key, 0))
    ]


def not_internal(prefix: str = "") -> Q:
    """Leaves out employees, shareholders and operators: they never appear in sales rankings (ARC-41)."""
    condition = Q()
    for relation in INTERNAL_RELATIONS:
        condition &= ~Q(**{f"{prefix}relations__contains": f"|{relation}|"})
    return condition


def sales_ranking(ctx: Context, limit: int = 50) -> list[Customer]:
    """Customers by their sales of the last twelve months, internal relations left out (ARC-41)."""
    rows = ctx.search("customers.customer").filter(not_internal(), sales_12m__gt=0).select_related("owner")
    return list(rows.order_by("-sales_12m", "name")[:limit])


@dataclass(frozen=True)
class MissingBooks:
    """A customer that lacks one of the three obligatory books (ARC-40)."""

    customer: Customer
    visits: bool
    dealings: bool
    directory: bool


def incomplete_books(ctx: Context, limit: int = 200) -> list[MissingBooks]:
    """Dealing customers without a visit log, a purchase-and-sale record or a contact directory (ARC-40)."""
    customers = list(
        ctx.search("customers.customer")
        .filter(status__in=DEALING_STATUSES)
        .annotate(contact_count=Count("contacts", filter=Q(contacts__deleted_at=None)))
        .select_related("owner")
        .order_by("name")
    )
    ids = [customer.pk for customer in customers]
    visited: set[uuid.UUID] = set()
    for source in sources.contact_sources:
        visited.update(source.last_contacts(ids))
    traded = has_dealings(ids)
    lacking = [
        MissingBooks(row, row.pk not in visited, row.pk not in traded, row.contact_count == 0) for row in customers
    ]
    return [row for row in lacking if row.visits or row.dealings or row.directory][:limit]


def upkeep_by_owner(ctx: Context) -> list[dict[str, Any]]:
    """Per owner: customers, how many were spoken to within the quiet days, how many not, and when last (SAL-14)."""
    since = ctx.today - datetime.timedelta(days=value_of(QUIET_DAYS, ctx.today))
    rows = ctx.search("customers.customer").values("owner_id", "owner__name", "department__name")
    return list(
        rows.annotate(
            customers=Count("id"),
            contacted=Count("id", filter=Q(last_contact_on__gte=since)),
            quiet=Count("id", filter=Q(last_contact_on__lt=since) | Q(last_contact_on=None)),
            last=Max("last_contact_on"),
        ).order_by("department__name", "owner__name")
    )


def key_accounts_without_policy_note(ctx: Context) -> QuerySet[Customer]:
    """Key accounts for which nobody has noted the trade policy of their market area (ARC-06)."""
    return (
        ctx.search("customers.customer")
        .filter(key_account=True)
        .exclude(policy_notes__deleted_at=None, policy_notes__isnull=False)
        .select_related("owner")
        .order_by("name")
    )


def notes_on(customer: Customer) -> tuple[int, frozenset[str], int]:
    """Numbers of a customer's policy notes (ARC-06) and other notes, with the kinds of source of these (ARC-36)."""
    notes = IntelligenceNote.objects.filter(customer=customer, deleted_at=None).order_by().values_list("source")
    policy = PolicyNote.objects.filter(customer=customer, deleted_at=None).order_by().values_list(Value(_POLICY))
    found = [source for (source,) in notes.union(policy, all=True)]
    sources = [source for source in found if source != _POLICY]
    return len(found) - len(sources), frozenset(sources), len(sources)


def contributions_by_employee(ctx: Context) -> list[dict[str, Any]]:
    """How much each employee has contributed to the archive, and how much of it was filed (ARC-23)."""
    rows = ctx.search("customers.contribution").values("created_by__name", "created_by__department__name")
    return list(
        rows.annotate(
            total=Count("id"),
            filed=Count("id", filter=Q(state="filed")),
            waiting=Count("id", filter=Q(state="waiting")),
        ).order_by("-total", "created_by__name")
    )
