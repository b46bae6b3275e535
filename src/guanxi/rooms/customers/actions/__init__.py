"""The verbs of this room."""

from guanxi.rooms.customers.actions.access import (
    END_ACCESS,
    OPEN_ARCHIVE,
    name_the_customer,
    waits_for,
)
from guanxi.rooms.customers.actions.change import RECORD_CHANGE, complete_change
from guanxi.rooms.customers.actions.knowledge import (
    CONTRIBUTE,
    DECLINE_CONTRIBUTION,
    FILE_CONTRIBUTION,
    TAKE_UP_CONTRIBUTION,
    TURN_INTO_ACCOUNT,
    resolve_customer,
)
from guanxi.rooms.customers.actions.known import CHECK_KNOWN
from guanxi.rooms.customers.actions.pool import (
    ASSIGN_FROM_POOL,
    CLAIM,
    RECYCLE_CUSTOMER,
    RETURN_TO_POOL,
    leave_pool,
    note_kept,
    settle_pool,
)
from guanxi.rooms.customers.actions.quality import CORRECT_ARCHIVE
from guanxi.rooms.customers.actions.stages import ENTER_STAGE, RETURN_TO_STAGE, stage_reached
from guanxi.rooms.customers.actions.subject import ERASE_SUBJECT, SUBJECT_REPORT

__all__ = [
    "ASSIGN_FROM_POOL",
    "CLAIM",
    "RECYCLE_CUSTOMER",
    "RETURN_TO_POOL",
    "leave_pool",
    "note_kept",
    "settle_pool",
    "CHECK_KNOWN",
    "CONTRIBUTE",
    "CORRECT_ARCHIVE",
    "DECLINE_CONTRIBUTION",
    "END_ACCESS",
    "ENTER_STAGE",
    "ERASE_SUBJECT",
    "FILE_CONTRIBUTION",
    "OPEN_ARCHIVE",
    "RECORD_CHANGE",
    "RETURN_TO_STAGE",
    "SUBJECT_REPORT",
    "TAKE_UP_CONTRIBUTION",
    "TURN_INTO_ACCOUNT",
    "complete_change",
    "name_the_customer",
    "resolve_customer",
    "stage_reached",
    "waits_for",
]
