"""How a customer's dossier stands: a strip in the head of his page, asked for once the page is there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.records.context import Context
from guanxi.records.links import HIDDEN
from guanxi.rooms.dossiers.queries.standing import Standing, standing_of
from guanxi.web import addresses
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.rendering import page

CUSTOMER, DOCUMENT = "customers.customer", "dossiers.document"
#: Papers that are named among those that are missing.
NAMED = 2
#: So much of a seal tells it from every other.
SEAL_LENGTH = 8


@panel(CUSTOMER)
def dossier_later(ctx: Context, customer: Any) -> dict[str, Any]:
    """Where the strip comes from, for who sees documents."""
    return {"later": [reverse("dossiers:standing", args=[customer.pk])]} if ctx.may(DOCUMENT) else {}


@require_GET
def show(request: Request, pk: Any) -> HttpResponseBase:
    """The strip of one customer's dossier."""
    ctx = request.ctx
    customer = ctx.get(CUSTOMER, pk)
    if not ctx.may(DOCUMENT):
        raise NotAllowed
    standing = standing_of(ctx, customer)
    given = {"customer": customer, "standing": standing, "figures": _figures(ctx, customer, standing)}
    return page(request, "dossiers/standing.html", given)


def _figures(ctx: Context, customer: Any, standing: Standing) -> list[dict[str, Any]]:
    tab = addresses.with_query(addresses.record(CUSTOMER, customer.pk), {"tab": "dossiers"})
    here = {"f-customer": str(customer.pk)}
    missing, unsigned = standing.missing, standing.unsigned
    named = _(", ").join(missing[:NAMED]) + ("…" if len(missing) > NAMED else "")
    figures: list[dict[str, Any]] = [
        {
            "label": _("Dossier complete to"),
            "value": "—" if standing.percent is None else f"{standing.percent}%",
            "note": ngettext("%(count)s document filed", "%(count)s documents filed", standing.filed)
            % {"count": standing.filed},
            "share": standing.percent, "href": tab,
        },
        {
            "label": _("Papers missing"), "value": str(len(missing)), "note": named,
            "tone": "red" if missing else "", "href": tab,
        },
        {
            "label": _("Waiting for signatures"), "value": str(unsigned), "note": "",
            "href": addresses.listing(DOCUMENT, view="signing", **here) if unsigned else tab,
        },
        _revision(ctx, standing),
    ]  # fmt: skip
    if (pending := standing.approved) is not None:
        decided_by = pending.decided_by.name if pending.decided_by else HIDDEN
        figures.append(
            {"label": _("Change agreed to"), "value": f"🔏 {pending.seal[:SEAL_LENGTH]}",
             "note": f"{decided_by} · {pending.decided_at:%Y-%m-%d}" if pending.decided_at else decided_by}
        )  # fmt: skip
    return figures


def _revision(ctx: Context, standing: Standing) -> dict[str, Any]:
    day = standing.revise_by
    is_late = day is not None and standing.is_revision_open and day < ctx.today
    note = _("overdue") if is_late else _("in revision now") if standing.is_revision_open else ""
    return {"label": _("To be revised by"), "value": str(day or "—"), "note": note, "tone": "red" if is_late else ""}
