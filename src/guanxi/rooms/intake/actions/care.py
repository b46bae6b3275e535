"""New customers in somebody's hands: noted as they come, contacted within a week, or passed on (WF-17, WF-18)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.events import RecordsWritten
from guanxi.records.fields import asked
from guanxi.records.standard import ASSIGN
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.intake import duties
from guanxi.rooms.intake.models import Assignment, AssignmentState
from guanxi.rooms.intake.queries import CUSTOMER, contacted_since
from guanxi.rooms.intake.rules import may_be_passed_on

#: What can change whose a customer is.
_OWNING = frozenset({"create", "edit", "assign"})
#: New customers: with the others there is contact already, or none is wanted any more.
_NEW = ("prospect", "following")


# ---- Noting ----------------------------------------------------------------------------------------------------------


def note_owners(event: RecordsWritten, at: datetime.datetime) -> None:
    """Customers were written: where a new one came into other hands, the week begins, and the new owner is told."""
    if event.module != CUSTOMER or event.action not in _OWNING:
        return
    rows = Assignment.objects.filter(customer__in=event.records, deleted_at=None)
    last = {row.customer_id: row for row in rows.order_by("assigned_on", "created_at", "pk")}
    customers = Customer.objects.filter(pk__in=event.records, status__in=_NEW).select_related("owner__department")
    # An edit of a customer of whom nothing was noted begins no week: nobody knows whose it was before.
    known = [row for row in customers if row.pk in last or event.action != "edit"]
    moved = [row for row in known if row.owner_id != getattr(last.get(row.pk), "owner_id", None)]
    _pass([last[row.pk] for row in moved if row.pk in last], at)
    begun = [row for row in moved if row.owner is not None]
    _begin(begun, at)
    if event.action != "create":
        _tell(begun, event.actor, at)


def _begin(customers: Sequence[Customer], at: datetime.datetime) -> None:
    today = local(at).date()
    rows = [
        Assignment(
            customer=row, owner=row.owner, department_id=row.owner.department_id, assigned_on=today,
            contact_due_on=duties.CONTACT.due_after(today), created_at=at, changed_at=at,
        )
        for row in customers
        if row.owner is not None
    ]  # fmt: skip
    Assignment.objects.bulk_create(rows, batch_size=500)
    audit.write(
        [
            AuditEntry(at=at, source=Source.SYSTEM, action="create", module=Assignment._meta.label_lower,
                       record_id=row.pk, record_label=str(row))
            for row in rows
        ]
    )  # fmt: skip
    keeping.open_many(
        duties.CONTACT,
        [
            keeping.Opening(
                str(row.pk), row.owner, str(row.customer), row.contact_due_on, CUSTOMER, row.customer_id,
                row.customer_id,
            )
            for row in rows
            if row.owner is not None
        ],
        at,
    )  # fmt: skip


def _pass(rows: Sequence[Assignment], at: datetime.datetime) -> None:
    for row in rows:
        reason = Message("The customer is in other hands.")
        keeping.drop(duties.CONTACT, key=str(row.pk), reason=reason, at=at)
    passed = Assignment.objects.filter(pk__in=[row.pk for row in rows], state=AssignmentState.WAITING)
    passed.update(state=AssignmentState.PASSED, changed_at=at)


def _tell(customers: Sequence[Customer], by: uuid.UUID | None, at: datetime.datetime) -> None:
    """Each new owner is told once, whoever many customers he was given (WF-18)."""
    given: dict[Person, list[Customer]] = {}
    for customer in customers:
        if customer.owner is not None and customer.owner.pk != by:
            given.setdefault(customer.owner, []).append(customer)
    for person, mine in given.items():
        names = "、".join(str(customer) for customer in mine[:5])
        title = (
            Message("%(name)s is your customer from now on", name=mine[0])
            if len(mine) == 1
            else Message("%(count)s customers are yours from now on", count=len(mine))
        )
        notify([person], title, names, CUSTOMER, mine[0].pk if len(mine) == 1 else None, "assigned", at=at)


def note_contacts(customers: Iterable[uuid.UUID] | None, at: datetime.datetime) -> int:
    """Customers were contacted: whoever owed them a contact owes it no more; None: look at all. Returns how many.

    In time is what happened in time, on whichever day the program came to note it.
    """
    with transaction.atomic():
        rows = list(contacted_since(customers).select_related("customer", "owner").select_for_update(of=("self",)))
        for row in rows:
            contact = row.customer.last_contact_on or local(at).date()
            row.state, row.contacted_on, row.changed_at = AssignmentState.CONTACTED, contact, at
            keeping.discharge(
                duties.CONTACT, key=str(row.pk), by=row.owner, at=min(at, _end_of(contact)),
                evidence=(CUSTOMER, row.customer_id),
            )  # fmt: skip
        Assignment.objects.bulk_update(rows, ["state", "contacted_on", "changed_at"], batch_size=500)
    return len(rows)


def _end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day in China."""
    return datetime.datetime.combine(day, datetime.time.max, CHINA)


# ---- Passing on ------------------------------------------------------------------------------------------------------


def _the_week_is_over(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    contact = record.customer.last_contact_on
    contacted_on = contact if contact is not None and contact >= record.assigned_on else None
    return may_be_passed_on(record.contact_due_on, ctx.today, contacted_on)


def _transfer(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    """Assigned like any customer; that it was for want of contact is the reason on record."""
    because = ctx.reason or str(Message("No contact until %(day)s", day=record.contact_due_on))
    run(ASSIGN, ctx.because(because), CUSTOMER, record.customer, {"owner": values["owner"]})


TRANSFER = Action(
    name="transfer_customer",
    label=_("Pass the customer on"),
    icon="user-share",
    tone="ink",
    bulk=True,
    inputs=(asked("owner", _("the customer is of"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_the_week_is_over,),
    states=(AssignmentState.WAITING,),
    to_state=AssignmentState.PASSED,
    perform=_transfer,
    may_leave_scope=True,
    undoable=False,
)
