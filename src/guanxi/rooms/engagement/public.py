"""The door of this room: what rooms above may use."""

from guanxi.rooms.engagement.actions import COMPLETE_TASK, HAND_OUT, HOLD_MEETING, LOOK_AGAIN, TAKE_OFF
from guanxi.rooms.engagement.models import FollowUp, Task, VisitReport
from guanxi.rooms.engagement.queries import latest_talks, my_agenda, talks_between, visits_between

__all__ = [
    "COMPLETE_TASK",
    "HAND_OUT",
    "HOLD_MEETING",
    "LOOK_AGAIN",
    "TAKE_OFF",
    "FollowUp",
    "Task",
    "VisitReport",
    "latest_talks",
    "my_agenda",
    "talks_between",
    "visits_between",
]
