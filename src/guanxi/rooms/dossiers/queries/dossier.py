"""The dossier of one customer: its documents, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guanxi.records.context import Context
from guanxi.rooms.dossiers.models import Document, DossierClass


@dataclass(frozen=True)
class ClassState:
    """One class of a customer's dossier."""

    key: str
    label: Any
    documents: tuple[Document, ...]

    @property
    def filed(self) -> int:
        """How many documents lie in the archive."""
        return sum(document.is_filed for document in self.documents)


def dossier_of(ctx: Context, customer: Any) -> list[ClassState]:
    """The six classes of a customer's dossier with the documents the person may see, contracts by day of signing."""
    found = ctx.search("dossiers.document").filter(customer=customer).order_by("signed_on", "leaf", "created_at")
    by_class: dict[str, list[Document]] = {}
    for document in found.defer("content"):
        by_class.setdefault(document.dossier_class, []).append(document)
    return [ClassState(value, label, tuple(by_class.get(value, ()))) for value, label in DossierClass.choices]
