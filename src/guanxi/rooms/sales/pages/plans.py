"""Plans beside what was sold: the page of a plan, targets and achievement of everybody, and of one salesperson."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.dates import Period, parse_date, year_of
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.catalog.public import PRODUCT_CATEGORY
from guanxi.rooms.customers.public import whole_yuan
from guanxi.rooms.sales.models import Level, PlanState, SalesPlan
from guanxi.rooms.sales.models.plans import parts_of, period_name, period_of
from guanxi.rooms.sales.policies import TARGET_TALK_DAYS
from guanxi.rooms.sales.queries import OPPORTUNITY, ORDER
from guanxi.rooms.sales.queries.plans import (
    PLAN,
    SOLD,
    TALK,
    Figures,
    Ledger,
    in_reach,
    in_time,
    plans_of,
    selling,
    talks_with,
    targets_of,
    without_talk,
)
from guanxi.web import addresses, looks, menu, taking_out
from guanxi.web.gate import Request, require
from guanxi.web.panels import panel
from guanxi.web.rendering import page
from guanxi.web.reports import Cell, Column, Subtotal, written

PLACE = "/sales/targets/"
TITLE = gettext_lazy("Targets and achievement")
_FIGURES = (
    Column(gettext_lazy("Target"), "money"), Column(gettext_lazy("Sold"), "money"),
    Column(gettext_lazy("Achieved"), "percent"), Column(gettext_lazy("Still expected"), "money"),
    Column(gettext_lazy("Missing to the target"), "money"),
)  # fmt: skip

looks.declare(PLAN, "state", tones={PlanState.DRAFT: "amber", PlanState.AGREED: "green"})


def _cells(figures: Figures, plan: str = "", sold: str = "", expected: str = "") -> list[Cell]:
    """The figures of one line, each leading to what it is made of."""
    gap = figures.gap
    return [
        Cell(figures.target, plan),
        Cell(figures.sold, sold if figures.sold else ""),
        Cell(figures.percent),
        Cell(figures.expected, expected if figures.expected else ""),
        Cell(gap if gap and gap > 0 else None, "", "red" if gap and gap > figures.expected else ""),
    ]


def _lists(period: Period, *more: dict[str, Any]) -> dict[str, str]:
    """The lists of what was sold in a period, and of what is expected in it."""

    def days(field: str) -> list[dict[str, Any]]:
        return [
            {"field": field, "op": "from", "value": period.start.isoformat()},
            {"field": field, "op": "until", "value": period.end.isoformat()},
        ]

    def where(module: str, field: str, *states: str) -> str:
        is_state = {"field": "state", "op": "in", "value": list(states)}
        return addresses.listing(module, filter=json.dumps({"all": [is_state, *days(field), *more]}))

    return {"sold": where(ORDER, "ordered_on", *SOLD), "expected": where(OPPORTUNITY, "expected_on", "open")}


def _owner(person: Any) -> dict[str, Any]:
    return {"field": "owner", "op": "in", "value": [str(person.pk)]}


def _strip(figures: Figures) -> list[dict[str, Any]]:
    """Target, sold, expected and what is missing, for the head of a page."""
    told: list[dict[str, Any]] = [
        {"label": _("Target"), "value": whole_yuan(figures.target) if figures.target is not None else "—"},
        {"label": _("Sold"), "value": whole_yuan(figures.sold)},
        {"label": _("Achieved"), "value": "—" if figures.percent is None else f"{figures.percent}%",
         "share": min(figures.percent or 0, 100), "tone": "green" if (figures.percent or 0) >= 100 else ""},
        {"label": _("Still expected"), "value": whole_yuan(figures.expected),
         "note": _("open opportunities by probability")},
    ]  # fmt: skip
    if figures.gap is not None:
        short = figures.gap - figures.expected
        told.append(
            {"label": _("Missing after the forecast"), "value": whole_yuan(max(short, Decimal(0))),
             "tone": "red" if short > 0 else ""}
        )  # fmt: skip
    return told


# ---- The page of a plan ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A table below a plan: what its parts come to, and by how much that differs from the plan (SAL-02)."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Decimal | None = None
    difference: Decimal | None = None
    unplanned: str = ""

    @property
    def comparison(self) -> str:
        """The sum of the parts, and the difference to the plan, in words."""
        if self.total is None:
            return ""
        total = _("together %(total)s") % {"total": format_money(self.total)}
        if self.difference is None:
            return total
        if self.difference == 0:
            return f"{total} · {_('as planned')}"
        more = _("%(amount)s above the plan") if self.difference > 0 else _("%(amount)s below the plan")
        return f"{total} · {more % {'amount': format_money(abs(self.difference))}}"


@panel(PLAN)
def plan_figures(ctx: Context, plan: Any) -> dict[str, Any]:
    """What was sold against the plan, by product category, by its smaller times, by areas or people."""
    organisation = selling()
    ledger = Ledger(plan.period, organisation)
    scope = {"area": plan.area, "person": plan.person}
    tables = [_by_category(plan, ledger), *_by_time(plan, ledger)]
    parts = _by_part(plan, ledger, organisation)
    buttons = []
    if plan.person is not None:
        buttons.append(
            {"label": _("Targets and talks"), "href": _place_of(plan.person), "icon": "message-2"}
        )  # fmt: skip
    return {
        "strip": _strip(ledger.figures(plan.amount, plan.period, **scope)),
        "buttons": buttons,
        "plan_tables": [table for table in (parts, *tables) if table is not None and table.rows],
    }


def _difference(parts: Sequence[SalesPlan], plan: SalesPlan) -> tuple[Decimal | None, Decimal | None]:
    """What the parts that have a figure come to, and by how much that differs from the plan."""
    told = [part.amount for part in parts if part.amount is not None]
    total = sum(told, Decimal(0)) if told else None
    return total, None if total is None or plan.amount is None else total - plan.amount


def _by_category(plan: SalesPlan, ledger: Ledger) -> Table:
    targets = {target.category: target.amount for target in plan.targets.all()}
    names = [*targets, *sorted(ledger.categories() - targets.keys(), key=lambda name: (not name, name))]
    rows = []
    for name in names:
        figures = ledger.figures(
            targets.get(name), plan.period, area=plan.area, person=plan.person, category=name
        )  # fmt: skip
        if figures.target is not None or figures.sold or figures.expected:
            rows.append([Cell(category_name(name)), *_cells(figures)])
    total = sum(targets.values(), Decimal(0)) if targets else None
    difference = None if total is None or plan.amount is None else total - plan.amount
    return Table(_("By product category"), _heads(_("Product category")), rows, total, difference)


def category_name(name: str) -> str:
    """What a product category is called."""
    return label(PRODUCT_CATEGORY, name) if name else _("not stated")


def _heads(first: str) -> list[Column]:
    return [Column(first), *_FIGURES]


def _by_time(plan: SalesPlan, ledger: Ledger) -> list[Table]:
    """One table for each smaller level that is planned: quarters and months of a year, weeks of a month."""
    smaller = {
        Level.YEAR: (Level.QUARTER, Level.MONTH), Level.QUARTER: (Level.MONTH,), Level.MONTH: (Level.WEEK,),
    }.get(Level(plan.level), ())  # fmt: skip
    titles = {Level.QUARTER: _("By quarter"), Level.MONTH: _("By month"), Level.WEEK: _("By week")}
    tables = []
    for level in smaller:
        planned = in_time(plan, level)
        if not planned:
            continue
        found = {part.begins_on: part for part in planned}
        rows = [
            _part_line(period_name(level, period), found.get(period.start), period, plan, ledger)
            for period in parts_of(plan.level, plan.period, level)
        ]
        total, difference = _difference(planned, plan)
        tables.append(Table(titles[level], _heads(_("Time")), rows, total, difference))
    return tables


def _part_line(name: str, part: SalesPlan | None, period: Period, plan: SalesPlan, ledger: Ledger) -> list[Cell]:
    figures = ledger.figures(part.amount if part else None, period, area=plan.area, person=plan.person)
    href = addresses.record(PLAN, part.pk) if part else ""
    return [Cell(name, href), *_cells(figures)]


def _by_part(plan: SalesPlan, ledger: Ledger, organisation: Any) -> Table | None:
    """The areas of the company's plan, the people of an area's; those without a plan are named."""
    if plan.person_id is not None:
        return None
    parts = list(plan.parts.filter(deleted_at=None).select_related("area", "person"))
    whole = plan.area is None
    members = organisation.areas if whole else organisation.people_in(plan.area)
    found = {(part.area_id if whole else part.person_id): part for part in parts}
    rows, unplanned = [], []
    for member in members:
        part = found.get(member.pk)
        if part is None or part.amount is None:
            unplanned.append(str(member))
        figures = ledger.figures(
            part.amount if part else None, plan.period, **({"area": member} if whole else {"person": member})
        )
        rows.append([Cell(str(member), addresses.record(PLAN, part.pk) if part else ""), *_cells(figures)])
    total, difference = _difference(parts, plan)
    named = _("Without plan or figure: %(names)s") % {"names": _(", ").join(unplanned)} if unplanned else ""
    title, head = (_("By area"), _("Sales area")) if whole else (_("By salesperson"), _("Salesperson"))
    return Table(title, _heads(head), rows, total, difference, named)


# ---- Targets and achievement (SAL-01) --------------------------------------------------------------------------------

WAYS = {
    "areas": gettext_lazy("By area"), "people": gettext_lazy("By salesperson"),
    "categories": gettext_lazy("By salesperson and product category"),
}  # fmt: skip
LEVELS = (Level.MONTH, Level.QUARTER, Level.YEAR)


class Question:
    """What the address asks: which year, quarter or month, by areas, people or product categories."""

    def __init__(self, request: Request) -> None:
        self.ctx, self.given, self.wrong = request.ctx, request.GET, dict[str, str]()
        self.is_whole, self.reach = in_reach(self.ctx)
        ways = [way for way in WAYS if way != "areas" or self.reach.areas]
        self.by = self.given.get("by", "") if self.given.get("by", "") in ways else ways[0]
        self.ways = {way: WAYS[way] for way in ways}
        level = self.given.get("level", "")
        self.level = Level(level) if level in LEVELS else Level.MONTH
        self.period = period_of(self.level, self._day())

    def _day(self) -> datetime.date:
        text = self.given.get("day", "").strip()
        try:
            return parse_date(text) if text else self.ctx.today
        except Invalid as problem:
            self.wrong["day"] = str(problem.message)
            return self.ctx.today

    @property
    def query(self) -> dict[str, str]:
        return {"level": self.level, "day": self.period.start.isoformat(), "by": self.by}

    @property
    def name(self) -> str:
        """The time asked for, as it is read."""
        return period_name(self.level, self.period)

    @property
    def columns(self) -> list[Column]:
        first = [Column(gettext_lazy("Sales area"))] if self.by == "areas" else [Column(gettext_lazy("Salesperson"))]
        if self.by == "categories":
            first.append(Column(gettext_lazy("Product category")))
        return [*first, *_FIGURES]


def _rows(question: Question) -> list[Sequence[Cell]]:
    """The lines of the table, the whole company last where the person sees it."""
    ledger = Ledger(question.period, selling())
    plans = plans_of(question.ctx, question.level, [question.period])
    rows: list[Sequence[Cell]]
    if question.by == "areas":
        rows = [_area_line(question, ledger, plans, area) for area in question.reach.areas]
    elif question.by == "people":
        rows = [_person_line(question, ledger, plans, person) for person in question.reach.people]
    else:
        rows = _category_lines(question, ledger, plans)
    return [*rows, _whole_line(question, ledger, plans)] if question.is_whole and rows else rows


def _amount_and_place(plan: SalesPlan | None) -> tuple[Decimal | None, str]:
    return (plan.amount, addresses.record(PLAN, plan.pk)) if plan else (None, "")


def _area_line(question: Question, ledger: Ledger, plans: Sequence[SalesPlan], area: Any) -> list[Cell]:
    plan = next((each for each in plans if each.area_id == area.pk and each.person_id is None), None)
    amount, href = _amount_and_place(plan)
    lists = _lists(question.period, {"field": "owner", "op": "in", "value": [
        str(person.pk) for person in question.reach.people_in(area)
    ]})  # fmt: skip
    return [Cell(area.name, href), *_cells(ledger.figures(amount, question.period, area=area), href, **lists)]


def _person_line(question: Question, ledger: Ledger, plans: Sequence[SalesPlan], person: Any) -> list[Cell]:
    plan = next((each for each in plans if each.person_id == person.pk), None)
    amount, href = _amount_and_place(plan)
    lists = _lists(question.period, _owner(person))
    figures = ledger.figures(amount, question.period, person=person)
    return [Cell(person.name, _place_of(person)), *_cells(figures, href, **lists)]


def _category_lines(question: Question, ledger: Ledger, plans: Sequence[SalesPlan]) -> list[Sequence[Cell]]:
    """For each person each product category that has a target or sales, then the person's sum."""
    targets = targets_of(plans)
    lines: list[Sequence[Cell]] = []
    for person in question.reach.people:
        plan = next((each for each in plans if each.person_id == person.pk), None)
        set_for = {each.category: each.amount for each in targets if plan and each.plan_id == plan.pk}
        for name in [*set_for, *sorted(ledger.categories() - set_for.keys(), key=lambda name: (not name, name))]:
            figures = ledger.figures(set_for.get(name), question.period, person=person, category=name)
            if figures.target is not None or figures.sold or figures.expected:
                is_of = (
                    {"field": "category", "op": "in", "value": [name]} if name else {"field": "category", "op": "empty"}
                )
                # A category is one of an order's lines: no list of whole orders shows just them.
                lists = {**_lists(question.period, _owner(person), is_of), "sold": ""}
                lines.append([Cell(person.name, _place_of(person)), Cell(category_name(name)),
                              *_cells(figures, **lists)])  # fmt: skip
        amount, href = _amount_and_place(plan)
        whole = ledger.figures(amount, question.period, person=person)
        if whole.target is not None or whole.sold or whole.expected:
            lines.append(Subtotal([Cell(person.name), Cell(_("together")), *_cells(whole, href)]))
    return lines


