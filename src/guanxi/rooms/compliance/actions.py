"""What people do with duties by hand: say that one is done, waive it, hand it over, call it to mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.rooms.compliance import rules

OPEN = (State.OPEN,)


def _is_by_hand(row: Obligation) -> bool:
    duty = duties.find(row.duty)
    return duty is not None and duty.by_hand


def _by_hand(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_say_done(_is_by_hand(row))


def _perform_discharge(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    keeping.keep(row, ctx.actor, ctx.now, remark=values["remark"])
    row.paper = values.get("paper")


DISCHARGE = Action(
    name="discharge",
    label=_("It is done"),
    icon="check",
    tone="ink",
    inputs=(
        asked("remark", _("how it was done"), models.TextField(), required=True),
        asked("paper", _("paper that shows it"), models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)),
    ),
    rules=(_by_hand,),
    states=OPEN,
    fits=_is_by_hand,
    perform=_perform_discharge,
    undoable=False,
)


def _not_ones_own(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_waive(ctx.actor.pk, row.owner_id)


def _perform_waive(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    keeping.end(row, State.WAIVED, ctx.actor, ctx.now, ctx.reason.strip())
    title = Message("Waived by %(person)s: %(what)s", person=ctx.actor.name, what=row)
    notify([row.owner], title, row.remark, keeping.OBLIGATION, row.pk, "duty", at=ctx.now)


WAIVE = Action(
    name="waive",
    label=_("Waive"),
    icon="ban",
    asks_reason=True,
    rules=(_not_ones_own,),
    states=OPEN,
    perform=_perform_waive,
    bulk=True,
    undoable=False,
)


def _to_somebody_else(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    other = values.get("other")
    return Decision.allow() if other is None else rules.may_be_given(other.pk, row.owner_id)


def _perform_hand_over(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    row.owner = values["other"]
    row.department = row.owner.department
    keeping.tell_of_handover(row, 1, row.owner, ctx.now)


HAND_OVER = Action(
    name="hand_over",
    label=_("Hand over"),
    icon="user-share",
    inputs=(asked("other", _("to whom"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_to_somebody_else,),
    states=OPEN,
    perform=_perform_hand_over,
    bulk=True,
    may_leave_scope=True,
    undoable=False,
)


def _perform_remind(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    title = Message("%(person)s reminds you: %(what)s, due on %(day)s", person=ctx.actor.name, what=row, day=row.due_on)
    notify([row.owner], title, "", keeping.OBLIGATION, row.pk, "duty", at=ctx.now)


REMIND = Action(
    name="remind",
    label=_("Remind"),
    icon="bell",
    confirm=_("Remind the person who owes it?"),
    states=OPEN,
    perform=_perform_remind,
    bulk=True,
    rare=True,
    undoable=False,
)
