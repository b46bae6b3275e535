"""The door of this room: what rooms above may use."""

from guanxi.rooms.engagement.actions import (
    CHANGE_DAY,
    CHECK_IN,
    CLOSE_VISIT,
    COMPLETE_TASK,
    HAND_OUT,
    HOLD_EVENT,
    HOLD_MEETING,
    LEAVE,
    LOOK_AGAIN,
    RECEIVE_PLAN,
    SUBMIT_VISIT,
    TAKE_OFF,
    WRITE_TALK_MINUTES,
    owe_records,
    owe_return_visits,
)
from guanxi.rooms.engagement.models import FollowUp, Task, VisitReport
from guanxi.rooms.engagement.queries import latest_talks, my_agenda, talks_between, visits_between
from guanxi.rooms.engagement.sources import CalendarSource, Entry, Window, calendar_sources

__all__ = [
    "CHANGE_DAY",
    "CHECK_IN",
    "CLOSE_VISIT",
    "COMPLETE_TASK",
    "HAND_OUT",
    "HOLD_EVENT",
    "HOLD_MEETING",
    "LEAVE",
    "LOOK_AGAIN",
    "RECEIVE_PLAN",
    "SUBMIT_VISIT",
    "TAKE_OFF",
    "CalendarSource",
    "Entry",
    "FollowUp",
    "Task",
    "WRITE_TALK_MINUTES",
    "VisitReport",
    "Window",
    "calendar_sources",
    "latest_talks",
    "my_agenda",
    "owe_records",
    "owe_return_visits",
    "talks_between",
    "visits_between",
]
