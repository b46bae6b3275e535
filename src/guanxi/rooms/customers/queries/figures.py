"""Figures of a customer that follow from other records, and the market flow as the first source of dealings."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from guanxi.kernel.dates import add_months
from guanxi.platform.prepared import Prepared
from guanxi.records import history
from guanxi.records.context import Context
from guanxi.records.events import Event, RecordsWritten, publish
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.models import Customer, MarketFlow
from guanxi.rooms.customers.models.market import Direction, WentTo


@dataclass(frozen=True)
class CustomersContacted(Event):
    """The day of the last contact with these customers has become another."""

    customers: tuple[uuid.UUID, ...]


def refresh_figures(customers: Iterable[uuid.UUID], today: datetime.date) -> None:
    """Work out last contact and sales of the last twelve months again from what the sources know (ARC-32, SAL-14).

    Derived columns: written past the version, because nobody entered anything.
    """
    ids = list(dict.fromkeys(customers))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        due = worked_out_figures(part, today)
        changed, contacted = [], []
        for row in Customer.objects.filter(pk__in=part).only("last_contact_on", "sales_12m"):
            if (row.last_contact_on, row.sales_12m) != due[row.pk]:
                if row.last_contact_on != due[row.pk][0]:
                    contacted.append(row.pk)
                row.last_contact_on, row.sales_12m = due[row.pk]
                changed.append(row)
        if changed:
            Customer.objects.bulk_update(changed, ["last_contact_on", "sales_12m"], batch_size=250)
        if contacted:
            publish(CustomersContacted(tuple(contacted)))


def worked_out_figures(
    customers: Iterable[uuid.UUID], today: datetime.date
) -> dict[uuid.UUID, tuple[datetime.date | None, Decimal]]:
    """Each customer's last contact and sales of the last twelve months (yuan) as the sources have them on that day."""
    ids = list(customers)
    contacts: dict[uuid.UUID, datetime.date] = {}
    for source in sources.contact_sources:
        for pk, day in source.last_contacts(ids).items():
            contacts[pk] = max(day, contacts.get(pk, day))
    sales: dict[uuid.UUID, Decimal] = {}
    since = add_months(today, -12)
    for dealing in sources.dealing_sources:
        for pk, amount in dealing.sales_since(ids, since).items():
            sales[pk] = sales.get(pk, Decimal(0)) + amount
    return {pk: (contacts.get(pk), sales.get(pk, Decimal(0))) for pk in ids}


def every_customer() -> list[uuid.UUID]:
    """All living customers, for working out their figures again."""
    return list(Customer.objects.filter(deleted_at=None).order_by("pk").values_list("pk", flat=True))


def touched_customers(event: RecordsWritten, model: type[Any]) -> list[uuid.UUID]:
    """The customers whose figures an event may have changed: those the records belong to now, and did before."""
    now = set(model._default_manager.filter(pk__in=event.records).values_list("customer", flat=True))
    before = history.former_links(event.module, event.records, "customer") if event.action != "create" else set()
    return [pk for pk in now | before if pk is not None]


def _counted_once() -> Q:
    """Entries of the market flow that no document stands for."""
    told = Q()
    for numbers in sources.counted_numbers:
        told &= ~Q(order_number__in=numbers())
    return told


_BY_MONTH = Prepared(
    lambda customers, since: (
        MarketFlow.objects.filter(
            _counted_once(),
            customer__in=customers,
            ordered_on__gte=since,
            went_to=WentTo.US,
            direction=Direction.SALE,
            deleted_at=None,
        )
        .annotate(month=TruncMonth("ordered_on"))
        .values_list("month")
        .annotate(total=Sum("amount"))
        .order_by()
    )
)


class MarketFlowDealings:
    """Orders of the market flow that came to us or that we placed with the customer, as purchase-and-sale record."""

    def sales_since(self, customers: Iterable[uuid.UUID], day: datetime.date) -> Mapping[uuid.UUID, Decimal]:
        """What each customer ordered of us since the day, in yuan."""
        ids = list(customers)
        found: dict[uuid.UUID, Decimal] = {}
        for start in range(0, len(ids), 500):
            rows = MarketFlow.objects.filter(
                _counted_once(), customer__in=ids[start : start + 500], ordered_on__gte=day,
                went_to=WentTo.US, direction=Direction.SALE, deleted_at=None,
            ).values_list("customer")  # fmt: skip
            found.update({pk: total or Decimal(0) for pk, total in rows.annotate(total=Sum("amount")).order_by()})
        return found

    def sales_by_month(self, customers: Iterable[uuid.UUID], since: datetime.date) -> Mapping[datetime.date, Decimal]:
        """What the customers together ordered of us, by month."""
        return {month: total or Decimal(0) for month, total in _BY_MONTH.rows(customers=list(customers), since=since)}

    def dealings(self, ctx: Context, customer: Any) -> Iterable[sources.Dealing]:
        """Sales to and purchases from the customer, newest first."""
        rows = ctx.search("customers.marketflow").filter(_counted_once(), customer=customer, went_to=WentTo.US)
        for row in rows.select_related("product").order_by("-ordered_on", "-created_at"):
            yield sources.Dealing(
                on=row.ordered_on, number=row.order_number or row.number, direction=row.get_direction_display(),
                goods=row.goods or str(row.product or ""), quantity=row.quantity, amount=row.amount,
                module="customers.marketflow", record_id=row.pk,
                is_sale=row.direction == Direction.SALE,
            )  # fmt: skip


def first_of_month(day: datetime.date, months_before: int = 0) -> datetime.date:
    """The first day of the month that lies so many months before a day's month."""
    months = day.year * 12 + day.month - 1 - months_before
    return datetime.date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Month:
    """One month of a sales trend with the same month of the year before, in yuan."""

    first: datetime.date
    amount: Decimal
    year_before: Decimal


def sales_trend(
    customers: Iterable[uuid.UUID], today: datetime.date, months: int = 12, none_of: Collection[str] = ()
) -> list[Month]:
    """Sales of the last months, the present one included, oldest first, beside those of a year before.

    `none_of`: record types of which they are known to have none, so that whoever counts these alone is not asked.
    """
    ids = list(customers)
    totals: dict[datetime.date, Decimal] = {}
    for source in sources.dealing_sources:
        if getattr(source, "only", "") in none_of:
            continue
        for month, amount in source.sales_by_month(ids, first_of_month(today, months + 11)).items():
            totals[month] = totals.get(month, Decimal(0)) + amount
    firsts = [first_of_month(today, back) for back in range(months - 1, -1, -1)]
    return [
        Month(first, totals.get(first, Decimal(0)), totals.get(first_of_month(first, 12), Decimal(0)))
        for first in firsts
    ]


def has_dealings(customers: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of the customers have any line in their purchase-and-sale record."""
    ids = list(customers)
    return {pk for source in sources.dealing_sources for pk in source.sales_since(ids, datetime.date.min)}
