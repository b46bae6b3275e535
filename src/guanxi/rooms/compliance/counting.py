"""Counting how the regulation is kept: from duties, the trail's decisions and approvals to figures a day and a month.

Counting again is always safe: a day's figures are worked out from what is there and replace those that stood. What
happened since the last look tells which days have to be counted again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import TruncDate

from guanxi.kernel.clauses import ids_in
from guanxi.platform.audit.chain import LATE_COMMIT, settled_number
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.obligations.models import State as Duty
from guanxi.platform.people.models import Person
from guanxi.records.approvals.models import PendingAction
from guanxi.rooms.compliance.models import COUNTS, DayFigures, FiguresState, MonthFigures

#: Day, clause, person, department, and which of the figures.
Key = tuple[date, str, UUID | None, UUID | None, str]
PERSON = "people.person"
DAY = timedelta(days=1)
AT_ONCE = 2000

_ENDED_DUTY = {Duty.KEPT: "kept", Duty.LATE: "late", Duty.WAIVED: "waived"}
_ENDED_REQUEST = {PendingAction.State.DONE: "approved", PendingAction.State.REFUSED: "declined"}


def begins(day: date) -> datetime:
    """The midnight with which a day in China begins."""
    return datetime.combine(day, time(), CHINA)


class Whereabouts:
    """In which department a person was at a moment: where he is now, unless the trail says that he moved later."""

    @cached_property
    def _now(self) -> dict[UUID, UUID | None]:
        return dict(Person.objects.values_list("pk", "department_id"))

    @cached_property
    def _moves(self) -> dict[UUID, list[tuple[datetime, UUID | None]]]:
        """For each person who moved: until when he was where, the oldest first."""
        moves: dict[UUID, list[tuple[datetime, UUID | None]]] = {}
        entries = AuditEntry.objects.filter(module=PERSON, outcome=Outcome.DONE, changes__has_key="department")
        told = entries.exclude(action="create").order_by("at", "id").values_list("record_id", "at", "changes")
        for person, at, changes in told:
            former = changes["department"][0]
            if person is not None:
                moves.setdefault(person, []).append((at, UUID(former["id"]) if former else None))
        return moves

    def of(self, person: UUID | None, at: datetime) -> UUID | None:
        """The department; None for the system itself and for who belonged to none."""
        if person is None:
            return None
        for moved_at, former in self._moves.get(person, ()):
            if at < moved_at:
                return former
        return self._now.get(person)


# ---- Counting days ---------------------------------------------------------------------------------------------------


def tally(first: date, last: date, today: date) -> Counter[Key]:
    """What happened from the first to the last day, worked out from what is there. `today`: what is past due by now."""
    found: Counter[Key] = Counter()
    _count_duties(found, first, last, today)
    _count_decisions(found, first, last)
    _count_requests(found, first, last)
    return found


def _count_duties(found: Counter[Key], first: date, last: date, today: date) -> None:
    ended = _within(Obligation.objects.filter(state__in=list(_ENDED_DUTY)), "discharged_at", first, last)
    for day, state, clause, person, department, count in _grouped(ended, "discharged_at", "state"):
        found[day, clause, person, department, _ENDED_DUTY[state]] += count
    due = Obligation.objects.filter(state=Duty.OPEN, due_on__gte=first - DAY, due_on__lte=min(last, today) - DAY)
    groups = due.exclude(clause="").order_by().values_list("due_on", "clause", "owner_id", "department_id")
    for day, clause, person, department, count in groups.annotate(count=Count("pk")):
        found[day + DAY, clause, person, department, "broken"] += count


def _count_requests(found: Counter[Key], first: date, last: date) -> None:
    decided = _within(PendingAction.objects.filter(state__in=list(_ENDED_REQUEST)), "decided_at", first, last)
    for day, state, named, person, department, count in _grouped(decided, "decided_at", "state"):
        for clause in ids_in(named):
            found[day, clause, person, department, _ENDED_REQUEST[state]] += count


def _within(rows: QuerySet[Any], column: str, first: date, last: date) -> QuerySet[Any]:
    return rows.exclude(clause="").filter(**{f"{column}__gte": begins(first), f"{column}__lt": begins(last + DAY)})


def _grouped(rows: QuerySet[Any], column: str, *names: str) -> Iterable[tuple[Any, ...]]:
    by_day = rows.order_by().annotate(day=TruncDate(column, tzinfo=CHINA))
    groups = by_day.values_list("day", *names, "clause", "owner_id", "department_id")
    return groups.annotate(count=Count("pk"))


def _count_decisions(found: Counter[Key], first: date, last: date) -> None:
    where = Whereabouts()
    for entry in decided_entries(first, last).iterator(chunk_size=AT_ONCE):
        at, person, outcome, decision = entry
        day, department = local(at).date(), where.of(person, at)
        for clause, name in outcomes_of(outcome, decision):
            found[day, clause, person, department, name] += 1


def decided_entries(first: date, last: date) -> QuerySet[AuditEntry, Any]:
    """What the trail tells of rules from the first to the last day: when, who, how it ended, and the decision."""
    entries = AuditEntry.objects.filter(decision__isnull=False, at__gte=begins(first), at__lt=begins(last + DAY))
    return entries.order_by().values_list("at", "actor_id", "outcome", "decision")


def outcomes_of(outcome: str, decision: dict[str, Any]) -> set[tuple[str, str]]:
    """Under which clauses a decision refused or warned: (clause, "refused" or "warned"), each once.

    A warning counts where the person went on: the question alone is neither kept nor broken.
    """
    ended = "refused" if outcome == Outcome.REFUSED else "warned"
    return {
        (clause, ended)
        for reason in decision.get("reasons", ())
        if bool(reason.get("blocking", True)) == (ended == "refused")
        for clause in ids_in(str(reason.get("clause", "")))
    }


# ---- Keeping the figures ---------------------------------------------------------------------------------------------


def bring_up_to_date(at: datetime) -> int:
    """Count the days again of which something has changed since the last look; returns how many days that were."""
    with transaction.atomic():
        state = _held()
        if state.looked_at is None:
            return _count_all(state, at)
        mark = settled_number()
        days = touched_days(state, at)
        for first, last in _runs(days):
            _write(first, last, local(at).date())
        _note(state, at, mark)
    return len(days)


def rebuild(at: datetime) -> int:
    """Count everything from the first day on; returns how many days that were."""
    with transaction.atomic():
        return _count_all(_held(), at)


def _held() -> FiguresState:
    """The one row, locked until the transaction ends: nobody else counts meanwhile."""
    FiguresState.objects.get_or_create(pk=1)
    return FiguresState.objects.select_for_update().get(pk=1)


def _note(state: FiguresState, at: datetime, mark: int) -> None:
    state.looked_at, state.entry = at, mark
    state.save()


def _count_all(state: FiguresState, at: datetime) -> int:
    mark, today = settled_number(), local(at).date()
    DayFigures.objects.all().delete()
    MonthFigures.objects.all().delete()
    first = min(_first_days(), default=today)
    for begin, end in months_between(first, today):
        _write(begin, end, today)
    _note(state, at, mark)
    return (today - first).days + 1


def _first_days() -> Iterator[date]:
    """The days on which duties, decisions and approvals begin."""
    entry = AuditEntry.objects.filter(decision__isnull=False).aggregate(at=Min("at"))["at"]
    request = PendingAction.objects.aggregate(at=Min("decided_at"))["at"]
    duty = Obligation.objects.aggregate(at=Min("discharged_at"), on=Min("due_on"))
    yield from (local(moment).date() for moment in (entry, request, duty["at"]) if moment is not None)
    if duty["on"] is not None:
        yield duty["on"] + DAY


def touched_days(state: FiguresState, at: datetime) -> set[date]:
    """The days whose figures may have changed between the last look and `at`."""
    assert state.looked_at is not None
    today, since = local(at).date(), state.looked_at - LATE_COMMIT
    looked = local(min(since, at)).date()
    # What falls due by the mere passing of days.
    days = {looked + DAY * offset for offset in range((today - looked).days + 1)}
    entries = AuditEntry.objects.filter(pk__gt=state.entry, decision__isnull=False).order_by()
    days |= _days_of(entries, "at")
    days |= _days_of(PendingAction.objects.filter(decided_at__gte=since).order_by(), "decided_at")
    duties = Obligation.objects.filter(changed_at__gte=since).order_by()
    days |= _days_of(duties.filter(discharged_at__isnull=False), "discharged_at")
    days |= {day + DAY for day in duties.values_list("due_on", flat=True).distinct()}
    return {day for day in days if day <= today}


def _days_of(rows: QuerySet[Any], column: str) -> set[date]:
    return set(rows.annotate(day_of=TruncDate(column, tzinfo=CHINA)).values_list("day_of", flat=True).distinct())


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days that follow each other within a month, as first and last."""
    ordered = sorted(days)
    for _place, run in groupby(enumerate(ordered), lambda pair: (pair[1] - DAY * pair[0], pair[1].replace(day=1))):
        found = [day for _number, day in run]
        yield found[0], found[-1]


