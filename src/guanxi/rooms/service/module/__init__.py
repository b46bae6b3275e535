"""The record types of this room, and what it tells the customer page."""

from guanxi.records.registry import register
from guanxi.rooms.customers.public import timeline_sources
from guanxi.rooms.service.module.questions import FAQ
from guanxi.rooms.service.module.tickets import TICKET
from guanxi.rooms.service.queries import TICKETS

register(TICKET, FAQ)
timeline_sources.append(TICKETS)
