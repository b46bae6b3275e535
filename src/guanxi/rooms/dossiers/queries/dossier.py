"""The dossier of one customer: its documents class by class, what is missing, debts with their balance, grievances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.platform.prepared import Prepared
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.dossiers.models import (
    AppliesTo,
    CreditFile,
    DebtEntry,
    Document,
    DocumentState,
    DossierClass,
    Grievance,
    Movement,
    RequiredPaper,
    Settlement,
)
from guanxi.rooms.dossiers.picklists import PAPER_KIND

FILED, UNDER_WAY, MISSING = "filed", "under_way", "missing"


@dataclass(frozen=True)
class Check:
    """One kind of paper that a class must hold: filed, under way, or missing."""

    kind: str
    state: str

    @property
    def label(self) -> str:
        """What the paper is called."""
        return label(PAPER_KIND, self.kind)


@dataclass(frozen=True)
class ClassState:
    """One class of a customer's dossier.

    `applies`: False where the customer has no such class, as who pays cash has no class three; `unfilled`: what a
    direct export customer's credit file does not say yet.
    """

    key: str
    label: Any
    documents: tuple[Document, ...] = ()
    checks: tuple[Check, ...] = ()
    unfilled: tuple[Any, ...] = ()
    applies: bool = True

    @property
    def filed(self) -> int:
        """How many documents lie in the archive."""
        return sum(document.is_filed for document in self.documents)

    @property
    def percent(self) -> int | None:
        """How much of what is required is there, in whole per cent; None where nothing is required."""
        total = len(self.checks) + len(self.unfilled)
        return sum(check.state == FILED for check in self.checks) * 100 // total if total and self.applies else None

    @property
    def is_complete(self) -> bool:
        """Nothing that is required is missing."""
        return self.percent in (None, 100)


@dataclass(frozen=True)
class DebtLine:
    """A debt or repayment with what was owed after it, in yuan."""

    entry: DebtEntry
    balance: Decimal


@dataclass(frozen=True)
class Dossier:
    """All six classes of a customer's dossier, as far as the person may see them."""

    classes: tuple[ClassState, ...]
    credit: CreditFile | None = None
    debts: tuple[DebtLine, ...] = ()
    grievances: tuple[Grievance, ...] = ()
    #: What the customer found wanting, of which nobody has said yet who answers for it (ARC-15).
    unjudged: tuple[Any, ...] = ()

    @property
    def percent(self) -> int | None:
        """The mean of the classes that require anything; None where none does."""
        known = [state.percent for state in self.classes if state.percent is not None]
        return sum(known) // len(known) if known else None


@dataclass(frozen=True)
class _Customer:
    """What decides which papers are asked of a customer."""

    kind: str
    settlement: str
    is_export: bool = field(default=False)

    def is_asked(self, applies_to: str) -> bool:
        """Whether a required paper is asked of this customer."""
        match applies_to:
            case AppliesTo.ORGANISATION | AppliesTo.PERSON:
                return self.kind == applies_to
            case AppliesTo.CREDIT:
                return self.settlement == Settlement.CREDIT
            case AppliesTo.EXPORT:
                return self.is_export
        return True


def _kind_of(customer: Customer, credit: CreditFile | None) -> _Customer:
    settlement = credit.settlement if credit is not None else Settlement.CASH
    return _Customer(customer.kind, settlement, credit is not None and credit.direct_export)


_REQUIRED = Prepared(lambda: RequiredPaper.objects.filter(deleted_at=None).order_by("dossier_class", "created_at"))


def _kinds(required: Iterable[RequiredPaper], dossier_class: str, asked_of: _Customer) -> list[str]:
    return [
        paper.kind for paper in required if paper.dossier_class == dossier_class and asked_of.is_asked(paper.applies_to)
    ]


def _checks(kinds: Iterable[str], documents: Sequence[Document]) -> tuple[Check, ...]:
    filed = {document.kind for document in documents if document.state == DocumentState.FILED}
    begun = {document.kind for document in documents}
    return tuple(Check(kind, FILED if kind in filed else UNDER_WAY if kind in begun else MISSING) for kind in kinds)


