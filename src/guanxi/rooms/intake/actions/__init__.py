"""The verbs of this room."""

from guanxi.rooms.intake.actions.care import TRANSFER, note_contacts, note_owners
from guanxi.rooms.intake.actions.demand import CORRECT_REGISTRATION, REGISTER
from guanxi.rooms.intake.actions.files import (
    ASSIGN_FILING,
    CLOSE_FILE,
    COLLECT,
    DECIDE_OWNER,
    DISCARD,
    ENTER_FILE,
    FILE_AWAY,
    REVIEW,
    SEND_FILE,
    SUBMIT_FILE,
    complete,
    level_of,
)

__all__ = [
    "ASSIGN_FILING", "CLOSE_FILE", "COLLECT", "CORRECT_REGISTRATION", "DECIDE_OWNER", "DISCARD", "ENTER_FILE",
    "FILE_AWAY", "REGISTER", "REVIEW", "SEND_FILE", "SUBMIT_FILE", "TRANSFER", "complete", "level_of",
    "note_contacts", "note_owners",
]  # fmt: skip
