"""Opportunities, and the pipelines of stages they pass, as the engine knows them (CRM-21, CRM-22)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.sales.actions import opportunities as actions
from guanxi.rooms.sales.actions.projects import BEGIN_PROJECT
from guanxi.rooms.sales.models import Opportunity, Outcome, Pipeline, Stage


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


OPPORTUNITY = Module(
    model=Opportunity,
    icon="target-arrow",
    data_class=DataClass.C2,
    profile="opportunity",
    number="SJ-{year}-{seq:04}",
    scope_through="customer",
    columns=("name", "customer", "stage", "amount", "probability", "expected_on", "next_step", "owner"),
    sections=(
        Section(_("Opportunity"), ("name", "customer", "contact", "amount", "expected_on", "stage", "probability")),
        Section(
            _("How to win it"), ("kind", "category", "source", "competitor", "next_step", "owner", "content")
        ),
        Section(_("Where it stands"), ("state", "stage_since", "closed_on", "lost_reason", "closing")),
    ),
    filters=(
        "state", "stage", "owner", "customer", "expected_on", "kind", "category", "source", "competitor",
        "closed_on", "lost_reason",
    ),
    search=("customer", "next_step"),
    related=(
        Related("sales.quote", "opportunity", columns=("name", "amount", "state", "valid_until")),
        Related("sales.salesorder", "opportunity", columns=("name", "amount", "state", "promised_on")),
        Related("sales.project", "opportunity", columns=("name", "progress", "tasks_open", "due_on", "state")),
    ),
    lifecycle=Lifecycle("state", Outcome.OPEN, locked=(Outcome.WON, Outcome.LOST)),
    prepare=actions.begin_at_a_stage,
    rules=(actions.stage_is_open, actions.contact_is_theirs),
    actions=(
        actions.MOVE_STAGE, actions.WIN_OPPORTUNITY, actions.LOSE_OPPORTUNITY, actions.REOPEN_OPPORTUNITY,
        BEGIN_PROJECT,
    ),
    menu=Menu("business", 20),
    views=(
        View("open", _("In pursuit"), _state("open"), sort="expected_on"),
        View("mine", _("Mine"), {"all": [_state("open"), {"field": "owner", "op": "in", "value": ["me"]}]},
             sort="expected_on"),
        View("closing", _("Closing soon"),
             {"all": [_state("open"), {"field": "expected_on", "op": "within", "value": "next_30_days"}]},
             sort="expected_on"),
        View("won", _("Won"), _state("won"), sort="-closed_on"),
        View("lost", _("Lost opportunities"), _state("lost"), sort="-closed_on"),
    ),
    aliases={
        "name": ("销售机会名称", "商机名称", "机会名称", "商业机会"),
        "customer": ("客户", "客户名称", "相关对象"),
        "amount": ("金额", "预计金额"),
        "expected_on": ("预计完成日期", "预计成交日期", "预计签单日期"),
        "stage": ("销售阶段", "阶段"),
        "probability": ("可能性", "可能性(%)", "赢率"),
        "source": ("潜在客户来源", "来源"),
        "kind": ("类型", "业务类型"),
        "category": ("产品类别", "产品分类"),
        "next_step": ("下一步", "下一步骤"),
    },
    without=("merge",),
)  # fmt: skip

PIPELINE = Module(
    model=Pipeline,
    icon="filter",
    data_class=DataClass.C1,
    profile="pipeline",
    sort="position",
    columns=("name", "position", "remarks"),
    sections=(Section(_("Sales pipeline"), ("name", "position", "remarks")),),
    related=(Related("sales.stage", "pipeline", columns=("position", "name", "probability", "outcome")),),
    actions=(actions.DELETE_PIPELINE,),
    menu=Menu("administration", 46, create=False),
    without=("merge", "copy", "assign", "import_rows", "search"),
)

STAGE = Module(
    model=Stage,
    icon="layout-kanban",
    data_class=DataClass.C1,
    profile="pipeline",
    sort="position",
    columns=("name", "pipeline", "position", "probability", "outcome"),
    sections=(Section(_("Sales stage"), ("pipeline", "name", "position", "probability", "outcome")),),
    filters=("pipeline", "outcome"),
    actions=(actions.DELETE_STAGE,),
    rules=(actions.stage_keeps_its_meaning,),
    without=("merge", "copy", "assign", "import_rows", "search"),
)
