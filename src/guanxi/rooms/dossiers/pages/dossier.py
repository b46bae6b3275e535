"""The dossier on the customer's page: a tab with the six classes; a filed document carries its seal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.picklists import labels
from guanxi.rooms.customers.public import TabSource, tab_sources
from guanxi.rooms.dossiers.picklists import PAPER_KIND, RESPONSIBLE
from guanxi.rooms.dossiers.queries.dossier import dossier_of
from guanxi.rooms.dossiers.queries.versions import versions_of
from guanxi.web import addresses
from guanxi.web.panels import panel

DOCUMENT = "dossiers.document"
#: Records of the dossier that are added from the tab, by the class they stand in.
OWN = {"3": ("dossiers.creditfile", "dossiers.debtentry"), "4": ("dossiers.grievance",)}


def told(ctx: Context, customer: Any) -> dict[str, Any]:
    """What the tab draws."""
    return {
        "dossier": dossier_of(ctx, customer),
        "kinds": labels(PAPER_KIND),
        "responsible": labels(RESPONSIBLE),
        "may_add": ctx.may(DOCUMENT, "create"),
        "contribute": addresses.of_module(
            registry.module("customers.contribution"), "new", query={"customer_name": customer.number, "kind": "paper"}
        ),
        "further": {
            key: [registry.module(name) for name in names if ctx.may(name, "create")] for key, names in OWN.items()
        },
        "money": format_money,
    }


tab_sources.append(TabSource("dossiers", "dossiers/tab.html", told))


@panel("customers.contribution")
def what_became_of_it(ctx: Context, contribution: Any) -> dict[str, Any]:
    """On a contribution's page: the way into a dossier, and how far its document is (ARC-23)."""
    if contribution.state == "waiting" and ctx.may(DOCUMENT, "take_contribution"):
        given = {"contribution": str(contribution.pk), "customer": str(contribution.customer_id or "")}
        href = addresses.of_module(registry.module(DOCUMENT), "do/take_contribution", query=given)
        attrs = {"data-gx-window": "", "data-title": str(_("Put into a dossier"))}
        return {"buttons": [{"label": _("Put into a dossier"), "href": href, "icon": "folder-plus", "attrs": attrs}]}
    document = contribution.documents.filter(deleted_at=None).first()
    if document is None:
        return {}
    seen = ctx.search(DOCUMENT).filter(pk=document.pk).exists()
    place = {"label": _("In the dossier"), "value": document.number or document.get_state_display()}
    return {"strip": [{**place, "href": addresses.record(DOCUMENT, document.pk) if seen else ""}]}


@panel(DOCUMENT)
def document_seal(ctx: Context, document: Any) -> dict[str, Any]:
    """The seal of a filed document and its number, and the versions of its file."""
    given: dict[str, Any] = {}
    if versions := versions_of(document):
        given["asides"] = [{"template": "dossiers/versions.html", "versions": versions}]
    if document.is_filed:
        given["seals"] = [{"text": str(_("Filed")), "shape": "sq", "tone": ""}]
        given["strip"] = [
            {"label": _("Catalogue number"), "value": document.number},
            {"label": _("Signed or dated on"), "value": str(document.signed_on or "—")},
        ]
    return given
