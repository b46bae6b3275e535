"""What the page of a ticket shows beside the fields: its notes, in the order in which they were written."""

from __future__ import annotations

from typing import Any

from guanxi.records.context import Context
from guanxi.rooms.service.models import Ticket
from guanxi.rooms.service.queries import TICKET, notes_of
from guanxi.web import looks
from guanxi.web.panels import panel


@panel(TICKET)
def of_ticket(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """The notes of a ticket; nobody changes one."""
    return {"asides": [{"template": "service/parts/notes.html", "notes": notes_of(ticket)}]}


looks.declare(TICKET, "state", tones={"open": "amber", "progress": "blue", "waiting": "", "closed": "green"})
looks.declare(TICKET, "priority", tones={"low": "", "normal": "", "high": "amber", "urgent": "red"})
