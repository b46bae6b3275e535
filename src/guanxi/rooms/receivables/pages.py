"""An invoice as a sheet for the customer, and how invoices are drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.rooms.receivables.models import Invoice, InvoiceState
from guanxi.rooms.receivables.policies import SELLER_ACCOUNT
from guanxi.rooms.receivables.queries import INVOICE
from guanxi.web import looks
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.priced_paper import Sheet, answer, company_name, draw, told

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
    return answer(request, INVOICE, pk, paper_of)


def paper_of(ctx: Context, invoice: Invoice) -> bytes:
    """Buyer, lines with their tax, sums, when and where to pay."""
    account = "" if invoice.is_red else value_of(SELLER_ACCOUNT, on=ctx.today)
    title = _("Red letter") if invoice.is_red else _("Invoice and request for payment")
    return draw(invoice, Sheet(title, _head(invoice), company_name(), notes=((_("Pay to"), account),), shows_tax=True))


def _head(invoice: Invoice) -> list[str]:
    lines = [
        told(_("Kind of invoice"), invoice.get_kind_display()),
        told(_("Invoiced to"), invoice.title or invoice.customer.name),
        told(_("Tax number"), invoice.tax_number),
        told(_("Address and telephone"), " ".join(filter(None, (invoice.buyer_address, str(invoice.buyer_phone))))),
        told(_("Bank"), invoice.bank),
        told(_("Invoice number"), " ".join(filter(None, (invoice.fapiao_code, invoice.fapiao_number)))),
        told(_("Issued on"), invoice.issued_on.isoformat() if invoice.issued_on else ""),
        told(_("To be paid by"), invoice.due_on.isoformat() if invoice.due_on and not invoice.is_red else ""),
    ]
    if invoice.original is not None:
        lines.append(told(_("Takes back invoice"), f"{invoice.original.number} {invoice.original.fapiao_number}"))
    return lines


app_name = "receivables"
urlpatterns = [path("receivables/invoice/<uuid:pk>/paper/", paper, name="paper")]
