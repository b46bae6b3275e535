"""The door of this room: what rooms above may use."""

from guanxi.rooms.service.actions import ADD_NOTE, ASK_CUSTOMER, CLOSE_TICKET, REOPEN_TICKET, TAKE_TICKET
from guanxi.rooms.service.models import Ticket

__all__ = ["ADD_NOTE", "ASK_CUSTOMER", "CLOSE_TICKET", "REOPEN_TICKET", "TAKE_TICKET", "Ticket"]
