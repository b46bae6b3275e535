"""The door of this room: what rooms above may use."""

from guanxi.rooms.intake.actions import (
    ASSIGN_FILING,
    DECIDE_OWNER,
    ENTER_FILE,
    FILE_AWAY,
    REVIEW,
    SEND_FILE,
    SUBMIT_FILE,
    note_contacts,
)
from guanxi.rooms.intake.models import FileState, InformationFile
from guanxi.rooms.intake.queries import waiting_for

__all__ = [
    "ASSIGN_FILING",
    "DECIDE_OWNER",
    "ENTER_FILE",
    "FILE_AWAY",
    "REVIEW",
    "SEND_FILE",
    "SUBMIT_FILE",
    "FileState",
    "InformationFile",
    "note_contacts",
    "waiting_for",
]
