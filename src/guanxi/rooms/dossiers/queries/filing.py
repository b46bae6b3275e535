"""Where documents lie: signatures, leaves, the catalogue of a class."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.platform.numbering.sequences import next_numbers
from guanxi.records.context import Context
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass, Original, Volume


def signatures_on(document: Document) -> frozenset[str]:
    """Who of the three has signed."""
    has = {
        rules.CUSTOMER: bool(document.customer_signer),
        rules.HANDLER: document.confirmed_by_id is not None,
        rules.SUPERIOR: document.approved_by_id is not None,
    }
    return frozenset(part for part, signed in has.items() if signed)


def original_of(document: Document) -> Original | None:
    """The paper original of a document, if it has one."""
    return Original.objects.filter(document=document, deleted_at=None).first()


def next_leaf(volume: Volume, behind: Document | None, today: datetime.date) -> str:
    """The next leaf of a volume, or the next one inserted behind a document of it; no other leaf gets another number.

    Leaves sort as they lie in the volume: 0012, 0012-01, 0012-01-01, 0012-02, 0013. Call it in the transaction that
    files: the number returns to the volume when that is rolled back.
    """
    above = behind.leaf if behind is not None else ""
    pattern = "{seq:02}" if above else "{seq:04}"
    number = next_numbers(f"dossiers.leaf.{volume.pk}.{above}", pattern, 1, today)[0]
    return f"{above}-{number}" if above else number


def catalogue(
    ctx: Context,
    dossier_class: str,
    *,
    text: str = "",
    manager: UUID | None = None,
    volume: UUID | None = None,
    on_paper: bool | None = None,
) -> QuerySet[Document]:
    """The catalogue of a class: its filed documents as they lie, contracts by their day of signing (ARC-13, ARC-18).

    `text` looks in number and title; `on_paper`: only those with a paper original, or only those with a file.
    """
    found: QuerySet[Document] = ctx.search("dossiers.document").filter(
        state=DocumentState.FILED, dossier_class=dossier_class
    )
    if text:
        found = found.filter(Q(number__icontains=text) | Q(title__icontains=text))
    if manager:
        found = found.filter(volume__owner=manager)
    if volume:
        found = found.filter(volume=volume)
    if on_paper is not None:
        found = (
            found.filter(originals__deleted_at=None, originals__isnull=False) if on_paper else found.exclude(file=None)
        )
    lying = ("volume__number", "leaf")
    order = ("signed_on", *lying) if dossier_class == DossierClass.CONTRACTS else lying
    return found.select_related("volume__owner", "customer", "file").order_by(*order)


def leaves_of(ctx: Context, volume: Volume) -> QuerySet[Document]:
    """The documents of a volume that the person may see, as they lie in it."""
    held: QuerySet[Document] = ctx.search("dossiers.document").filter(volume=volume, state=DocumentState.FILED)
    return held.select_related("customer", "file").order_by("leaf")


def originals_of(documents: list[Document]) -> dict[Any, Original]:
    """The paper originals of documents that the person may see, by document."""
    found = Original.objects.filter(document__in=documents, deleted_at=None)
    return {original.document_id: original for original in found}


def without_paper(ctx: Context) -> QuerySet[Document]:
    """Important documents that nobody has put on paper yet (ARC-30)."""
    on_paper = Original.objects.filter(document=OuterRef("pk"), deleted_at=None)
    found: QuerySet[Document] = ctx.search("dossiers.document").filter(~Exists(on_paper), important=True)
    return found.select_related("customer", "owner").order_by("signed_on", "title")
