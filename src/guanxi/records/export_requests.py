"""An export that is too large for one person alone: he asks, a second one decides, and then it runs (SEC-04).

What was asked is frozen with the request: filter, columns, format. It runs with the rights that the asker has then.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.audit import entries as audit
from guanxi.platform.jobs.starting import start
from guanxi.platform.notices.notify import notify
from guanxi.platform.policy.values import value_of
from guanxi.records import listing, registry
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.export_limits import REQUEST_DAYS
from guanxi.records.fields import asked
from guanxi.records.listing import Query
from guanxi.records.models import ExportRequest
from guanxi.records.module import Module
from guanxi.records.wording import in_words

#: The kind of job that writes an export's file.
EXPORT = "records.export"
REQUEST = "records.exportrequest"
APPROVE, REFUSE = "approve_export", "refuse_export"
State = ExportRequest.State


def ask(ctx: Context, module: Module, query: Query, payload: Mapping[str, Any], rows: int) -> ExportRequest:
    """Put the export before those who may approve it; asked twice, the waiting request is given again.

    `payload` is what the job gets once somebody agrees. The asker's right to export is the caller's to judge.
    """
    waiting = ExportRequest.objects.filter(owner=ctx.actor, state=State.OPEN, deleted_at=None)
    for request in waiting:
        if request.asked == payload:
            return request
    with transaction.atomic():
        request = ExportRequest.objects.create(
            owner=ctx.actor, department=ctx.actor.department, module=module.key, rows=rows, asked=dict(payload),
            title=gettext("%(module)s, %(rows)s rows") % {"module": module.label_plural, "rows": f"{rows:,}"},
            narrowed=_in_words(ctx, module, query, payload), purpose=ctx.reason,
            columns=gettext(", ").join(str(each.label) for each in listing.columns_of(module, _columns(payload))),
            expires_on=ctx.today + datetime.timedelta(days=value_of(REQUEST_DAYS, ctx.today)),
            created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now, changed_by=ctx.actor,
        )  # fmt: skip
        changes = {"module": [None, module.key], "rows": [None, rows]}
        audit.write(
            [ctx.entry("ask_export", module=REQUEST, record_id=request.pk, record_label=request.title, changes=changes)]
        )
        title = Message("%(person)s asks to export %(what)s", person=ctx.actor, what=request.title)
        notify(_deciders(ctx), title, request.purpose, REQUEST, request.pk, "export", at=ctx.now)
    return request


def _columns(payload: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(payload["columns"])


def _deciders(ctx: Context) -> list[Any]:
    known = registry.module(REQUEST)
    return [person for person in people_who_may(known.names, APPROVE) if person != ctx.actor]


def _in_words(ctx: Context, module: Module, query: Query, payload: Mapping[str, Any]) -> str:
    """Which rows are asked for, as far as it narrows them: a line for each condition."""
    lines = [gettext("View: %(view)s") % {"view": listing.view_of(ctx, module, query.view).label}]
    if query.text:
        lines.append(gettext("Search: %(words)s") % {"words": query.text})
    lines += in_words(ctx, module, query.filters)
    if payload["ids"] is not None:
        lines.append(gettext("%(count)s chosen rows") % {"count": f"{len(payload['ids']):,}"})
    return "\n".join(lines)


def may_decide(decider: uuid.UUID, requester: uuid.UUID | None) -> Decision:
    """The second person is another one (SEC-04)."""
    if decider != requester:
        return Decision.allow()
    return refuse(
        "SEC-04",
        Message("Nobody approves his own export."),
        remedy=Message("Another manager with the right to approve exports decides."),
    )


def may_still_decide(expires_on: datetime.date, today: datetime.date) -> Decision:
    """What was asked for long ago is asked for anew (SEC-04)."""
    if today <= expires_on:
        return Decision.allow()
    return refuse("SEC-04", Message("The request lapsed on %(day)s.", day=expires_on))


def _another_decides(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_decide(ctx.actor.pk, record.owner_id)


def _not_lapsed(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_still_decide(record.expires_on, ctx.today)


def _approve(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    _settle(ctx, record, values, Message("Your export was approved and is being made: %(what)s", what=record.title))
    payload = {**record.asked, "request": str(record.pk)}
    start(EXPORT, record.owner, payload, Message("Export: %(module)s", module=record.title), ctx.now)


def _refuse(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    _settle(ctx, record, values, Message("Your export was refused: %(what)s", what=record.title))


def _settle(ctx: Context, record: Any, values: Mapping[str, Any], title: Message) -> None:
    record.decided_by, record.decided_on, record.answer = ctx.actor, ctx.today, values.get("answer") or ""
    notify([record.owner], title, record.answer, REQUEST, record.pk, "export", at=ctx.now)


APPROVE_EXPORT = Action(
    name=APPROVE,
    label=_("Approve"),
    icon="check",
    tone="ink",
    inputs=(asked("answer", _("answer"), models.TextField(blank=True)),),
    rules=(_another_decides, _not_lapsed),
    states=(State.OPEN,),
    to_state=State.APPROVED,
    perform=_approve,
    step_up=True,
    undoable=False,
)
REFUSE_EXPORT = Action(
    name=REFUSE,
    label=_("Refuse"),
    icon="x",
    inputs=(asked("answer", _("answer"), models.TextField(), required=True),),
    rules=(_another_decides,),
    states=(State.OPEN,),
    to_state=State.REFUSED,
    perform=_refuse,
)


# ---- When it runs ----------------------------------------------------------------------------------------------------


def require_approved(ctx: Context, module: Module, request: str) -> None:
    """Raise NotAllowed unless that request of this person for this record type is approved and has not lapsed."""
    approved = ExportRequest.objects.filter(
        pk=request, owner=ctx.actor, module=module.key, state=State.APPROVED, expires_on__gte=ctx.today, deleted_at=None
    )
    if not approved.exists():
        raise NotAllowed(Message("The approval of this export has been used or has lapsed; please ask again."))


def finish(ctx: Context, request: str) -> None:
    """The approval has been used: it makes one file and no second."""
    ExportRequest.objects.filter(pk=request, state=State.APPROVED).update(
        state=State.DONE, version=models.F("version") + 1, changed_at=ctx.now, changed_by=ctx.actor
    )


def lapse(at: datetime.datetime) -> int:
    """Let requests lapse that nobody decided or used in time, and tell who asked; returns how many."""
    today = calendar.local(at).date()
    late = ExportRequest.objects.filter(
        state__in=(State.OPEN, State.APPROVED), expires_on__lt=today, deleted_at=None
    ).select_related("owner")
    lapsed = 0
    for request in late:
        with transaction.atomic():
            still = ExportRequest.objects.filter(pk=request.pk, state=request.state)
            if not still.update(state=State.EXPIRED, version=models.F("version") + 1, changed_at=at):
                continue
            title = Message("Your request to export lapsed: %(what)s", what=request.title)
            notify([request.owner], title, "", REQUEST, request.pk, "export", at=at)
        lapsed += 1
    return lapsed
