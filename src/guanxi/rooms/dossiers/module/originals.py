"""Paper originals and their loans, as the engine knows them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.dossiers import actions
from guanxi.rooms.dossiers.models import Loan, Original


def _overdue(ctx: Context) -> dict[str, Any]:
    """Loans that were to be back before today (WF-03)."""
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {
        "all": [
            {"field": "state", "op": "in", "value": ["out"]},
            {"field": "until", "op": "until", "value": yesterday.isoformat()},
        ]
    }


ORIGINAL = Module(
    model=Original,
    icon="file-text",
    data_class=DataClass.C2,
    profile="shelf",
    title="paper_number",
    scope_through="document",
    columns=("paper_number", "document", "place", "owner", "state"),
    sections=(Section(_("Paper original"), ("document", "paper_number", "place", "owner", "state", "remarks")),),
    filters=("state", "owner", "place"),
    search=("place", "document"),
    sort="paper_number",
    related=(Related("dossiers.loan", "original", columns=("owner", "lent_on", "until", "state", "returned_on")),),
    lifecycle=Lifecycle("state", "in_place"),
    actions=(actions.LEND_ORIGINAL, actions.RETURN_ORIGINAL, actions.REPORT_STATE),
    menu=Menu("dossiers", 23, create=False),
    views=(
        View("lent", _("Lent originals"), {"field": "state", "op": "in", "value": ["lent"]}),
        View("damaged", _("Damaged or missing"), {"field": "state", "op": "in", "value": ["damaged", "missing"]}),
        View("unlocated", _("Without a place"), {"field": "place", "op": "empty"}),
    ),
    without=("import_rows", "merge", "copy"),
)

LOAN = Module(
    model=Loan,
    icon="arrow-forward-up",
    data_class=DataClass.C2,
    profile="loan",
    title="purpose",
    columns=("original", "owner", "purpose", "lent_on", "until", "state", "returned_on"),
    sections=(Section(_("Loan"), ("original", "owner", "purpose", "lent_on", "until", "state", "returned_on")),),
    filters=("state", "owner", "until"),
    sort="until",
    lifecycle=Lifecycle("state", "out", locked=("out", "returned")),
    actions=(actions.END_LOAN,),
    menu=Menu("dossiers", 24, create=False),
    views=(
        View("out", _("Lent out"), {"field": "state", "op": "in", "value": ["out"]}),
        View(
            "overdue",
            _("Overdue"),
            _overdue,
        ),
    ),
    without=("import_rows", "merge", "copy", "inline_edit", "create", "edit", "delete", "assign"),
)