def months_between(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The months of a time, as first and last day; those at its ends begin and end with it."""
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(following - DAY, last)
        first = following


def _write(first: date, last: date, today: date) -> None:
    """Put the figures of days of one month in the place of those that stood, and add the month up again."""
    rows: dict[tuple[date, str, UUID | None, UUID | None], DayFigures] = {}
    for (day, clause, person, department, name), count in tally(first, last, today).items():
        key = (day, clause, person, department)
        if key not in rows:
            rows[key] = DayFigures(day=day, clause=clause, person_id=person, department_id=department)
        setattr(rows[key], name, count)
    DayFigures.objects.filter(day__gte=first, day__lte=last).delete()
    DayFigures.objects.bulk_create(rows.values(), batch_size=AT_ONCE)
    add_up(first.replace(day=1))


def add_up(month: date) -> None:
    """Put the sums of a month's days, named by its first, in the place of those that stood."""
    (_first, last), *_none = months_between(month, month + timedelta(days=31))
    groups = DayFigures.objects.filter(day__gte=month, day__lte=last).order_by()
    sums = _summed(groups, "clause", "person_id", "department_id")
    rows = [
        MonthFigures(
            month=month, clause=each["clause"], person_id=each["person_id"], department_id=each["department_id"],
            **{name: each[f"n_{name}"] for name in COUNTS},
        )
        for each in sums
    ]  # fmt: skip
    MonthFigures.objects.filter(month=month).delete()
    MonthFigures.objects.bulk_create(rows, batch_size=AT_ONCE)


def _summed(rows: QuerySet[Any], *columns: str) -> Iterable[dict[str, Any]]:
    """Every figure summed up by some columns, under "n_" and its name."""
    return rows.values(*columns).annotate(**{f"n_{name}": Sum(name) for name in COUNTS})


def differing_days(at: datetime, first: date) -> list[date]:
    """Days since the first one whose figures are not what is there, apart from those that wait to be counted again."""
    state = FiguresState.objects.filter(pk=1).first()
    if state is None or state.looked_at is None:
        return []
    today = local(at).date()
    waiting = touched_days(state, at)
    due: dict[date, Counter[Key]] = {}
    for key, count in tally(first, today, today).items():
        due.setdefault(key[0], Counter())[key] = count
    stored: dict[date, Counter[Key]] = {}
    for row in DayFigures.objects.filter(day__gte=first).iterator(chunk_size=AT_ONCE):
        for name in COUNTS:
            if count := getattr(row, name):
                stored.setdefault(row.day, Counter())[row.day, row.clause, row.person_id, row.department_id, name] += (
                    count
                )
    return [day for day in sorted(due.keys() | stored.keys()) if day not in waiting and due.get(day) != stored.get(day)]


def differing_months() -> list[date]:
    """Months whose sums are not those of their days."""
    days: dict[date, list[int]] = {}
    for row in _summed(DayFigures.objects.order_by(), "day"):
        sums = days.setdefault(row["day"].replace(day=1), [0] * len(COUNTS))
        for place, name in enumerate(COUNTS):
            sums[place] += row[f"n_{name}"]
    months = _summed(MonthFigures.objects.order_by(), "month")
    stored = {row["month"]: [row[f"n_{name}"] for name in COUNTS] for row in months}
    return [month for month in sorted(days.keys() | stored.keys()) if days.get(month) != stored.get(month)]
