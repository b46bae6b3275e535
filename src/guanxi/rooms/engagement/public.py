"""The door of this room: what rooms above may use."""

from guanxi.rooms.engagement.actions import (
    CHANGE_DAY,
    COMPLETE_TASK,
    HAND_OUT,
    HOLD_EVENT,
    HOLD_MEETING,
    LOOK_AGAIN,
    TAKE_OFF,
)
from guanxi.rooms.engagement.models import FollowUp, Task, VisitReport
from guanxi.rooms.engagement.queries import latest_talks, my_agenda, talks_between, visits_between
from guanxi.rooms.engagement.sources import CalendarSource, Entry, Window, calendar_sources

__all__ = [
    "CHANGE_DAY",
    "COMPLETE_TASK",
    "HAND_OUT",
    "HOLD_EVENT",
    "HOLD_MEETING",
    "LOOK_AGAIN",
    "TAKE_OFF",
    "CalendarSource",
    "Entry",
    "FollowUp",
    "Task",
    "VisitReport",
    "Window",
    "calendar_sources",
    "latest_talks",
    "my_agenda",
    "talks_between",
    "visits_between",
]
