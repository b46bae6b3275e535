"""The verbs of contracts and opportunities."""

from guanxi.rooms.sales.actions.contracts import (
    CONTRACT,
    DISCARD_CONTRACT,
    END_CONTRACT,
    SIGN_CONTRACT,
    SUBMIT_CONTRACT,
    TAKE_UP_CONTRACT,
    WITHDRAW_CONTRACT,
)
from guanxi.rooms.sales.actions.installing import install_pipeline
from guanxi.rooms.sales.actions.opportunities import (
    LOSE_OPPORTUNITY,
    MOVE_STAGE,
    REOPEN_OPPORTUNITY,
    WIN_OPPORTUNITY,
)

__all__ = [
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
