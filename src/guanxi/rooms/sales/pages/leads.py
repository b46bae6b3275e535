"""How leads are drawn, and what the score of one is made of."""

from __future__ import annotations

from typing import Any

from guanxi.records.context import Context
from guanxi.rooms.sales.models import Channel, LeadState, Rating
from guanxi.rooms.sales.queries import LEAD, facts_of, points_of
from guanxi.rooms.sales.rules import score
from guanxi.web import looks
from guanxi.web.panels import panel

_STATES: dict[str, str] = {
    LeadState.NEW: "amber", LeadState.CONTACTED: "blue", LeadState.QUALIFIED: "blue",
    LeadState.CONVERTED: "green", LeadState.DISQUALIFIED: "",
}  # fmt: skip
_RATINGS: dict[str, str] = {Rating.HOT: "red", Rating.WARM: "amber", Rating.COLD: ""}

looks.declare(LEAD, "state", tones=_STATES)
looks.declare(LEAD, "rating", tones=_RATINGS)
looks.declare(LEAD, "channel", tones=dict.fromkeys(Channel.values, ""))


@panel(LEAD)
def scored(ctx: Context, lead: Any) -> dict[str, Any]:
    """The score of the lead as of today, and the points that make it up."""
    total, counted = score(facts_of(lead), points_of(ctx))
    return {
        "asides": [{"template": "sales/parts/score.html"}],
        "score_total": total,
        "score_lines": [(str(why), worth) for why, worth in counted],
    }
