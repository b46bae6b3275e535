"""What this room knows of tickets: the customer's timeline, the notes on a ticket, by when it is to be settled."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from guanxi.platform.calendar import local
from guanxi.platform.calendar.working_days import due_at
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.public import TimelineEntry
from guanxi.rooms.service.models import Faq, Priority, Ticket, TicketState
from guanxi.rooms.service.policies import HIGH_DAYS, LOW_DAYS, NORMAL_DAYS, URGENT_DAYS

TICKET, FAQ = "service.ticket", "service.faq"
#: The states in which somebody still has to do something.
UNSETTLED = (TicketState.OPEN, TicketState.PROGRESS, TicketState.WAITING)
_DAYS = {
    Priority.URGENT: URGENT_DAYS, Priority.HIGH: HIGH_DAYS, Priority.NORMAL: NORMAL_DAYS, Priority.LOW: LOW_DAYS,
}  # fmt: skip

_NEWEST = Scoped(
    lambda ctx, limit, customers: (
        ctx.search(TICKET).filter(customer__in=customers).select_related("owner").order_by("-created_at")[:limit]
    )
)


def due_day(ctx: Context, priority: str, since: datetime.date) -> datetime.date:
    """The last day in time for a ticket of that priority: its parameter of working days after the day it came."""
    return due_at(since, ctx.value_of(_DAYS[Priority(priority)]))


def runs_since(ticket: Ticket) -> datetime.date:
    """From which day the time to settle a ticket runs: when it was last reopened, else when it was reported."""
    return ticket.reported_on if ticket.reopened_at is None else local(ticket.reopened_at).date()


def notes_of(record: Ticket | Faq) -> Sequence[Any]:
    """What was noted on a ticket or a frequent question, the oldest first; for who sees that."""
    return list(record.notes.select_related("created_by").order_by("created_at", "pk"))


class Tickets:
    """This room as a source of the customer's timeline."""

    only = TICKET

    def entries(self, ctx: Context, customers: Sequence[Any], limit: int) -> Iterable[TimelineEntry]:
        """The newest tickets of these customers, as far as the person may see them."""
        for row in _NEWEST.rows(ctx, limit, customers=[customer.pk for customer in customers]):
            is_late = row.state in UNSETTLED and row.due_on < ctx.today
            yield TimelineEntry(
                at=row.created_at, icon="ticket", title=_("Ticket: %(name)s") % {"name": row.name},
                body=row.solution or row.description, actor=str(row.owner or ""), tag=row.get_state_display(),
                tone="green" if row.state == TicketState.CLOSED else "red" if is_late else "", aside=row.number,
                module=TICKET, record_id=row.pk, customer_id=row.customer_id,
            )  # fmt: skip


TICKETS = Tickets()


# ---- Counting (CRM-41) -----------------------------------------------------------------------------------------------

#: By what tickets are counted, and the column that tells it.
WAYS = {
    "state": "state", "priority": "priority", "category": "category", "severity": "severity", "owner": "owner_id",
    "month": "month",
}  # fmt: skip
#: The order of what has one; everything else comes by its number, the most first.
_ORDERS: dict[str, Sequence[str]] = {
    "state": TicketState.values, "priority": list(reversed(Priority.values)),
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """The tickets of one group: its key ("" where nothing is stated), and how many, settled or not, late or in time."""

    key: str
    name: str
    tickets: int
    unsettled: int
    overdue: int
    settled: int
    late: int


def tallies(ctx: Context, by: str, first: datetime.date, last: datetime.date) -> list[Tally]:
    """The tickets reported from one day to another, both included, counted by one of WAYS, as far as one sees them."""
    is_unsettled = Q(state__in=UNSETTLED)
    column = WAYS[by]
    rows: Any = ctx.search(TICKET).filter(reported_on__range=(first, last))
    if by == "month":
        rows = rows.annotate(month=TruncMonth("reported_on"))
    names = (column, "owner__name") if by == "owner" else (column,)
    counted = (
        rows.values(*names)
        .annotate(
            tickets=Count("pk"),
            unsettled=Count("pk", filter=is_unsettled),
            overdue=Count("pk", filter=is_unsettled & Q(due_on__lt=ctx.today)),
            settled=Count("pk", filter=Q(state=TicketState.CLOSED)),
            late=Count("pk", filter=Q(state=TicketState.CLOSED, closed_late=True)),
        )
        .order_by()
    )
    found = [
        Tally(
            str(row[column] or ""), row.get("owner__name") or "", row["tickets"], row["unsettled"], row["overdue"],
            row["settled"], row["late"],
        )
        for row in counted
    ]  # fmt: skip
    if by == "month":
        return sorted(found, key=lambda one: one.key)
    order = list(_ORDERS.get(by, ()))
    return sorted(found, key=lambda one: (order.index(one.key) if one.key in order else 0, -one.tickets, one.key))
