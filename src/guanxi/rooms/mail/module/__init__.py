"""The record types of this room, and what it tells the customer page."""

from guanxi.records.registry import register
from guanxi.rooms.customers.public import contact_sources, timeline_sources
from guanxi.rooms.mail.module.boxes import MAILBOX
from guanxi.rooms.mail.module.letters import LETTER, TEMPLATE
from guanxi.rooms.mail.module.materials import HANDOUT, MATERIAL
from guanxi.rooms.mail.queries import LETTERS

register(LETTER, TEMPLATE, MAILBOX, MATERIAL, HANDOUT)

timeline_sources.append(LETTERS)
contact_sources.append(LETTERS)
