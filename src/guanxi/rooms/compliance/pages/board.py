"""The board: how the regulation was kept over a time, by clause, person and department, down to the evidence."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.kernel import clauses
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Department, Person
from guanxi.platform.people.queries import department_ids_from
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.compliance.module import OBLIGATION
from guanxi.rooms.compliance.pages.charts import NAMES, course
from guanxi.rooms.compliance.pages.strips import evidence_url, months_before, strip
from guanxi.rooms.compliance.queries import evidence, figures, register
from guanxi.rooms.compliance.queries.evidence import SHOWN, Piece
from guanxi.rooms.compliance.queries.figures import Counts, Period, Wanted
from guanxi.web import addresses, menu
from guanxi.web.entered import is_id
from guanxi.web.gate import Request
from guanxi.web.rendering import page

#: The times one chooses from; any other is given by its days.
PERIODS: dict[str, Any] = {
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This year"),
    "twelve": gettext_lazy("Twelve months"),
}
USUAL = "twelve"
#: A time longer than this is not drawn: somebody has mistyped a year.
LONGEST = datetime.timedelta(days=366 * 10)
_NARROWED = ("area", "person", "department")


def period_of(name: str, today: datetime.date) -> Period:
    """The time of that name, as far as it has gone."""
    month = today.replace(day=1)
    first = {
        "month": month,
        "quarter": month.replace(month=(today.month - 1) // 3 * 3 + 1),
        "year": month.replace(month=1),
        "twelve": months_before(month, 11),
    }[name]
    return Period(first, today)


class Question:
    """What the address of the board asks: of what time, and whose figures."""

    def __init__(self, request: Request) -> None:
        self.ctx, self.given = request.ctx, request.GET
        self.wrong: dict[str, str] = {}
        self.name = self.given.get("period", "")
        self.period = self._period()
        self.area = self.given.get("area", "") if self.given.get("area", "") in clauses.AREAS else ""
        self.person = self._id("person")
        self.department = self._id("department")

    def _period(self) -> Period:
        first, last = self._day("from"), self._day("until")
        if not self.name and first and last:
            if last < first:
                self.wrong["until"] = _("The last day cannot be before the first day.")
            elif last - first > LONGEST:
                self.wrong["from"] = _("This is longer than ten years.")
            else:
                return Period(first, last)
        self.name = self.name if self.name in PERIODS else USUAL
        return period_of(self.name, self.ctx.today)

    def _day(self, name: str) -> datetime.date | None:
        text = self.given.get(name, "").strip()
        try:
            return parse_date(text) if text else None
        except Invalid as problem:
            self.wrong[name] = str(problem.message)
            return None

    def _id(self, name: str) -> UUID | None:
        text = self.given.get(name, "")
        return UUID(text) if is_id(text) else None

    @property
    def wanted(self) -> Wanted:
        """Which figures that are."""
        named = frozenset(each.id for each in clauses.declared() if each.area.key == self.area)
        below = department_ids_from(self.department) if self.department else None
        return Wanted(self.period, named if self.area else None, self.person, below)

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows beside the time, for the addresses that lead on."""
        return {name: self.given.get(name, "") for name in _NARROWED if self.given.get(name)}

    def query(self, **more: Any) -> dict[str, Any]:
        """The question as the query of an address."""
        days = {} if self.name else {"from": self.period.first.isoformat(), "until": self.period.last.isoformat()}
        return {"period": self.name, **days, **self.narrowing, **more}


def require_board(ctx: Context) -> None:
    """Raise NotAllowed for who may see nobody's figures."""
    if not figures.may_see_board(ctx):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Compliance board")))


@dataclass(frozen=True)
class Row:
    """One line of a table of figures: what it is of, where that leads, and where each figure leads."""

    label: str
    counts: Counts
    clause: str = ""
    href: str = ""
    links: dict[str, str] | None = None


def _row(question: Question, label: str, counts: Counts, href: str = "", **narrowed: Any) -> Row:
    more = {**{name: value for name, value in question.narrowing.items() if name != "area"}, **narrowed}
    links = {name: evidence_url(name, question.period, **more) for name in counts.of if counts[name]}
    return Row(label, counts, str(narrowed.get("clause", "")), href, links)


@dataclass(frozen=True)
class Findings:
    """What the board tells: tables by area with their clauses, by person and by department, and the whole."""

    whole: Counts
    areas: list[tuple[Row, list[Row]]]
    people: list[Row]
    departments: list[Row]


