"""Opening, discharging and handing over duties: called inside the action that makes somebody owe or shows it done.

Each function takes the kind and the key of the duty; what is not owed, or not any more, is left as it is, so that an
action never fails over a duty that was settled before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import translation

from guanxi.kernel.messages import Message
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.calendar import local, now
from guanxi.platform.calendar.working_days import working_days_between
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.models import KEY_LENGTH, SUBJECT_LENGTH, Obligation, State
from guanxi.platform.people.models import Person
from guanxi.platform.prepared import Prepared

OBLIGATION = "obligations.obligation"
#: What sort of notices tell of duties.
NOTICE = "duty"
#: Rows of one transaction, where there are many: other writers come between.
SLICE = 1000


@dataclass(frozen=True)
class Opening:
    """What one person is to owe. `within`: what the record belongs to, such as the customer of a contribution.

    `due_on`: the last day in time; None: as the kind of duty says, counted from the day of opening.
    """

    key: str
    owner: Person
    subject: str
    due_on: date | None = None
    module: str = ""
    record_id: UUID | None = None
    within: UUID | None = None


# ---- Opening ---------------------------------------------------------------------------------------------------------


def open_duty(
    duty: Duty,
    *,
    key: str,
    owner: Person,
    subject: str,
    at: datetime,
    due_on: date | None = None,
    module: str = "",
    record_id: UUID | None = None,
    within: UUID | None = None,
) -> Obligation:
    """Make a person owe a duty, and return it. A second time with the same key nothing happens, whatever else is given.

    `due_on` may be left out where the kind of duty says how long one has.
    """
    opening = Opening(key, owner, subject, due_on, module, record_id, within)
    open_many(duty, [opening], at)
    return Obligation.objects.get(duty=duty.name, key=key)


def open_many(duty: Duty, openings: Iterable[Opening], at: datetime) -> int:
    """The same for many people or records, a slice at a time; returns how many were not owed yet.

    Outside a transaction each slice is one of its own, so that nobody waits for 100,000 rows; done again after a crash
    it goes on where it stopped.
    """
    opened, left = 0, iter(openings)
    # The same days come again and again: what they mean is worked out once.
    days: dict[date, tuple[date | None, date]] = {}
    while some := list(islice(left, SLICE)):
        opened += _open_slice(duty, some, at, days)
    return opened


_STANDING = Prepared(
    lambda duty, keys: Obligation.objects.filter(duty=duty, key__in=keys).values_list("key", flat=True)
)


def _open_slice(
    duty: Duty, openings: Sequence[Opening], at: datetime, days: dict[date, tuple[date | None, date]]
) -> int:
    wanted = {opening.key: opening for opening in openings}
    if too_long := next((key for key in wanted if len(key) > KEY_LENGTH), None):
        raise ValueError(f"{duty.name}: a key has at most {KEY_LENGTH} characters, not {len(too_long)}")
    with transaction.atomic():
        standing = set(_STANDING.rows(duty=duty.name, keys=list(wanted)))
        fresh = [opening for key, opening in wanted.items() if key not in standing]
        rows = new_rows(
            Obligation, len(fresh), duty=duty.name, clause=duty.clause, opened_at=at, created_at=at, changed_at=at
        )
        today = local(at).date()
        for row, opening in zip(rows, fresh, strict=True):
            _fill(row, duty, opening, today, days)
        if not fresh:
            return 0
        _insert(rows)
    return len(fresh)


def _insert(rows: Sequence[Obligation]) -> None:
    try:
        with transaction.atomic():
            insert_many(Obligation, rows)
    except IntegrityError:
        # Somebody opened one of them since we looked: that one stays as it is.
        Obligation.objects.bulk_create(rows, batch_size=SLICE, ignore_conflicts=True)


def _fill(
    row: Obligation, duty: Duty, opening: Opening, today: date, days: dict[date, tuple[date | None, date]]
) -> None:
    due = opening.due_on or duty.due_after(today)
    if due not in days:
        days[due] = duty.remind_on(due), duty.escalate_on(due)
    row.key, row.subject = opening.key, opening.subject[:SUBJECT_LENGTH]
    row.owner_id, row.department_id = opening.owner.pk, opening.owner.department_id
    row.module, row.record_id, row.within_id = opening.module, opening.record_id, opening.within
    row.due_on = due
    row.remind_on, row.escalate_on = days[due]


# ---- Settling --------------------------------------------------------------------------------------------------------


def discharge(
    duty: Duty,
    *,
    key: str,
    by: Person | None,
    at: datetime,
    evidence: tuple[str, UUID] | None = None,
    remark: str = "",
) -> Obligation | None:
    """Say that the duty was done, and by which record that shows (`evidence`: record type and id).

    After the day it was due it counts as kept late. Returns the duty, or None where nobody owed it.
    """
    return _settle(duty, key, lambda row: keep(row, by, at, evidence, remark))


def drop(duty: Duty, *, key: str, reason: object, at: datetime, by: Person | None = None) -> Obligation | None:
    """Nobody owes it any more: what it was for has gone. `reason`: a Message or text, kept in the company language."""
    return _settle(duty, key, lambda row: end(row, State.DROPPED, by, at, stored(reason)))


def drop_many(duty: Duty, keys: Iterable[str], *, reason: object, at: datetime, by: Person | None = None) -> int:
    """The same for a set of duties of one kind, a slice at a time; returns how many were owed still."""
    dropped, left = 0, iter(keys)
    while some := list(islice(left, SLICE)):
        rows = Obligation.objects.filter(duty=duty.name, key__in=some, state=State.OPEN)
        dropped += _drop(rows, reason, at, by)
    return dropped


def _drop(rows: QuerySet[Obligation], reason: object, at: datetime, by: Person | None) -> int:
    """End them all by one statement; like `save`, it leaves a trace for whoever asks what has changed since."""
    return rows.update(
        state=State.DROPPED, discharged_at=at, discharged_by=by, remark=stored(reason),
        version=F("version") + 1, changed_at=max(at, now()), changed_by=by,
    )  # fmt: skip


def _settle(duty: Duty, key: str, change: Any) -> Obligation | None:
    with transaction.atomic():
        row = Obligation.objects.select_for_update().filter(duty=duty.name, key=key).first()
        if row is not None and row.state == State.OPEN:
            change(row)
            save(row)
    return row


def keep(
    row: Obligation, by: Person | None, at: datetime, evidence: tuple[str, UUID] | None = None, remark: str = ""
) -> None:
    """Mark a duty as done on the day of `at`, in time or late; the caller saves it."""
    day = local(at).date()
    late = day > row.due_on
    end(row, State.LATE if late else State.KEPT, by, at, remark)
    row.days_late = max(1, working_days_between(row.due_on, day)) if late else None
    row.evidence_module, row.evidence_id = evidence or ("", None)


def end(row: Obligation, state: State, by: Person | None, at: datetime, remark: str = "") -> None:
    """Mark a duty as ended otherwise; the caller saves it."""
    row.state, row.discharged_at, row.discharged_by, row.remark = state, at, by, remark


def save(row: Obligation) -> None:
    """Write what `keep` or `end` changed."""
    row.version += 1
    # What was done days ago may be noted today: whoever asks what has changed since has to find it.
    row.changed_at, row.changed_by = max(row.discharged_at or now(), now()), row.discharged_by
    row.save(
        update_fields=[
            "state", "discharged_at", "discharged_by", "days_late", "evidence_module", "evidence_id", "remark",
            "version", "changed_at", "changed_by",
        ]
    )  # fmt: skip


def stored(reason: object) -> str:
    """A reason as it is kept: in the language of the company."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(Message.of(reason))


