"""Sales of a day, week, month, quarter or year as the orders say, as far as somebody sees them (RPT-05, RPT-06)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from guanxi.kernel.dates import Period
from guanxi.platform.access.models import Scope
from guanxi.platform.calendar.working_days import due_at
from guanxi.platform.people.models import Department, DepartmentKind, Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.sales.models import Level, PeriodReport, ReportKind, SalesOrder
from guanxi.rooms.sales.models.plans import parts_of, period_of
from guanxi.rooms.sales.policies import SUMMARY_DAYS
from guanxi.rooms.sales.queries.orders import ORDER
from guanxi.rooms.sales.queries.plans import NOTHING, PLAN, Sale, in_reach, plans_of, sales

REPORT = "sales.periodreport"
DAY, WEEK = "day", "week"
#: What there is a standard report of, the shortest first.
LEVELS = (DAY, WEEK, Level.MONTH.value, Level.QUARTER.value, Level.YEAR.value)
#: These stand beside a plan, and are summed up in writing.
PLANNED = (Level.MONTH, Level.QUARTER, Level.YEAR)
_ONE_DAY = datetime.timedelta(days=1)


def reported_period(level: str, day: datetime.date) -> Period:
    """The day, week, month, quarter or year around a day. A week is whole here, from Monday to Sunday."""
    if level == DAY:
        return Period(day, day)
    if level == WEEK:
        monday = day - datetime.timedelta(days=day.weekday())
        return Period(monday, monday + datetime.timedelta(days=6))
    return period_of(level, day)


def parts_reported(level: str, period: Period) -> list[tuple[str, Period]]:
    """Into what a report is divided in time: a week into days, a month into its weeks, the rest into months.

    The parts of each level add up to the whole.
    """
    if level == DAY:
        return []
    if level == WEEK:
        return [(DAY, Period(day, day)) for day in _days(period)]
    smaller = Level.WEEK if level == Level.MONTH else Level.MONTH
    return [(smaller.value, part) for part in parts_of(level, period, smaller)]


def _days(period: Period) -> Iterable[datetime.date]:
    return (period.start + number * _ONE_DAY for number in range((period.end - period.start).days + 1))


@dataclass(frozen=True)
class Part:
    """What falls to one salesperson, customer or product: how much, in how many orders."""

    key: uuid.UUID | None
    amount: Decimal
    orders: int


def grouped(found: Iterable[Sale], by: str) -> list[Part]:
    """Sales by "owner", "customer" or "product", the largest first."""
    amounts: dict[uuid.UUID | None, Decimal] = {}
    orders: dict[uuid.UUID | None, set[uuid.UUID]] = {}
    for sale in found:
        key = getattr(sale, by)
        amounts[key] = amounts.get(key, NOTHING) + sale.amount
        orders.setdefault(key, set()).add(sale.order)
    parts = [Part(key, amount, len(orders[key])) for key, amount in amounts.items()]
    return sorted(parts, key=lambda part: (-part.amount, str(part.key)))


def total(found: Iterable[Sale]) -> Decimal:
    """What some sales come to."""
    return sum((sale.amount for sale in found), NOTHING)


# ---- As somebody sees them -------------------------------------------------------------------------------------------


def orders_seen(ctx: Context) -> QuerySet[SalesOrder]:
    """The orders that somebody may see."""
    found: QuerySet[SalesOrder] = ctx.search(ORDER)
    return found


def sees_all(ctx: Context) -> bool:
    """Whether a report shows this person the whole company: all orders and all plans."""
    return ctx.scope(registry.module(ORDER)) is Scope.ALL and ctx.may(PLAN) and in_reach(ctx)[0]


class Targets:
    """The target amounts of some periods as far as somebody sees both the plan and the sales."""

    def __init__(self, ctx: Context, level: str, periods: Sequence[Period]) -> None:
        self._plans = plans_of(ctx, level, periods) if level in PLANNED and ctx.may(PLAN) else []
        self.is_whole = sees_all(ctx)
        self.own = ctx.actor.pk

    def of_person(self, person: uuid.UUID | None, period: Period) -> Decimal | None:
        """The target of a salesperson."""
        return self._amount(period, lambda plan: person is not None and plan.person_id == person)

    def of_everybody(self, period: Period) -> Decimal | None:
        """The company's target for who sees all, one's own otherwise."""
        if not self.is_whole:
            return self.of_person(self.own, period)
        return self._amount(period, lambda plan: plan.person_id is None and plan.area_id is None)

    def people(self) -> set[uuid.UUID]:
        """Who has a plan that is compared here: everybody, or just oneself."""
        people = {plan.person_id for plan in self._plans if plan.person_id is not None}
        return people if self.is_whole else people & {self.own}

    def _amount(self, period: Period, fits: Any) -> Decimal | None:
        return next((plan.amount for plan in self._plans if plan.begins_on == period.start and fits(plan)), None)


def sales_seen(ctx: Context, period: Period) -> list[Sale]:
    """What was sold in a period in the orders that somebody may see."""
    return sales(period, orders_seen(ctx))


# ---- What is written about a period ----------------------------------------------------------------------------------


def head_of_selling() -> Person | None:
    """Who answers for the sales of the whole company: the head of the uppermost unit that sells."""
    units = Department.objects.filter(kind=DepartmentKind.SALES_ORGANISATION, deleted_at=None, head__is_active=True)
    top = units.exclude(parent__kind=DepartmentKind.SALES_ORGANISATION).order_by("code", "pk").first()
    return top.head if top is not None else None


def summary_of(ctx: Context, level: str, period: Period) -> PeriodReport | None:
    """The summary of the sales plan of a period, if somebody may see it."""
    if not ctx.may(REPORT):
        return None
    rows = ctx.search(REPORT).filter(kind=ReportKind.SUMMARY, level=level, begins_on=period.start)
    found: PeriodReport | None = rows.select_related("owner").order_by("pk").first()
    return found


def summary_due(period: Period, working_days: int) -> datetime.date:
    """The last day on which a period is summed up in time."""
    return due_at(period.end, working_days)


def summaries_to_ask_for(ctx: Context) -> list[tuple[Level, Period]]:
    """The month, quarter and year that ended last, as long as their summary could still come in time.

    What was asked for once is not asked for again, even if somebody deleted it.
    """
    wanted = []
    for level in PLANNED:
        ended = period_of(level, period_of(level, ctx.today).start - _ONE_DAY)
        known = PeriodReport.objects.filter(kind=ReportKind.SUMMARY, level=level, begins_on=ended.start)
        if summary_due(ended, ctx.value_of(SUMMARY_DAYS)) >= ctx.today and not known.exists():
            wanted.append((level, ended))
    return wanted
