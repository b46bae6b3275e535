"""What upper rooms tell the customer page: each registers here what it knows of a customer.

A lower room never asks an upper one by name; it keeps the lists below and reads them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import QuerySet

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.records.context import Context


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a customer's timeline."""

    at: datetime.datetime | datetime.date
    icon: str
    title: Any
    body: str = ""
    actor: str = ""
    tag: Any = ""
    tone: str = ""
    aside: str = ""
    clause: str = ""
    module: str = ""
    record_id: uuid.UUID | None = None
    #: Whose line it is: named on the page of a head office that shows its institutions' lines too (ARC-43).
    customer_id: uuid.UUID | None = None
    customer: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of the strip at the head of the customer page."""

    label: Any
    value: str
    note: Any = ""
    tone: str = ""
    share: int | None = None
    order: int = 100


@dataclass(frozen=True)
class Dealing:
    """One line of a customer's purchase-and-sale record (ARC-40)."""

    on: datetime.date
    number: str
    direction: Any
    goods: str
    quantity: Decimal | None
    amount: Decimal | None
    module: str = ""
    record_id: uuid.UUID | None = None
    is_sale: bool = True
    #: What a dealer sold on of what he bought: no dealing with us (SAL-09).
    is_resale: bool = False


@dataclass(frozen=True)
class NextStep:
    """Something that is to be done about a customer, by whom and by when."""

    title: str
    due_on: datetime.date | None
    who: str = ""
    kind: Any = ""
    clause: str = ""
    module: str = ""
    record_id: uuid.UUID | None = None
    customer_id: uuid.UUID | None = None
    customer: str = ""


class TimelineSource(Protocol):
    """Tells what happened with a customer.

    A source of a single record type names it in an attribute `only`: it is not asked for a customer who has none.
    """

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """The newest entries of these customers that the person may see, at most `limit` of each kind."""


class FigureSource(Protocol):
    """Tells figures for the head of the customer page.

    A source of a single record type names it in an attribute `only`: it is not asked for a customer who has none.
    """

    def figures(self, ctx: Context, customer: Any) -> Iterable[Figure]:
        """The figures the person may see."""


class ContactSource(Protocol):
    """Tells when customers were last spoken to (SAL-14)."""

    def last_contacts(self, customers: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, datetime.date]:
        """The day of the last contact of each customer that had one."""

    def first_contact_since(self, customer: uuid.UUID, day: datetime.date) -> datetime.date | None:
        """The day of the first contact from a day on; None where there was none."""

    def visits(self, ctx: Context, customer: Any) -> Iterable[TimelineEntry]:
        """The customer's visit log (ARC-40), newest first."""


class DealingSource(Protocol):
    """Tells what was bought and sold.

    A source whose sales are of a single record type may name it in an attribute `only`, as a timeline source does.
    """

    def sales_since(self, customers: Iterable[uuid.UUID], day: datetime.date) -> Mapping[uuid.UUID, Decimal]:
        """What each customer bought of us since the day, in yuan."""

    def sales_by_month(self, customers: Iterable[uuid.UUID], since: datetime.date) -> Mapping[datetime.date, Decimal]:
        """What these customers together bought of us since the day, in yuan, by the first day of the month."""

    def dealings(self, ctx: Context, customer: Any) -> Iterable[Dealing]:
        """The customer's purchase-and-sale record, newest first."""


class NextStepSource(Protocol):
    """Tells what is to be done next."""

    def next_steps(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[NextStep]:
        """What is open for these customers and may be seen by the person, earliest first."""


@dataclass(frozen=True)
class TabSource:
    """How an upper room draws its own tab of the customer page instead of plain lists.

    `told(ctx, customer)` gives what `template` draws; it is asked only when the tab is open.
    """

    room: str
    template: str
    told: Callable[[Context, Any], Mapping[str, Any]]


timeline_sources: list[TimelineSource] = []
figure_sources: list[FigureSource] = []
contact_sources: list[ContactSource] = []
dealing_sources: list[DealingSource] = []
#: Numbers of documents that are dealings themselves: the market flow may note such an order too, and counts it no more.
counted_numbers: list[Callable[[], QuerySet[Any, Any]]] = []
next_step_sources: list[NextStepSource] = []
tab_sources: list[TabSource] = []


class ErasureObjection(Protocol):
    """Says why the data of a contact must still be kept: an open dispute, a law that asks for it."""

    def __call__(self, contact: Any) -> Decision: ...


erasure_objections: list[ErasureObjection] = []


class EntryJudge(Protocol):
    """Says of each of these companies whether it may become a customer just now.

    While its file waits for a review it may not (WF-09).
    """

    def __call__(self, ctx: Context, customers: Sequence[Any]) -> Sequence[Decision]: ...


entry_judges: list[EntryJudge] = []


class PoolObjection(Protocol):
    """Says which of these customers must stay with their owner, and why: an order is open, an approval is running."""

    def __call__(self, customers: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Message]: ...


pool_objections: list[PoolObjection] = []


class SamePerson(Protocol):
    """Names records that hold a contact's data a second time: (record type, record, the fields that may stay)."""

    def __call__(self, contact: Any) -> Iterable[tuple[str, Any, frozenset[str]]]: ...


same_person_sources: list[SamePerson] = []
