"""Customers whose dossier lacks required papers, class by class (ARC-12)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.records.context import Context
from guanxi.rooms.dossiers.models import DossierClass
from guanxi.rooms.dossiers.pages.catalogue import is_opened as sees_documents
from guanxi.rooms.dossiers.queries.dossier import incomplete
from guanxi.rooms.dossiers.queries.filing import without_paper
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

#: So many customers on the page.
MOST = 200
#: Beside the classes: important documents of which there is no hard copy (ARC-30).
PAPER = "paper"


def is_opened(ctx: Context) -> bool:
    """Who sees customers and their documents."""
    return sees_documents(ctx) and ctx.may("customers.customer")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Of one class: who lacks what."""
    if not is_opened(request.ctx):
        raise NotAllowed
    asked = request.GET.get("class", "")
    chosen = asked if asked in (*DossierClass.values, PAPER) else DossierClass.BASIC.value
    here = reverse("dossiers:missing")
    given = {
        "rows": incomplete(request.ctx, chosen, MOST) if chosen != PAPER else [],
        "unprinted": without_paper(request.ctx)[:MOST] if chosen == PAPER else [],
        "most": MOST,
        "tabs": [
            {"label": label, "on": value == chosen, "href": addresses.with_query(here, {"class": value})}
            for value, label in (*DossierClass.choices, (PAPER, _("Important, not on paper")))
        ],
    }
    return page(request, "dossiers/missing.html", given)


menu.add(
    menu.Entry(
        "missing_papers", _("Missing papers"), "/dossiers/missing/", "checklist", group="dossiers", order=21,
        may=is_opened,
    )
)  # fmt: skip
