"""The tables of this room."""

from guanxi.rooms.dossiers.models.filing import Document, DocumentState, DossierClass, Volume, VolumeState
from guanxi.rooms.dossiers.models.originals import Loan, LoanState, Original, OriginalState

__all__ = [
    "Document",
    "DocumentState",
    "DossierClass",
    "Loan",
    "LoanState",
    "Original",
    "OriginalState",
    "Volume",
    "VolumeState",
]