def findings(ctx: Context, question: Question) -> Findings:
    """The figures of a time, in order: what should be looked at first stands first."""
    wanted, here = question.wanted, reverse("compliance:board")
    by_clause = figures.sums_by(ctx, wanted, "clause")
    grouped: dict[str, list[Row]] = {}
    for each in clauses.declared():
        if counts := by_clause.get(each.id):
            row = _row(question, register.title_of(each), counts, reverse("compliance:clause", args=[each.id]),
                       clause=each.id)  # fmt: skip
            grouped.setdefault(each.area.key, []).append(row)
    names = dict(register.areas())
    areas = [
        (
            Row(names[key], figures.total(row.counts for row in rows),
                href=addresses.with_query(here, question.query(area=key))),
            sorted(rows, key=lambda row: -row.counts.trouble),
        )
        for key, rows in grouped.items()
    ]  # fmt: skip
    people = figures.sums_by(ctx, wanted, "person_id")
    named = dict(Person.objects.filter(pk__in=[key for key in people if key]).values_list("pk", "name"))
    departments = figures.sums_by(ctx, wanted, "department_id")
    called = dict(Department.objects.filter(pk__in=[key for key in departments if key]).values_list("pk", "name"))

    def rows_of(found: dict[Any, Counts], words: dict[UUID, str], name: str, nobody: str) -> list[Row]:
        rows = [
            _row(question, words.get(key, nobody), counts,
                 addresses.with_query(here, question.query(**{name: str(key)})) if key else "",
                 area=question.area, **{name: str(key) if key else ""})
            for key, counts in found.items()
            if counts
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (-row.counts.trouble, row.label))

    return Findings(
        whole=figures.total(by_clause.values()),
        areas=areas,
        people=rows_of(people, named, "person", _("the system")),
        departments=rows_of(departments, called, "department", _("no department")),
    )


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The board, for the time and the people that the address names."""
    require_board(request.ctx)
    ctx, question = request.ctx, Question(request)
    told, here = findings(ctx, question), reverse("compliance:board")
    over_time = figures.sums_over_time(ctx, question.wanted)
    by_day = question.period.by_day
    given = {
        "question": question,
        "period": question.period,
        "findings": told,
        "strip": strip(told.whole, question.period, **question.narrowing),
        "duties": course(over_time, ("kept", "late", "broken"), by_day=by_day),
        "rules": course(over_time, ("warned", "refused", "approved", "declined"), by_day=by_day),
        "names": NAMES,
        "tabs": [
            {"label": label, "on": name == question.name,
             "href": addresses.with_query(here, {**question.narrowing, "period": name})}
            for name, label in PERIODS.items()
        ],
        "fields": _fields(ctx, question),
        "is_narrowed": bool(question.narrowing) or not question.name,
        "here": here,
        "printed": OBLIGATION,
        "report": addresses.with_query(reverse("compliance:report"), question.query())
        if figures.may_report(ctx) else "",
    }  # fmt: skip
    return page(request, "compliance/board.html", given, status=422 if question.wrong else 200)


def _fields(ctx: Context, question: Question) -> list[dict[str, Any]]:
    def select(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        chosen = question.given.get(name, "")
        offered = [("", _("All"), not chosen), *((value, text, value == chosen) for value, text in options)]
        return {"name": name, "label": label, "widget": "select", "value": chosen, "choices": offered}

    def day(name: str, label: str, value: datetime.date) -> dict[str, Any]:
        errors = [question.wrong[name]] if name in question.wrong else []
        given = question.given.get(name, "") if errors else value.isoformat()
        return {"name": name, "label": label, "widget": "date", "value": given, "errors": errors}

    everybody = Wanted(question.period)
    people = [key for key in figures.sums_by(ctx, everybody, "person_id") if key]
    units = [key for key in figures.sums_by(ctx, everybody, "department_id") if key]
    named = Person.objects.filter(pk__in=people).order_by("name_pinyin").values_list("pk", "name")
    called = Department.objects.filter(pk__in=units).order_by("code").values_list("pk", "name")
    return [
        day("from", _("From"), question.period.first),
        day("until", _("Until"), question.period.last),
        select("area", _("Area"), register.areas()),
        select("department", _("Department"), [(str(pk), name) for pk, name in called]),
        select("person", _("Person"), [(str(pk), name) for pk, name in named]),
    ]


# ---- What stands behind a figure -------------------------------------------------------------------------------------


@require_GET
def behind(request: Request) -> HttpResponseBase:
    """The duties, decisions and requests that one figure counts."""
    require_board(request.ctx)
    ctx, question = request.ctx, Question(request)
    asked = clauses.find(request.GET.get("clause", ""))
    name = request.GET.get("what", "")
    if name not in NAMES:
        name = "broken"
    wanted = question.wanted
    if asked is not None:
        wanted = Wanted(wanted.period, frozenset({asked.id}), wanted.person, wanted.departments)
    start = int(text) if (text := request.GET.get("start", "")).isdigit() and len(text) < 7 else 0
    found = evidence.pieces(ctx, wanted, name, start)
    query = {**request.GET.dict(), "start": str(start + SHOWN)}
    here = reverse("compliance:evidence")
    given = {
        "name": name,
        "title": NAMES[name],
        "clause": asked,
        "clause_title": register.title_of(asked) if asked else "",
        "period": question.period,
        "lines": _lines(ctx, found[:SHOWN]),
        "older": addresses.with_query(here, query) if len(found) > SHOWN else "",
        "newest": addresses.with_query(here, {**request.GET.dict(), "start": ""}) if start else "",
        "back": addresses.with_query(reverse("compliance:board"), question.query()),
        "printed": OBLIGATION,
    }
    return page(request, "compliance/evidence.html", given, status=422 if question.wrong else 200)


def _lines(ctx: Context, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """The pieces with the addresses of those that the reader may open."""
    opened = evidence.visible(ctx, ((piece.module, piece.record_id) for piece in pieces if piece.record_id))
    return [
        {
            "piece": piece,
            "href": addresses.record(registry.module(piece.module), piece.record_id)
            if (piece.module, piece.record_id) in opened and piece.record_id
            else "",
            "record": piece.record or _("(not yours to see)"),
        }
        for piece in pieces
    ]


menu.add(
    menu.Entry(
        "compliance", gettext_lazy("Compliance board"), "/regulation/board/", "gauge", group="regulation", order=2,
        may=figures.may_see_board,
    )
)  # fmt: skip
