"""The registration form: what it tells of the demand gives the customer its level (WF-01, WF-02)."""

from __future__ import annotations

import dataclasses
from typing import Any

from guanxi.kernel.messages import Message
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT, edit
from guanxi.records.work import Work
from guanxi.rooms.intake.models import Registration
from guanxi.rooms.intake.queries import CUSTOMER
from guanxi.rooms.intake.rules import proposed_level


def _grading(standard: Action) -> Action:
    """The standard verb, after which the customer has the level of its newest form."""

    def execute(ctx: Context, known: Registered, works: list[Work]) -> None:
        assert standard.execute is not None
        standard.execute(ctx, known, works)
        for work in works:
            _grade(ctx, work.result)

    return dataclasses.replace(standard, execute=execute)


def _grade(ctx: Context, form: Any) -> None:
    newest = Registration.objects.filter(customer=form.customer_id, deleted_at=None)
    if newest.order_by("-registered_on", "-created_at", "-pk").values_list("pk", flat=True).first() != form.pk:
        return
    level = form.level or proposed_level(form.size, form.demand_size, form.urgency).level
    if level and level != form.customer.demand_level:
        reason = form.level_reason or str(Message("Registration form %(number)s", number=form.number))
        edit(ctx.because(reason), CUSTOMER, form.customer, demand_level=level)


REGISTER = _grading(CREATE)
CORRECT_REGISTRATION = _grading(EDIT)
