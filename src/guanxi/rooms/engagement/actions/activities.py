"""The verbs of this room: settling a task, minutes on their way to the customer."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.obligations import keeping
from guanxi.platform.people.queries import superior_of
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import DELETE
from guanxi.rooms.customers.public import contact_sources
from guanxi.rooms.engagement.duties import CARRY_OUT, SOLVE
from guanxi.rooms.engagement.models import MinutesState, TaskState
from guanxi.rooms.engagement.rules import (
    is_cold_call,
    may_drop,
    may_review,
    must_be_reviewed,
    must_say_how,
    must_stay_open,
)

TASK = "engagement.task"
_EVER = datetime.date(1900, 1, 1)


def _settle(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    record.result = values["result"] or ""
    record.settled_at = ctx.now


def _complete(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    _settle(ctx, record, values)
    duty = CARRY_OUT if record.visit_id is None else SOLVE
    keeping.discharge(duty, key=str(record.pk), by=ctx.actor, at=ctx.now, evidence=(TASK, record.pk))


def _drop(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    _settle(ctx, record, values)
    keeping.drop(CARRY_OUT, key=str(record.pk), reason=record.result, at=ctx.now, by=ctx.actor)


def _with_a_word(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return may_drop(record.minutes_id is not None, values["result"] or "")


def _not_unsolved(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return must_stay_open(record.visit_id is not None)


def _says_how(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return must_say_how(record.visit_id is not None, values["result"] or "")


_RESULT = asked("result", _("result"), models.TextField(blank=True, default=""))

COMPLETE_TASK = Action(
    name="complete_task", label=_("Done"), icon="check", tone="ink", bulk=True, inputs=(_RESULT,),
    rules=(_says_how,), states=(TaskState.OPEN,), to_state=TaskState.DONE, perform=_complete, undoable=False,
)  # fmt: skip
DROP_TASK = Action(
    name="drop_task", label=_("Drop"), icon="x", inputs=(_RESULT,),
    rules=(_with_a_word, _not_unsolved), states=(TaskState.OPEN,), to_state=TaskState.DROPPED,
    perform=_drop, undoable=False,
)  # fmt: skip


def _keep_unsolved(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return must_stay_open(record.visit_id is not None and record.state == TaskState.OPEN)


#: The standard verb: what a customer is dissatisfied with does not go to the recycle bin unsolved (VIS-04).
DISCARD_TASK = dataclasses.replace(DELETE, rules=(_keep_unsolved,))


# ---- First contacts --------------------------------------------------------------------------------------------------


def mark_cold_call(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A new contact knows whether it is the first, by telephone and to sell; it is counted by that (WF-19)."""
    customer = values.get("customer")
    kind, purpose = values.get("kind", ""), values.get("purpose", "")
    if record is not None or customer is None or not is_cold_call(kind, purpose, is_first=True):
        return values
    # Who was written to, or sent material, is no stranger any more: each room tells of its own contacts.
    is_first = not any(source.first_contact_since(customer.pk, _EVER) for source in contact_sources)
    return {**values, "cold_call": is_cold_call(kind, purpose, is_first=is_first)}


# ---- Minutes ---------------------------------------------------------------------------------------------------------


def _by_the_manager(ctx: Context, minutes: Any, values: Mapping[str, Any]) -> Decision:
    manager = superior_of(minutes.owner) if minutes.owner_id else None
    return may_review(ctx.actor.pk, minutes.owner_id, manager.pk if manager else None)


def _perform_review(ctx: Context, minutes: Any, values: dict[str, Any]) -> None:
    minutes.reviewed_by, minutes.reviewed_on = ctx.actor, ctx.today


REVIEW_MINUTES = Action(
    name="review_minutes", label=_("Reviewed"), icon="checks", tone="ink", rules=(_by_the_manager,),
    states=(MinutesState.DRAFT,), to_state=MinutesState.REVIEWED, perform=_perform_review, undoable=False,
)  # fmt: skip


def _is_reviewed(ctx: Context, minutes: Any, values: Mapping[str, Any]) -> Decision:
    return must_be_reviewed(minutes.reviewed_by_id is not None)


def _for_a_customer(ctx: Context, minutes: Any, values: Mapping[str, Any]) -> Decision:
    if minutes.customer_id is None:
        raise Conflict(Message("These are minutes of a meeting of our own: no customer gets them."))
    return Decision.allow()


def _perform_send(ctx: Context, minutes: Any, values: dict[str, Any]) -> None:
    minutes.sent_to, minutes.sent_on = values["sent_to"], ctx.today


SEND_MINUTES = Action(
    name="send_minutes", label=_("Sent to the customer"), icon="send", tone="ink",
    inputs=(asked("sent_to", _("sent to"), models.CharField(max_length=160), required=True),),
    fits=lambda minutes: minutes.customer_id is not None, rules=(_for_a_customer, _is_reviewed,),
    states=(MinutesState.DRAFT, MinutesState.REVIEWED), to_state=MinutesState.SENT,
    perform=_perform_send, undoable=False,
)  # fmt: skip


def _perform_confirm(ctx: Context, minutes: Any, values: dict[str, Any]) -> None:
    minutes.received_by, minutes.received_on = values["received_by"], values["received_on"] or ctx.today


CONFIRM_RECEIPT = Action(
    name="confirm_receipt", label=_("Receipt confirmed"), icon="check", tone="ink",
    inputs=(
        asked("received_by", _("received by"), models.CharField(max_length=80), required=True),
        asked("received_on", _("received on"), models.DateField(null=True)),
    ),
    states=(MinutesState.SENT,), to_state=MinutesState.CONFIRMED, perform=_perform_confirm, undoable=False,
)  # fmt: skip
