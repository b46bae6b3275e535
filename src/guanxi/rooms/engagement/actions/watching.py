"""The verbs of the list of customers to watch: put on it, looked at again, taken off (RPT-02)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.models import Obligation, State
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT
from guanxi.records.work import Work
from guanxi.rooms.engagement import duties
from guanxi.rooms.engagement.models import Watch, WatchState
from guanxi.rooms.engagement.rules import may_look_next_on

WATCH = "engagement.watch"


def _execute_put(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        _owe_look(ctx, work.result)
        keeper = work.result.customer.owner
        if keeper is not None and keeper.pk != ctx.actor.pk:
            title = Message("%(name)s is on the list of customers to watch", name=work.result.customer)
            notify([keeper], title, work.result.cause, WATCH, work.result.pk, "watch", at=ctx.now)


def _execute_change(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert EDIT.execute is not None
    EDIT.execute(ctx, known, works)
    for work in works:
        if "look_on" in work.changes:
            for key in _owed(work.record):
                keeping.drop(duties.LOOK, key=key, reason=Message("Another day was set."), at=ctx.now, by=ctx.actor)
            _owe_look(ctx, work.record)


#: The standard verbs: whoever looks after the customer hears of it, and owes the next look.
PUT_ON_LIST = dataclasses.replace(CREATE, execute=_execute_put)
CHANGE_WATCH = dataclasses.replace(EDIT, execute=_execute_change)


def _owe_look(ctx: Context, watch: Watch) -> None:
    keeping.open_duty(
        duties.LOOK, key=f"{watch.pk}/{watch.look_on}", owner=watch.customer.owner or watch.owner or ctx.actor,
        subject=str(watch.customer), at=ctx.now, due_on=watch.look_on, module=WATCH, record_id=watch.pk,
        within=watch.customer_id,
    )  # fmt: skip


def _owed(watch: Watch) -> list[str]:
    rows = Obligation.objects.filter(duty=duties.LOOK.name, record_id=watch.pk, state=State.OPEN)
    return list(rows.values_list("key", flat=True))


def _looked(ctx: Context, watch: Watch) -> None:
    for key in _owed(watch):
        keeping.discharge(duties.LOOK, key=key, by=ctx.actor, at=ctx.now, evidence=(WATCH, watch.pk))


def _later(ctx: Context, watch: Any, values: Mapping[str, Any]) -> Decision:
    return may_look_next_on(values["look_on"], ctx.today)


def _look(ctx: Context, watch: Any, values: dict[str, Any]) -> None:
    _looked(ctx, watch)
    watch.looked_on, watch.finding, watch.look_on = ctx.today, values["finding"], values["look_on"]
    _owe_look(ctx, watch)


LOOK_AGAIN = Action(
    name="look_again",
    label=_("Looked at"),
    icon="eye",
    tone="ink",
    inputs=(
        asked("finding", _("what was found"), models.TextField(), required=True),
        asked("look_on", _("next look"), models.DateField(), required=True),
    ),
    rules=(_later,),
    states=(WatchState.ON,),
    perform=_look,
    undoable=False,
)


def _take_off(ctx: Context, watch: Any, values: dict[str, Any]) -> None:
    _looked(ctx, watch)
    watch.ended_on, watch.outcome = ctx.today, ctx.reason


TAKE_OFF = Action(
    name="take_off",
    label=_("Take off the list"),
    icon="eye-off",
    asks_reason=True,
    states=(WatchState.ON,),
    to_state=WatchState.OFF,
    perform=_take_off,
    undoable=False,
)
