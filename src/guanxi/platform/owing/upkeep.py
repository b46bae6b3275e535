"""What is owed is looked after without anybody asking: reminders, superiors told, others in the place of who left.

Whoever owes two hundred of a kind is told so once, not two hundred times. Each scan runs in one worker at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from guanxi.kernel.messages import Message
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar import local
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.notices.notify import notify
from guanxi.platform.owing.ledgers import Ledger, registered
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of

#: So many rows of a ledger are written in one transaction: other writers come between.
SLICE = 5000
#: So many a scan holds in memory at a time.
AT_ONCE = 200_000

#: Whose, and of which kind.
_Which = tuple[UUID, str]


@dataclass(frozen=True)
class _Group:
    """What one person owes of one kind, as a scan has found it."""

    owner: Person
    count: int
    earliest: date


@dataclass(frozen=True)
class _Scan:
    """What is to be told of one ledger: `rows` that nobody has marked yet, counted by person and kind."""

    ledger: Ledger
    rows: QuerySet[Any]
    groups: Mapping[_Which, _Group]
    at: datetime

    @classmethod
    def of(cls, ledger: Ledger, rows: QuerySet[Any], at: datetime) -> _Scan:
        columns = rows.order_by().values_list("owner", ledger.kind)
        found = list(columns.annotate(count=Count("pk"), earliest=Min("due_on")))
        owners = {owner for owner, *_rest in found}
        people = Person.objects.select_related("superior", "department__head").in_bulk(owners)
        groups = {(owner, kind): _Group(people[owner], *counted) for owner, kind, *counted in found}
        return cls(ledger, rows, groups, at)

    def run(self, mark: Callable[[QuerySet[Any]], int], tell: Callable[[_Group, Any], None]) -> None:
        """Mark all rows, a slice at a time, and tell of each group with the first slice that holds some of it.

        They are marked in the order of their ids, which is that in which they stand in the table: of a million rows
        each page is written once.
        """
        told: set[_Which] = set()
        ordered = self.rows.order_by("pk").values_list("pk", "owner", self.ledger.kind)
        while found := list(ordered[:AT_ONCE]):
            # What has come since they were counted is left to the next scan.
            counted = [(key, (owner, kind)) for key, owner, kind in found if (owner, kind) in self.groups]
            for start in range(0, len(counted), SLICE):
                told |= self._slice(counted[start : start + SLICE], told, mark, tell)
            if not counted or len(found) < AT_ONCE:
                return

    def _slice(
        self,
        some: Sequence[tuple[UUID, _Which]],
        told: Set[_Which],
        mark: Callable[[QuerySet[Any]], int],
        tell: Callable[[_Group, Any], None],
    ) -> Set[_Which]:
        with transaction.atomic():
            if not mark(self.rows.filter(pk__in=[key for key, _which in some])):
                # Another worker was first.
                return frozenset()
            firsts = {which: key for key, which in reversed(some) if which not in told}
            standing = self.ledger.model._default_manager.in_bulk(list(firsts.values()))
            for which, key in sorted(firsts.items()):
                tell(self.groups[which], standing[key])
        return firsts.keys()

    def tell(self, group: _Group, row: Any, people: Sequence[Person | None], one: Message, many: Message) -> None:
        """Tell of a group: of one row by name, which the notice leads to, of several by number."""
        ledger, alone = self.ledger, group.count == 1
        what = row if alone else ledger.label(row)
        title = (one if alone else many).filled(
            person=group.owner.name, count=group.count, day=group.earliest, what=what
        )  # fmt: skip
        told = [person for person in people if person is not None]
        notify(told, title, "", ledger.name, row.pk if alone else None, ledger.notice, at=self.at)


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
        if rows is not None:
            _remind(_Scan.of(ledger, rows, at))


def _remind(scan: _Scan) -> None:
    def tell(group: _Group, row: Any) -> None:
        scan.tell(group, row, [group.owner], _DUE, _MANY_DUE)

    scan.run(partial(scan.ledger.mark_reminded, at=scan.at), tell)


@scheduled("owing.escalate", every=timedelta(minutes=5))
def escalate(at: datetime) -> None:
    """Tell the superiors of those who are late, and these themselves, once for each row."""
    for ledger in registered():
        _escalate(_Scan.of(ledger, ledger.to_escalate(local(at).date()), at))


def _escalate(scan: _Scan) -> None:
    above = {group.owner.pk: superior_of(group.owner) for group in scan.groups.values()}

    def tell(group: _Group, row: Any) -> None:
        scan.tell(group, row, [above[group.owner.pk], group.owner], _LATE, _MANY_LATE)

    scan.run(partial(scan.ledger.mark_escalated, above=above, at=scan.at), tell)


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
