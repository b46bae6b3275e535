"""The verbs of a quote: send, note as rejected, revise, make it an order (CRM-29, CRM-30)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import DELETE, create
from guanxi.records.work import Work
from guanxi.rooms.sales.actions.documents import carried_over
from guanxi.rooms.sales.actions.opportunities import WIN_OPPORTUNITY
from guanxi.rooms.sales.models import Outcome, Quote, QuoteState
from guanxi.rooms.sales.policies import FREE_DISCOUNT
from guanxi.rooms.sales.queries import OPPORTUNITY, ORDER, QUOTE
from guanxi.rooms.sales.rules import may_delete_document, promised_after, still_valid


def _valid(ctx: Context, quote: Any, values: Mapping[str, Any]) -> Decision:
    return still_valid(quote.valid_until, ctx.today)


def _beyond_free_discount(ctx: Context, work: Work) -> bool:
    quote: Quote = work.record
    return quote.conceded > value_of(FREE_DISCOUNT, on=ctx.today)


def _send(ctx: Context, quote: Any, values: dict[str, Any]) -> None:
    quote.sent_on = ctx.today


SEND_QUOTE = Action(
    name="send_quote",
    label=_("Note as sent"),
    icon="send",
    tone="ink",
    confirm=_("A quote that has been sent is not written any more, only revised. Continue?"),
    rules=(_valid,),
    states=(QuoteState.DRAFT,),
    to_state=QuoteState.SENT,
    perform=_send,
    approval=asking.ByNature("approval.superior", "CRM-30", holds=_beyond_free_discount),
    undoable=False,
)


def _reject(ctx: Context, quote: Any, values: dict[str, Any]) -> None:
    quote.answered_on, quote.answer = ctx.today, ctx.reason


REJECT_QUOTE = Action(
    name="reject_quote",
    label=_("Note as rejected"),
    icon="circle-x",
    asks_reason=True,
    states=(QuoteState.SENT,),
    to_state=QuoteState.REJECTED,
    perform=_reject,
    undoable=False,
)


def _revise(ctx: Context, quote: Any, values: dict[str, Any]) -> Any:
    until = max(values["until"] or quote.valid_until, ctx.today)
    later = create(ctx, QUOTE, confirmed=True, valid_until=until, **carried_over(quote))
    later.edition, later.former = quote.edition + 1, quote
    later.save(update_fields=["edition", "former"])
    return later


REVISE_QUOTE = Action(
    name="revise_quote",
    label=_("Revise the quote"),
    icon="versions",
    inputs=(asked("until", _("quote valid until"), models.DateField(null=True)),),
    states=(QuoteState.SENT, QuoteState.REJECTED),
    to_state=QuoteState.REPLACED,
    perform=_revise,
    undoable=False,
)


def _promised_in_time(ctx: Context, quote: Any, values: Mapping[str, Any]) -> Decision:
    return promised_after(ctx.today, values["promised"])


def _make_order(ctx: Context, quote: Any, values: dict[str, Any]) -> Any:
    quote.answered_on = ctx.today
    order = create(
        ctx, ORDER, confirmed=True, quote=quote, ordered_on=ctx.today, promised_on=values["promised"],
        **carried_over(quote),
    )  # fmt: skip
    opportunity = quote.opportunity
    if values["win"] and opportunity is not None and opportunity.state == Outcome.OPEN:
        run(WIN_OPPORTUNITY, ctx, OPPORTUNITY, opportunity, {"amount_won": str(quote.amount), "note": order.number})
    return order


MAKE_ORDER = Action(
    name="make_order",
    label=_("Make it an order"),
    icon="shopping-cart",
    tone="ink",
    inputs=(
        asked("promised", _("delivery promised for"), models.DateField(), required=True),
        asked(
            "win", _("the opportunity is won with it"), models.BooleanField(default=False),
            help=_("With the total of the quote as the agreed amount."),
        ),
    ),
    rules=(_valid, _promised_in_time),
    states=(QuoteState.SENT,),
    to_state=QuoteState.ACCEPTED,
    perform=_make_order,
    undoable=False,
)  # fmt: skip


def _still_written(ctx: Context, quote: Any, values: Mapping[str, Any]) -> Decision:
    return may_delete_document(quote.state != QuoteState.DRAFT, "CRM-29")


DELETE_QUOTE = dataclasses.replace(DELETE, rules=(_still_written,))