def _whole_line(question: Question, ledger: Ledger, plans: Sequence[SalesPlan]) -> Subtotal:
    plan = next((each for each in plans if each.area_id is None and each.person_id is None), None)
    amount, href = _amount_and_place(plan)
    first = [Cell(_("whole company"))] + ([Cell(None)] if question.by == "categories" else [])
    return Subtotal([*first, *_cells(ledger.figures(amount, question.period), href)])


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Targets beside what was sold; below it who has no plan, and with whom nobody talked."""
    ctx = request.ctx
    require(ctx, registry.entry(PLAN), "view", TITLE)
    question = Question(request)
    rows = _rows(question)
    given = {
        "question": question,
        "columns": question.columns,
        "rows": rows,
        "tabs": [
            {"label": name, "on": way == question.by,
             "href": addresses.with_query(PLACE, {**question.query, "by": way})}
            for way, name in question.ways.items()
        ],
        "levels": [(level, capfirst(level.label), level == question.level) for level in LEVELS],
        "unplanned": _unplanned(question),
        "silent": _silent(ctx, question),
        "talk_days": ctx.value_of(TARGET_TALK_DAYS),
        "here": PLACE,
        "plans": addresses.listing(PLAN),
        "printed": registry.module(PLAN),
        "export": addresses.with_query(f"{PLACE}export/", question.query),
        "may_export": ctx.may(PLAN, "export"),
    }  # fmt: skip
    return page(request, "sales/targets.html", given, status=422 if question.wrong else 200)


@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponseBase:
    """The same table as XLSX, CSV or PDF, on record with who took it."""
    require(request.ctx, registry.entry(PLAN), "view", TITLE)
    question = Question(request)
    rows = _rows(question)

    def write(ctx: Context, form: str) -> bytes:
        return written(ctx, form, str(TITLE), question.name, question.columns, rows)

    back = addresses.with_query(PLACE, question.query)
    told = {"report": "targets", **question.query}
    wanted = taking_out.TakingOut(
        registry.module(PLAN), str(TITLE), back, len(rows), ("xlsx", "csv", "pdf"), write, told
    )
    return taking_out.answer(request, wanted)


def _unplanned(question: Question) -> list[dict[str, str]]:
    """The areas whose plan of that time is not there, or says no figure (SAL-03)."""
    plans = plans_of(question.ctx, question.level, [question.period])
    by_area = {plan.area_id: plan for plan in plans if plan.person_id is None}
    found = []
    for area in question.reach.areas:
        plan = by_area.get(area.pk)
        if plan is None or plan.amount is None:
            what = _("to be filled in") if plan else _("no plan")
            found.append({"name": area.name, "what": what, "href": addresses.record(PLAN, plan.pk) if plan else ""})
    return found


def _silent(ctx: Context, question: Question) -> list[dict[str, Any]]:
    """With whom nobody talked about targets in time (SAL-08)."""
    return [
        {"name": person.name, "last": last, "href": _place_of(person)}
        for person, last in without_talk(ctx, question.reach.people)
    ]


# ---- One salesperson (SAL-08) ----------------------------------------------------------------------------------------


def _place_of(person: Any, **query: str) -> str:
    """The page of one salesperson."""
    return addresses.with_query(f"{PLACE}person/", {"who": str(person.pk), **query})


@require_GET
def person(request: Request) -> HttpResponseBase:
    """Target, actual and the dated talks of one salesperson over a year; one's own unless said otherwise."""
    ctx = request.ctx
    require(ctx, registry.entry(PLAN), "view", TITLE)
    _is_whole, reach = in_reach(ctx)
    who = request.GET.get("who", "")
    people = sorted(reach.people, key=lambda each: each.pk != ctx.actor.pk)
    somebody = next((each for each in people if str(each.pk) == who or not who), None)
    if somebody is None and who:
        raise NotFound
    if somebody is None:
        return page(request, "sales/person.html", {"somebody": None, "all": PLACE})
    year = _year(request)
    ledger = Ledger(year, selling())
    months = parts_of(Level.YEAR, year, Level.MONTH)
    plans = {plan.begins_on: plan for plan in plans_of(ctx, Level.MONTH, months) if plan.person_id == somebody.pk}
    rows = [_month_line(month, plans.get(month.start), ledger, somebody) for month in months]
    whole = next((p for p in plans_of(ctx, Level.YEAR, [year]) if p.person_id == somebody.pk), None)
    talks = talks_with(ctx, somebody)
    amount, href = _amount_and_place(whole)
    if amount is None and plans:
        amount = sum((plan.amount or Decimal(0) for plan in plans.values()), Decimal(0))
    figures = ledger.figures(amount, year, person=somebody)
    given = {
        "somebody": somebody,
        "year": year.start.year,
        "columns": _heads(_("Month")),
        "rows": [*rows, Subtotal([Cell(_("Year")), *_cells(figures, href)])],
        "strip": _strip(figures),
        "talks": talks,
        "talk_module": TALK,
        "is_silent": bool(without_talk(ctx, [somebody])),
        "talk_days": ctx.value_of(TARGET_TALK_DAYS),
        "new_talk": addresses.of_module(TALK, "new", query={"person": str(somebody.pk)}),
        "may_talk": ctx.may(TALK, "create"),
        "before": _place_of(somebody, year=str(year.start.year - 1)),
        "after": _place_of(somebody, year=str(year.start.year + 1)),
        "all": PLACE,
    }
    return page(request, "sales/person.html", given)


def _year(request: Request) -> Period:
    text = request.GET.get("year", "")
    today = request.ctx.today
    return year_of(datetime.date(int(text), 1, 1) if text.isdigit() and 1950 <= int(text) <= 2900 else today)


def _month_line(month: Period, plan: SalesPlan | None, ledger: Ledger, somebody: Any) -> list[Cell]:
    amount, href = _amount_and_place(plan)
    figures = ledger.figures(amount, month, person=somebody)
    return [Cell(period_name(Level.MONTH, month), href), *_cells(figures, **_lists(month, _owner(somebody)))]


menu.add(
    menu.Entry("targets", TITLE, PLACE, "target", group="business", order=26, may=lambda ctx: ctx.may(PLAN))
)  # fmt: skip
