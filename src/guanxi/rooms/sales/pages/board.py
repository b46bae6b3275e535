"""The board of a pipeline: a column for each stage, a card for each opportunity; dragging one moves it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import NotFound
from guanxi.kernel.money import format_money
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.rooms.customers.public import whole_yuan
from guanxi.rooms.sales.actions import LOSE_OPPORTUNITY, MOVE_STAGE, REOPEN_OPPORTUNITY, WIN_OPPORTUNITY
from guanxi.rooms.sales.models import Opportunity, Outcome, Pipeline, Stage
from guanxi.rooms.sales.queries import CARDS, OPPORTUNITY, PIPELINE, STAGE, Column, columns_of, on_board, stages_of
from guanxi.web import addresses, menu
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page

PLACE = "/sales/board/"
TITLE = gettext_lazy("Sales board")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The board; `stage` and `page` show the further cards of one column, `owner` and `team` narrow it."""
    ctx = request.ctx
    require(ctx, registry.entry(OPPORTUNITY), "view", TITLE)
    pipelines = list(ctx.search(PIPELINE).order_by("position", "pk"))
    pipeline = _chosen(pipelines, request.GET.get("pipeline", ""))
    asked = {name: request.GET.get(name, "") for name in ("owner", "team")}
    given: dict[str, Any] = {"pipelines": pipelines, "pipeline": pipeline, "asked": asked, "columns": [], "here": PLACE}
    if pipeline is not None:
        everybody = on_board(ctx, pipeline)
        stages = stages_of(pipeline)
        only = next((stage for stage in stages if str(stage.pk) == request.GET.get("stage")), None)
        turned = _page(request) if only is not None else 0
        rows = on_board(ctx, pipeline, **_narrowed(ctx, asked))
        columns = columns_of(rows, [only] if only is not None else stages, turned * CARDS)
        given |= {
            "columns": [_column(ctx, column, turned, {**asked, "pipeline": str(pipeline.pk)}) for column in columns],
            "people": Person.objects.filter(Exists(everybody.filter(owner=OuterRef("pk")))).select_related(
                "department"
            ),
            "whole": addresses.with_query(PLACE, {"pipeline": str(pipeline.pk)}) if only is not None else "",
            "may_move": ctx.may(OPPORTUNITY, MOVE_STAGE.name),
            "may_make": ctx.may(OPPORTUNITY, "create"),
            "new": addresses.of_module(OPPORTUNITY, "new"),
        }
        teams = {str(person.department_id): person.department for person in given["people"] if person.department}
        given["teams"] = sorted(teams.items(), key=lambda team: str(team[1]))
    return page(request, "sales/board.html", given)


def _chosen(pipelines: list[Pipeline], asked: str) -> Pipeline | None:
    return next((each for each in pipelines if str(each.pk) == asked), next(iter(pipelines), None))


def _narrowed(ctx: Context, asked: dict[str, str]) -> dict[str, Any]:
    """Whose cards are asked for, as a filter; what is no id at all narrows to nothing."""
    narrowed: dict[str, Any] = {}
    for name, column in (("owner", "owner"), ("team", "department")):
        if asked[name] == "me":
            narrowed[column] = ctx.actor.pk
        elif asked[name]:
            narrowed[column] = _id(asked[name])
    return narrowed


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


def _page(request: Request) -> int:
    text = request.GET.get("page", "")
    return max(int(text) - 1, 0) if text.isdigit() and len(text) < 6 else 0


def _column(ctx: Context, column: Column, turned: int, asked: dict[str, str]) -> dict[str, Any]:
    more = column.count - turned * CARDS - len(column.cards)
    further = {**{name: value for name, value in asked.items() if value}, "stage": str(column.stage.pk)}
    return {
        "stage": column.stage,
        "count": column.count,
        "amount": whole_yuan(column.amount),
        "weighted": whole_yuan(column.weighted) if column.stage.outcome == Outcome.OPEN else "",
        "is_end": column.stage.outcome != Outcome.OPEN,
        "cards": [_card(ctx, card) for card in column.cards],
        "more": addresses.with_query(PLACE, {**further, "page": str(turned + 2)}) if more > 0 else "",
        "more_count": more,
    }


def _card(ctx: Context, card: Opportunity) -> dict[str, Any]:
    is_open = card.state == Outcome.OPEN
    return {
        "pk": card.pk,
        "version": card.version,
        "name": card.name,
        "href": addresses.record(OPPORTUNITY, card.pk),
        "customer": card.customer.short_name or card.customer.name,
        "amount": format_money(card.amount) if card.amount is not None else "",
        "owner": str(card.owner or ""),
        "day": card.expected_on if is_open else card.closed_on,
        "is_late": is_open and card.expected_on < ctx.today,
        "days": _days(ctx.now, card.stage_since) if is_open else None,
        "is_open": is_open,
    }


def _days(now: datetime.datetime, since: datetime.datetime | None) -> int | None:
    return None if since is None else (now - since).days


@require_POST
def move(request: Request) -> HttpResponseBase:
    """A card was dragged to a stage: it is moved or won; where something is asked first, the answer leads there."""
    ctx = request.ctx
    require(ctx, registry.entry(OPPORTUNITY), MOVE_STAGE.name, MOVE_STAGE.label)
    opportunity = ctx.get(OPPORTUNITY, request.POST.get("pk", ""))
    stage: Stage = ctx.get(STAGE, request.POST.get("value", ""))
    if opportunity.state != Outcome.OPEN and stage.outcome == Outcome.OPEN:
        return _asked_first(opportunity, REOPEN_OPPORTUNITY.name, stage=str(stage.pk))
    if stage.outcome == Outcome.LOST:
        return _asked_first(opportunity, LOSE_OPPORTUNITY.name)
    if stage.outcome == Outcome.WON:
        return _asked_first(opportunity, WIN_OPPORTUNITY.name)
    text = request.POST.get("version", "")
    version = int(text) if text.isdigit() else None
    run(MOVE_STAGE, ctx, OPPORTUNITY, opportunity, {"stage": stage}, version=version)
    return HttpResponse(status=204)


def _asked_first(opportunity: Opportunity, verb: str, **query: str) -> HttpResponseBase:
    answer = HttpResponse(status=204)
    there = f"{addresses.record(OPPORTUNITY, opportunity.pk)}do/{verb}/"
    answer.headers["HX-Redirect"] = addresses.with_query(there, query) if query else there
    return answer


menu.add(
    menu.Entry(
        "opportunity_board", TITLE, PLACE, "layout-kanban", group="business", order=21,
        may=lambda ctx: ctx.may(OPPORTUNITY),
    )
)  # fmt: skip
