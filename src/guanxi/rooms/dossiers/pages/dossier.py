"""The dossier on the customer's page: a tab with the six classes, and a seal once something is filed."""

from __future__ import annotations

from typing import Any

from guanxi.records.context import Context
from guanxi.records.picklists import labels
from guanxi.rooms.customers.public import TabSource, tab_sources
from guanxi.rooms.dossiers.picklists import PAPER_KIND
from guanxi.rooms.dossiers.queries.dossier import dossier_of

DOCUMENT = "dossiers.document"


def told(ctx: Context, customer: Any) -> dict[str, Any]:
    """What the tab draws."""
    return {
        "classes": dossier_of(ctx, customer),
        "kinds": labels(PAPER_KIND),
        "may_add": ctx.may(DOCUMENT, "create"),
    }


tab_sources.append(TabSource("dossiers", "dossiers/tab.html", told))
