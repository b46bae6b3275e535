"""Sales activities: one list of events and tasks with search, filters, edit, delete and export (CRM-26)."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.http import HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.models import EventState, TaskState
from guanxi.rooms.engagement.queries.activities import CUSTOMER, EVENT, TASK, Activity, Wanted, activities, shown
from guanxi.web import addresses, menu, taking_out
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PLACE = "/engagement/activities/"
TITLE = gettext_lazy("Sales activities")
PAGE = 50
#: So many lines at most are taken out at once.
MOST = 5000
LONGEST_TEXT = 80


def may_open(ctx: Context) -> bool:
    """Everybody who may have events or tasks of his own."""
    return ctx.may(EVENT) or ctx.may(TASK)


class Question:
    """What is asked of the list: text, kind, open or done, whose, from and until a day."""

    def __init__(self, request: Request) -> None:
        self.ctx = request.ctx
        self.given = {
            name: request.GET.get(name, "").strip()[:LONGEST_TEXT]
            for name in ("q", "kind", "state", "who", "from", "until")
        }
        self.wrong: dict[str, Any] = {}
        if self.given["kind"] not in (EVENT, TASK):
            self.given["kind"] = ""
        if self.given["state"] not in ("open", "done"):
            self.given["state"] = "" if "state" in request.GET else "open"
        if self.given["who"] not in ("me", "team", "all"):
            self.given["who"] = "me"

    def _day(self, name: str) -> datetime.date | None:
        text = self.given[name]
        try:
            return datetime.date.fromisoformat(text) if text else None
        except ValueError:
            self.wrong[name] = _("Enter a date.")
            return None

    @cached_property
    def people(self) -> list[Any]:
        """Whose activities one may look at."""
        return list(queries.whose(self.ctx))

    @cached_property
    def wanted(self) -> Wanted:
        owners: list[Any] | None = None
        if self.given["who"] == "me":
            owners = [self.ctx.actor.pk]
        elif self.given["who"] == "team":
            owners = [person.pk for person in queries.team(self.ctx, self.people)]
        return Wanted(
            text=self.given["q"], kind=self.given["kind"], state=self.given["state"], first=self._day("from"),
            last=self._day("until"), owners=owners,
        )  # fmt: skip

    def address(self, place: str = PLACE, **changed: object) -> str:
        """The address of the same question, with what is changed of it."""
        asked = {**self.given, **changed}
        return addresses.with_query(place, asked) + ("&state=" if not asked["state"] else "")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The list, a page at a time; one's own open activities at first."""
    ctx = request.ctx
    _require(ctx)
    question = Question(request)
    rows = activities(ctx, question.wanted)
    total, turned = rows.count(), _turned(request)
    lines = [_line(ctx, each) for each in shown(ctx, rows[turned * PAGE : (turned + 1) * PAGE])]
    given = {
        "title": TITLE, "lines": lines, "fields": _fields(question), "here": PLACE,
        "is_narrowed": bool(set(request.GET) - {"page"}), "pager": _pager(question, turned, total, len(lines)),
        "total": total,
        "new": [
            {"label": _("New task"), "href": addresses.of_module(TASK, "new"), "may": ctx.may(TASK, "create")},
            {"label": _("New event"), "href": addresses.of_module(EVENT, "new"), "may": ctx.may(EVENT, "create")},
        ],
        "export": question.address(f"{PLACE}export/") if _may_export(ctx) else "",
    }  # fmt: skip
    return page(request, "engagement/activities.html", given)


def _require(ctx: Context) -> None:
    if not may_open(ctx):
        disclosing.refused(ctx, registry.module(TASK), Sight.VIEW)
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=TITLE))


def _may_export(ctx: Context) -> bool:
    return ctx.may(TASK, "export") and ctx.may(EVENT, "export")


