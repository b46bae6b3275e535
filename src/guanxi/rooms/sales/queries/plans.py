"""Plans beside what was sold and what is expected; who has no plan, and with whom nobody talked (SAL-01 to SAL-03).

What counts as sold is defined here once: what an approved order comes to, on the day it was ordered, for whoever owns
it and the area that he belongs to today. What is expected is the amount of an open opportunity, by its probability, on
the day on which it should close. These are figures of the plan: who sees a plan sees them whole.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Max, Q, QuerySet, Sum

from guanxi.kernel.dates import Period
from guanxi.kernel.money import allocate, from_fen
from guanxi.platform.access.models import Scope
from guanxi.platform.people.models import Department, DepartmentKind, Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.catalog.public import Currency
from guanxi.rooms.sales.models import (
    Level,
    Opportunity,
    OrderState,
    Outcome,
    PlanTarget,
    SalesOrder,
    SalesOrderLine,
    SalesPlan,
    TargetTalk,
)
from guanxi.rooms.sales.models.plans import NEXT_LEVEL, parts_of
from guanxi.rooms.sales.policies import TARGET_TALK_DAYS

PLAN, TALK = "sales.salesplan", "sales.targettalk"
NOTHING = Decimal(0)


# ---- The sales organisation ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Selling:
    """The sales areas, in order, and who sells in each: areas are the lowest units of the sales organisation."""

    areas: tuple[Department, ...]
    people: tuple[Person, ...]

    def area_of(self, person: Person) -> Department | None:
        """The area that somebody sells in; None for who belongs to none."""
        path = person.department.path if person.department else ""
        return next((area for area in self.areas if path.startswith(area.path)), None)

    def people_in(self, area: Department) -> list[Person]:
        """Who sells in an area."""
        return [person for person in self.people if self.area_of(person) == area]


def selling() -> Selling:
    """The areas as they are today, with their people."""
    units = list(
        Department.objects.filter(kind=DepartmentKind.SALES_ORGANISATION, deleted_at=None).order_by("code", "pk")
    )
    above = {unit.parent_id for unit in units}
    areas = tuple(unit for unit in units if unit.pk not in above)
    if not areas:
        return Selling((), ())
    within = Q()
    for area in areas:
        within |= Q(department__path__startswith=area.path)
    people = Person.objects.filter(within, is_active=True, deleted_at=None).select_related("department")
    return Selling(areas, tuple(people.order_by("name", "pk")))


def in_reach(ctx: Context) -> tuple[bool, Selling]:
    """Whether the person sees the whole company's plans; and the areas and people whose plans he sees."""
    everybody, scope = selling(), ctx.scope(registry.module(PLAN))
    if scope is Scope.ALL:
        return True, everybody
    own = [ctx.actor.pk, *ctx.rights.represented]
    if scope in (Scope.TEAM, Scope.DEPARTMENT):
        path = ctx.actor.department.path if ctx.actor.department else "-"
        areas = tuple(area for area in everybody.areas if area.path.startswith(path))
        near = [person for person in everybody.people if everybody.area_of(person) in areas or person.pk in own]
        return False, Selling(areas, tuple(near))
    return False, Selling((), tuple(person for person in everybody.people if person.pk in own))


# ---- Sold and expected -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taking:
    """What one person sold, or expects to sell, of one product category on one day, in yuan."""

    day: datetime.date
    owner: uuid.UUID | None
    category: str
    amount: Decimal


@dataclass(frozen=True)
class Sale(Taking):
    """What one line of an approved order comes to, with its share in what was taken off the whole or added to it."""

    order: uuid.UUID
    customer: uuid.UUID
    product: uuid.UUID


#: Orders that count as sold: approved, whether the goods have left or not; one that is cancelled counts no more.
SOLD = (OrderState.APPROVED, OrderState.DELIVERED)


