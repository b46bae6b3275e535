"""What duties need without anybody asking: reminders, superiors told, others for those who left, new rounds.

Each scan asks by day only (`remind_on`, `escalate_on` were worked out when the duty was opened) and writes for all
duties of one kind of one person at once. Who owes two hundred of a kind is told so once, not two hundred times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from guanxi.kernel.messages import Message
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar import local
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import rhythm
from guanxi.platform.obligations.duties import find
from guanxi.platform.obligations.keeping import OBLIGATION, SLICE, Opening, hand_over_many, open_items, open_many
from guanxi.platform.obligations.models import Obligation, Round, State
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import superior_of

#: Who may do this to other people's duties looks after those whose owner left without a superior.
CARE = "hand_over"
KIND = "duty"
#: So many duties a scan holds in memory at a time.
AT_ONCE = 200_000


@dataclass(frozen=True)
class _Group:
    """The duties of one kind of one person that a scan has found, the earliest first."""

    owner: Person
    duty: str
    earliest: date
    keys: Sequence[UUID]

    @property
    def what(self) -> object:
        duty = find(self.duty)
        return duty.label if duty is not None else self.duty

    @property
    def only(self) -> Obligation | None:
        """The duty itself, where it is one alone."""
        return Obligation.objects.get(pk=self.keys[0]) if len(self.keys) == 1 else None


def _groups(rows: QuerySet[Obligation]) -> Iterator[_Group]:
    """Everything that a scan finds, person by person and kind by kind; what is found is marked before more is read."""
    ordered = rows.order_by("owner", "duty", "due_on", "pk").values_list("owner", "duty", "due_on", "pk")
    while found := list(ordered[:AT_ONCE]):
        owners = Person.objects.select_related("superior", "department__head").in_bulk({row[0] for row in found})
        for (owner, duty), some in groupby(found, key=itemgetter(0, 1)):
            days_and_keys = [(day, key) for _owner, _duty, day, key in some]
            yield _Group(owners[owner], duty, days_and_keys[0][0], [key for _day, key in days_and_keys])
        if len(found) < AT_ONCE:
            return


def _mark(rows: QuerySet[Obligation], group: _Group, tell: Callable[[], object], **columns: Any) -> None:
    """Write the columns on the duties of a group, a slice at a time, and tell of them with the first.

    `rows` are those on which it is not written yet: of two workers only the first finds a duty among them.
    """
    told = False
    for start in range(0, len(group.keys), SLICE):
        with transaction.atomic():
            written = rows.filter(pk__in=group.keys[start : start + SLICE]).update(**columns)
            if written and not told:
                tell()
                told = True


# ---- Reminding and telling superiors ---------------------------------------------------------------------------------


@scheduled("obligations.remind", every=timedelta(minutes=5))
def remind(at: datetime) -> None:
    """Call to mind what is due soon, once for each duty."""
    today = local(at).date()
    rows = Obligation.objects.filter(state=State.OPEN, reminded_at=None, remind_on__lte=today)
    for group in _groups(rows):
        _mark(rows, group, partial(_call_to_mind, group, at), reminded_at=at)


def _call_to_mind(group: _Group, at: datetime) -> None:
    one = group.only
    if one is not None:
        title = Message("Due on %(day)s: %(what)s", day=one.due_on, what=one)
    else:
        title = Message(
            "%(count)s duties, the first due on %(day)s: %(what)s",
            count=len(group.keys), day=group.earliest, what=group.what,
        )  # fmt: skip
    notify([group.owner], title, "", OBLIGATION, one.pk if one else None, KIND, at=at)


@scheduled("obligations.escalate", every=timedelta(minutes=5))
def escalate(at: datetime) -> None:
    """Tell the superiors of those who are late, once for each duty."""
    today = local(at).date()
    rows = Obligation.objects.filter(state=State.OPEN, escalated_at=None, escalate_on__lte=today)
    above: dict[UUID, Person | None] = {}
    for group in _groups(rows):
        if group.owner.pk not in above:
            above[group.owner.pk] = superior_of(group.owner)
        boss = above[group.owner.pk]
        _mark(rows, group, partial(_tell_above, group, boss, at), escalated_at=at, escalated_to=boss)


def _tell_above(group: _Group, boss: Person | None, at: datetime) -> None:
    one = group.only
    if one is not None:
        title = Message(
            "Overdue with %(person)s since %(day)s: %(subject)s",
            person=group.owner.name, day=one.due_on, subject=one,
        )  # fmt: skip
    else:
        title = Message(
            "%(count)s duties overdue with %(person)s, the first since %(day)s: %(what)s",
            count=len(group.keys), person=group.owner.name, day=group.earliest, what=group.what,
        )  # fmt: skip
    told = [person for person in (boss, group.owner) if person is not None]
    notify(told, title, "", OBLIGATION, one.pk if one else None, KIND, at=at)


# ---- Instead of those who left ---------------------------------------------------------------------------------------


@scheduled("obligations.instead_of_leavers", every=timedelta(minutes=5))
def hand_over_from_leavers(at: datetime) -> None:
    """What somebody owes who can no longer log in is owed by his superior, or by who looks after duties."""
    # Few have left, however much is owed.
    owes = Exists(Obligation.objects.filter(owner=OuterRef("pk"), state=State.OPEN))
    for leaver in Person.objects.filter(owes, is_active=False).select_related("superior", "department__head"):
        other = superior_of(leaver) or people_who_may((OBLIGATION, "@duty"), CARE).order_by("pk").first()
        if other is not None:
            hand_over_many(open_items(owner=leaver), other, at)


# ---- New rounds ------------------------------------------------------------------------------------------------------


@scheduled("obligations.open_recurring", every=timedelta(minutes=15))
def open_recurring(at: datetime) -> None:
    """Open the recurring duties of every period that has begun since the last one that was opened.

    What was missed while nothing ran is made up for, period by period. A clock that was set back opens nothing again.
    At first only the period is opened that can still be kept.
    """
    today = local(at).date()
    last = dict(Round.objects.order_by().values_list("duty").annotate(last=Max("opens_on")))
    for each in rhythm.all_recurring():
        found = each.rhythm_on(today)
        for turn in _due_rounds(found, last.get(each.duty.name), today):
            open_round(each, turn, at)


def _due_rounds(found: rhythm.Rhythm, last: date | None, today: date) -> Iterator[rhythm.Turn]:
    if last is not None:
        return rhythm.turns(found, last, today)
    now = found.turn(found.number_at(today))
    return iter([now] if now.due_on >= today else [])


def open_round(each: rhythm.Recurring, turn: rhythm.Turn, at: datetime) -> int:
    """Open one period's duties for everybody whom they concern; done again it opens what is missing."""
    openings = (_in_turn(opening, turn) for opening in each.listing(turn, at))
    opened = open_many(each.duty, openings, at)
    done = Round(
        duty=each.duty.name, turn=turn.key, opens_on=turn.opens_on, due_on=turn.due_on, opened=opened, opened_at=at
    )
    Round.objects.bulk_create([done], ignore_conflicts=True)
    return opened


def _in_turn(opening: Opening, turn: rhythm.Turn) -> Opening:
    return replace(opening, key=f"{turn.key}/{opening.key}", due_on=opening.due_on or turn.due_on)
