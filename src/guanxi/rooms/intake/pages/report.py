"""The report of information files: per salesperson and region, in time and late, over any time (WF-06, WF-10)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.dates import add_months, parse_date
from guanxi.kernel.errors import Invalid
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.intake import queries
from guanxi.rooms.intake.queries import FILE, OPEN_STATES, Collected
from guanxi.web import addresses, menu, taking_out
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page
from guanxi.web.reports import Cell, Column, subtotal, totals, written

PLACE = "/intake/report/"
TITLE = gettext_lazy("Report of information files")
#: By what its lines are grouped, the usual way first.
WAYS = {"salesperson": gettext_lazy("By salesperson"), "region": gettext_lazy("By region")}
COLUMNS = {
    "owner": Column(gettext_lazy("Salesperson")),
    "department": Column(gettext_lazy("Department")),
    "place": Column(gettext_lazy("Region of the companies")),
    "files": Column(gettext_lazy("Files collected"), "count"),
    "entered": Column(gettext_lazy("Files entered"), "count"),
    "late": Column(gettext_lazy("Of these late"), "count"),
    "share": Column(gettext_lazy("Entered in time"), "percent"),
    "overdue": Column(gettext_lazy("Not entered, overdue"), "count"),
    "closed": Column(gettext_lazy("Closed without a customer"), "count"),
    "notes": Column(gettext_lazy("Developments noted"), "count"),
}
_ORDER = {
    "salesperson": ("owner", "department", "place"),
    "region": ("place", "owner", "department"),
}
_COUNTS = ("files", "entered", "late", "share", "overdue", "closed", "notes")


class Question:
    """What the address asks: from which day to which, and grouped by what."""

    def __init__(self, request: Request) -> None:
        self.ctx, self.given, self.wrong = request.ctx, request.GET, dict[str, str]()
        self.by = self.given.get("by", "") if self.given.get("by", "") in WAYS else "salesperson"
        self.last = self._day("until") or self.ctx.today
        self.first = self._day("from") or add_months(self.last.replace(day=1), -2)
        if self.first > self.last:
            self.wrong["until"] = _("The last day cannot be before the first day.")

    def _day(self, name: str) -> datetime.date | None:
        text = self.given.get(name, "").strip()
        try:
            return parse_date(text) if text else None
        except Invalid as problem:
            self.wrong[name] = str(problem.message)
            return None

    @property
    def query(self) -> dict[str, str]:
        """The question as the query of an address."""
        return {"from": self.first.isoformat(), "until": self.last.isoformat(), "by": self.by}

    @property
    def columns(self) -> list[Column]:
        """The columns in the order of the question."""
        return [COLUMNS[name] for name in (*_ORDER[self.by], *_COUNTS)]


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The report as a page, each figure leading to its files."""
    require(request.ctx, registry.entry(FILE), "view", TITLE)
    question = Question(request)
    rows = _rows(question)
    given = {
        "question": question,
        "printed": registry.module(FILE),
        "columns": question.columns,
        "rows": rows,
        "totals": _totals(question, rows),
        "narrowing": _narrowing(question),
        "here": PLACE,
        "is_narrowed": bool(request.GET),
        "export": addresses.with_query(f"{PLACE}export/", question.query),
        "may_export": request.ctx.may(FILE, "export"),
    }
    return page(request, "intake/report.html", given)


@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponseBase:
    """The same as XLSX, CSV or PDF, on record with who took it."""
    require(request.ctx, registry.entry(FILE), "view", TITLE)
    question = Question(request)
    rows = _rows(question)
    note = _("%(first)s to %(last)s") % {"first": question.first, "last": question.last}

    def write(ctx: Context, form: str) -> bytes:
        return written(ctx, form, str(TITLE), note, question.columns, rows)

    back = addresses.with_query(PLACE, question.query)
    told = {"report": "intake", "from": question.query["from"], "until": question.query["until"]}
    module = registry.module(FILE)
    wanted = taking_out.TakingOut(module, str(TITLE), back, len(rows), ("xlsx", "csv", "pdf"), write, told)
    return taking_out.answer(request, wanted)


