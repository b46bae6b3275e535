"""The verbs of this room."""

from guanxi.rooms.dossiers.actions.filing import (
    APPROVE_DOCUMENT,
    DELETE_DOCUMENT,
    EDIT_DOCUMENT,
    FILE_DOCUMENT,
    NOTE_CUSTOMER_SIGNATURE,
    PURGE_DOCUMENT,
    SUBMIT_DOCUMENT,
    TAKE_BACK,
)
from guanxi.rooms.dossiers.actions.links import ASK_SIGNATURE, HAND_OUT, REVOKE_LINK
from guanxi.rooms.dossiers.actions.originals import END_LOAN, LEND_ORIGINAL, REPORT_STATE, RETURN_ORIGINAL
from guanxi.rooms.dossiers.actions.rounds import BIND_YEAR
from guanxi.rooms.dossiers.actions.signing import SIGN_BY_LINK
from guanxi.rooms.dossiers.actions.taking_in import ASSIGN_TO_DOSSIER, TAKE_CONTRIBUTION
from guanxi.rooms.dossiers.actions.upkeep import BIND_VOLUME, VERIFY_DOSSIER

__all__ = [
    "APPROVE_DOCUMENT",
    "ASK_SIGNATURE",
    "ASSIGN_TO_DOSSIER",
    "BIND_VOLUME",
    "BIND_YEAR",
    "DELETE_DOCUMENT",
    "EDIT_DOCUMENT",
    "END_LOAN",
    "FILE_DOCUMENT",
    "HAND_OUT",
    "LEND_ORIGINAL",
    "NOTE_CUSTOMER_SIGNATURE",
    "PURGE_DOCUMENT",
    "REPORT_STATE",
    "RETURN_ORIGINAL",
    "REVOKE_LINK",
    "SIGN_BY_LINK",
    "SUBMIT_DOCUMENT",
    "TAKE_BACK",
    "TAKE_CONTRIBUTION",
    "VERIFY_DOSSIER",
]
