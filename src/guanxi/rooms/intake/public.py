"""The door of this room: what rooms above may use."""

from guanxi.rooms.intake.actions import DECIDE_OWNER, ENTER_FILE, REVIEW, SEND_FILE, SUBMIT_FILE
from guanxi.rooms.intake.models import FileState, InformationFile

__all__ = ["DECIDE_OWNER", "ENTER_FILE", "REVIEW", "SEND_FILE", "SUBMIT_FILE", "FileState", "InformationFile"]
