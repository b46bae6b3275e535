"""The verbs of this room: closing a visit report, settling a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.engagement.models import TaskState, VisitState
from guanxi.rooms.engagement.rules import must_say_what_is_new


def _says_what_is_new(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return must_say_what_is_new(values["archive_facts"] or "", bool(values["nothing_new"]))


def _close_visit(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.archive_facts = values["archive_facts"] or ""
    record.nothing_new = bool(values["nothing_new"])
    if record.archive_facts.strip():
        create(
            ctx,
            "customers.contribution",
            customer_name=record.customer.number or record.customer.name,
            kind="visit_fact",
            collected_on=record.visited_on,
            source="sales_staff",
            document=record.number,
            content=record.archive_facts,
        )


CLOSE_VISIT = Action(
    name="close_visit",
    label=_("Close report"),
    icon="clipboard-check",
    tone="ink",
    inputs=(
        asked(
            "archive_facts", _("for the archive"), models.TextField(blank=True, default=""),
            help=_("What the archive should know from this visit; it goes to the archivist for filing."),
        ),
        asked("nothing_new", _("nothing new for the archive"), models.BooleanField(default=False)),
    ),
    rules=(_says_what_is_new,),
    states=(VisitState.DRAFT,),
    to_state=VisitState.CLOSED,
    perform=_close_visit,
)  # fmt: skip


def _settle(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.result = values["result"] or ""
    record.settled_at = ctx.now


_RESULT = asked("result", _("result"), models.TextField(blank=True, default=""))

COMPLETE_TASK = Action(
    name="complete_task", label=_("Done"), icon="check", tone="ink", bulk=True, inputs=(_RESULT,),
    states=(TaskState.OPEN,), to_state=TaskState.DONE, perform=_settle,
)  # fmt: skip
DROP_TASK = Action(
    name="drop_task", label=_("Drop"), icon="x", inputs=(_RESULT,),
    states=(TaskState.OPEN,), to_state=TaskState.DROPPED, perform=_settle,
)  # fmt: skip
