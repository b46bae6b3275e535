from guanxi.rooms.engagement.models.activities import (
    FOLLOW_UP_KIND,
    VISIT_PURPOSE,
    FollowUp,
    Memo,
    Priority,
    Task,
    TaskState,
    VisitReport,
    VisitState,
)
from guanxi.rooms.engagement.models.meetings import (
    WITH_CUSTOMER,
    Meeting,
    MeetingSeat,
    MeetingState,
    Minutes,
    MinutesState,
)
from guanxi.rooms.engagement.models.watching import Watch, WatchState

__all__ = [
    "FOLLOW_UP_KIND",
    "VISIT_PURPOSE",
    "WITH_CUSTOMER",
    "FollowUp",
    "Meeting",
    "MeetingSeat",
    "MeetingState",
    "Memo",
    "Minutes",
    "MinutesState",
    "Priority",
    "Task",
    "TaskState",
    "VisitReport",
    "VisitState",
    "Watch",
    "WatchState",
]
