"""The verbs of a sales plan: break it down, agree on it, revise it; how plans and talks are completed (SAL-02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.sales.models import PlanState, SalesPlan
from guanxi.rooms.sales.models.plans import Level, period_of
from guanxi.rooms.sales.queries.plans import PLAN, above, missing_parts, plan_at, selling
from guanxi.rooms.sales.rules import (
    fits_above,
    has_been_held,
    may_agree,
    something_to_make,
    stands_once,
    targets_within,
)

NOTICE = "sales_plan"


# ---- Writing one -----------------------------------------------------------------------------------------------------


def complete_plan(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A person's plan is of his area and his own, an area's is its head's; each refers to the plan above it."""

    def after(name: str) -> Any:
        return values[name] if name in values else getattr(record, name, None)

    level, day = after("level") or Level.MONTH, after("begins_on")
    if day is None:
        return values
    values = {**values, "begins_on": period_of(level, day).start}
    area, person = after("area"), after("person")
    if person is not None and (record is None or "person" in values):
        area = selling().area_of(person) or person.department
        values |= {"area": area, "owner": person}
    elif area is not None and record is None and area.head is not None:
        values["owner"] = area.head
    if after("parent") is None and (area is not None or person is not None):
        values["parent"] = above(SalesPlan(level=level, begins_on=values["begins_on"], area=area, person=person))
    return values


def plan_stands_once(ctx: Context, plan: Any, changed: frozenset[str]) -> Decision:
    """Nothing else is planned for this time and scope."""
    if not changed & {"level", "begins_on", "area", "person"}:
        return Decision.allow()
    found = plan_at(plan.level, period_of(plan.level, plan.begins_on).start, plan.area, plan.person)
    return stands_once(found is not None and found.pk != plan.pk, str(found or ""))


def plan_fits_above(ctx: Context, plan: Any, changed: frozenset[str]) -> Decision:
    """The plan above runs at the same time and covers more."""
    if plan.parent is None or not changed & {"level", "begins_on", "area", "person", "parent"}:
        return Decision.allow()
    parent = plan.parent
    is_same_time = (parent.level, parent.begins_on) == (plan.level, period_of(plan.level, plan.begins_on).start)
    if plan.person_id is not None:
        is_above = parent.person_id is None and parent.area_id in (None, plan.area_id)
    else:
        is_above = plan.area_id is not None and parent.area_id is None and parent.person_id is None
    return fits_above(is_same_time, is_above and parent.pk != plan.pk)


# ---- Agreeing --------------------------------------------------------------------------------------------------------


def _may_agree(ctx: Context, plan: Any, values: Mapping[str, Any]) -> Decision:
    is_own = (plan.person_id or plan.area_id) is not None and plan.owner_id == ctx.actor.pk
    parts = sum((target.amount for target in plan.targets.all()), Decimal(0))
    return may_agree(plan.amount is not None, is_own) & targets_within(parts, plan.amount)


def _agree(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.agreed_by, plan.agreed_on = ctx.actor, ctx.today


def _revise(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    plan.agreed_by, plan.agreed_on = None, None


AGREE_PLAN = Action(
    name="agree_plan",
    label=_("Agree on the plan"),
    icon="circle-check",
    tone="ink",
    rules=(_may_agree,),
    states=(PlanState.DRAFT,),
    to_state=PlanState.AGREED,
    perform=_agree,
    bulk=True,
)
REVISE_PLAN = Action(
    name="revise_plan",
    label=_("Revise the plan"),
    icon="arrow-back-up",
    asks_reason=True,
    states=(PlanState.AGREED,),
    to_state=PlanState.DRAFT,
    perform=_revise,
    rare=True,
)


# ---- Breaking down (SAL-03) ------------------------------------------------------------------------------------------


class By(models.TextChoices):
    """Along what a plan is broken down."""

    AREAS = "areas", _("for each area")
    PEOPLE = "people", _("for each salesperson of the area")
    TIMES = "times", _("for each quarter, month or week of it")


def _something_to_make(ctx: Context, plan: Any, values: Mapping[str, Any]) -> Decision:
    missing = missing_parts(plan, values["by"], selling())
    return something_to_make(len(missing or ()), missing is not None)


def _break_down(ctx: Context, plan: Any, values: dict[str, Any]) -> None:
    """Make the plans that are to be filled in, and tell those who have to."""
    missing = missing_parts(plan, values["by"], selling()) or []
    made = [
        create(
            ctx.as_program(), PLAN, level=each.level, begins_on=each.period.start, area=each.area, person=each.person,
            **({} if each.area or each.person else {"owner": plan.owner}),
        )
        for each in missing
    ]  # fmt: skip
    _tell(ctx, made)
    ctx.tell(Message("%(count)s plans were made, to be filled in.", count=len(made)))


def _tell(ctx: Context, made: Sequence[SalesPlan]) -> None:
    mine: dict[Person, list[SalesPlan]] = {}
    for plan in made:
        if plan.owner is not None and plan.owner != ctx.actor:
            mine.setdefault(plan.owner, []).append(plan)
    for person, plans in mine.items():
        title = (
            Message("Plan to be filled in: %(plan)s", plan=plans[0].name)
            if len(plans) == 1
            else Message("%(count)s plans to be filled in, from %(plan)s on", count=len(plans), plan=plans[0].name)
        )
        notify([person], title, "", PLAN, plans[0].pk, NOTICE, at=ctx.now)


BREAK_DOWN = Action(
    name="break_down",
    label=_("Break down"),
    icon="sitemap",
    inputs=(
        asked("by", _("broken down"), models.CharField(max_length=6, choices=By.choices), required=True),
    ),
    rules=(_something_to_make,),
    perform=_break_down,
    undoable=False,
)  # fmt: skip


# ---- Talks (SAL-08) --------------------------------------------------------------------------------------------------


def complete_talk(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A talk is its salesperson's; unless said otherwise it is led by whoever notes it, or by his superior."""
    person = values.get("person") or getattr(record, "person", None)
    if record is None and person is not None:
        led_by = ctx.actor if ctx.actor != person else person.superior
        values = {**values, "owner": person, "led_by": values.get("led_by") or led_by}
    return values


def talk_was_held(ctx: Context, talk: Any, changed: frozenset[str]) -> Decision:
    """Its day is no day to come."""
    return has_been_held(talk.held_on, ctx.today) if "held_on" in changed else Decision.allow()
