"""The three obligatory books of a customer, each on one printable page (ARC-40)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotFound
from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.registry import Registered
from guanxi.rooms.customers import queries
from guanxi.web import detail
from guanxi.web.gate import Request, of_module
from guanxi.web.rendering import page

#: By which periods the purchase-and-sale record is added up (SAL-09).
WAYS = {"month": _("By month"), "quarter": _("By quarter"), "year": _("By year")}
TITLES = {
    "visits": _("Visit log"),
    "dealings": _("Purchase-and-sale record"),
    "directory": _("Contact directory"),
}


@require_GET
@of_module
def show(request: Request, known: Registered, pk: Any, book: str) -> HttpResponseBase:
    """One of the customer's books: visits, dealings or directory."""
    if book not in TITLES:
        raise NotFound
    ctx = request.ctx
    customer = detail.get_record(ctx, known, pk)
    given: dict[str, Any] = {
        "record": customer,
        "module": known.module,
        "name": book,
        "title": TITLES[book],
        "titles": TITLES,
        "money": format_money,
    }
    if book == "visits":
        given["entries"] = queries.visit_log(ctx, customer)
    elif book == "dealings":
        given["dealings"] = lines = queries.purchase_and_sale_record(ctx, customer)
        given["totals"] = queries.totals_of(lines, "")
        given["ways"], given["by"] = WAYS, way if (way := request.GET.get("by", "month")) in WAYS else "month"
        given["periods"] = queries.totals_of(lines, given["by"])
    else:
        contacts = registry.entry("customers.contact")
        columns = ("office", "post", "roles", "mobile", "phone", "email", "wechat")
        given["specs"] = [contacts.field(column) for column in columns]
        given["people"] = queries.contact_directory(ctx, customer)
    return page(request, "customers/book.html", given)
