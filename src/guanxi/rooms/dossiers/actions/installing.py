"""The required papers that an installation starts with; afterwards they are the company's to change."""

from __future__ import annotations

import datetime

from guanxi.records import derived, registry
from guanxi.rooms.dossiers.models import AppliesTo, RequiredPaper

SHIPPED: tuple[tuple[str, str, AppliesTo], ...] = (
    ("1", "registration_form", AppliesTo.ALL),
    ("1", "identity_copy", AppliesTo.ALL),
    ("1", "authorised_signers", AppliesTo.CREDIT),
    ("1", "background", AppliesTo.ALL),
    ("1", "visit_report", AppliesTo.ALL),
    ("3", "credit_contract", AppliesTo.CREDIT),
    ("3", "credit_limit", AppliesTo.CREDIT),
    ("3", "credit_security", AppliesTo.EXPORT),
)


def install_required_papers(at: datetime.datetime) -> int:
    """Enter the shipped required papers where there never were any; returns how many (ARC-12, ARC-14)."""
    if RequiredPaper.objects.exists():
        return 0
    made = [
        RequiredPaper.objects.create(
            dossier_class=dossier_class, kind=kind, applies_to=applies_to, created_at=at, changed_at=at
        )
        for dossier_class, kind, applies_to in SHIPPED
    ]
    derived.add(registry.entry("dossiers.requiredpaper"), made)
    return len(made)