def owe_again(duty: Duty, keys: Iterable[str]) -> int:
    """What was dropped is owed after all, by its old day, a slice at a time; returns how many. The rest stays."""
    again, left = 0, iter(keys)
    while some := list(islice(left, SLICE)):
        rows = Obligation.objects.filter(duty=duty.name, key__in=some, state=State.DROPPED)
        again += _reopen(rows)
    return again


def _reopen(rows: QuerySet[Obligation]) -> int:
    return rows.update(
        state=State.OPEN, discharged_at=None, discharged_by=None, remark="",
        version=F("version") + 1, changed_at=now(), changed_by=None,
    )  # fmt: skip


# ---- The recycle bin -------------------------------------------------------------------------------------------------


def lay_aside(module: str, records: Sequence[UUID], at: datetime, by: Person | None) -> None:
    """Records go to the recycle bin at that moment: nobody owes anything about them any more."""
    rows = Obligation.objects.filter(module=module, record_id__in=records, state=State.OPEN)
    _drop(rows, Message("It is in the recycle bin."), at, by)


def take_up(module: str, records: Sequence[UUID], since: datetime) -> None:
    """Records come back that went there at that moment: what was owed about them then is owed again, by its old day."""
    rows = Obligation.objects.filter(module=module, record_id__in=records, state=State.DROPPED, discharged_at=since)
    _reopen(rows)


