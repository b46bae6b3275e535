"""The tables of this room."""

from guanxi.rooms.dossiers.models.credit import (
    CreditFile,
    DebtEntry,
    Grievance,
    GrievanceKind,
    Movement,
    Security,
    Settlement,
)
from guanxi.rooms.dossiers.models.filing import Document, DocumentState, DossierClass, Volume, VolumeState
from guanxi.rooms.dossiers.models.originals import Loan, LoanState, Original, OriginalState
from guanxi.rooms.dossiers.models.signing import LinkState, SigningLink
from guanxi.rooms.dossiers.models.upkeep import (
    AppliesTo,
    DailyPaper,
    Finding,
    RequiredPaper,
    Review,
    ReviewRound,
    ReviewState,
)

__all__ = [
    "AppliesTo",
    "CreditFile",
    "DailyPaper",
    "DebtEntry",
    "Document",
    "DocumentState",
    "DossierClass",
    "Finding",
    "Grievance",
    "GrievanceKind",
    "LinkState",
    "Loan",
    "LoanState",
    "Movement",
    "Original",
    "OriginalState",
    "RequiredPaper",
    "Review",
    "ReviewRound",
    "ReviewState",
    "Security",
    "Settlement",
    "SigningLink",
    "Volume",
    "VolumeState",
]
