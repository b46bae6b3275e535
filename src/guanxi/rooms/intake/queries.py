"""Who recorded a company first, who is responsible for a place, whom to ask."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.platform.access.rights import people_who_may
from guanxi.platform.people.models import Person
from guanxi.records import duplicates, registry
from guanxi.records.context import Context
from guanxi.rooms.customers.public import Customer, contact_sources
from guanxi.rooms.intake.models import Assignment, AssignmentState, Capacity, FileState, InformationFile, Territory
from guanxi.rooms.intake.rules import (
    Bearer,
    Recorded,
    earlier_first,
    is_for_the_head,
    place_key,
    place_name,
    shared_out,
)

FILE, NOTE, CUSTOMER = "intake.informationfile", "intake.filenote", "customers.customer"
ASSIGNMENT = "intake.assignment"
#: The right of whoever decides whose a customer is: the business manager (WF-15).
DECIDE = "decide_owner"
#: The right of the person designated to send files to marketing (WF-11).
SEND = "send_file"
#: The right of whoever names who sorts and files: the marketing manager (WF-12).
NAME_FILER = "assign_filing"
#: Files of companies that are no customers yet.
OPEN_STATES = (FileState.DRAFT, FileState.REVIEW, FileState.RETURNED, FileState.APPROVED)


def open_files_of(names: Sequence[str]) -> list[list[Recorded]]:
    """For each of these names the open files of the company called so, whoever they belong to."""
    hits = duplicates.matching_ids(registry.entry(FILE), [{"name": name} for name in names])
    found = {one.id: one for one in _files({key for row in hits for _rule, key in row})} if any(hits) else {}
    return [earlier_first([found[key] for _rule, key in row if key in found]) for row in hits]


def records_of_company(file: InformationFile) -> list[Recorded]:
    """Every record of the file's company in the order of time: this file, other open ones, customers that stand."""
    found = {one.id: one for one in _files(_same_name(FILE, file.name))}
    # As it is now, whether it is open any more or not.
    found[file.pk] = _of_file(file)
    standing = Customer.objects.filter(pk__in=_same_name(CUSTOMER, file.name), deleted_at=None)
    since = Min("information_files__created_at", filter=Q(information_files__deleted_at=None))
    if file.customer_id is not None:
        standing = standing.exclude(pk=file.customer_id)
    customers = standing.select_related("owner").annotate(collected_at=since)
    return earlier_first([*found.values(), *map(_of_customer, customers)])


def _same_name(module: str, name: str) -> list[uuid.UUID]:
    """The live records of a company of this name, legal forms and spelling aside."""
    hits = duplicates.matching_ids(registry.entry(module), [{"name": name}])[0]
    return [record_id for _rule, record_id in hits]


def conflicting(file: InformationFile) -> list[Recorded]:
    """The records of the file's company, this one among them; empty where nobody else has recorded it (WF-14)."""
    found = records_of_company(file)
    return found if len(found) > 1 else []


def _files(ids: Iterable[uuid.UUID]) -> list[Recorded]:
    rows = InformationFile.objects.filter(pk__in=list(ids), state__in=OPEN_STATES, deleted_at=None)
    return earlier_first([_of_file(row) for row in rows.select_related("owner")])


def _of_file(file: InformationFile) -> Recorded:
    assert file.created_at is not None
    return Recorded(
        file.pk, file.created_at, file.number, file.owner_id, str(file.owner or ""),
        decided_at=file.decided_at, is_approved=file.state == FileState.APPROVED,
    )  # fmt: skip


def _of_customer(customer: Any) -> Recorded:
    """A customer that came of a file was recorded when the file was."""
    recorded_at = min(moment for moment in (customer.collected_at, customer.created_at) if moment is not None)
    return Recorded(
        customer.pk, recorded_at, customer.number, customer.owner_id, str(customer.owner or ""),
        is_customer=True, is_approved=True,
    )  # fmt: skip


# ---- Who is responsible ----------------------------------------------------------------------------------------------


def salesperson_of(province: str, city: str, on: datetime.date) -> Person | None:
    """Who is responsible for a place on a day: by its city, else by its province (WF-07)."""
    keys = [key for key in (place_key(province, city) if city else "", place_key(province, "")) if len(key) > 1]
    rows = in_force(on).filter(place__in=keys, salesperson__is_active=True).select_related("salesperson__department")
    by_place = {row.place: row.salesperson for row in rows.order_by("valid_from")}
    return next((by_place[key] for key in keys if key in by_place), None)


def in_force(on: datetime.date) -> Any:
    """The rows of the territory table that hold on a day."""
    return Territory.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on, deleted_at=None)


