"""New customers in somebody's hands: noted as they come, contacted within a week, or passed on (WF-17, WF-18)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import keeping
from guanxi.platform.people.models import Person
from guanxi.platform.prepared import Prepared
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.events import RecordsWritten
from guanxi.records.fields import asked
from guanxi.records.standard import ASSIGN
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.intake import duties
from guanxi.rooms.intake.models import Assignment, AssignmentState
from guanxi.rooms.intake.queries import ASSIGNMENT, CUSTOMER, contacted_since, first_contact_since
from guanxi.rooms.intake.rules import may_be_passed_on

#: What can change whose a customer is.
_OWNING = frozenset({"create", "edit", "assign", "return_to_pool", "recycle_customer"})
#: New customers: with the others there is contact already, or none is wanted any more.
_NEW = ("prospect", "following")


# ---- Noting ----------------------------------------------------------------------------------------------------------


def note_owners(event: RecordsWritten, at: datetime.datetime) -> None:
    """Customers were written: where a new one came into other hands, the week begins, and the new owner is told."""
    if event.module != CUSTOMER or event.action not in _OWNING:
        return
    new = _NEW_ONES.rows(customers=list(event.records))
    # Of what has just been made nothing is noted yet.
    rows = [] if event.action == "create" else _LAST.rows(customers=list(event.records))
    last = {row.customer_id: row for row in rows}
    # An edit of a customer of whom nothing was noted begins no week: nobody knows whose it was before.
    known = [each for each in new if each[0] in last or event.action != "edit"]
    moved = [each for each in known if each[2] != getattr(last.get(each[0]), "owner_id", None)]
    _pass([last[key] for key, _name, _owner in moved if key in last], at)
    responsible = list({owner for _key, _name, owner in moved if owner is not None})
    owners = {person.pk: person for person in _PEOPLE.rows(people=responsible)} if responsible else {}
    begun = [_InHand(key, name, owners[owner]) for key, name, owner in moved if owner is not None]
    _begin(begun, at)
    if event.action != "create":
        _tell(begun, event.actor, at)


@dataclass(frozen=True)
class _InHand:
    """A new customer, and in whose hands it is."""

    id: uuid.UUID
    name: str
    owner: Person


#: Id, name and owner of those of these customers that are new.
_NEW_ONES = Prepared(
    lambda customers: Customer.objects.filter(pk__in=customers, status__in=_NEW).values_list("pk", "name", "owner")
)
_PEOPLE = Prepared(lambda people: Person.objects.filter(pk__in=people).order_by())
#: What is noted of them, the last last.
_LAST = Prepared(
    lambda customers: Assignment.objects.filter(customer__in=customers, deleted_at=None).order_by(
        "assigned_on", "created_at", "pk"
    )
)


def _begin(customers: Sequence[_InHand], at: datetime.datetime) -> None:
    if not customers:
        return
    today = local(at).date()
    due = duties.CONTACT.due_after(today)
    rows = new_rows(Assignment, len(customers), assigned_on=today, contact_due_on=due, created_at=at, changed_at=at)
    entries = new_rows(AuditEntry, len(customers), at=at, source=Source.SYSTEM, action="create", module=ASSIGNMENT)
    for row, entry, one in zip(rows, entries, customers, strict=True):
        row.customer_id, row.owner_id, row.department_id = one.id, one.owner.pk, one.owner.department_id
        entry.record_id, entry.record_label = row.pk, one.name
    insert_many(Assignment, rows)
    audit.write(entries)
    openings = (
        keeping.Opening(str(row.pk), one.owner, one.name, due, CUSTOMER, one.id, one.id)
        for row, one in zip(rows, customers, strict=True)
    )
    keeping.open_many(duties.CONTACT, openings, at)


def _pass(rows: Sequence[Assignment], at: datetime.datetime) -> None:
    if not rows:
        return
    reason = Message("The customer is in other hands.")
    keeping.drop_many(duties.CONTACT, (str(row.pk) for row in rows), reason=reason, at=at)
    passed = Assignment.objects.filter(pk__in=[row.pk for row in rows], state=AssignmentState.WAITING)
    passed.update(state=AssignmentState.PASSED, changed_at=at)


def _tell(customers: Sequence[_InHand], by: uuid.UUID | None, at: datetime.datetime) -> None:
    """Each new owner is told once, whoever many customers he was given (WF-18)."""
    given: dict[Person, list[_InHand]] = {}
    for customer in customers:
        if customer.owner.pk != by:
            given.setdefault(customer.owner, []).append(customer)
    for person, mine in given.items():
        names = "、".join(customer.name for customer in mine[:5])
        title = (
            Message("%(name)s is your customer from now on", name=mine[0].name)
            if len(mine) == 1
            else Message("%(count)s customers are yours from now on", count=len(mine))
        )
        notify([person], title, names, CUSTOMER, mine[0].id if len(mine) == 1 else None, "assigned", at=at)


def note_contacts(customers: Iterable[uuid.UUID] | None, at: datetime.datetime) -> int:
    """Customers were contacted: whoever owed them a contact owes it no more; None: look at all. Returns how many.

    In time is what happened in time, on whichever day the program came to note it.
    """
    with transaction.atomic():
        rows = list(contacted_since(customers).select_related("customer", "owner").select_for_update(of=("self",)))
        for row in rows:
            contact = first_contact_since(row.customer_id, row.assigned_on) or local(at).date()
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
