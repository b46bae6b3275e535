"""The archive's home: its registers, books and reports, and what waits for the archivist."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.records import listing, registry, selection
from guanxi.records.context import Context
from guanxi.rooms.customers.pages import reports
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

#: Heading → what stands below it: record type, list view ("" for all), label (None: that of the type), what it is for.
REGISTERS: tuple[tuple[Any, tuple[tuple[str, dict[str, str], Any, Any], ...]], ...] = (
    (
        _("Collecting and filing"),
        (
            ("customers.contribution", {}, None, _("What anybody hands in for the archive; the archivist files it")),
            ("customers.opinion", {}, None, _("What customers say or show of us, from every department")),
            ("customers.changeevent", {}, None, _("Operating news, market changes, new heads, new legal forms")),
            (
                "customers.intelligencenote",
                {},
                None,
                _("What is heard of customers, each piece with its kind of source"),
            ),
            ("customers.policynote", {}, None, _("The government's trade policy in the market areas of key accounts")),
            ("customers.need", {}, None, _("What customers need and prefer, by occasion")),
        ),
    ),
    (
        _("The five market archives"),
        (
            ("customers.customer", {"f-market_role": "consumer"}, _("Consumers"), _("Who drinks it or hands it out")),
            ("customers.customer", {"f-market_role": "dealer"}, _("Dealers"), _("Who buys to sell on")),
            ("customers.customer", {"f-market_role": "retailer"}, _("Retailers"), _("Shops, restaurants, hotels")),
            ("customers.similarproduct", {}, None, _("Competing products with their prices")),
            ("customers.publiccontact", {}, None, _("Authorities, media and associations around us")),
        ),
    ),
    (
        _("Market"),
        (
            ("customers.competitor", {}, None, _("Who else sells to our customers")),
            ("customers.competitorpromotion", {}, None, _("What competitors offer just now, and until when")),
            ("customers.markettrend", {}, None, _("What moves in the trade, by period and area")),
            ("customers.marketflow", {}, None, _("Which order went to us, and which to whom")),
            ("customers.competitorstanding", {}, None, _("How we stand against each competitor at each customer")),
            ("customers.downstreamcustomer", {}, None, _("The customers of our dealers")),
        ),
    ),
    (
        _("Promoters and library"),
        (
            ("customers.promoter", {}, None, _("Who brings in sales for a commission, from inside and outside")),
            ("customers.commissionscheme", {}, None, _("What promoters are promised, and from which day")),
            ("customers.promotedsale", {}, None, _("Which sale was whose, and what it earned him")),
            ("customers.libraryentry", {}, None, _("How comparable companies failed, and what the law says")),
        ),
    ),
)


def _door(ctx: Context, key: str, query: dict[str, str], label: Any, note: Any) -> dict[str, Any]:
    module = registry.module(key)
    rows = ctx.search(module)
    for name, value in query.items():
        rows = rows.filter(**{name.removeprefix("f-"): value})
    count = listing.count(rows)
    return {
        "label": label or module.label_plural,
        "note": note,
        "href": addresses.listing(module, **query),
        "icon": module.icon,
        "count": f"{count:,}" if count <= selection.COUNT_CAP else f"{selection.COUNT_CAP:,}+",
        "new": addresses.of_module(module, "new") if not query and ctx.may(module, "create") else "",
    }


def waiting(ctx: Context) -> int | None:
    """How many contributions wait for this person to file them."""
    if not ctx.may("customers.contribution", "file_contribution"):
        return None
    return listing.count(ctx.search("customers.contribution", "file_contribution").filter(state="waiting"), cap=999)


def is_opened(ctx: Context) -> bool:
    """Everybody may contribute; who may not see contributions has no archive."""
    return ctx.may("customers.contribution")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The archive's home."""
    ctx = request.ctx
    if not is_opened(ctx):
        raise NotAllowed
    groups = [(heading, [_door(ctx, *door) for door in doors if ctx.may(door[0])]) for heading, doors in REGISTERS]
    given = {
        "groups": [(heading, doors) for heading, doors in groups if doors],
        "reports": [
            {"label": report.title, "note": report.note, "clause": report.clause, "icon": report.icon,
             "href": reverse("customers:report", args=[report.name])}
            for report in reports.offered(ctx)
        ],
        "waiting": waiting(ctx),
    }  # fmt: skip
    return page(request, "customers/archive.html", given)


menu.add(
    menu.Entry(
        "archive", _("Archive"), "/customers/archive/", "archive", group="archive", order=1, may=is_opened,
        badge=waiting, letter="a",
    )
)  # fmt: skip
