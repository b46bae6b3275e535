"""Projects after a deal, as the engine knows them (SAL-05)."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.sales.actions import projects
from guanxi.rooms.sales.models import Project, ProjectState


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _has_late_tasks(ctx: Context) -> dict[str, Any]:
    yesterday = ctx.today - datetime.timedelta(days=1)
    return {"all": [_state("under_way"), {"field": "open_until", "op": "until", "value": yesterday.isoformat()}]}


PROJECT = Module(
    model=Project,
    icon="git-branch",
    data_class=DataClass.C2,
    profile="project",
    number="XM-{year}-{seq:04}",
    scope_through="customer",
    columns=("name", "customer", "progress", "tasks_open", "open_until", "due_on", "state", "owner"),
    sections=(
        Section(_("Project"), ("name", "customer", "opportunity", "due_on", "owner", "goal")),
        Section(
            _("Where it stands"), ("state", "progress", "tasks_open", "open_until", "closed_on", "closing"),
        ),
    ),
    filters=("state", "customer", "owner", "opportunity", "due_on", "open_until", "progress"),
    search=("customer",),
    related=(
        Related(
            "engagement.task", "project", _("Tasks of all departments"),
            ("subject", "owner", "department", "due_on", "state", "result"),
        ),
    ),
    lifecycle=Lifecycle("state", ProjectState.UNDER_WAY, locked=(ProjectState.FINISHED, ProjectState.GIVEN_UP)),
    rules=(projects.deal_is_theirs,),
    actions=(projects.GIVE_STEP, projects.FINISH_PROJECT, projects.GIVE_UP_PROJECT),
    menu=Menu("orders", 45),
    views=(
        View("open", _("Projects under way"), _state("under_way"), sort="due_on"),
        View("late", _("With late tasks"), _has_late_tasks, sort="open_until"),
        View("finished", _("Finished projects"), _state("finished"), sort="-closed_on"),
    ),
    without=("merge", "import_rows"),
)  # fmt: skip
