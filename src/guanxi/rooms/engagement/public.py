"""The door of this room: what rooms above may use."""

from guanxi.rooms.engagement.models import FollowUp, Task, VisitReport
from guanxi.rooms.engagement.queries import latest_talks, my_agenda, talks_between, visits_between

__all__ = ["FollowUp", "Task", "VisitReport", "latest_talks", "my_agenda", "talks_between", "visits_between"]
