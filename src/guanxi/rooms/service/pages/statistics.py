"""How many tickets there are by state, priority, category, person and month, leading to the tickets (CRM-41)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.dates import add_months, parse_date
from guanxi.kernel.errors import Invalid
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.picklists import label
from guanxi.rooms.service import picklists
from guanxi.rooms.service.models import Priority, TicketState
from guanxi.rooms.service.queries import TICKET, UNSETTLED, WAYS, Tally, tallies
from guanxi.web import addresses, menu, taking_out
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page
from guanxi.web.reports import Cell, Column, totals, written

PLACE = "/service/statistics/"
TITLE = gettext_lazy("Statistics of tickets")
#: What the tickets are counted by, as people read it.
NAMES = {
    "state": gettext_lazy("By state"), "priority": gettext_lazy("By priority"),
    "category": gettext_lazy("By category"), "severity": gettext_lazy("By severity"),
    "owner": gettext_lazy("By person in charge"), "month": gettext_lazy("By month of the report"),
}  # fmt: skip
_LISTS = {"category": picklists.TICKET_CATEGORY, "severity": picklists.SEVERITY}
_CHOICES = {"state": TicketState, "priority": Priority}
#: Those that stand as bars above the table.
DRAWN = ("state", "priority", "category", "severity")
_COUNTS = (
    Column(gettext_lazy("Tickets reported"), "count"), Column(gettext_lazy("Of these unsettled"), "count"),
    Column(gettext_lazy("Unsettled and overdue"), "count"), Column(gettext_lazy("Of these settled"), "count"),
    Column(gettext_lazy("Settled after their day"), "count"), Column(gettext_lazy("Settled in time"), "percent"),
)  # fmt: skip


class Question:
    """What the address asks: the tickets reported from which day to which, counted by what."""

    def __init__(self, request: Request) -> None:
        self.ctx, self.given, self.wrong = request.ctx, request.GET, dict[str, str]()
        self.by = self.given.get("by", "") if self.given.get("by", "") in WAYS else "state"
        self.last = self._day("until") or self.ctx.today
        self.first = self._day("from") or add_months(self.last.replace(day=1), -11)
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
        """What they are counted by, then the counts."""
        return [Column(NAMES[self.by]), *_COUNTS]

    def counted(self, by: str) -> list[Tally]:
        """The tickets that the person may see, counted; nothing where the question is wrong."""
        return [] if self.wrong else tallies(self.ctx, by, self.first, self.last)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The statistics as a page: each figure leads to exactly the tickets it counts."""
    require(request.ctx, registry.entry(TICKET), "view", TITLE)
    question = Question(request)
    rows = _rows(question)
    given = {
        "question": question,
        "printed": registry.module(TICKET),
        "columns": question.columns,
        "rows": rows,
        "totals": _totals(question, rows),
        "drawn": [(NAMES[by], _bars(question, by)) for by in DRAWN],
        "tabs": _tabs(question),
        "narrowing": _narrowing(question),
        "here": PLACE,
        "is_narrowed": bool({"from", "until"} & request.GET.keys()),
        "tickets": addresses.listing(TICKET),
        "export": addresses.with_query(f"{PLACE}export/", question.query),
        "may_export": request.ctx.may(TICKET, "export"),
    }
    return page(request, "service/statistics.html", given, status=422 if question.wrong else 200)


@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponseBase:
    """The same table as XLSX, CSV or PDF, on record with who took it."""
    require(request.ctx, registry.entry(TICKET), "view", TITLE)
    question = Question(request)
    rows = _rows(question)
    note = _("%(first)s to %(last)s") % {"first": question.first, "last": question.last}

    def write(ctx: Context, form: str) -> bytes:
        return written(ctx, form, str(TITLE), note, question.columns, rows)

    back = addresses.with_query(PLACE, question.query)
    told = {"report": "service", **question.query}
    module = registry.module(TICKET)
    wanted = taking_out.TakingOut(module, str(TITLE), back, len(rows), ("xlsx", "csv", "pdf"), write, told)
    return taking_out.answer(request, wanted)


