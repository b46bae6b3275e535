"""The verbs of a project after a deal: begin it, give out its tasks, finish it or give it up (SAL-05)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.events import RecordsWritten
from guanxi.records.fields import asked
from guanxi.records.standard import ENTERED, create
from guanxi.rooms.engagement.public import Task
from guanxi.rooms.sales.models import Outcome, Project, ProjectState
from guanxi.rooms.sales.rules import all_is_done, due_within, may_link_deal

PROJECT, TASK = "sales.project", "engagement.task"
NOTICE = "project"


def deal_is_theirs(ctx: Context, project: Any, changed: frozenset[str]) -> Decision:
    """The opportunity that a project follows was won, with the same customer."""
    deal = project.opportunity
    if deal is None or not changed & {"opportunity", "customer"}:
        return Decision.allow()
    return may_link_deal(deal.state == Outcome.WON, deal.customer_id == project.customer_id)


def _begin(ctx: Context, opportunity: Any, values: dict[str, Any]) -> Project:
    made: Project = create(
        ctx, PROJECT, confirmed=True, name=values["name"] or opportunity.name, customer=opportunity.customer,
        opportunity=opportunity, due_on=values["due_on"], goal=opportunity.closing,
    )  # fmt: skip
    return made


def _for_a_day_to_come(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return due_within(values["due_on"], ctx.today)


BEGIN_PROJECT = Action(
    name="begin_project",
    label=_("Begin the onboarding"),
    icon="git-branch",
    inputs=(
        asked("due_on", _("to be finished by"), models.DateField(), required=True),
        asked("name", _("name of the project"), models.CharField(max_length=160, blank=True, default=""),
              help=_("Left empty, that of the opportunity.")),
    ),
    rules=(_for_a_day_to_come,),
    states=(Outcome.WON,),
    perform=_begin,
    undoable=False,
)  # fmt: skip


# ---- Its tasks -------------------------------------------------------------------------------------------------------


def _note_project(ctx: Context, task: Any, values: dict[str, Any]) -> None:
    task.project = values["project"]


#: What makes a task one of a project. Nobody holds it as a right.
_GIVEN = Action(
    name="given_by_project",
    label=_("Given out by a project"),
    inputs=(asked("project", _("project"), models.ForeignKey(Project, models.PROTECT), required=True),),
    perform=_note_project,
)
ENTERED[_GIVEN.name] = _GIVEN.label


def _give_step(ctx: Context, project: Any, values: dict[str, Any]) -> Task:
    """Whoever is named owes it, in whichever department: the giver need not reach his tasks otherwise."""
    reach = dataclasses.replace(system_context(ctx.actor, source=ctx.source, now=ctx.now), reason=ctx.reason)
    task: Task = create(
        reach, TASK, confirmed=True, subject=values["subject"], owner=values["owner"], due_on=values["due_on"],
        customer=project.customer, details=project.goal,
    )  # fmt: skip
    run(_GIVEN, reach, TASK, task, {"project": project})
    _take_stock(project)
    if values["owner"].pk != ctx.actor.pk:
        title = Message("Onboarding of %(customer)s, yours by %(day)s: %(what)s", customer=project.customer,
                        day=task.due_on, what=task.subject)  # fmt: skip
        notify([values["owner"]], title, project.goal, TASK, task.pk, NOTICE, at=ctx.now)
    return task


def _within_the_project(ctx: Context, project: Any, values: Mapping[str, Any]) -> Decision:
    return due_within(values["due_on"], ctx.today, project.due_on)


GIVE_STEP = Action(
    name="give_step",
    label=_("Give out a task"),
    icon="checklist",
    tone="ink",
    inputs=(
        asked("subject", _("what is to be done"), models.CharField(max_length=160), required=True),
        asked("owner", _("who does it"), models.ForeignKey(Person, models.PROTECT), required=True),
        asked("due_on", _("to be finished by"), models.DateField(), required=True),
    ),
    rules=(_within_the_project,),
    states=(ProjectState.UNDER_WAY,),
    perform=_give_step,
    undoable=False,
)


def take_stock_of(event: RecordsWritten) -> None:
    """Tasks were written: the projects that gave them out stand elsewhere now."""
    if event.module != TASK:
        return
    for project in Project.objects.filter(tasks__in=event.records).distinct():
        _take_stock(project)
        _keep(project)


def _take_stock(project: Project) -> None:
    found: Mapping[str, Any] = (
        Task.objects.filter(project=project, deleted_at=None)
        .exclude(state="dropped")
        .aggregate(all=Count("pk"), open=Count("pk", filter=_OPEN), until=Min("due_on", filter=_OPEN))
    )
    project.tasks_open, project.open_until = found["open"], found["until"]
    project.progress = 100 * (found["all"] - found["open"]) // found["all"] if found["all"] else 0


_OPEN = Q(state="open")
_STOCK = ("progress", "tasks_open", "open_until")


def _keep(project: Project) -> None:
    stock = {name: getattr(project, name) for name in _STOCK}
    Project.objects.filter(pk=project.pk).exclude(**stock).update(**stock)


# ---- The end ---------------------------------------------------------------------------------------------------------


def _nothing_open(ctx: Context, project: Any, values: Mapping[str, Any]) -> Decision:
    return all_is_done(project.tasks_open)


def _end(ctx: Context, project: Any, values: dict[str, Any]) -> None:
    project.closed_on, project.closing = ctx.today, ctx.reason or values.get("note", "")


FINISH_PROJECT = Action(
    name="finish_project",
    label=_("Finish the project"),
    icon="circle-check",
    inputs=(asked("note", _("note on the end"), models.TextField(blank=True, default="")),),
    rules=(_nothing_open,),
    states=(ProjectState.UNDER_WAY,),
    to_state=ProjectState.FINISHED,
    perform=_end,
    undoable=False,
)
GIVE_UP_PROJECT = Action(
    name="give_up_project",
    label=_("Give the project up"),
    icon="circle-x",
    asks_reason=True,
    states=(ProjectState.UNDER_WAY,),
    to_state=ProjectState.GIVEN_UP,
    perform=_end,
    rare=True,
    undoable=False,
)
