"""Asking whether a company is known: allowed to everybody, noted, and limited to so many questions a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.work import Work
from guanxi.rooms.customers.policies import CHECKS_PER_DAY
from guanxi.rooms.customers.queries import checks_today, who_knows
from guanxi.rooms.customers.queries.known import CHECK
from guanxi.rooms.customers.rules import may_ask_again


def _not_too_often(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    if ctx.unbounded:
        return Decision.allow()
    return may_ask_again(checks_today(ctx), value_of(CHECKS_PER_DAY, ctx.today))


def _execute(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Nothing is written but the note of the question and of how it was answered."""
    for work in works:
        work.result = who_knows(ctx, work.values["text"])
        answers = {"known": any(one.certain for one in work.result), "similar": len(work.result)}
        work.changes = {"text": [None, work.values["text"]], "answer": [None, answers]}


CHECK_KNOWN = Action(
    name=CHECK,
    label=_("Is this company known?"),
    icon="user-search",
    on_record=False,
    inputs=(
        asked(
            "text",
            _("company name, number, credit code or telephone"),
            models.CharField(max_length=120),
            required=True,
        ),
    ),
    rules=(_not_too_often,),
    execute=_execute,
    page="customers:known",
)
