"""What is owed is looked after without anybody asking: reminders, superiors told, others in the place of who left.

Whoever owes two hundred of a kind is told so once, not two hundred times. Each scan runs in one worker at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from guanxi.kernel.messages import Message
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar import local
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.notices.notify import notify
from guanxi.platform.owing.ledgers import Ledger, registered
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of

#: So many rows of a ledger are written in one transaction: other writers come between.
SLICE = 1000
#: So many a scan holds in memory at a time.
AT_ONCE = 200_000


@dataclass(frozen=True)
class _Group:
    """What one person owes of one kind, as a scan has found it, the earliest first."""

    ledger: Ledger
    owner: Person
    earliest: date
    keys: Sequence[UUID]

    @property
    def first(self) -> Any:
        return self.ledger.model._default_manager.get(pk=self.keys[0])

    def tell(self, people: Sequence[Person | None], one: Message, many: Message, at: datetime) -> None:
        """Tell of it: of one row by name, which the notice leads to, of several by number."""
        row = self.first
        if len(self.keys) == 1:
            title = one.filled(person=self.owner.name, day=row.due_on, what=row)
        else:
            label = self.ledger.label(row)
            title = many.filled(person=self.owner.name, day=self.earliest, what=label, count=len(self.keys))
        told = [person for person in people if person is not None]
        about = row.pk if len(self.keys) == 1 else None
        notify(told, title, "", self.ledger.name, about, self.ledger.notice, at=at)


def _groups(ledger: Ledger, rows: QuerySet[Any]) -> Iterator[_Group]:
    """Everything that a scan finds, person by person and kind by kind; what is found is marked before more is read."""
    ordered = rows.order_by("owner", ledger.kind, "due_on", "pk").values_list("owner", ledger.kind, "due_on", "pk")
    while found := list(ordered[:AT_ONCE]):
        owners = Person.objects.select_related("superior", "department__head").in_bulk({row[0] for row in found})
        for (owner, _kind), some in groupby(found, key=itemgetter(0, 1)):
            days_and_keys = [(day, key) for _owner, _kind, day, key in some]
            yield _Group(ledger, owners[owner], days_and_keys[0][0], [key for _day, key in days_and_keys])
        if len(found) < AT_ONCE:
            return


def _mark(
    rows: QuerySet[Any], group: _Group, write: Callable[[QuerySet[Any]], int], tell: Callable[[], object]
) -> None:
    """Mark what a group holds, a slice at a time, and tell of it with the first that nobody has marked before."""
    told = False
    for start in range(0, len(group.keys), SLICE):
        with transaction.atomic():
            if write(rows.filter(pk__in=group.keys[start : start + SLICE])) and not told:
                tell()
                told = True


# ---- Reminding and telling superiors ---------------------------------------------------------------------------------

_DUE = Message("Due on %(day)s: %(what)s")
_MANY_DUE = Message("%(count)s duties, the first due on %(day)s: %(what)s")
_LATE = Message("Overdue with %(person)s since %(day)s: %(what)s")
_MANY_LATE = Message("%(person)s is late with %(count)s, the first since %(day)s: %(what)s")


@scheduled("owing.remind", every=timedelta(minutes=5))
def remind(at: datetime) -> None:
    """Call to mind what is due soon, once for each row."""
    for ledger in registered():
        rows = ledger.to_remind(local(at).date())
        if rows is None:
            continue
        for group in _groups(ledger, rows):
            write = partial(ledger.mark_reminded, at=at)
            _mark(rows, group, write, partial(group.tell, [group.owner], _DUE, _MANY_DUE, at))


@scheduled("owing.escalate", every=timedelta(minutes=5))
def escalate(at: datetime) -> None:
    """Tell the superiors of those who are late, and these themselves, once for each row."""
    above: dict[UUID, Person | None] = {}
    for ledger in registered():
        rows = ledger.to_escalate(local(at).date())
        for group in _groups(ledger, rows):
            if group.owner.pk not in above:
                above[group.owner.pk] = superior_of(group.owner)
            boss = above[group.owner.pk]
            write = partial(ledger.mark_escalated, above=boss, at=at)
            _mark(rows, group, write, partial(group.tell, [boss, group.owner], _LATE, _MANY_LATE, at))


# ---- In the place of those who left ----------------------------------------------------------------------------------


@scheduled("owing.instead_of_leavers", every=timedelta(minutes=5))
def hand_over_from_leavers(at: datetime) -> None:
    """What somebody owes who can no longer log in is owed by his superior, or by who looks after such rows."""
    for ledger in registered():
        # Few have left, however much is owed.
        owes = Exists(ledger.standing().filter(owner=OuterRef("pk")).order_by())
        left = Person.objects.filter(owes, is_active=False).select_related("superior", "department__head")
        carers = list(people_who_may(*ledger.care).order_by("pk")) if left else []
        for leaver in left:
            above = superior_of(leaver)
            ledger.hand_over(leaver, [above, *carers] if above else carers, at)
