"""Quotes and orders as papers for the customer, and how they are drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.rooms.sales.models import OrderState, Quote, QuoteState, SalesOrder
from guanxi.rooms.sales.policies import LETTERHEAD
from guanxi.rooms.sales.queries import ORDER, QUOTE
from guanxi.web import looks
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.priced_paper import Sheet, answer, company_name, draw

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
    return answer(request, QUOTE, pk, paper_of)


@require_GET
def order_paper(request: Request, pk: UUID) -> HttpResponseBase:
    """An order as the customer confirms it (CRM-36)."""
    return answer(request, ORDER, pk, paper_of)


def paper_of(ctx: Context, document: Quote | SalesOrder) -> bytes:
    """Customer, lines, sums, room for both seals, below our letterhead."""
    ours = company_name()
    title = _("Quote") if isinstance(document, Quote) else _("Sales order")
    under = " · ".join(filter(None, (ours, value_of(LETTERHEAD, on=ctx.today))))
    sides = ((_("Seller (seal)"), ours), (_("Buyer (seal)"), document.customer.name))
    return draw(document, Sheet(title, _head(document), under, sides))


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
