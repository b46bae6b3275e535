"""Duties as the engine knows them: seen, filtered and exported like any record, entered by nobody."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.obligations.models import Obligation, State
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.module import Computed, Lifecycle, Menu, Module, Section, View
from guanxi.rooms.compliance import actions, picklists
from guanxi.rooms.compliance.models import Inspection
from guanxi.rooms.compliance.queries import standing

_OPEN = {"field": "state", "op": "in", "value": [State.OPEN.value]}
_MINE = {"field": "owner", "op": "in", "value": ["me"]}


def _overdue(ctx: Context) -> Mapping[str, Any]:
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {"all": [_OPEN, {"field": "due_on", "op": "until", "value": yesterday.isoformat()}]}


def _this_week(ctx: Context) -> Mapping[str, Any]:
    sunday = ctx.today + datetime.timedelta(days=6 - ctx.today.weekday())
    return {"all": [_OPEN, {"field": "due_on", "op": "until", "value": sunday.isoformat()}]}


OBLIGATION = Module(
    model=Obligation,
    icon="alarm",
    data_class=DataClass.C2,
    classes={"duty": DataClass.C1, "clause": DataClass.C1},
    profile="duty",
    title="subject",
    columns=("duty", "subject", "owner", "due_on", "standing", "state", "clause"),
    computed=(Computed("standing", _("how it stands"), standing, needs=("state", "due_on", "days_late")),),
    sections=(
        Section(_("What is owed"), ("duty", "subject", "owner", "department", "opened_at", "due_on", "clause")),
        Section(_("How it ended"), ("state", "discharged_at", "discharged_by", "days_late", "remark", "paper")),
    ),
    chosen={"duty": picklists.KINDS},
    read_only=(
        "duty", "clause", "subject", "owner", "department", "opened_at", "due_on", "state", "discharged_at",
        "discharged_by", "days_late", "remark", "paper",
    ),
    hidden=(
        "key", "module", "record_id", "within_id", "evidence_module", "evidence_id", "remind_on", "reminded_at",
        "escalate_on", "escalated_at", "escalated_to",
    ),
    filters=("state", "duty", "owner", "department", "due_on", "clause"),
    sort="due_on",
    views=(
        View("mine", _("What I owe"), {"all": [_OPEN, _MINE]}),
        View("week", _("Due this week"), _this_week),
        View("overdue", _("Overdue"), _overdue),
        View("late", _("Kept late"), {"field": "state", "op": "in", "value": [State.LATE.value]}, sort="-due_on"),
        View("waived", _("Waived"), {"field": "state", "op": "in", "value": [State.WAIVED.value]}, sort="-due_on"),
    ),
    lifecycle=Lifecycle("state", State.OPEN.value, locked=tuple(State.values)),
    actions=(actions.DISCHARGE, actions.WAIVE, actions.HAND_OVER, actions.REMIND),
    menu=Menu(group="regulation", order=3, create=False),
    without=("create", "edit", "copy", "delete", "assign", "merge", "import_rows", "search", "inline_edit"),
)  # fmt: skip


def _rate(inspection: Inspection) -> int | None:
    """Of a hundred points that were judged so many were met, rounded down."""
    return inspection.met * 100 // inspection.judged if inspection.judged else None


INSPECTION = Module(
    model=Inspection,
    icon="clipboard-check",
    data_class=DataClass.C2,
    profile="inspection",
    number="ZC-{seq:04}",
    columns=("name", "number", "held_on", "population", "size", "state", "rate", "owner"),
    computed=(Computed("rate", _("points met"), _rate, kind="percent", needs=("met", "judged")),),
    sections=(
        Section(_("Self-inspection"), ("name", "held_on", "owner", "population", "size", "criteria")),
        Section(_("Sample"), ("drawn_at", "drawn_of", "seed")),
        Section(_("Outcome"), ("state", "judged", "met", "conclusion")),
    ),
    read_only=("state", "drawn_at", "drawn_of", "seed", "judged", "met", "conclusion"),
    filters=("state", "population", "held_on", "owner"),
    sort="-held_on",
    views=(View("running", _("Not finished yet"), {"field": "state", "op": "in", "value": ["planned", "drawn"]}),),
    lifecycle=Lifecycle("state", Inspection.State.PLANNED, locked=("drawn", "finished")),
    starts=lambda ctx: {"held_on": ctx.today, "owner": ctx.actor},
    actions=(actions.DRAW, actions.RECORD_RESULTS, actions.FINISH),
    menu=Menu(group="regulation", order=4),
    without=("import_rows", "merge", "inline_edit", "copy"),
)  # fmt: skip

registry.register(OBLIGATION, INSPECTION)
