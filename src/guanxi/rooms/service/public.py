"""The door of this room: what rooms above may use."""

from guanxi.rooms.service.actions import (
    ADD_NOTE,
    ASK_CUSTOMER,
    CLOSE_TICKET,
    MAKE_FAQ,
    PUBLISH_FAQ,
    REOPEN_TICKET,
    RETIRE_FAQ,
    REVIEW_FAQ,
    TAKE_TICKET,
)
from guanxi.rooms.service.models import Ticket

__all__ = [
    "ADD_NOTE",
    "ASK_CUSTOMER",
    "CLOSE_TICKET",
    "MAKE_FAQ",
    "PUBLISH_FAQ",
    "REOPEN_TICKET",
    "RETIRE_FAQ",
    "REVIEW_FAQ",
    "TAKE_TICKET",
    "Ticket",
]
