"""Reports on periods, as the engine knows them: summaries of plans, analyses of the market (RPT-06, RPT-07)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Section, View
from guanxi.rooms.sales.actions import reports as actions
from guanxi.rooms.sales.models import PeriodReport, ReportState


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _missing(ctx: Context) -> dict[str, Any]:
    """What should have been handed in by yesterday."""
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {"all": [_state("open"), {"field": "due_on", "op": "until", "value": yesterday.isoformat()}]}


REPORT = Module(
    model=PeriodReport,
    icon="report",
    data_class=DataClass.C2,
    profile="period_report",
    number="BG-{year}-{seq:04}",
    sort="-begins_on",
    columns=("name", "kind", "owner", "begins_on", "ends_on", "due_on", "state", "handed_in_on", "is_late"),
    sections=(
        Section(_("Report"), ("kind", "level", "begins_on", "subject", "due_on", "owner")),
        Section(_("What it says"), ("content", "file")),
        Section(_("Where it stands"), ("state", "handed_in_on", "is_late")),
    ),
    filters=("kind", "level", "begins_on", "due_on", "state", "is_late", "owner"),
    search=("content",),
    lifecycle=Lifecycle("state", ReportState.OPEN, locked=(ReportState.HANDED_IN,)),
    prepare=actions.complete_report,
    rules=(actions.report_stays_as_asked, actions.report_is_asked_once),
    actions=(actions.HAND_IN_REPORT,),
    menu=Menu("business", 29),
    views=(
        View("open", _("To be written"), _state("open"), sort="due_on"),
        View("missing", _("Missing: past its day"), _missing, sort="due_on"),
        View("late", _("Handed in late"), {"field": "is_late", "op": "is", "value": True}),
        View("market", _("Market analysis reports"), {"field": "kind", "op": "in", "value": ["market"]}),
        View("summary", _("Summaries of plans"), {"field": "kind", "op": "in", "value": ["summary"]}),
    ),
    aliases={
        "begins_on": ("开始日期", "月份", "期间"), "due_on": ("截止日期", "提交期限"), "subject": ("主题", "题目"),
        "content": ("正文", "报告内容", "总结"),
    },
    without=("merge", "copy"),
)  # fmt: skip
