"""The verbs of this room."""

from guanxi.rooms.service.actions.questions import (
    MAKE_FAQ,
    NOTE_FAQ,
    PUBLISH_FAQ,
    RETIRE_FAQ,
    REVIEW_FAQ,
    REVISE_FAQ,
)
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
    "ADD_NOTE", "ASK_CUSTOMER", "CLOSE_TICKET", "MAKE_FAQ", "NOTE_FAQ", "PUBLISH_FAQ", "REOPEN_TICKET",
    "RESUME_TICKET", "RETIRE_FAQ", "REVIEW_FAQ", "REVISE_FAQ", "TAKE_TICKET", "complete",
]  # fmt: skip