def _tabs(question: Question) -> list[dict[str, Any]]:
    return [
        {"label": name, "on": by == question.by, "href": addresses.with_query(PLACE, {**question.query, "by": by})}
        for by, name in NAMES.items()
    ]


def _narrowing(question: Question) -> list[dict[str, Any]]:
    days = (("from", _("From"), question.first), ("until", _("Until"), question.last))
    return [
        {"name": name, "label": text, "widget": "date", "value": question.given.get(name) or day.isoformat(),
         "errors": [question.wrong[name]] if name in question.wrong else []}
        for name, text, day in days
    ]  # fmt: skip


# ---- Lines -----------------------------------------------------------------------------------------------------------


def _rows(question: Question) -> list[Sequence[Cell]]:
    return [_line(question, one) for one in question.counted(question.by)]


def _totals(question: Question, rows: Sequence[Sequence[Cell]]) -> list[Cell] | None:
    """The sums, with the share in time of all, which is no sum of shares."""
    last = totals(question.columns, rows)
    return None if last is None else [*last[:-1], Cell(_in_time(last[4].value, last[5].value))]


def _in_time(settled: int, late: int) -> int | None:
    """In whole per cent of what was settled; None where nothing was."""
    return (settled - late) * 100 // settled if settled else None


def _line(question: Question, one: Tally) -> list[Cell]:
    def figure(count: int, *more: dict[str, Any], tone: str = "") -> Cell:
        return Cell(count, _list_of(question, question.by, one, *more) if count else "", tone if count else "")

    unsettled = {"field": "state", "op": "in", "value": list(UNSETTLED)}
    settled = {"field": "state", "op": "in", "value": ["closed"]}
    return [
        Cell(_name(question.by, one)),
        figure(one.tickets),
        figure(one.unsettled, unsettled),
        figure(one.overdue, unsettled, {"field": "due_on", "op": "older_than", "value": 0}, tone="red"),
        figure(one.settled, settled),
        figure(one.late, settled, {"field": "closed_late", "op": "is", "value": True}, tone="red"),
        Cell(_in_time(one.settled, one.late)),
    ]


def _bars(question: Question, by: str) -> list[dict[str, Any]]:
    found = question.counted(by)
    most = max((one.tickets for one in found), default=0)
    return [
        {"label": _name(by, one), "value": one.tickets, "share": one.tickets * 100 // most,
         "href": _list_of(question, by, one)}
        for one in found
    ]  # fmt: skip


def _name(by: str, one: Tally) -> str:
    """What a group is called."""
    if not one.key:
        return _("nobody") if by == "owner" else _("not stated")
    if by == "owner":
        return one.name
    if by == "month":
        return one.key[:7]
    if by in _LISTS:
        return label(_LISTS[by], one.key)
    return str(_CHOICES[by](one.key).label)


def _list_of(question: Question, by: str, one: Tally, *more: dict[str, Any]) -> str:
    """The list of exactly the tickets that a figure counts."""
    first, last, own = question.first, question.last, []
    if by == "month":
        month = datetime.date.fromisoformat(one.key)
        first, last = max(first, month), min(last, add_months(month, 1) - datetime.timedelta(days=1))
    elif one.key:
        own = [{"field": by, "op": "in", "value": [one.key]}]
    else:
        own = [{"field": by, "op": "empty"}]
    days = [
        {"field": "reported_on", "op": "from", "value": first.isoformat()},
        {"field": "reported_on", "op": "until", "value": last.isoformat()},
    ]
    return addresses.listing(TICKET, filter=json.dumps({"all": [*own, *days, *more]}))


menu.add(
    menu.Entry(
        "ticket_statistics", TITLE, PLACE, "chart-bar", group="service", order=30, may=lambda ctx: ctx.may(TICKET)
    )
)