def business_managers() -> Sequence[Person]:
    """Who decides on customers, the first of them first."""
    rows = people_who_may(registry.entry(FILE).module.names, DECIDE).select_related("department")
    return list(rows.order_by("name_pinyin", "pk"))


def designated_sender() -> Person | None:
    """Who sends files to marketing: whoever holds the right to; of several the first by name (WF-11)."""
    rows = people_who_may(registry.entry(FILE).module.names, SEND).select_related("department")
    return rows.order_by("name_pinyin", "pk").first()


def marketing_managers() -> list[Person]:
    """Who is told of what comes to marketing: those who may name who files it, heads of their departments first of all.

    Of a department with a head it is the head alone (WF-12).
    """
    rows = people_who_may(registry.entry(FILE).module.names, NAME_FILER).select_related("department")
    people = rows.order_by("name_pinyin", "pk")
    return [
        one for one in people if is_for_the_head(one.pk, one.department.head_id if one.department else None).allowed
    ]


def others_responsible(territory: Territory) -> list[tuple[str, datetime.date, datetime.date | None]]:
    """Who else is named for a place on days of this row: name, first and last day."""
    rows = Territory.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=territory.valid_from), place=territory.place, deleted_at=None
    ).exclude(pk=territory.pk)
    if territory.valid_until is not None:
        rows = rows.filter(valid_from__lte=territory.valid_until)
    return [(row.salesperson.name, row.valid_from, row.valid_until) for row in rows.select_related("salesperson")]


# ---- Sharing out -----------------------------------------------------------------------------------------------------


def salespeople() -> list[Person]:
    """Among whom customers are shared out: who enters customers, without those who decide on them (WF-16, WF-18)."""
    names = registry.entry(FILE).module.names
    rows = people_who_may(names, "enter_file").exclude(pk__in=people_who_may(names, DECIDE).values("pk"))
    return list(rows.select_related("department").order_by("name_pinyin", "pk"))


def bearers(people: Sequence[Person]) -> list[Bearer]:
    """How many customers each of these has, and his share."""
    ids = [person.pk for person in people]
    held = Customer.objects.filter(owner__in=ids, deleted_at=None).exclude(status="lost")
    counts = dict(held.values_list("owner").annotate(n=Count("id")).order_by().values_list("owner", "n"))
    weights = dict(Capacity.objects.filter(salesperson__in=ids, deleted_at=None).values_list("salesperson", "weight"))
    return [Bearer(pk, counts.get(pk, 0), weights.get(pk, 100)) for pk in ids]


def ownerless(ctx: Context, *, own: bool = False) -> QuerySet[Customer]:
    """Customers that the person may give to somebody and for whom no present salesperson is responsible (WF-18).

    Nobody's, those of who has left, and of who only entered them. `own`: also what is in the person's own hands, as
    the list of a campaign is that he imported (WF-16). The oldest first.
    """
    responsible = people_who_may(registry.entry(FILE).module.names, "enter_file")
    nobodys = Q(owner=None) | ~Q(owner__in=responsible.values("pk"))
    rows: QuerySet[Customer] = ctx.search(CUSTOMER, "assign")
    return rows.filter(nobodys | Q(owner=ctx.actor) if own else nobodys).order_by("created_at", "pk")


def proposed_owners(
    customers: Sequence[Customer], people: Sequence[Person], on: datetime.date, *, by_place: bool
) -> dict[uuid.UUID, uuid.UUID]:
    """For each customer the salesperson who should get it, so that all are evenly burdened (WF-16).

    `by_place`: who is responsible for its place first, wherever somebody is; the rest evens it out.
    """
    known = {person.pk for person in people}
    found: dict[uuid.UUID, uuid.UUID] = {}
    for customer in customers if by_place else ():
        local = salesperson_of(customer.province, customer.city, on)
        if local is not None and local.pk in known:
            found[customer.pk] = local.pk
    given = Counter(found.values())
    loads = [replace(one, customers=one.customers + given[one.id]) for one in bearers(people)]
    rest = [customer.pk for customer in customers if customer.pk not in found]
    return found | dict(zip(rest, shared_out(loads, len(rest)), strict=False))


def contacted_since(customers: Iterable[uuid.UUID] | None = None) -> QuerySet[Assignment]:
    """Assignments that waited for a contact which has since been logged; of these customers, or of all."""
    rows = Assignment.objects.filter(
        state=AssignmentState.WAITING, deleted_at=None, customer__last_contact_on__gte=F("assigned_on")
    )
    return rows if customers is None else rows.filter(customer__in=list(customers))


def first_contact_since(customer: uuid.UUID, day: datetime.date) -> datetime.date | None:
    """The day on which a customer was first spoken to from a day on, whichever room knows of it; None: not yet."""
    found = (source.first_contact_since(customer, day) for source in contact_sources)
    return min((first for first in found if first is not None), default=None)


