"""Where opportunities begin and end, what they passed, and what this room tells the customer page."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money, from_fen
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import TimelineEntry
from guanxi.rooms.sales.models import Opportunity, Outcome, Pipeline, Stage, StageMove

OPPORTUNITY, PIPELINE, STAGE = "sales.opportunity", "sales.pipeline", "sales.stage"


def first_stage() -> Stage:
    """Where a new opportunity begins: the first open stage of the first pipeline; Conflict where there is none."""
    stages = Stage.objects.filter(outcome=Outcome.OPEN, deleted_at=None, pipeline__deleted_at=None)
    found = stages.order_by("pipeline__position", "pipeline_id", "position", "pk").first()
    if found is None:
        raise Conflict(Message("There is no pipeline with an open stage; an administrator has to make one."))
    return found


def end_of(opportunity: Opportunity, outcome: Outcome) -> Stage:
    """The stage of its pipeline where an opportunity is won or lost; Conflict where the pipeline has none."""
    assert opportunity.stage is not None
    found = Stage.objects.filter(
        pipeline_id=opportunity.stage.pipeline_id, outcome=outcome, deleted_at=None
    ).first()  # fmt: skip
    if found is None:
        raise Conflict(Message("The pipeline has no stage for that end; an administrator has to add one."))
    return found


def uses_of(stages: Iterable[uuid.UUID]) -> int:
    """How many opportunities stand or stood at one of these stages, whoever may see them, in the bin or not."""
    wanted = list(stages)
    return Opportunity.objects.filter(Q(stage__in=wanted) | Q(moves__stage__in=wanted)).distinct().count()


def stages_of(pipeline: Pipeline) -> list[Stage]:
    """The stages of a pipeline in their order, those that end it last."""
    stages = Stage.objects.filter(pipeline=pipeline, deleted_at=None).order_by("position", "pk")
    return sorted(stages, key=lambda stage: stage.outcome != Outcome.OPEN)


def moves_of(opportunity: Opportunity) -> list[StageMove]:
    """Every stage it came to, the newest first."""
    return list(opportunity.moves.select_related("stage", "former", "moved_by").order_by("-moved_at", "-pk"))


# ---- The customer page -----------------------------------------------------------------------------------------------

_MOVES = Scoped(
    lambda ctx, limit, customers: (
        StageMove.objects.filter(opportunity__in=ctx.search(OPPORTUNITY).filter(customer__in=customers).values("pk"))
        .select_related("opportunity", "stage", "moved_by")
        .order_by("-moved_at")[:limit]
    )
)
_TONES = {Outcome.WON: "green", Outcome.LOST: "red"}


class Opportunities:
    """This room as a source of the customer page."""

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """To which stages the opportunities with these customers came, the newest first."""
        if not ctx.may(OPPORTUNITY):
            return
        for move in _MOVES.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            name = move.opportunity.name
            title = _("New opportunity: %(name)s") if move.former_id is None else _("Opportunity: %(name)s")
            yield TimelineEntry(
                at=move.moved_at, icon="target-arrow", title=title % {"name": name},
                actor=str(move.moved_by or ""), tag=move.stage.name, tone=_TONES.get(move.stage.outcome, ""),
                aside=format_money(move.amount) if move.amount is not None else "",
                module=OPPORTUNITY, record_id=move.opportunity_id, customer_id=move.opportunity.customer_id,
            )  # fmt: skip


OPPORTUNITIES = Opportunities()


# ---- The board -------------------------------------------------------------------------------------------------------

#: Cards of a column that come at a time; and for how many days what was won or lost still stands on the board.
CARDS, RECENT_DAYS = 50, 30


@dataclass(frozen=True)
class Column:
    """A stage on the board: how many stand there, worth how much in yuan, and by probability; the cards shown."""

    stage: Stage
    count: int
    amount: Decimal
    weighted: Decimal
    cards: tuple[Any, ...]


def on_board(ctx: Context, pipeline: Pipeline, **narrowed: Any) -> QuerySet[Any]:
    """What stands on the board of a pipeline: what is open, and what was won or lost lately."""
    since = ctx.today - datetime.timedelta(days=RECENT_DAYS)
    lately = Q(state=Outcome.OPEN) | Q(closed_on__gte=since)
    return ctx.search(OPPORTUNITY).filter(lately, stage__pipeline=pipeline, **narrowed).order_by()


def columns_of(rows: QuerySet[Any], stages: Sequence[Stage], first: int = 0) -> list[Column]:
    """The columns of the board in three queries, however many cards there are; the cards from `first` on."""
    worth = Sum(F("amount") * F("probability"), output_field=BigIntegerField())
    sums = rows.values("stage").annotate(n=Count("pk"), total=Sum("amount"), worth=worth)
    told = {
        stage: (n, total or Decimal(0), from_fen(weighted or 0) / 100)
        for stage, n, total, weighted in sums.values_list("stage", "n", "total", "worth")
    }
    place = Window(RowNumber(), partition_by="stage", order_by=("expected_on", "pk"))
    # Which cards are shown is asked of ids alone: to number whole rows takes eight times as long.
    numbered = rows.annotate(place=place).filter(place__gt=first, place__lte=first + CARDS)
    shown = rows.filter(pk__in=list(numbered.values_list("pk", flat=True)))
    cards: dict[Any, list[Any]] = {}
    for card in shown.select_related("customer", "owner").order_by("expected_on", "pk"):
        cards.setdefault(card.stage_id, []).append(card)
    nothing = (0, Decimal(0), Decimal(0))
    return [Column(stage, *told.get(stage.pk, nothing), tuple(cards.get(stage.pk, ()))) for stage in stages]
