"""The record types of this room, and what it tells the customer page."""

from guanxi.platform import calendar
from guanxi.records.events import RecordsWritten, witness
from guanxi.records.registry import register
from guanxi.rooms.customers.public import Stage, contact_sources, stage_reached, timeline_sources
from guanxi.rooms.mail.models import Handout
from guanxi.rooms.mail.module.boxes import MAILBOX
from guanxi.rooms.mail.module.letters import LETTER, TEMPLATE
from guanxi.rooms.mail.module.materials import HANDOUT, MATERIAL
from guanxi.rooms.mail.queries import LETTERS

register(LETTER, TEMPLATE, MAILBOX, MATERIAL, HANDOUT)

timeline_sources.append(LETTERS)
contact_sources.append(LETTERS)


def _promoted(event: RecordsWritten) -> None:
    """Material went to a customer: promotion (VIS-01)."""
    if event.module == HANDOUT.key and event.action == "create":
        reached = Handout.objects.filter(pk__in=event.records).values_list("customer", flat=True)
        stage_reached(reached, Stage.PROMOTION, calendar.now(), event.actor)


witness(RecordsWritten, _promoted)
