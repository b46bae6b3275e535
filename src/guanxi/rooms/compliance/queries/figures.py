"""Reading the figures of how the regulation is kept: only what the reader's right to the board reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from guanxi.platform.access.models import Scope
from guanxi.platform.access.rights import rows_within
from guanxi.records.context import Context
from guanxi.rooms.compliance.counting import DAY, months_between
from guanxi.rooms.compliance.models import COUNTS, DayFigures, MonthFigures

#: The line of rights that the board, its evidence and its report stand on.
BOARD = "@compliance"
#: Up to so many days are drawn day by day, more of them month by month.
DAYS_DRAWN = 62


def may_see_board(ctx: Context) -> bool:
    """Whether the person may see how the regulation is kept, by anybody but himself or not."""
    return reach(ctx) is not None


def may_report(ctx: Context) -> bool:
    """Whether the person may take the report of compliance out of the house: all that the board shows him."""
    seen, taken = (ctx.rights.scope(BOARD, action) for action in ("view", "export"))
    return ctx.unbounded or Scope.NONE < seen <= taken


def reach(ctx: Context, person: str = "person") -> Q | None:
    """Whose figures the person sees, as a condition: None for nobody's. `person`: the column that names whose."""
    if ctx.unbounded:
        return Q()
    return rows_within(ctx.rights, ctx.rights.scope(BOARD, "view"), (), owner=person, department="department")


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def by_day(self) -> bool:
        """Whether its course is told day by day."""
        return self.days <= DAYS_DRAWN

    def parts(self) -> tuple[list[date], list[tuple[date, date]]]:
        """The whole months (by their first days), and what is left at the ends."""
        whole: list[date] = []
        rest: list[tuple[date, date]] = []
        for first, last in months_between(self.first, self.last):
            if first.day == 1 and (last + DAY).day == 1:
                whole.append(first)
            else:
                rest.append((first, last))
        return whole, rest


@dataclass(frozen=True)
class Wanted:
    """Which figures: of what time, and, where it is narrowed, of which clauses, whose, of which departments."""

    period: Period
    clauses: frozenset[str] | None = None
    person: UUID | None = None
    departments: frozenset[UUID] | None = None

    @property
    def condition(self) -> Q:
        """The narrowing beside the time."""
        condition = Q()
        if self.clauses is not None:
            condition &= Q(clause__in=self.clauses)
        if self.person is not None:
            condition &= Q(person=self.person)
        if self.departments is not None:
            condition &= Q(department__in=self.departments)
        return condition


@dataclass
class Counts:
    """The figures of something, by name."""

    of: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    def __getitem__(self, name: str) -> int:
        return self.of[name]

    def add(self, more: dict[str, Any], prefix: str = "n_") -> None:
        """Take in what a query has summed up."""
        for name in COUNTS:
            self.of[name] += more[f"{prefix}{name}"] or 0

    @property
    def owed(self) -> int:
        """Duties that were to be done: done in time, done late, not done."""
        return self["kept"] + self["late"] + self["broken"]

    @property
    def share_kept(self) -> int | None:
        """Of a hundred duties so many were done in time, rounded down; None where none was owed."""
        return self["kept"] * 100 // self.owed if self.owed else None

    @property
    def trouble(self) -> int:
        """What somebody should look at first: broken, then late, then refused."""
        return self["broken"] * 1_000_000 + self["late"] * 1_000 + self["refused"]

    def __bool__(self) -> bool:
        return any(self.of.values())


def sums_by(ctx: Context, wanted: Wanted, column: str) -> dict[Any, Counts]:
    """The figures by "clause", "person_id" or "department_id"."""
    found: dict[Any, Counts] = {}
    for rows in _rows(ctx, wanted):
        for row in _summed(rows, column):
            found.setdefault(row[column], Counts()).add(row)
    return found


def sums_over_time(ctx: Context, wanted: Wanted) -> dict[date, Counts]:
    """The figures day by day, or month by month (under its first day) where the time is long; none is left out."""
    period = wanted.period
    if period.by_day:
        course = {period.first + DAY * place: Counts() for place in range(period.days)}
        for row in _summed(_days(ctx, wanted, period.first, period.last), "day"):
            course[row["day"]].add(row)
        return course
    course = {first.replace(day=1): Counts() for first, _last in months_between(period.first, period.last)}
    whole, rest = period.parts()
    for row in _summed(_months(ctx, wanted, whole), "month"):
        course[row["month"]].add(row)
    for first, last in rest:
        for row in _summed(_days(ctx, wanted, first, last), "clause"):
            course[first.replace(day=1)].add(row)
    return course


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of several."""
    whole = Counts()
    for each in counts:
        whole.add(each.of, prefix="")
    return whole


def _rows(ctx: Context, wanted: Wanted) -> Iterable[QuerySet[Any]]:
    whole, rest = wanted.period.parts()
    if whole:
        yield _months(ctx, wanted, whole)
    for first, last in rest:
        yield _days(ctx, wanted, first, last)


def _months(ctx: Context, wanted: Wanted, months: list[date]) -> QuerySet[Any]:
    if not months:
        return MonthFigures.objects.none()
    return _reached(ctx, MonthFigures.objects.filter(month__gte=months[0], month__lte=months[-1]), wanted)


def _days(ctx: Context, wanted: Wanted, first: date, last: date) -> QuerySet[Any]:
    return _reached(ctx, DayFigures.objects.filter(day__gte=first, day__lte=last), wanted)


def _reached(ctx: Context, rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    condition = reach(ctx)
    return rows.none() if condition is None else rows.filter(condition).filter(wanted.condition)


def _summed(rows: QuerySet[Any], column: str) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(column).annotate(**{f"n_{name}": Sum(name) for name in COUNTS})
