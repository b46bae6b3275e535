"""Purchase orders as papers for the vendor, and how they are drawn."""

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
from guanxi.platform.audit.models import Sight
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.purchasing.models import PurchaseOrder, PurchaseState, Receipt
from guanxi.web import looks
from guanxi.web.detail import get_record
from guanxi.web.gate import Request
from guanxi.web.panels import panel

ORDER = "purchasing.purchaseorder"
#: Room for the seals of both sides, in points.
SEAL_ROOM = 70

looks.declare(
    ORDER, "state",
    tones={
        PurchaseState.CREATED: "amber", PurchaseState.APPROVED: "blue", PurchaseState.SENT: "blue",
        PurchaseState.RECEIVED: "green", PurchaseState.CANCELLED: "red",
    },
)  # fmt: skip
looks.declare(ORDER, "receipt", tones={Receipt.PART: "amber", Receipt.ALL: "green"})


@panel(ORDER)
def _paper_button(ctx: Context, order: Any) -> dict[str, Any]:
    href = reverse("purchasing:paper", args=[order.pk])
    return {"buttons": [{"label": _("PDF"), "href": href, "icon": "printer"}]}


@require_GET
def paper(request: Request, pk: UUID) -> HttpResponseBase:
    """A purchase order as the vendor gets it."""
    known = registry.entry(ORDER)
    order = get_record(request.ctx, known, pk)
    content = paper_of(request.ctx, order)
    name = f"{order.number}.pdf"
    disclosing.taken(request.ctx, known.module, Sight.PRINT, name, rows=1)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def paper_of(ctx: Context, order: PurchaseOrder) -> bytes:
    """Head, vendor, lines, sums with the amount in capitals, where to deliver, terms, room for both seals."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Paper

    sheet = Paper(f"{_('Purchase order')} {order.number}", mark="", author=str(order.owner or ""))
    company = Department.objects.filter(kind=DepartmentKind.COMPANY, deleted_at=None).order_by("pk").first()
    ours = company.name if company else ""
    sheet.opening(ours)
    for line in _head(order):
        sheet.text(line)
    rows = [
        [
            number, line.product.name, line.description or line.product.specification,
            f"{line.quantity.normalize():,f}", f"{line.net_price:,.2f}",
            f"{(line.tax_rate or Decimal(0)).normalize():f}%",
            f"{line.amount:,.2f}",
        ]
        for number, line in enumerate(order.lines.select_related("product"), start=1)
    ]  # fmt: skip
    columns = [
        Column(_("No."), 0.5, numeric=True), Column(_("Product"), 2.6), Column(_("Description"), 2.2),
        Column(_("Quantity"), 1, numeric=True), Column(_("Price"), 1.2, numeric=True),
        Column(_("Tax rate"), 0.8, numeric=True), Column(_("Amount"), 1.4, numeric=True),
    ]  # fmt: skip
    sheet.table(columns, rows, ["", _("Sum of the lines"), "", "", "", "", f"{order.goods:,.2f}"])
    sheet.text(f"{_('Total, tax included')}: {format_money(order.amount)}（{amount_in_capitals(order.amount)}）")
    sheet.text(f"{_('Tax in it')}: {format_money(order.tax)}")
    if order.terms:
        sheet.heading(_("Terms and conditions"))
        for text in order.terms.splitlines():
            sheet.text(text)
    sheet.heading(_("Seals"))
    sheet.table([Column(_("Buyer (seal)"), 1), Column(_("Seller (seal)"), 1)], [[ours, order.vendor.name]])
    sheet.gap(SEAL_ROOM)
    return sheet.content()


def _head(order: PurchaseOrder) -> list[str]:
    told = [
        _("Vendor: %(name)s") % {"name": order.vendor.name},
        _("Subject: %(name)s") % {"name": order.name},
        _("Ordered on %(ordered)s, to be delivered by %(due)s") % {"ordered": order.ordered_on, "due": order.due_on},
    ]
    for text, place in ((_("Delivery to: %(place)s"), "shipping"), (_("Bill to: %(place)s"), "billing")):
        parts = (getattr(order, f"{place}_{name}") for name in ("address", "recipient", "phone"))
        if whole := " ".join(part for part in parts if part):
            told.append(text % {"place": whole})
    return told


app_name = "purchasing"
urlpatterns = [path("purchasing/purchaseorder/<uuid:pk>/paper/", paper, name="paper")]