def _turned(request: Request) -> int:
    text = request.GET.get("page", "")
    return max(0, int(text) - 1) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _pager(question: Question, turned: int, total: int, count: int) -> dict[str, Any]:
    return {
        "first": turned * PAGE + 1 if count else 0, "last": turned * PAGE + count, "total": total,
        "previous": question.address(page=turned) if turned else "",
        "next": question.address(page=turned + 2) if (turned + 1) * PAGE < total else "",
    }  # fmt: skip


def _fields(question: Question) -> list[dict[str, Any]]:
    def select(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
        chosen = question.given[name]
        return {"name": name, "label": label, "widget": "select", "value": chosen,
                "choices": [(value, text, value == chosen) for value, text in options]}  # fmt: skip

    def day(name: str, label: str) -> dict[str, Any]:
        errors = [question.wrong[name]] if name in question.wrong else []
        return {"name": name, "label": label, "widget": "date", "value": question.given[name], "errors": errors}

    whose = [("me", _("Only me"))]
    if len(question.people) > 1:
        whose += [("team", _("My team")), ("all", _("All that I see"))]
    return [
        {
            "name": "q",
            "label": _("Search"),
            "value": question.given["q"],
            "placeholder": _("Subject, text or customer"),
        },
        select("who", _("Whose"), whose),
        select("state", _("State"), [("open", capfirst(_("to do"))), ("done", _("Settled")), ("", _("All"))]),
        select("kind", _("Kind"), [("", _("All")), (EVENT, _("Event")), (TASK, _("Task"))]),
        day("from", _("From")),
        day("until", _("Until")),
    ]


def _line(ctx: Context, each: Activity) -> dict[str, Any]:
    here = addresses.record(each.module, each.pk)
    return {
        "module": each.module, "icon": "checkbox" if each.module == TASK else "calendar-event",
        "kind": _("Task") if each.module == TASK else _("Event"), "subject": each.subject, "href": here,
        "day": each.day, "is_late": each.is_open and each.day is not None and each.day < ctx.today,
        "state": _state(each), "is_open": each.is_open, "owner": each.owner, "customer": each.customer,
        "customer_href": addresses.record(CUSTOMER, each.customer_id) if each.customer else "",
        "edit": f"{here}edit/" if each.is_open and ctx.may(each.module, "edit") else "",
        "delete": f"{here}do/delete/" if ctx.may(each.module, "delete") else "",
    }  # fmt: skip


def _state(each: Activity) -> str:
    return str((TaskState if each.module == TASK else EventState)(each.state).label)


@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponseBase:
    """The list as it is narrowed, as XLSX or CSV, on record with who took it."""
    ctx = request.ctx
    _require(ctx)
    if not _may_export(ctx):
        raise NotAllowed(Message("You may not export %(module)s.", module=TITLE))
    question = Question(request)
    found = shown(ctx, activities(ctx, question.wanted)[: MOST + 1])
    if len(found) > MOST:
        raise Invalid(Message("More than %(most)s lines: narrow the list first.", most=MOST))

    def write(ctx: Context, form: str) -> bytes:
        heads = [str(each) for each in (_("Date"), _("Kind"), _("Subject"), _("Customer"), _("Owner"), _("State"))]
        kinds = {TASK: _("Task"), EVENT: _("Event")}
        rows = [[each.day, kinds[each.module], each.subject, each.customer, each.owner, _state(each)] for each in found]
        if form == "csv":
            return taking_out.comma_separated(heads, rows)
        return taking_out.workbook(ctx, TITLE, heads, rows)

    told = {"report": "activities", **{name: value for name, value in question.given.items() if value}}
    wanted = taking_out.TakingOut(
        registry.module(TASK), str(TITLE), question.address(), len(found), ("xlsx", "csv"), write, told
    )
    return taking_out.answer(request, wanted)


menu.add(
    menu.Entry("activities", TITLE, PLACE, "list-details", group="daily", order=36, may=may_open)
)  # fmt: skip