# ---- Handing over ----------------------------------------------------------------------------------------------------


def hand_over(duty: Duty, *, key: str, to: Person, at: datetime, by: Person | None = None) -> Obligation | None:
    """Somebody else owes it from now on, by the same day; he is told. None where there is no such duty."""
    rows = open_items(duty, key=key)
    hand_over_many(rows, to, at, by)
    return Obligation.objects.filter(duty=duty.name, key=key).first()


def hand_over_many(rows: QuerySet[Obligation], to: Person, at: datetime, by: Person | None = None) -> int:
    """The same for all open duties among these, a slice at a time; the new owner is told once of all of them."""
    moved, first = 0, None
    rows = rows.filter(state=State.OPEN).exclude(owner=to)
    while True:
        with transaction.atomic():
            some = list(rows.select_for_update(of=("self",)).select_related("owner").order_by("pk")[:SLICE])
            if not some:
                break
            first = first or some[0]
            _move(some, to, at, by)
        moved += len(some)
    if first is not None:
        tell_of_handover(first, moved, to, at)
    return moved


def _move(rows: Sequence[Obligation], to: Person, at: datetime, by: Person | None) -> None:
    audit.write(
        [
            AuditEntry(
                at=at, actor=by, actor_name=by.name if by else "", source=Source.SYSTEM, action="hand_over",
                module=OBLIGATION, record_id=row.pk, record_label=str(row),
                changes={"owner": [_person(row.owner), _person(to)]},
            )
            for row in rows
        ]
    )  # fmt: skip
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(
        owner=to, department=to.department_id, changed_at=at, changed_by=by
    )


def _person(person: Person) -> dict[str, str]:
    """Somebody as the trail keeps him."""
    return {"id": str(person.pk), "title": str(person)}


def tell_of_handover(first: Obligation, count: int, to: Person, at: datetime) -> None:
    """Tell somebody what he owes from now on: one duty by name, several by number."""
    if count == 1:
        title = Message("From now on it is yours: %(what)s, due on %(day)s", what=first, day=first.due_on)
    else:
        title = Message("%(count)s duties are yours from now on", count=count)
    notify([to], title, "", OBLIGATION, first.pk if count == 1 else None, NOTICE, at=at)


# ---- Asking ----------------------------------------------------------------------------------------------------------


def open_items(
    duty: Duty | None = None,
    *,
    key: str | None = None,
    owner: Person | None = None,
    module: str = "",
    record_id: UUID | None = None,
) -> QuerySet[Obligation]:
    """What is still owed, the earliest first: of one kind, by one person, about one record."""
    asked: dict[str, Any] = {
        "duty": duty.name if duty else None, "key": key, "owner": owner, "module": module or None,
        "record_id": record_id,
    }  # fmt: skip
    given = {name: value for name, value in asked.items() if value is not None}
    return Obligation.objects.filter(state=State.OPEN, deleted_at=None, **given).order_by("due_on", "pk")
