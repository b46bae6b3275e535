"""Visits, planned and reported, as the engine knows them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.calendar import local
from guanxi.records import picklists
from guanxi.records.context import Context
from guanxi.records.module import Computed, Lifecycle, Lines, Menu, Module, Section, View
from guanxi.rooms.engagement import actions
from guanxi.rooms.engagement.models import VISIT_STEP, PlanState, VisitPerson, VisitPlan, VisitReport

STEPS = ("preparation", "observation", "opening", "presentation", "refusals", "closing", "signing")
OPEN = [PlanState.PLANNED, PlanState.APPROVED, PlanState.HANDED_IN, PlanState.LEFT, PlanState.ARRIVED]


def how_far(report: Any) -> str:
    """The furthest of the seven steps that was taken (VIS-02)."""
    taken = [step for step in STEPS if step in report.steps]
    return f"{STEPS.index(taken[-1]) + 1}/{len(STEPS)} {picklists.label(VISIT_STEP, taken[-1])}" if taken else ""


def _starts(ctx: Context) -> dict[str, Any]:
    """Tomorrow morning."""
    morning = local(ctx.now).replace(hour=9, minute=0, second=0, microsecond=0)
    return {"planned_at": morning + datetime.timedelta(days=1)}


def _today(ctx: Context) -> dict[str, Any]:
    return {"visited_on": ctx.today}


PLAN = Module(
    model=VisitPlan,
    icon="map-pin",
    data_class=DataClass.C2,
    title="number",
    profile="visit_plan",
    number="JH-{year}-{seq:04}",
    scope_through="customer",
    sort="-planned_at",
    columns=("number", "planned_at", "customer", "purpose", "whom", "owner", "state"),
    sections=(
        Section(
            _("Visit plan"),
            ("customer", "planned_at", "purpose", "whom", "place", "owner", "goals", "preparation"),
        ),
        Section(
            _("On its way"),
            ("state", "approved_at", "approved_by", "received_at", "received_by", "left_at"),
        ),
        Section(
            _("At the customer's"),
            ("arrived_at", "latitude", "longitude", "accuracy_m", "position_note", "photo"),
        ),
    ),
    filters=("state", "purpose", "customer", "owner", "planned_at", "left_at"),
    search=("customer", "whom", "place"),
    lifecycle=Lifecycle("state", PlanState.PLANNED, locked=tuple(state for state in PlanState if state != "planned")),
    actions=(
        actions.SUBMIT_VISIT, actions.RECEIVE_PLAN, actions.LEAVE, actions.CHECK_IN, actions.CALL_OFF_VISIT,
    ),
    starts=_starts,
    menu=Menu("meeting", 20),
    views=(
        View("open", _("Under way"), {"field": "state", "op": "in", "value": OPEN}, sort="planned_at"),
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("clerk", _("For the attendance clerk"), {"field": "state", "op": "in", "value": ["approved"]}),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip

VISIT = Module(
    model=VisitReport,
    icon="map-pin",
    data_class=DataClass.C2,
    title="number",
    profile="activity",
    number="ZF-{year}-{seq:04}",
    scope_through="customer",
    sort="-visited_on",
    columns=("number", "visited_on", "customer", "purpose", "met", "outcome", "how_far", "owner", "state"),
    sections=(
        Section(
            _("Visit report"),
            ("customer", "visited_on", "purpose", "met", "place", "plan", "content", "outcome", "next_step", "next_on",
             "owner"),
        ),
        Section(
            _("The customer's view"),
            ("needs", "problems", "proposals", "dissatisfaction", "conduct"),
        ),
        Section(
            _("The seven steps"),
            ("steps", *(f"note_{step}" for step in STEPS), "signing_reference", "how_far"),
        ),
        Section(_("For the archive"), ("state", "archive_facts", "nothing_new")),
    ),
    lines=Lines(VisitPerson, "report", ("name", "post", "decides"), _("Persons met")),
    filters=("state", "purpose", "customer", "owner", "visited_on", "next_on"),
    search=("customer", "met", "place"),
    lifecycle=Lifecycle("state", "draft", locked=("closed",)),
    computed=(Computed("how_far", _("how far it got"), how_far, needs=("steps",)),),
    prepare=actions.settle_report,
    rules=(actions.signing_has_a_paper, actions.is_on_a_visit),
    starts=_today,
    actions=(actions.WRITE_REPORT, actions.CLOSE_VISIT),
    menu=Menu("meeting", 22),
    views=(
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("open", _("Not closed"), {"field": "state", "op": "in", "value": ["draft"]}),
        View("signed", _("As far as signing"), {"field": "signing_reference", "op": "filled"}),
    ),
)  # fmt: skip
