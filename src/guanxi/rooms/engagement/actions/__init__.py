"""The verbs of this room."""

from guanxi.rooms.engagement.actions.activities import (
    CLOSE_VISIT,
    COMPLETE_TASK,
    CONFIRM_RECEIPT,
    DROP_TASK,
    REVIEW_MINUTES,
    SEND_MINUTES,
    mark_cold_call,
)
from guanxi.rooms.engagement.actions.meetings import (
    CANCEL_MEETING,
    DISCARD_MEETING,
    DISCARD_MINUTES,
    HAND_OUT,
    HOLD_MEETING,
    MOVE_MEETING,
    PLAN_MEETING,
    follow_owners,
)
from guanxi.rooms.engagement.actions.watching import (
    CHANGE_WATCH,
    LOOK_AGAIN,
    PUT_ON_LIST,
    TAKE_OFF,
)

__all__ = [
    "CANCEL_MEETING",
    "CHANGE_WATCH",
    "CLOSE_VISIT",
    "COMPLETE_TASK",
    "CONFIRM_RECEIPT",
    "DISCARD_MEETING",
    "DISCARD_MINUTES",
    "DROP_TASK",
    "HAND_OUT",
    "HOLD_MEETING",
    "LOOK_AGAIN",
    "MOVE_MEETING",
    "PLAN_MEETING",
    "PUT_ON_LIST",
    "REVIEW_MINUTES",
    "SEND_MINUTES",
    "TAKE_OFF",
    "follow_owners",
    "mark_cold_call",
]
