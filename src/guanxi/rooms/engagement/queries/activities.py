"""Sales activities: events and tasks in one list, as far as one sees them (CRM-26)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from guanxi.platform.calendar import CHINA
from guanxi.records.context import Context
from guanxi.records.links import unseen
from guanxi.rooms.engagement.models import EventState, TaskState

EVENT, TASK, CUSTOMER = "engagement.event", "engagement.task", "customers.customer"
#: Where a task without a day stands: behind all that has one.
SOME_DAY = datetime.date(9999, 12, 31)
_COLUMNS = ("what", "pk", "subject", "day", "state", "owner_id", "owner__name", "customer_id", "customer__name")


@dataclass(frozen=True)
class Wanted:
    """What of the list is looked at; None and "" narrow nothing. `owners`: whose."""

    text: str = ""
    kind: str = ""
    state: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    owners: Collection[uuid.UUID] | None = None


@dataclass(frozen=True)
class Activity:
    """One event or task of the list; `customer` is empty where the person may not see him."""

    module: str
    pk: uuid.UUID
    subject: str
    day: datetime.date | None
    state: str
    is_open: bool
    owner_id: uuid.UUID | None
    owner: str
    customer_id: uuid.UUID | None
    customer: str


def activities(ctx: Context, wanted: Wanted) -> QuerySet[Any]:
    """Both kinds together, what is open by its day, the rest the newest first."""
    parts = []
    if wanted.kind in ("", EVENT):
        begins = TruncDate("starts_at", tzinfo=CHINA)
        parts.append(_part(ctx, EVENT, begins, wanted, EventState.PLANNED))
    if wanted.kind in ("", TASK):
        day = Coalesce("due_on", Value(SOME_DAY), output_field=DateField())
        parts.append(_part(ctx, TASK, day, wanted, TaskState.OPEN))
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return found.order_by("day" if wanted.state == "open" else "-day", "pk")


def _part(ctx: Context, module: str, day: Any, wanted: Wanted, open_state: str) -> QuerySet[Any]:
    rows = ctx.search(module).order_by().annotate(what=Value(module, output_field=CharField()), day=day)
    if wanted.owners is not None:
        rows = rows.filter(owner__in=wanted.owners)
    if wanted.state:
        rows = rows.filter(state=open_state) if wanted.state == "open" else rows.exclude(state=open_state)
    if wanted.first is not None:
        rows = rows.filter(day__gte=wanted.first)
    if wanted.last is not None:
        rows = rows.filter(day__lte=wanted.last)
    if wanted.text:
        named = ctx.search(CUSTOMER).filter(name__icontains=wanted.text).values("pk")
        told = Q(subject__icontains=wanted.text) | Q(details__icontains=wanted.text) | Q(result__icontains=wanted.text)
        rows = rows.filter(told | Q(customer__in=named))
    return rows.values_list(*_COLUMNS)


def shown(ctx: Context, rows: Iterable[Any]) -> list[Activity]:
    """The rows of the list without the names of customers whom the person may not see."""
    found = list(rows)
    veiled = unseen(ctx, CUSTOMER, {row[7] for row in found if row[7]})
    return [
        Activity(
            module=what, pk=pk, subject=subject, day=None if day == SOME_DAY else day, state=state,
            is_open=state in (EventState.PLANNED, TaskState.OPEN), owner_id=owner_id, owner=owner or "",
            customer_id=None if customer_id in veiled else customer_id,
            customer="" if customer_id in veiled else customer or "",
        )
        for what, pk, subject, day, state, owner_id, owner, customer_id, customer in found
    ]  # fmt: skip
