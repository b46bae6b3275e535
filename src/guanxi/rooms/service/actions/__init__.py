"""The verbs of this room."""

from guanxi.rooms.service.actions.tickets import (
    ADD_NOTE,
    ASK_CUSTOMER,
    CLOSE_TICKET,
    REOPEN_TICKET,
    RESUME_TICKET,
    TAKE_TICKET,
    complete,
)

__all__ = [
    "ADD_NOTE", "ASK_CUSTOMER", "CLOSE_TICKET", "REOPEN_TICKET", "RESUME_TICKET", "TAKE_TICKET", "complete",
]  # fmt: skip
