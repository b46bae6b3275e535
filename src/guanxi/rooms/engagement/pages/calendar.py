"""The calendar: month, week, day and agenda; moving what stands in it to another day or hour (CRM-53)."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.dates import EARLIEST_YEAR, LATEST_YEAR, add_months, month_end
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.calendar.working_days import is_working_day
from guanxi.platform.people.models import Person
from guanxi.records import disclosing, registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import EDIT
from guanxi.rooms.engagement import queries
from guanxi.rooms.engagement.actions import CHANGE_DAY
from guanxi.rooms.engagement.models import Event, Repeats
from guanxi.rooms.engagement.queries.calendar import EVENT, TASK
from guanxi.rooms.engagement.queries.events import standing_on
from guanxi.rooms.engagement.sources import Entry, Window
from guanxi.web import addresses, looks, menu
from guanxi.web.gate import Request
from guanxi.web.panels import panel
from guanxi.web.rendering import page

PLACE = "/calendar/"
VIEWS = {
    "month": gettext_lazy("By month"), "week": gettext_lazy("By week"), "day": gettext_lazy("By day"),
    "agenda": gettext_lazy("Agenda of days"),
}  # fmt: skip
ME, TEAM = "me", "team"
#: How many days the agenda goes on for.
AGENDA_DAYS = 28
#: The hours that stand in the week and the day even when nothing happens in them.
OFFICE_HOURS = range(8, 19)
#: So much of a day stands in the month; the rest is in the day.
SHOWN = 4
#: So much of a day stands in the list that a phone shows of a month.
LISTED = 8
#: How long an event lasts that is entered by choosing an hour.
USUAL = datetime.timedelta(hours=1)
MORNING = datetime.time(9)
#: Days near the ends of the calendar lead no further.
MARGIN = 2


def may_open(ctx: Context) -> bool:
    """Everybody who may have events or tasks of his own."""
    return ctx.may(EVENT) or ctx.may(TASK)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """A window of the calendar: `view`, `on` a day, `who` (me, team, or somebody's id)."""
    ctx = request.ctx
    if not may_open(ctx):
        disclosing.refused(ctx, registry.module(EVENT), Sight.VIEW)
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Calendar")))
    view, on = _view(request), _day(request)
    people = queries.whose(ctx)
    who, looked_at = _who(request, ctx, people)
    first, last = _span(view, on)
    window = Window(first, last, frozenset(person.pk for person in looked_at))
    days = queries.by_day(queries.entries(ctx, window), window)
    shown = [_shown_day(ctx, day, found, month=on.month if view == "month" else 0, alone=len(looked_at) == 1)
             for day, found in days.items()]  # fmt: skip

    def to(**changed: Any) -> str:
        wanted = {"view": view, "on": on.isoformat(), "who": who, **changed}
        return addresses.with_query(PLACE, wanted)

    earlier, later = _neighbours(view, on)
    for day in shown:
        day["href"] = to(view="day", on=day["day"].isoformat())
    given = {
        "view": view, "on": on, "title": _title(view, first, last, on), "days": shown,
        "weeks": [shown[start : start + 7] for start in range(0, len(shown), 7)] if view == "month" else [],
        "hours": _hours(shown) if view in ("week", "day") else [],
        "views": [{"label": label, "href": to(view=name), "on": name == view} for name, label in VIEWS.items()],
        "earlier": to(on=earlier.isoformat()), "later": to(on=later.isoformat()), "today": to(on=ctx.today.isoformat()),
        "people": _choices(ctx, people), "who": who, "kept": {"view": view, "on": on.isoformat()}, "here": PLACE,
        "name": "" if who in (ME, TEAM) else looked_at[0].name,
        "new": addresses.of_module(EVENT, "new") if ctx.may(EVENT, "create") else "", "shown": SHOWN,
        "any": any(day["entries"] and not day["is_outside"] for day in shown), "move": f"{PLACE}move/",
        "phone": f"{PLACE}phone/",
        "file": addresses.with_query(f"{PLACE}file/", {"view": view, "on": on.isoformat(), "who": who})
        if ctx.scope(registry.module(EVENT), "export") >= ctx.scope(registry.module(EVENT)) else "",
    }  # fmt: skip
    return page(request, "engagement/calendar.html", given)


def window_asked(request: Request) -> tuple[Window, str, str]:
    """The window of which a file is asked for, its title, and the page from where."""
    ctx = request.ctx
    if not may_open(ctx):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=_("Calendar")))
    view, on = _view(request), _day(request)
    who, looked_at = _who(request, ctx, queries.whose(ctx))
    first, last = _span(view, on)
    back = addresses.with_query(PLACE, {"view": view, "on": on.isoformat(), "who": who})
    return Window(first, last, frozenset(person.pk for person in looked_at)), f"{_('Calendar')} {first} – {last}", back