# ---- What waits ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """So many records wait for a person in a list view, the oldest of them first. `view`: its name; `due`: by when."""

    module: str
    view: str
    label: Any
    clause: str
    count: int
    due: datetime.date | None


def waiting_for(ctx: Context) -> list[Waiting]:
    """What of the customer-data workflow waits for this person: to enter, to send, to name, to file, to pass on."""
    files = ctx.search(FILE) if ctx.may(FILE) else InformationFile.objects.none()
    mine = files.filter(owner=ctx.actor)
    found = [
        _waits(FILE, "returned", _("Returned by the manager"), "WF-09", mine.filter(state=FileState.RETURNED),
               "enter_due_on"),
        _waits(FILE, "enter", _("Approved, to be entered"), "WF-10", mine.filter(state=FileState.APPROVED),
               "enter_due_on"),
    ]  # fmt: skip
    if ctx.may(FILE, SEND):
        due = files.filter(state=FileState.ENTERED, send_due_on__lte=ctx.today)
        found.append(_waits(FILE, "send", _("To be sent to marketing"), "WF-11", due, "send_due_on"))
    if ctx.may(FILE, NAME_FILER):
        sent = ctx.search(FILE, NAME_FILER).filter(state=FileState.SENT, assignee=None)
        found.append(_waits(FILE, "unassigned", _("Nobody files it yet"), "WF-12", sent, "sent_on"))
    to_file = files.filter(state=FileState.SENT, assignee=ctx.actor)
    found.append(_waits(FILE, "to_file", _("To be sorted and filed"), "WF-12", to_file, "sent_on"))
    if ctx.may(ASSIGNMENT, "transfer_customer"):
        late = ctx.search(ASSIGNMENT, "transfer_customer").filter(
            state=AssignmentState.WAITING, contact_due_on__lte=ctx.today
        )
        found.append(_waits(ASSIGNMENT, "no_contact", _("No contact for a week"), "WF-17", late, "contact_due_on"))
    return [each for each in found if each.count]


def _waits(module: str, view: str, label: Any, clause: str, rows: QuerySet[Any], due: str) -> Waiting:
    told = rows.aggregate(count=Count("pk"), due=Min(due))
    return Waiting(module, view, label, clause, told["count"], told["due"])


# ---- The report of files (WF-06, WF-10) ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Collected:
    """The files of one salesperson of one place that were collected in a time: how many, and how many in time.

    `overdue`: not entered, and the day for it has passed; `notes`: follow-ups noted on them.
    """

    owner_id: uuid.UUID | None
    owner: str
    department: str
    province: str
    files: int
    entered: int
    late: int
    overdue: int
    closed: int
    notes: int


def collected_between(ctx: Context, first: datetime.date, last: datetime.date) -> list[Collected]:
    """What was collected from one day to another, both included, by salesperson and place, as far as one sees it.

    Places count under the province's name without what kind of place it is, so that 四川 and 四川省 are one.
    """
    rows: Any = (
        ctx.search(FILE)
        .filter(collected_on__range=(first, last))
        .values("owner_id", "owner__name", "owner__department__name", "province")
        .annotate(
            files=Count("pk"),
            entered=Count("pk", filter=Q(entered_on__isnull=False)),
            late=Count("pk", filter=Q(entered_late=True)),
            overdue=Count("pk", filter=Q(state__in=OPEN_STATES, enter_due_on__lt=ctx.today)),
            closed=Count("pk", filter=Q(state=FileState.CLOSED)),
        )
        .order_by()
    )
    notes: Any = ctx.search(NOTE).filter(file__collected_on__range=(first, last), file__in=ctx.search(FILE))
    noted = {
        (owner, province): count
        for owner, province, count in notes.values_list("file__owner", "file__province")
        .annotate(n=Count("pk"))
        .order_by()
    }
    found: dict[tuple[Any, str], Collected] = {}
    for row in rows:
        place = place_name(row["province"])
        key = row["owner_id"], place
        standing = found.get(key)
        one = Collected(
            row["owner_id"], row["owner__name"] or "", row["owner__department__name"] or "", place, row["files"],
            row["entered"], row["late"], row["overdue"], row["closed"],
            noted.get((row["owner_id"], row["province"]), 0),
        )  # fmt: skip
        found[key] = one if standing is None else _together(standing, one)
    return sorted(found.values(), key=lambda one: (one.department, one.owner, str(one.owner_id), one.province))


def _together(one: Collected, other: Collected) -> Collected:
    counts = ("files", "entered", "late", "overdue", "closed", "notes")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in counts})
