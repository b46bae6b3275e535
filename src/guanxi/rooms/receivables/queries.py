"""What has been invoiced and taken back, what customers owe, and what the customer page is told of it (CRM-38)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import Figure, TimelineEntry, whole_yuan
from guanxi.rooms.receivables.models import Invoice, InvoiceLine, InvoiceState

INVOICE = "receivables.invoice"
NOTHING = Decimal(0)
#: Invoices that stand: what they come to is owed, or was taken back by red letters, which stand too.
STANDING = (InvoiceState.ISSUED, InvoiceState.RED_LETTERED)


def _holding() -> Q:
    """What keeps others from invoicing the same: invoices and drafts of them; red letters give back once issued."""
    ordinary = Q(original__isnull=True, state__in=(InvoiceState.DRAFT, *STANDING))
    return (ordinary | Q(original__isnull=False, state__in=STANDING)) & Q(deleted_at=None)


def _but(rows: QuerySet[Invoice], without: uuid.UUID | None) -> QuerySet[Invoice]:
    return rows if without is None else rows.exclude(pk=without)


def held_of_order(order: uuid.UUID, without: uuid.UUID | None = None) -> Decimal:
    """What of an order is invoiced or stands on drafts."""
    return _sum(_but(Invoice.objects.filter(_holding(), order=order), without))


def quantities_of_order(order: uuid.UUID, without: uuid.UUID | None = None) -> dict[uuid.UUID, Decimal]:
    """How much of each product of an order is invoiced or stands on drafts."""
    return _quantities(_but(Invoice.objects.filter(_holding(), order=order), without))


def issued_of_order(order: uuid.UUID) -> Decimal:
    """What of an order was invoiced, less what red letters took back."""
    return _sum(Invoice.objects.filter(order=order, state__in=STANDING, deleted_at=None))


def _red_of(original: uuid.UUID, without: uuid.UUID | None) -> QuerySet[Invoice]:
    states = (InvoiceState.DRAFT, *STANDING)
    return _but(Invoice.objects.filter(original=original, state__in=states, deleted_at=None), without)


def taken_back(original: uuid.UUID, without: uuid.UUID | None = None) -> Decimal:
    """What red letters and drafts of them take back of an invoice, above nothing."""
    return -_sum(_red_of(original, without))


def quantities_taken_back(original: uuid.UUID, without: uuid.UUID | None = None) -> dict[uuid.UUID, Decimal]:
    """How much of each product red letters and drafts of them take back, above nothing."""
    return {product: -quantity for product, quantity in _quantities(_red_of(original, without)).items()}


def issued_red_of(original: uuid.UUID) -> Decimal:
    """What issued red letters took back of an invoice, above nothing."""
    return -_sum(Invoice.objects.filter(original=original, state__in=STANDING, deleted_at=None))


def quantities_of(invoice: Invoice) -> dict[uuid.UUID, Decimal]:
    """How much of each product stands on an invoice."""
    return _quantities(Invoice.objects.filter(pk=invoice.pk))


def _sum(rows: QuerySet[Invoice]) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def _quantities(rows: QuerySet[Invoice]) -> dict[uuid.UUID, Decimal]:
    found: dict[uuid.UUID, Decimal] = defaultdict(lambda: NOTHING)
    for product, quantity in InvoiceLine.objects.filter(invoice__in=rows).values_list("product", "quantity"):
        found[product] += quantity
    return dict(found)


# ---- What customers owe ----------------------------------------------------------------------------------------------


def open_receivables(customers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What each of the customers owes by invoices: issued, less red letters. Who owes nothing is left out."""
    rows = Invoice.objects.filter(customer__in=list(customers), state__in=STANDING, deleted_at=None)
    totals: Any = rows.values_list("customer").annotate(total=Sum("amount")).order_by()
    return {customer: total for customer, total in totals if total}


class ReceivableFigure:
    """What a customer owes, at the head of his page, and how much of it is overdue."""

    only = INVOICE

    def figures(self, ctx: Context, customer: Any) -> Iterable[Figure]:
        """The open receivable, as far as the person sees the invoices."""
        if not ctx.may(INVOICE):
            return
        rows = ctx.search(INVOICE).filter(customer=customer, state__in=STANDING)
        late = Q(original=None, state=InvoiceState.ISSUED, due_on__lt=ctx.today)
        told: Mapping[str, Any] = rows.aggregate(
            total=Sum("amount"), late=Sum("amount", filter=late), back=Sum("red_amount", filter=late)
        )
        overdue = (told["late"] or NOTHING) - (told["back"] or NOTHING)
        note = _("%(amount)s overdue") % {"amount": format_money(overdue)} if overdue else _("nothing overdue")
        yield Figure(_("Receivable"), whole_yuan(told["total"] or NOTHING), note, "red" if overdue else "", order=45)


_INVOICES = Scoped(
    lambda ctx, limit, customers: (
        ctx.search(INVOICE)
        .filter(customer__in=customers, issued_on__isnull=False)
        .select_related("owner")
        .order_by("-issued_on", "-pk")[:limit]
    )
)
_TONES = {InvoiceState.ISSUED: "green", InvoiceState.VOIDED: "red", InvoiceState.RED_LETTERED: "red"}


class Invoices:
    """The issued invoices of a customer as a source of his page (CRM-38)."""

    only = INVOICE

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """The invoices of these customers, the newest first."""
        if not ctx.may(INVOICE):
            return
        for invoice in _INVOICES.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            text = _("Red letter: %(name)s") if invoice.is_red else _("Invoice: %(name)s")
            yield TimelineEntry(
                at=invoice.issued_on, icon="receipt-refund" if invoice.is_red else "receipt",
                title=text % {"name": invoice.name}, actor=str(invoice.owner or ""), tag=invoice.get_state_display(),
                tone=_TONES.get(invoice.state, ""), aside=format_money(invoice.amount), module=INVOICE,
                record_id=invoice.pk, customer_id=invoice.customer_id,
            )  # fmt: skip


INVOICES, RECEIVABLE = Invoices(), ReceivableFigure()
