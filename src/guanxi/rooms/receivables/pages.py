"""An invoice as a sheet for the customer, and how invoices are drawn."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.chinese.capital import amount_in_capitals
from guanxi.kernel.money import format_money
from guanxi.kernel.pricing import tax_in
from guanxi.platform.audit.models import Sight
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.platform.policy.values import value_of
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.receivables.models import Invoice, InvoiceState
from guanxi.rooms.receivables.policies import SELLER_ACCOUNT
from guanxi.rooms.receivables.queries import INVOICE
from guanxi.web import looks
from guanxi.web.detail import get_record
from guanxi.web.gate import Request
from guanxi.web.panels import panel

looks.declare(
    INVOICE, "state",
    tones={
        InvoiceState.DRAFT: "amber", InvoiceState.ISSUED: "green", InvoiceState.RED_LETTERED: "red",
        InvoiceState.VOIDED: "red",
    },
)  # fmt: skip


@panel(INVOICE)
def _paper_button(ctx: Context, invoice: Any) -> dict[str, Any]:
    href = reverse("receivables:paper", args=[invoice.pk])
    return {"buttons": [{"label": _("PDF"), "href": href, "icon": "printer"}]}


@require_GET
def paper(request: Request, pk: UUID) -> HttpResponseBase:
    """An invoice as a sheet with what the customer needs to pay it (CRM-38)."""
    known = registry.entry(INVOICE)
    invoice = get_record(request.ctx, known, pk)
    content = paper_of(request.ctx, invoice)
    name = f"{invoice.number}.pdf"
    disclosing.taken(request.ctx, known.module, Sight.PRINT, name, rows=1)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def paper_of(ctx: Context, invoice: Invoice) -> bytes:
    """Head, buyer, lines with their tax, sums with the amount in capitals, when and where to pay."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper

    title = _("Red letter") if invoice.is_red else _("Invoice and request for payment")
    sheet = Paper(f"{title} {invoice.number}", mark="", author=str(invoice.owner or ""))
    company = Department.objects.filter(kind=DepartmentKind.COMPANY, deleted_at=None).order_by("pk").first()
    sheet.opening(company.name if company else "")
    for line in _head(invoice):
        sheet.text(line)
    rows = [
        [
            number, line.product.name, line.description or line.product.specification,
            f"{line.quantity.normalize():,f}", f"{line.net_price:,.2f}", f"{line.amount:,.2f}",
            f"{(line.tax_rate or Decimal(0)).normalize():f}%",
            f"{tax_in(line.amount, line.tax_rate or Decimal(0)):,.2f}",
        ]
        for number, line in enumerate(invoice.lines.select_related("product"), start=1)
    ]  # fmt: skip
    columns = [
        Column(_("No."), 0.5, numeric=True), Column(_("Product"), 2.4), Column(_("Description"), 2),
        Column(_("Quantity"), 1, numeric=True), Column(_("Price"), 1.1, numeric=True),
        Column(_("Amount"), 1.4, numeric=True), Column(_("Tax rate"), 0.8, numeric=True),
        Column(_("Tax in it"), 1.2, numeric=True),
    ]  # fmt: skip
    sheet.table(columns, rows, ["", _("Sum of the lines"), "", "", "", f"{invoice.goods:,.2f}", "", ""])
    for text in _sums(invoice):
        sheet.text(text)
    if invoice.terms:
        sheet.heading(_("Terms and conditions"))
        for text in invoice.terms.splitlines():
            sheet.text(text)
    if (account := value_of(SELLER_ACCOUNT, on=ctx.today)) and not invoice.is_red:
        sheet.heading(_("Pay to"))
        sheet.text(account)
    return sheet.content()


def _head(invoice: Invoice) -> list[str]:
    told = [
        _told(_("Kind of invoice"), invoice.get_kind_display()),
        _told(_("Buyer"), invoice.title or invoice.customer.name),
        _told(_("Tax number"), invoice.tax_number),
        _told(_("Address and telephone"), " ".join(filter(None, (invoice.buyer_address, str(invoice.buyer_phone))))),
        _told(_("Bank"), invoice.bank),
        _told(_("Invoice number"), " ".join(filter(None, (invoice.fapiao_code, invoice.fapiao_number)))),
        _told(_("Issued on"), invoice.issued_on.isoformat() if invoice.issued_on else ""),
        _told(_("To be paid by"), invoice.due_on.isoformat() if invoice.due_on and not invoice.is_red else ""),
    ]
    if invoice.original is not None:
        told.append(_told(_("Takes back invoice"), f"{invoice.original.number} {invoice.original.fapiao_number}"))
    return [line for line in told if line]


def _sums(invoice: Invoice) -> list[str]:
    charges = (
        (_("Discount on the whole"), -invoice.reduction),
        (_("Freight"), invoice.freight),
        (_("Adjustment"), invoice.adjustment),
    )
    told = [_told(label, format_money(amount)) for label, amount in charges if amount]
    capitals = amount_in_capitals(invoice.amount)
    total = _told(_("Total, tax included"), format_money(invoice.amount))
    return [*told, f"{total}（{capitals}）", _told(_("Tax in it"), format_money(invoice.tax))]


def _told(label: str, value: str) -> str:
    return _("%(label)s: %(figure)s") % {"label": label, "figure": value} if value else ""


app_name = "receivables"
urlpatterns = [path("receivables/invoice/<uuid:pk>/paper/", paper, name="paper")]
