"""The required papers that an installation starts with; afterwards they are the company's to change."""

from __future__ import annotations

import datetime

from django.db import transaction

from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.records import derived, registry
from guanxi.rooms.dossiers.models import AppliesTo, RequiredPaper

REQUIRED = "dossiers.requiredpaper"
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
    with transaction.atomic():
        made = [
            RequiredPaper.objects.create(
                dossier_class=dossier_class, kind=kind, applies_to=applies_to, created_at=at, changed_at=at
            )
            for dossier_class, kind, applies_to in SHIPPED
        ]
        derived.add(registry.entry(REQUIRED), made)
        audit.write(
            [
                AuditEntry(at=at, source=Source.SYSTEM, action="create", module=REQUIRED, record_id=paper.pk,
                           record_label=str(paper))
                for paper in made
            ]
        )  # fmt: skip
    return len(made)