def sales(period: Period, among: QuerySet[SalesOrder] | None = None) -> list[Sale]:
    """What was sold in a period, line by line: approved orders in yuan by the day of the order (SAL-01, RPT-06).

    `among`: the orders that somebody may see; all of them where it is not said.
    """
    orders = (SalesOrder.objects.all() if among is None else among).filter(
        state__in=SOLD, ordered_on__range=(period.start, period.end), currency=Currency.CNY, deleted_at=None
    )
    lines: dict[uuid.UUID, list[tuple[uuid.UUID, str, Decimal]]] = {}
    rows = SalesOrderLine.objects.filter(order__in=orders.order_by().values("pk")).order_by("order", "position", "pk")
    for order, product, category, amount in rows.values_list("order", "product", "product__category", "amount"):
        lines.setdefault(order, []).append((product, category, amount))
    found = []
    for order, day, owner, customer, amount in orders.values_list("pk", "ordered_on", "owner", "customer", "amount"):
        parts = lines.get(order, [])
        weights = [weight for _product, _category, weight in parts]
        shares = allocate(amount, weights if any(weights) else [Decimal(1)] * len(parts)) if parts else []
        found += [
            Sale(day, owner, category, share, order, customer, product)
            for (product, category, _weight), share in zip(parts, shares, strict=True)
        ]
    return found


def sold(period: Period) -> list[Taking]:
    """What was sold in a period, by day, salesperson and product category."""
    totals: dict[tuple[datetime.date, uuid.UUID | None, str], Decimal] = {}
    for sale in sales(period):
        key = (sale.day, sale.owner, sale.category)
        totals[key] = totals.get(key, NOTHING) + sale.amount
    return [Taking(*key, amount) for key, amount in totals.items()]


def expected(period: Period) -> list[Taking]:
    """What should still come in a period: open opportunities by their day, each by its probability.

    One whose order has been approved is sold already.
    """
    worth = Sum(F("amount") * F("probability"), output_field=BigIntegerField())
    rows = Opportunity.objects.filter(
        state=Outcome.OPEN, expected_on__range=(period.start, period.end), amount__isnull=False,
        probability__isnull=False, deleted_at=None,
    ).exclude(
        pk__in=SalesOrder.objects.filter(state__in=SOLD, opportunity__isnull=False, deleted_at=None)
        .values("opportunity")
    )  # fmt: skip
    groups = rows.values("expected_on", "owner", "category").annotate(worth=worth).order_by()
    return [Taking(row["expected_on"], row["owner"], row["category"], from_fen(row["worth"]) / 100) for row in groups]


