"""Purchase orders as papers for the vendor, and how they are drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.records.context import Context
from guanxi.rooms.purchasing.models import PurchaseOrder, PurchaseState, Receipt
from guanxi.web import looks
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.priced_paper import Sheet, answer, company_name, draw

ORDER = "purchasing.purchaseorder"

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
    return answer(request, ORDER, pk, paper_of)


def paper_of(ctx: Context, order: PurchaseOrder) -> bytes:
    """Vendor, lines, sums, where to deliver, room for both seals."""
    ours = company_name()
    sides = ((_("Buyer (seal)"), ours), (_("Seller (seal)"), order.vendor.name))
    return draw(order, Sheet(_("Purchase order"), _head(order), ours, sides))


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
