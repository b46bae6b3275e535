"""Sales plans and the talks about them, as the engine knows them (SAL-01 to SAL-03, SAL-08)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Lines, Menu, Module, Related, Section, View
from guanxi.rooms.sales.actions import plans as actions
from guanxi.rooms.sales.models import PlanState, PlanTarget, SalesPlan, TargetTalk


def _level(level: str) -> dict[str, Any]:
    return {"field": "level", "op": "in", "value": [level]}


PLAN = Module(
    model=SalesPlan,
    icon="chart-bar",
    data_class=DataClass.C2,
    profile="plan",
    number="JH-{year}-{seq:04}",
    sort="-begins_on",
    columns=("name", "level", "begins_on", "ends_on", "area", "person", "amount", "state", "owner"),
    sections=(
        Section(_("Plan"), ("level", "begins_on", "area", "person", "amount", "parent", "owner", "remarks")),
        Section(_("Where it stands"), ("state", "agreed_by", "agreed_on")),
    ),
    filters=("level", "begins_on", "area", "person", "state", "owner"),
    lines=Lines(PlanTarget, "plan", ("category", "amount"), _("By product category"), unique=("category",)),
    related=(
        Related("sales.salesplan", "parent", _("Plans broken down from it"),
                ("name", "area", "person", "amount", "state")),
    ),
    lifecycle=Lifecycle("state", PlanState.DRAFT, locked=(PlanState.AGREED,)),
    prepare=actions.complete_plan,
    rules=(actions.plan_stands_once, actions.plan_fits_above),
    actions=(actions.AGREE_PLAN, actions.BREAK_DOWN, actions.REVISE_PLAN),
    menu=Menu("business", 25),
    views=(
        View("open", _("To be filled in"), {"field": "amount", "op": "empty"}, sort="begins_on"),
        View("year", _("Plans of years"), _level("year")),
        View("quarter", _("Plans of quarters"), _level("quarter")),
        View("month", _("Plans of months"), _level("month")),
        View("week", _("Plans of weeks"), _level("week")),
    ),
    aliases={
        "level": ("计划层级", "周期"),
        "begins_on": ("开始日期", "起始日期", "月份"),
        "area": ("片区", "大区", "区域"),
        "person": ("业务员", "销售员", "人员"),
        "amount": ("目标", "指标", "计划金额", "销售目标"),
    },
    without=("merge", "copy"),
)  # fmt: skip

TALK = Module(
    model=TargetTalk,
    icon="message-2",
    data_class=DataClass.C2,
    profile="plan",
    title="held_on",
    sort="-held_on",
    columns=("held_on", "person", "led_by", "expected", "answer", "agreed"),
    sections=(
        Section(_("Talk about targets"), ("person", "held_on", "led_by", "expected", "answer", "agreed")),
    ),
    filters=("person", "held_on", "led_by"),
    search=("expected", "answer", "agreed"),
    prepare=actions.complete_talk,
    rules=(actions.talk_was_held,),
    menu=Menu("business", 27),
    aliases={
        "person": ("业务员", "销售员"), "held_on": ("日期", "沟通日期"), "expected": ("经理期望", "沟通内容"),
    },
    without=("merge", "copy", "assign"),
)  # fmt: skip
