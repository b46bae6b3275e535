"""The record types of this room, and what it tells the customer page."""

from guanxi.platform import calendar
from guanxi.records.events import RecordsWritten, witness
from guanxi.records.registry import register
from guanxi.rooms.customers.public import Stage, stage_reached, timeline_sources
from guanxi.rooms.service.models import Ticket
from guanxi.rooms.service.module.questions import FAQ
from guanxi.rooms.service.module.tickets import TICKET
from guanxi.rooms.service.queries import TICKETS

register(TICKET, FAQ)
timeline_sources.append(TICKETS)


def _served(event: RecordsWritten) -> None:
    """A ticket was opened: the customer is in after-sales service (VIS-01)."""
    if event.module == TICKET.key and event.action == "create":
        served = Ticket.objects.filter(pk__in=event.records).values_list("customer", flat=True)
        stage_reached(served, Stage.AFTER_SALES, calendar.now(), event.actor)


witness(RecordsWritten, _served)
