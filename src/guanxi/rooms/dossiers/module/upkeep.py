"""Required papers, the daily archive and rounds of revision, as the engine knows them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Computed, Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.dossiers import actions
from guanxi.rooms.dossiers.models import DailyPaper, RequiredPaper, Review, ReviewRound
from guanxi.rooms.dossiers.queries.upkeep import percent_verified

REQUIRED_PAPER = Module(
    model=RequiredPaper,
    icon="checklist",
    data_class=DataClass.C1,
    profile="settings",
    title="kind",
    sort="dossier_class",
    columns=("dossier_class", "kind", "applies_to", "remarks"),
    sections=(Section(_("Required paper"), ("dossier_class", "kind", "applies_to", "remarks")),),
    filters=("dossier_class", "applies_to"),
    menu=Menu("administration", 45, create=False),
    without=("merge", "assign", "copy"),
)

DAILY_PAPER = Module(
    model=DailyPaper,
    icon="news",
    data_class=DataClass.C2,
    profile="daily",
    title="title",
    sort="-dated_on",
    columns=("dated_on", "kind", "title", "important", "document", "owner"),
    sections=(
        Section(_("Daily paper"), ("title", "kind", "dated_on", "content", "file", "important", "owner")),
        Section(_("In a dossier"), ("document",)),
    ),
    filters=("kind", "dated_on", "important", "owner"),
    search=("content",),
    actions=(actions.ASSIGN_TO_DOSSIER,),
    menu=Menu("dossiers", 25),
    views=(
        View(
            "to_file",
            _("To be filed"),
            {
                "all": [
                    {"field": "important", "op": "is", "value": True},
                    {"field": "document", "op": "empty"},
                ]
            },
        ),
    ),
    without=("merge",),
)

ROUND = Module(
    model=ReviewRound,
    icon="refresh",
    data_class=DataClass.C1,
    profile="review",
    title="number",
    number="XD-{year}-{seq:02}",
    sort="-opened_on",
    columns=("number", "opened_on", "due_on", "verified"),
    computed=(Computed("verified", _("verified, %"), percent_verified, kind="percent"),),
    sections=(Section(_("Revision round"), ("opened_on", "due_on", "verified")),),
    related=(
        Related("dossiers.review", "round", columns=("customer", "owner", "state", "finding", "verified_on")),
    ),
    menu=Menu("dossiers", 28, create=False),
    without=("edit", "delete", "copy", "merge", "import_rows", "inline_edit", "assign", "search"),
)  # fmt: skip


def _overdue(ctx: Context) -> dict[str, Any]:
    """Dossiers that nobody verified in time (ARC-33)."""
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {
        "all": [
            {"field": "state", "op": "in", "value": ["open"]},
            {"field": "due_on", "op": "until", "value": yesterday.isoformat()},
        ]
    }


REVIEW = Module(
    model=Review,
    icon="checks",
    data_class=DataClass.C2,
    profile="review",
    title="customer",
    scope_through="customer",
    sort="due_on",
    columns=("customer", "due_on", "state", "finding", "sales", "sales_before", "cause", "owner"),
    sections=(
        Section(_("Dossier revision"), ("customer", "round", "due_on", "state", "owner")),
        Section(_("Development"), ("finding", "sales", "sales_before", "cause")),
        Section(_("Verification"), ("verified_on", "verified_by")),
    ),
    filters=("state", "finding", "round", "customer", "owner", "due_on"),
    lifecycle=Lifecycle("state", "open", locked=("verified",)),
    actions=(actions.VERIFY_DOSSIER,),
    menu=Menu("dossiers", 29, create=False),
    views=(
        View("open", _("To be verified"), {"field": "state", "op": "in", "value": ["open"]}),
        View("overdue", _("Overdue"), _overdue),
        View(
            "watch",
            _("Watch list"),
            {
                "all": [
                    {"field": "finding", "op": "in", "value": ["growing", "lost"]},
                    {"field": "state", "op": "in", "value": ["verified"]},
                ]
            },
            columns=("customer", "finding", "cause", "sales", "sales_before", "verified_on", "owner"),
        ),
    ),
    without=("create", "edit", "delete", "copy", "merge", "import_rows", "inline_edit", "assign", "search"),
)
