"""Reports, their folders, dashboards and schedules, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records import registry
from guanxi.records.module import Computed, Lines, Menu, Module, Related, Section
from guanxi.records.registry import register
from guanxi.rooms.reports import actions
from guanxi.rooms.reports.models import Dashboard, Folder, Recipient, Report, Schedule, Tile


def _made_of(report: Any) -> str:
    """The primary module of a report, in words."""
    module = registry.find(str((report.definition or {}).get("module", "")))
    return capfirst(str(module.label_plural)) if module is not None else "?"


FOLDER = Module(
    model=Folder,
    icon="folder",
    data_class=DataClass.C1,
    profile="report_folder",
    sort="position",
    columns=("name", "description", "position", "owner"),
    sections=(Section(_("Report folder"), ("name", "description", "position")),),
    related=(Related("reports.report", "folder"),),
    actions=(actions.DELETE_FOLDER,),
    menu=Menu("reports", 40),
    without=("merge", "copy", "assign", "import_rows", "export_rows"),
)

REPORT = Module(
    model=Report,
    icon="report",
    data_class=DataClass.C1,
    profile="report",
    shared={"sharing": "public"},
    columns=("name", "made_of", "folder", "description", "sharing", "owner", "changed_at"),
    sections=(Section(_("Report"), ("name", "description", "folder", "owner", "sharing", "definition")),),
    computed=(Computed("made_of", _("primary module"), _made_of, needs=("definition",)),),
    filters=("folder", "owner", "sharing"),
    search=("description",),
    prepare=actions.keep_definition,
    actions=(actions.SHARE_REPORT,),
    aliases={"name": ("报表名称", "报告名字"), "folder": ("报告文件夹", "文件夹")},
    without=("merge", "copy", "assign", "import_rows", "export_rows", "inline_edit"),
)

DASHBOARD = Module(
    model=Dashboard,
    icon="layout-dashboard",
    data_class=DataClass.C1,
    profile="report",
    shared={"is_public": True},
    sort="position",
    columns=("name", "role", "is_public", "position", "owner"),
    sections=(Section(_("Dashboard"), ("name", "role", "is_public", "position")),),
    lines=Lines(Tile, "dashboard", ("report", "show", "size", "place"), _("tiles")),
    without=("merge", "assign", "import_rows", "export_rows"),
)

SCHEDULE = Module(
    model=Schedule,
    icon="calendar-time",
    data_class=DataClass.C1,
    profile="report",
    sort="next_on",
    columns=("name", "report", "rhythm", "form", "next_on", "is_active", "owner"),
    sections=(Section(_("Scheduled report"), ("name", "report", "rhythm", "form", "is_active", "next_on")),),
    lines=Lines(Recipient, "schedule", ("person",), _("recipients"), unique=("person",)),
    filters=("report", "rhythm", "is_active", "next_on"),
    prepare=actions.plan_next,
    menu=Menu("reports", 50),
    without=("merge", "assign", "import_rows", "export_rows"),
)

register(FOLDER, REPORT, DASHBOARD, SCHEDULE)
