"""The verbs of leads, opportunities and contracts."""

from guanxi.rooms.sales.actions.contracts import (
    CONTRACT,
    DISCARD_CONTRACT,
    END_CONTRACT,
    SIGN_CONTRACT,
    SUBMIT_CONTRACT,
    TAKE_UP_CONTRACT,
    WITHDRAW_CONTRACT,
)
from guanxi.rooms.sales.actions.converting import CONVERT_LEAD
from guanxi.rooms.sales.actions.installing import install_pipeline
from guanxi.rooms.sales.actions.leads import DISQUALIFY_LEAD, NOTE_CONTACT, QUALIFY_LEAD, REOPEN_LEAD
from guanxi.rooms.sales.actions.opportunities import (
    LOSE_OPPORTUNITY,
    MOVE_STAGE,
    REOPEN_OPPORTUNITY,
    WIN_OPPORTUNITY,
)

__all__ = [
    "REOPEN_LEAD",
    "QUALIFY_LEAD",
    "NOTE_CONTACT",
    "DISQUALIFY_LEAD",
    "CONVERT_LEAD",
    "CONTRACT",
    "DISCARD_CONTRACT",
    "END_CONTRACT",
    "LOSE_OPPORTUNITY",
    "MOVE_STAGE",
    "REOPEN_OPPORTUNITY",
    "SIGN_CONTRACT",
    "SUBMIT_CONTRACT",
    "TAKE_UP_CONTRACT",
    "WIN_OPPORTUNITY",
    "WITHDRAW_CONTRACT",
    "install_pipeline",
]
