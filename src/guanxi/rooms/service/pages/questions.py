"""What the page of a frequent question shows beside the fields: its notes."""

from __future__ import annotations

from typing import Any

from guanxi.records.context import Context
from guanxi.rooms.service.models import Faq
from guanxi.rooms.service.queries import FAQ, notes_of
from guanxi.web import looks
from guanxi.web.panels import panel


@panel(FAQ)
def of_question(ctx: Context, faq: Faq) -> dict[str, Any]:
    """The notes on a question, for who may write some; readers of what is published are spared them."""
    if not ctx.may(FAQ, "add_note"):
        return {}
    return {"asides": [{"template": "service/parts/notes.html", "notes": notes_of(faq)}]}


looks.declare(FAQ, "state", tones={"draft": "amber", "reviewed": "blue", "published": "green", "obsolete": ""})
