"""How opportunities are drawn, and every stage that one has passed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.sales.models import Outcome
from guanxi.rooms.sales.queries import OPPORTUNITY, QUOTE, STAGE, moves_of
from guanxi.web import addresses, looks
from guanxi.web.panels import panel

_TONES: dict[str, str] = {Outcome.OPEN: "blue", Outcome.WON: "green", Outcome.LOST: "red"}

looks.declare(OPPORTUNITY, "state", tones=_TONES)
looks.declare(STAGE, "outcome", tones=_TONES)


@panel(OPPORTUNITY)
def passed(ctx: Context, opportunity: Any) -> dict[str, Any]:
    """Every stage the opportunity came to: when, by whom, worth how much, after how many days at the former one."""
    lines = [
        {
            "stage": move.stage.name,
            "tone": _TONES.get(move.stage.outcome, "") if move.stage.outcome != Outcome.OPEN else "",
            "at": move.moved_at,
            "by": str(move.moved_by or ""),
            "amount": format_money(move.amount) if move.amount is not None else "",
            "probability": move.probability,
            "former": move.former.name if move.former else "",
            "days": move.spent.days if move.spent is not None else None,
        }
        for move in moves_of(opportunity)
    ]
    days = (ctx.now - opportunity.stage_since).days if opportunity.stage_since and opportunity.state == "open" else None
    return {
        "buttons": _to_quote(ctx, opportunity),
        "asides": [{"template": "sales/parts/stages.html"}],
        "stage_moves": lines,
        "days_at_stage": days,
    }


def _to_quote(ctx: Context, opportunity: Any) -> list[dict[str, Any]]:
    """Where an open opportunity is quoted for: customer, contact and name go over (CRM-30)."""
    if opportunity.state != Outcome.OPEN or not ctx.may(QUOTE, "create"):
        return []
    taken = {
        "customer": str(opportunity.customer_id), "opportunity": str(opportunity.pk), "name": opportunity.name,
        **({"contact": str(opportunity.contact_id)} if opportunity.contact_id else {}),
    }  # fmt: skip
    href = addresses.of_module(registry.module(QUOTE), "new", query=taken)
    return [{"label": _("New quote"), "href": href, "icon": "file-invoice"}]