def _view(request: Request) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "month"


def _day(request: Request) -> datetime.date:
    """The day asked for; today where none or an impossible one is."""
    try:
        asked = datetime.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.ctx.today
    return asked if EARLIEST_YEAR + MARGIN <= asked.year <= LATEST_YEAR - MARGIN else request.ctx.today


def _who(request: Request, ctx: Context, people: Sequence[Person]) -> tuple[str, list[Person]]:
    """Whose calendar was asked for, among those one may look at; one's own otherwise."""
    asked = request.GET.get("who", ME)
    if asked == TEAM and len(people) > 1:
        return TEAM, queries.team(ctx, people)
    for person in people[1:]:
        if asked == str(person.pk):
            return asked, [person]
    return ME, [ctx.actor]


def _choices(ctx: Context, people: Sequence[Person]) -> list[tuple[str, str]]:
    if len(people) == 1:
        return []
    return [(ME, _("Only me")), (TEAM, _("My team")), *((str(person.pk), person.name) for person in people[1:])]


def _span(view: str, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    if view == "day":
        return on, on
    if view == "agenda":
        return on, on + datetime.timedelta(days=AGENDA_DAYS - 1)
    begin, end = (on.replace(day=1), month_end(on)) if view == "month" else (on, on)
    monday = begin - datetime.timedelta(days=begin.weekday())
    return monday, end + datetime.timedelta(days=6 - end.weekday())


def _neighbours(view: str, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    if view == "month":
        return add_months(on, -1), add_months(on, 1)
    step = datetime.timedelta(days={"day": 1, "week": 7, "agenda": AGENDA_DAYS}[view])
    return on - step, on + step


def _title(view: str, first: datetime.date, last: datetime.date, on: datetime.date) -> str:
    if view == "month":
        return formats.date_format(on, "YEAR_MONTH_FORMAT")
    if view == "day":
        return f"{formats.date_format(on, 'DATE_FORMAT')} · {formats.date_format(on, 'l')}"
    return f"{first} – {last}"


def _shown_day(ctx: Context, day: datetime.date, found: Sequence[Entry], *, month: int, alone: bool) -> dict[str, Any]:
    # Of a month only the beginning of each day is drawn; the day itself shows everything.
    rows = [_shown(ctx, entry, day, alone=alone) for entry in (found[:LISTED] if month else found)]
    return {
        "day": day, "entries": rows, "count": len(found), "weekday": formats.date_format(day, "D"),
        "is_today": day == ctx.today,
        "is_rest": not is_working_day(day), "is_outside": bool(month) and day.month != month,
        "untimed": [row for row in rows if row["hour"] is None],
        "new": _new(day, MORNING) if ctx.may(EVENT, "create") else "",
    }  # fmt: skip


def _new(day: datetime.date, time: datetime.time) -> str:
    begins = datetime.datetime.combine(day, time)
    times = {"starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + USUAL:%Y-%m-%dT%H:%M}"}
    return addresses.of_module(EVENT, "new", query=times)


def _shown(ctx: Context, entry: Entry, day: datetime.date, *, alone: bool) -> dict[str, Any]:
    """An entry as it stands on one day; of what goes on for days the time of day shows on its first."""
    begins = local(entry.starts_at) if entry.starts_at is not None else None
    ends = local(entry.ends_at) if entry.ends_at is not None else None
    timed = begins is not None and entry.first == day
    time = f"{begins:%H:%M}" if timed and begins is not None else ""
    until = f"{ends:%H:%M}" if timed and ends is not None and entry.last == day else ""
    told = [f"{time}–{until}" if until else time, entry.title, entry.customer, entry.note, "" if alone else entry.who]
    return {
        "entry": entry, "href": addresses.record(entry.module, entry.record_id), "time": time, "until": until,
        "hour": begins.hour if timed and begins is not None else None, "told": " · ".join(filter(None, told)),
        "who": "" if alone else entry.who, "is_movable": _is_movable(ctx, entry) and entry.first == day,
    }  # fmt: skip


def _is_movable(ctx: Context, entry: Entry) -> bool:
    """Whether the page offers to move it: the owner's own, or whose rights go further; the verb decides."""
    if not entry.moved_by:
        return False
    scope = ctx.scope(registry.module(entry.module), "edit")
    return scope > Scope.OWN or (scope is Scope.OWN and entry.owner_id in ctx.rights.owner_ids)


def _hours(days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The hours of the day, wide enough for what happens; in each, what begins in it on each day."""
    used = [row["hour"] for day in days for row in day["entries"] if row["hour"] is not None]
    hours = range(min([OFFICE_HOURS.start, *used]), max([OFFICE_HOURS.stop, *(hour + 1 for hour in used)]))
    return [
        {
            "hour": hour,
            "cells": [
                {
                    "day": day,
                    "entries": [row for row in day["entries"] if row["hour"] == hour],
                    "new": _new(day["day"], datetime.time(hour)) if day["new"] else "",
                }
                for day in days
            ],
        }
        for hour in hours
    ]


@require_POST
def move(request: Request) -> HttpResponseBase:
    """Put an event or a task on another `day`, an event also to another `hour`; of a series the one `from` day.

    Answers 204; a refusal is told as of any form.
    """
    day, hour = _asked_day(request.POST.get("day")), _asked_hour(request.POST.get("hour"))
    version = _asked_version(request.POST.get("version"))
    module, pk = request.POST.get("module"), request.POST.get("pk", "")
    if module == TASK:
        run(EDIT, request.ctx, TASK, _target(request.ctx, TASK, pk), {"due_on": day}, version=version)
    elif module == EVENT:
        event = _target(request.ctx, EVENT, pk)
        if event.repeats == Repeats.NEVER:
            run(EDIT, request.ctx, EVENT, event, _moved(event, event.starts_at, day, hour), version=version)
        else:
            stood = _asked_day(request.POST.get("from"))
            found = standing_on(event, stood)
            begins = found.starts_at if found is not None else event.starts_at
            times = _moved(event, begins, day, hour)
            run(CHANGE_DAY, request.ctx, EVENT, event, {"day": stood, **times}, version=version)
    else:
        raise NotFound
    return HttpResponse(status=204)


def _target(ctx: Context, module: str, pk: str) -> Any:
    try:
        return ctx.get(module, uuid.UUID(pk))
    except ValueError:
        raise NotFound from None


def _moved(event: Any, begins: datetime.datetime, day: datetime.date, hour: int | None) -> dict[str, Any]:
    """The new times: as long as before; without an hour at the same time of day. Whole days stay whole."""
    time = local(begins).time() if hour is None or event.all_day else datetime.time(hour)
    starts_at = datetime.datetime.combine(day, time, CHINA)
    return {"starts_at": starts_at, "ends_at": starts_at + (event.ends_at - event.starts_at)}


def _asked_day(text: str | None) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        raise Invalid(Message("Enter a date.")) from None


def _asked_hour(text: str | None) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) < 24:
        return int(text)
    raise Invalid(Message("“%(value)s” is not a time of day.", value=text[:40]))


def _asked_version(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@panel(EVENT)
def of_event(ctx: Context, event: Event) -> dict[str, Any]:
    """From an event to its day in the calendar, and from a series to the days of it that were changed on their own."""
    day = local(event.starts_at).date()
    place = addresses.with_query(PLACE, {"view": "week", "on": day.isoformat()})
    buttons = [
        {"label": _("In the calendar"), "href": place, "icon": "calendar"},
        {"label": _("As a file (.ics)"), "href": f"{PLACE}event/{event.pk}/file/", "icon": "download"},
    ]
    if event.repeats != Repeats.NEVER:
        changed = json.dumps({"field": "series", "op": "in", "value": [str(event.pk)]})
        buttons.append({"label": _("Changed days"), "href": addresses.listing(EVENT, filter=changed), "icon": "repeat"})
    return {"buttons": buttons}


looks.declare(EVENT, "state", tones={"planned": "blue", "held": "green", "not_held": ""})
menu.add(
    menu.Entry("calendar", gettext_lazy("Calendar"), PLACE, "calendar", group="daily", order=35, may=may_open,
               letter="r")
)  # fmt: skip