@dataclass(frozen=True)
class Figures:
    """A target beside what was sold and what is expected, in yuan. `target` is None where no plan says one."""

    target: Decimal | None
    sold: Decimal
    expected: Decimal = NOTHING

    @property
    def percent(self) -> int | None:
        """How much of the target was reached, in whole per cent; None where there is none to reach."""
        return int(self.sold * 100 // self.target) if self.target else None

    @property
    def gap(self) -> Decimal | None:
        """What is still missing; below nothing where more was sold."""
        return None if self.target is None else self.target - self.sold


class Ledger:
    """Sold and expected of a period, from which the figures of any part of it are added up."""

    def __init__(self, period: Period, selling: Selling) -> None:
        self.selling = selling
        self._sold, self._expected = sold(period), expected(period)
        self._areas = {person.pk: selling.area_of(person) for person in selling.people}

    def figures(
        self,
        target: Decimal | None,
        period: Period,
        *,
        area: Any = None,
        person: Any = None,
        category: str | None = None,
    ) -> Figures:
        """The figures of a person, else of an area, else of the whole company, in a part of the period."""

        def counts(one: Taking) -> bool:
            if one.day not in period or (category is not None and one.category != category):
                return False
            if person is not None:
                return one.owner == person.pk
            return area is None or (one.owner is not None and self._areas.get(one.owner) == area)

        return Figures(
            target,
            sum((one.amount for one in self._sold if counts(one)), NOTHING),
            sum((one.amount for one in self._expected if counts(one)), NOTHING),
        )

    def categories(self) -> set[str]:
        """The product categories of which something was sold or is expected; "" for what states none."""
        return {one.category for one in (*self._sold, *self._expected)}


# ---- Plans -----------------------------------------------------------------------------------------------------------


def plans_of(ctx: Context, level: str, periods: Iterable[Period]) -> list[SalesPlan]:
    """The plans of some periods of a level that the person may see."""
    starts = [period.start for period in periods]
    rows = ctx.search(PLAN).filter(level=level, begins_on__in=starts).select_related("area", "person")
    return list(rows.order_by("begins_on", "pk"))


def plan_at(level: str, start: datetime.date, area: Any, person: Any) -> SalesPlan | None:
    """The live plan of that time and scope, whoever may see it."""
    rows: Any = SalesPlan.objects.filter(level=level, begins_on=start, deleted_at=None)
    found: SalesPlan | None = rows.filter(**_of(area, person)).first()
    return found


def _of(area: Any, person: Any) -> dict[str, Any]:
    return {"person": person} if person is not None else {"area": area, "person": None}


def above(plan: SalesPlan) -> SalesPlan | None:
    """The plan that this one is part of: of the same days, the area's for a person, the company's for an area."""
    if plan.person_id is not None and plan.area_id is not None:
        return plan_at(plan.level, plan.begins_on, plan.area, None)
    return plan_at(plan.level, plan.begins_on, None, None) if plan.area_id is not None else None


def in_time(plan: SalesPlan, level: str) -> list[SalesPlan]:
    """The plans of the same scope that divide this one in time, of one smaller level."""
    within = {"begins_on__gte": plan.begins_on, "ends_on__lte": plan.ends_on}
    rows = SalesPlan.objects.filter(level=level, deleted_at=None, **within, **_of(plan.area, plan.person))
    return list(rows.order_by("begins_on"))


@dataclass(frozen=True)
class Missing:
    """A part of a plan that has no plan of its own yet: when, and of which area or person."""

    level: str
    period: Period
    area: Department | None
    person: Person | None


def missing_parts(plan: SalesPlan, by: str, organisation: Selling) -> list[Missing] | None:
    """What is still to be planned below a plan by "areas", "people" or "times"; None where that cannot be."""
    if by == "times":
        periods = parts_of(plan.level, plan.period)
        if not periods:
            return None
        smaller = NEXT_LEVEL[Level(plan.level)]
        made = {each.begins_on for each in in_time(plan, smaller)}
        return [Missing(smaller, each, plan.area, plan.person) for each in periods if each.start not in made]
    same_time = SalesPlan.objects.filter(level=plan.level, begins_on=plan.begins_on, deleted_at=None)
    taken = set(
        (same_time.filter(person=None) if by == "areas" else same_time).values_list(
            "area" if by == "areas" else "person", flat=True
        )
    )
    if by == "areas" and plan.area_id is None and plan.person_id is None:
        return [Missing(plan.level, plan.period, area, None) for area in organisation.areas if area.pk not in taken]
    if by == "people" and plan.area is not None and plan.person_id is None:
        people = organisation.people_in(plan.area)
        return [Missing(plan.level, plan.period, plan.area, person) for person in people if person.pk not in taken]
    return None


def targets_of(plans: Sequence[SalesPlan]) -> list[PlanTarget]:
    """The targets of product categories in some plans."""
    return list(PlanTarget.objects.filter(plan__in=[plan.pk for plan in plans]).order_by("pk"))


# ---- Talks (SAL-08) --------------------------------------------------------------------------------------------------


def talks_with(ctx: Context, person: Person) -> list[TargetTalk]:
    """The talks with a salesperson, the newest first, as far as one may see them."""
    rows = ctx.search(TALK).filter(person=person).select_related("led_by", "person")
    return list(rows.order_by("-held_on", "-pk"))


def without_talk(ctx: Context, people: Sequence[Person]) -> list[tuple[Person, datetime.date | None]]:
    """With whom nobody talked about targets for the configured number of days, and when last; None: never."""
    latest = dict(
        TargetTalk.objects.filter(person__in=people, deleted_at=None, held_on__lte=ctx.today)
        .values("person").annotate(last=Max("held_on")).values_list("person", "last").order_by()
    )  # fmt: skip
    since = ctx.today - datetime.timedelta(days=ctx.value_of(TARGET_TALK_DAYS))
    return [
        (person, latest.get(person.pk)) for person in people if (latest.get(person.pk) or datetime.date.min) < since
    ]
