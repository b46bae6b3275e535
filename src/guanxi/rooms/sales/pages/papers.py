"""Quotes and orders as papers for the customer, and how they are drawn."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.chinese.capital import amount_in_capitals
from guanxi.kernel.money import format_money
from guanxi.platform.audit.models import Sight
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.platform.policy.values import value_of
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.records.module import Module
from guanxi.rooms.sales.models import OrderState, Quote, QuoteState, SalesOrder
from guanxi.rooms.sales.policies import LETTERHEAD
from guanxi.rooms.sales.queries import ORDER, QUOTE
from guanxi.web import looks
from guanxi.web.detail import get_record
from guanxi.web.gate import Request
from guanxi.web.panels import panel

#: Room for the seals of both sides, in points.
SEAL_ROOM = 70

looks.declare(
    QUOTE, "state",
    tones={QuoteState.SENT: "blue", QuoteState.ACCEPTED: "green", QuoteState.REJECTED: "red", QuoteState.REPLACED: ""},
)  # fmt: skip
looks.declare(
    ORDER, "state",
    tones={
        OrderState.BOOKED: "amber", OrderState.APPROVED: "blue", OrderState.DELIVERED: "green",
        OrderState.CANCELLED: "red",
    },
)  # fmt: skip


@panel(QUOTE)
def _quote_paper(ctx: Context, quote: Any) -> dict[str, Any]:
    return _button("sales:quote_paper", quote)


@panel(ORDER)
def _order_paper(ctx: Context, order: Any) -> dict[str, Any]:
    return _button("sales:order_paper", order)


def _button(name: str, document: Any) -> dict[str, Any]:
    return {"buttons": [{"label": _("PDF"), "href": reverse(name, args=[document.pk]), "icon": "printer"}]}


@require_GET
def quote_paper(request: Request, pk: UUID) -> HttpResponseBase:
    """A quote as the customer gets it (CRM-30)."""
    return _answer(request, registry.module(QUOTE), pk)


@require_GET
def order_paper(request: Request, pk: UUID) -> HttpResponseBase:
    """An order as the customer confirms it (CRM-36)."""
    return _answer(request, registry.module(ORDER), pk)


def _answer(request: Request, module: Module, pk: UUID) -> HttpResponseBase:
    document = get_record(request.ctx, registry.entry(module), pk)
    content = paper_of(request.ctx, document)
    name = f"{document.number}.pdf"
    disclosing.taken(request.ctx, module, Sight.PRINT, name, rows=1)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def paper_of(ctx: Context, document: Quote | SalesOrder) -> bytes:
    """Head, customer, lines, sums with the amount in capitals, terms, room for both seals."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper

    is_quote = isinstance(document, Quote)
    paper = Paper(
        f"{_('Quote') if is_quote else _('Sales order')} {document.number}", mark="",
        author=str(document.owner or ""),
    )  # fmt: skip
    company = Department.objects.filter(kind=DepartmentKind.COMPANY).order_by("pk").first()
    paper.opening(" · ".join(filter(None, (company.name if company else "", value_of(LETTERHEAD, on=ctx.today)))))
    for line in _head(document):
        paper.text(line)
    known = registry.entry("catalog.product")
    rows = []
    for number, each in enumerate(document.lines.select_related("product"), start=1):
        rows.append(
            [
                number,
                each.product.name,
                each.description or each.product.specification,
                known.field("unit").text(each.product),
                f"{each.quantity.normalize():,f}",
                f"{each.net_price:,.2f}",
                registry.entry(document._meta.label_lower).line_fields["tax_rate"].text(each),
                f"{each.amount:,.2f}",
            ]
        )
    columns = [
        Column(_("No."), 0.5, numeric=True), Column(_("Product"), 2.6), Column(_("Description"), 2.2),
        Column(_("Unit"), 0.7), Column(_("Quantity"), 1, numeric=True), Column(_("Price"), 1.2, numeric=True),
        Column(_("Tax rate"), 0.8, numeric=True), Column(_("Amount"), 1.4, numeric=True),
    ]  # fmt: skip
    paper.table(columns, rows, ["", _("Sum of the lines"), "", "", "", "", "", f"{document.goods:,.2f}"])
    paper.gap(6)
    for text in _sums(document):
        paper.text(text)
    if document.terms:
        paper.heading(_("Terms and conditions"))
        for text in document.terms.splitlines():
            paper.text(text)
    paper.heading(_("Seals"))
    sides = [Column(_("Seller (seal)"), 1), Column(_("Buyer (seal)"), 1)]
    paper.table(sides, [[company.name if company else "", document.customer.name]])
    paper.gap(SEAL_ROOM)
    return paper.content()


def _head(document: Quote | SalesOrder) -> list[str]:
    told = [_("Customer: %(name)s") % {"name": document.customer.name}]
    if document.contact is not None:
        told.append(_("Contact: %(name)s") % {"name": document.contact})
    told.append(_("Subject: %(name)s") % {"name": document.name})
    if isinstance(document, Quote):
        told.append(
            _("Version %(edition)s, valid until %(day)s")
            % {"edition": document.edition, "day": document.valid_until.isoformat()}
        )
    else:
        told.append(
            _("Ordered on %(ordered)s, delivery promised for %(promised)s")
            % {"ordered": document.ordered_on.isoformat(), "promised": document.promised_on.isoformat()}
        )
    place = " ".join(filter(None, (document.shipping_address, document.shipping_recipient, document.shipping_phone)))
    if place:
        told.append(_("Delivery to: %(place)s") % {"place": place})
    return told


def _sums(document: Quote | SalesOrder) -> list[str]:
    currency = document.currency
    told = []
    for label, amount in (
        (_("Discount on the whole"), -document.reduction),
        (_("Freight"), document.freight),
        (_("Adjustment"), document.adjustment),
    ):
        if amount:
            told.append(_told(label, format_money(amount, currency)))
    total = _told(_("Total, tax included"), format_money(document.amount, currency))
    capitals = f"（{amount_in_capitals(document.amount)}）" if currency == "CNY" else ""
    told.append(f"{total}{capitals}")
    told.append(_told(_("Tax in it"), format_money(document.tax, currency)))
    return told


def _told(label: str, figure: str) -> str:
    return _("%(label)s: %(figure)s") % {"label": label, "figure": figure}
