"""The door of this room: what rooms above may use."""

from guanxi.rooms.engagement.models import FollowUp, Task, VisitReport
from guanxi.rooms.engagement.queries import my_agenda, talks_between, visits_between

__all__ = ["FollowUp", "Task", "VisitReport", "my_agenda", "talks_between", "visits_between"]
