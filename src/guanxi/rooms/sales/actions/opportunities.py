"""The verbs of an opportunity: move to another stage, win, lose, take up again (CRM-22)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import MoneyField, PicklistField, asked
from guanxi.records.standard import DELETE
from guanxi.rooms.customers.public import Competitor
from guanxi.rooms.sales import picklists
from guanxi.rooms.sales.models import Opportunity, Outcome, Stage
from guanxi.rooms.sales.queries import end_of, first_stage, uses_of
from guanxi.rooms.sales.rules import contact_of_customer, ends_by_its_verb, may_move_to, unused

CLOSED = (Outcome.WON, Outcome.LOST)


# ---- Writing one -----------------------------------------------------------------------------------------------------


def begin_at_a_stage(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A new opportunity stands at the first stage unless said otherwise; a new stage brings its usual probability."""
    if record is None and not values.get("stage"):
        values = {**values, "stage": first_stage()}
    stage = values.get("stage") or record.stage
    is_moved = record is None or ("stage" in values and stage != record.stage)
    given = values.get("probability")
    if is_moved and (given is None or (record is not None and given == record.probability)):
        values = {**values, "probability": stage.probability}
    if record is not None and "stage" in values and values["stage"] is None:
        values = {**values, "stage": record.stage}
    return values


def stage_is_open(ctx: Context, opportunity: Any, changed: frozenset[str]) -> Decision:
    """Whatever is entered, imported or undone leads to an open stage."""
    return ends_by_its_verb("stage" not in changed or opportunity.stage.outcome == Outcome.OPEN)


def contact_is_theirs(ctx: Context, opportunity: Any, changed: frozenset[str]) -> Decision:
    """The contact is one of the customer's, whichever of the two was entered anew."""
    if opportunity.contact is None or not changed & {"contact", "customer"}:
        return Decision.allow()
    return contact_of_customer(opportunity.contact.customer_id == opportunity.customer_id)


# ---- Moving ----------------------------------------------------------------------------------------------------------


def _another_open_stage(ctx: Context, opportunity: Any, values: Mapping[str, Any]) -> Decision:
    stage = values["stage"]
    return may_move_to(stage.outcome == Outcome.OPEN, stage.pk != opportunity.stage_id)


def _open_stage(ctx: Context, opportunity: Any, values: Mapping[str, Any]) -> Decision:
    return ends_by_its_verb(values["stage"].outcome == Outcome.OPEN)


def _put(opportunity: Opportunity, stage: Stage) -> None:
    opportunity.stage, opportunity.probability = stage, stage.probability


def _move(ctx: Context, opportunity: Any, values: dict[str, Any]) -> None:
    _put(opportunity, values["stage"])


def _stage_input() -> Any:
    return asked("stage", _("to the stage"), models.ForeignKey(Stage, models.PROTECT), required=True)


MOVE_STAGE = Action(
    name="move_stage",
    label=_("Move to a stage"),
    icon="arrow-right",
    inputs=(_stage_input(),),
    rules=(_another_open_stage,),
    states=(Outcome.OPEN,),
    perform=_move,
    undoable=False,
)


# ---- The end ---------------------------------------------------------------------------------------------------------


def _win(ctx: Context, opportunity: Any, values: dict[str, Any]) -> None:
    _put(opportunity, end_of(opportunity, Outcome.WON))
    opportunity.closing = values["note"]
    if values["amount_won"] is not None:
        opportunity.amount = values["amount_won"]


def _lose(ctx: Context, opportunity: Any, values: dict[str, Any]) -> None:
    _put(opportunity, end_of(opportunity, Outcome.LOST))
    opportunity.lost_reason, opportunity.closing = values["lost_reason"], values["note"]
    opportunity.competitor = values["lost_to"] or opportunity.competitor


def _take_up(ctx: Context, opportunity: Any, values: dict[str, Any]) -> None:
    _put(opportunity, values["stage"])
    opportunity.lost_reason, opportunity.closing = "", ""


WIN_OPPORTUNITY = Action(
    name="win_opportunity",
    label=_("Note as won"),
    icon="circle-check",
    tone="ink",
    inputs=(
        asked(
            "amount_won", _("agreed amount"), MoneyField(null=True), help=_("Left empty, the expected amount stays.")
        ),
        asked("note", _("note on the end"), models.TextField(blank=True, default="")),
    ),
    states=(Outcome.OPEN,),
    to_state=Outcome.WON,
    perform=_win,
    undoable=False,
)
LOSE_OPPORTUNITY = Action(
    name="lose_opportunity",
    label=_("Note as lost"),
    icon="circle-x",
    inputs=(
        asked("lost_reason", _("why it was lost"), PicklistField(picklist=picklists.LOST_REASON), required=True),
        asked("lost_to", _("competitor who got it"), models.ForeignKey(Competitor, models.SET_NULL, null=True)),
        asked("note", _("note on the end"), models.TextField(blank=True, default="")),
    ),
    states=(Outcome.OPEN,),
    to_state=Outcome.LOST,
    perform=_lose,
    undoable=False,
)  # fmt: skip
REOPEN_OPPORTUNITY = Action(
    name="reopen_opportunity",
    label=_("Take up again"),
    icon="arrow-back-up",
    inputs=(_stage_input(),),
    rules=(_open_stage,),
    states=CLOSED,
    asks_reason=True,
    to_state=Outcome.OPEN,
    perform=_take_up,
    undoable=False,
)


# ---- Pipelines and stages --------------------------------------------------------------------------------------------


def _stage_unused(ctx: Context, stage: Any, values: Mapping[str, Any]) -> Decision:
    return unused(uses_of([stage.pk]))


def _pipeline_unused(ctx: Context, pipeline: Any, values: Mapping[str, Any]) -> Decision:
    return unused(uses_of(Stage.objects.filter(pipeline=pipeline).values_list("pk", flat=True)))


def stage_keeps_its_meaning(ctx: Context, stage: Any, changed: frozenset[str]) -> Decision:
    """A stage in use stays what it is: neither open nor an end by a stroke of the pen, nor of another pipeline."""
    if stage._state.adding or not changed & {"outcome", "pipeline"}:
        return Decision.allow()
    return unused(uses_of([stage.pk]))


DELETE_STAGE = dataclasses.replace(DELETE, rules=(_stage_unused,))
DELETE_PIPELINE = dataclasses.replace(DELETE, rules=(_pipeline_unused,))