def _narrowing(question: Question) -> list[dict[str, Any]]:
    days = (("from", _("From"), question.first), ("until", _("Until"), question.last))
    return [
        *(
            {"name": name, "label": label, "widget": "date", "value": question.given.get(name) or day.isoformat(),
             "errors": [question.wrong[name]] if name in question.wrong else []}
            for name, label, day in days
        ),
        {"name": "by", "label": _("Grouped"), "widget": "select", "value": question.by,
         "choices": [(key, text, key == question.by) for key, text in WAYS.items()]},
    ]  # fmt: skip


# ---- Lines -----------------------------------------------------------------------------------------------------------

_GROUPS: dict[str, Callable[[Collected], Any]] = {
    "salesperson": lambda one: (one.department, one.owner, str(one.owner_id)),
    "region": lambda one: one.province,
}


def _rows(question: Question) -> list[Sequence[Cell]]:
    """Each salesperson's files of each region, with what every group came to."""
    if question.wrong:
        return []
    found = queries.collected_between(question.ctx, question.first, question.last)
    rows: list[Sequence[Cell]] = []
    for _key, some in groupby(sorted(found, key=_GROUPS[question.by]), key=_GROUPS[question.by]):
        group = list(some)
        lines = [_line(question, one) for one in group]
        rows += lines
        if len(lines) > 1:
            name = group[0].owner if question.by == "salesperson" else _place(group[0])
            rows.append(_shared(question, subtotal(_("Total of %(name)s") % {"name": name}, question.columns, lines)))
    return rows


def _totals(question: Question, rows: Sequence[Sequence[Cell]]) -> Sequence[Cell] | None:
    last = totals(question.columns, rows)
    return None if last is None else _shared(question, last)


def _shared(question: Question, sums: Any) -> Any:
    """A line of sums with the share in time, which is none of the sum of shares."""
    at = {name: place for place, name in enumerate((*_ORDER[question.by], *_COUNTS))}
    cells = list(sums)
    cells[at["share"]] = Cell(_in_time(cells[at["entered"]].value, cells[at["late"]].value))
    return type(sums)(cells)


def _in_time(entered: int, late: int) -> int | None:
    """In whole per cent of what was entered; None where nothing was."""
    return (entered - late) * 100 // entered if entered else None


def _place(one: Collected) -> str:
    return one.province or _("not stated")


def _line(question: Question, one: Collected) -> list[Cell]:
    def files(count: int, *more: dict[str, Any], tone: str = "") -> Cell:
        return Cell(count, _list_of(question, one, *more) if count else "", tone if count else "")

    late = {"field": "entered_late", "op": "is", "value": True}
    names = {
        "owner": Cell(one.owner or _("nobody")), "department": Cell(one.department), "place": Cell(_place(one)),
        "files": files(one.files),
        "entered": files(one.entered, {"field": "entered_on", "op": "filled"}),
        "late": files(one.late, late, tone="red"),
        "share": Cell(_in_time(one.entered, one.late)),
        "overdue": files(
            one.overdue,
            {"field": "state", "op": "in", "value": list(OPEN_STATES)},
            {"field": "enter_due_on", "op": "older_than", "value": 0},
            tone="red",
        ),
        "closed": files(one.closed, {"field": "state", "op": "in", "value": ["closed"]}),
        "notes": Cell(one.notes),
    }  # fmt: skip
    return [names[name] for name in (*_ORDER[question.by], *_COUNTS)]


def _list_of(question: Question, one: Collected, *more: dict[str, Any]) -> str:
    """The list of exactly the files that a figure counts."""
    place = (
        {"field": "province", "op": "starts", "value": one.province}
        if one.province
        else {"field": "province", "op": "empty"}
    )
    owner: dict[str, Any] = {"field": "owner", "op": "empty"}
    if one.owner_id is not None:
        owner = {"field": "owner", "op": "in", "value": [str(one.owner_id)]}
    days = [
        {"field": "collected_on", "op": "from", "value": question.first.isoformat()},
        {"field": "collected_on", "op": "until", "value": question.last.isoformat()},
    ]
    return addresses.listing(FILE, filter=json.dumps({"all": [owner, place, *days, *more]}))


menu.add(
    menu.Entry(
        "files_report", TITLE, PLACE, "report", group="management", order=23,
        may=lambda ctx: ctx.may(FILE, "export"),
    )
)  # fmt: skip