def unfilled_of(credit: CreditFile | None) -> tuple[Any, ...]:
    """What a direct export customer's credit file lacks: payment method, granted amount, security (ARC-14)."""
    if credit is None or not credit.direct_export:
        return ()
    column = CreditFile._meta.get_field
    wanted = ("payment_method", "granted_amount", "security")
    return tuple(column(name).verbose_name for name in wanted if not getattr(credit, name))  # type: ignore[union-attr]


def dossier_of(ctx: Context, customer: Customer) -> Dossier:
    """The six classes of a customer's dossier with the documents the person may see, contracts by day of signing."""
    found = ctx.search("dossiers.document").filter(customer=customer).order_by("signed_on", "leaf", "created_at")
    by_class: dict[str, list[Document]] = {}
    for document in found.defer("content"):
        by_class.setdefault(document.dossier_class, []).append(document)
    credit = ctx.search("dossiers.creditfile").filter(customer=customer).first()
    asked_of = _kind_of(customer, credit)
    required = _REQUIRED.rows()
    classes = []
    for value, text in DossierClass.choices:
        documents = by_class.get(value, [])
        is_credit = value == DossierClass.ARREARS
        classes.append(
            ClassState(
                value,
                text,
                tuple(documents),
                _checks(_kinds(required, value, asked_of), documents),
                unfilled_of(credit) if is_credit else (),
                applies=not is_credit or asked_of.settlement == Settlement.CREDIT or asked_of.is_export,
            )
        )
    grievances = tuple(ctx.search("dossiers.grievance").filter(customer=customer).order_by("-happened_on", "-pk"))
    return Dossier(tuple(classes), credit, debts_of(ctx, customer), grievances, _unjudged(ctx, customer, grievances))


def debts_of(ctx: Context, customer: Customer) -> tuple[DebtLine, ...]:
    """Every debt and repayment by day, each with the balance after it (ARC-14)."""
    balance = Decimal(0)
    lines = []
    for entry in ctx.search("dossiers.debtentry").filter(customer=customer).order_by("booked_on", "created_at", "pk"):
        balance += entry.amount if entry.movement == Movement.DEBT else -entry.amount
        lines.append(DebtLine(entry, balance))
    return tuple(lines)


def _unjudged(ctx: Context, customer: Customer, grievances: Sequence[Grievance]) -> tuple[Any, ...]:
    """Expressions of dissatisfaction that no grievance has taken up."""
    taken_up = {grievance.opinion_id for grievance in grievances}
    opinions = ctx.search("customers.opinion").filter(customer=customer, kind="dissatisfaction")
    return tuple(opinion for opinion in opinions.order_by("-expressed_on") if opinion.pk not in taken_up)


@dataclass(frozen=True)
class Incomplete:
    """A customer whose dossier lacks papers of a class."""

    customer: Customer
    missing: tuple[str, ...]


def incomplete(ctx: Context, dossier_class: str, most: int) -> list[Incomplete]:
    """Customers the person sees, by name, whose class lacks a required paper, at most so many (ARC-12)."""
    customers = ctx.search("customers.customer").select_related("owner").order_by("name", "pk")
    found: list[Incomplete] = []
    for start in range(0, most * 4, most):
        part: list[Customer] = list(customers[start : start + most])
        found += _incomplete_of(part, dossier_class)
        if len(found) >= most or len(part) < most:
            break
    return found[:most]


def _incomplete_of(customers: list[Customer], dossier_class: str) -> Iterable[Incomplete]:
    keys = [customer.pk for customer in customers]
    credits: dict[UUID, CreditFile] = {
        credit.customer_id: credit for credit in CreditFile.objects.filter(customer__in=keys, deleted_at=None)
    }
    filed = set(
        Document.objects.filter(
            customer__in=keys, dossier_class=dossier_class, state=DocumentState.FILED, deleted_at=None
        ).values_list("customer", "kind")
    )
    required = _REQUIRED.rows()
    for customer in customers:
        asked_of = _kind_of(customer, credits.get(customer.pk))
        missing = [kind for kind in _kinds(required, dossier_class, asked_of) if (customer.pk, kind) not in filed]
        if missing:
            yield Incomplete(customer, tuple(label(PAPER_KIND, kind) for kind in missing))
