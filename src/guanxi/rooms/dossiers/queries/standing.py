"""How a customer's dossier stands: what the head of the customer's page tells of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from guanxi.kernel.dates import add_months
from guanxi.platform.policy.values import value_of
from guanxi.records.approvals.models import PendingAction
from guanxi.records.context import Context
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.dossiers.models import Document, DocumentState, ReviewRound, ReviewState
from guanxi.rooms.dossiers.policies import ROUND_MONTHS
from guanxi.rooms.dossiers.queries.dossier import MISSING, Dossier, dossier_of

DOCUMENT, REVIEW, PENDING = "dossiers.document", "dossiers.review", "approvals.pendingaction"


@dataclass(frozen=True)
class Standing:
    """A dossier at a glance. `revise_by`: None while no round of revision was ever begun."""

    percent: int | None
    missing: tuple[str, ...]
    filed: int
    unsigned: int
    revise_by: datetime.date | None
    is_revision_open: bool
    approved: PendingAction | None

    @property
    def is_complete(self) -> bool:
        """Everything that is asked for lies in the archive."""
        return self.percent == 100


def standing_of(ctx: Context, customer: Customer) -> Standing:
    """How the dossier of a customer stands, as far as the person may see it."""
    dossier = dossier_of(ctx, customer)
    documents = [document for each in dossier.classes for document in each.documents]
    day, is_open = _revision(ctx, customer)
    return Standing(
        percent=dossier.percent,
        missing=_missing(dossier),
        filed=sum(document.is_filed for document in documents),
        unsigned=sum(document.state == DocumentState.SUBMITTED for document in documents),
        revise_by=day,
        is_revision_open=is_open,
        approved=_last_approved(ctx, documents),
    )


def _missing(dossier: Dossier) -> tuple[str, ...]:
    """What is asked for and not begun, in the order of the classes."""
    found = [
        str(label)
        for each in dossier.classes
        if each.applies
        for label in (*(check.label for check in each.checks if check.state == MISSING), *each.unfilled)
    ]
    return tuple(found)


def _revision(ctx: Context, customer: Customer) -> tuple[datetime.date | None, bool]:
    """By when the dossier is to be revised, and whether it is in a round now (ARC-33)."""
    waits = ctx.search(REVIEW).filter(customer=customer, state=ReviewState.OPEN).order_by("due_on")
    if (day := waits.values_list("due_on", flat=True).first()) is not None:
        return day, True
    last = (
        ReviewRound.objects.filter(deleted_at=None).order_by("-opened_on").values_list("opened_on", flat=True).first()
    )
    return (add_months(last, value_of(ROUND_MONTHS, ctx.today)), False) if last is not None else (None, False)


def _last_approved(ctx: Context, documents: list[Document]) -> PendingAction | None:
    """The last change or deletion of a document of this dossier that was agreed to and carried out (ARC-24)."""
    done = PendingAction.objects.filter(
        module=DOCUMENT, record_id__in=[document.pk for document in documents], state=PendingAction.State.DONE
    )
    return done.select_related("decided_by").order_by("-decided_at").first() if documents else None
