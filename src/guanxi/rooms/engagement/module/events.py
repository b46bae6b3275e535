"""Events of the calendar, as the engine knows them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.calendar import CHINA, local
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Lines, Menu, Module, Section, View
from guanxi.rooms.engagement import actions
from guanxi.rooms.engagement.models import TOGETHER, Event, EventSeat, EventState


def _starts(ctx: Context) -> dict[str, Any]:
    """The next full hour, for an hour."""
    hour = local(ctx.now).replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    return {"starts_at": hour, "ends_at": hour + datetime.timedelta(hours=1)}


def _coming(ctx: Context) -> dict[str, Any]:
    return {
        "all": [
            {"field": "state", "op": "in", "value": [EventState.PLANNED]},
            {"field": "last_on", "op": "from", "value": ctx.today.isoformat()},
        ]
    }


def _past(ctx: Context) -> dict[str, Any]:
    """Planned for a day that is over, and nobody has said what became of it."""
    before = datetime.datetime.combine(ctx.today, datetime.time.min, CHINA)
    return {
        "all": [
            {"field": "state", "op": "in", "value": [EventState.PLANNED]},
            {"field": "repeats", "op": "in", "value": ["never"]},
            {"field": "last_on", "op": "until", "value": (before - datetime.timedelta(days=1)).date().isoformat()},
        ]
    }


def _without_minutes(ctx: Context) -> dict[str, Any]:
    """Meetings with customers that took place and have no minutes yet (WF-26)."""
    return {
        "all": [
            {"field": "state", "op": "in", "value": [EventState.HELD]},
            {"field": "kind", "op": "in", "value": list(TOGETHER)},
            {"field": "customer", "op": "filled"},
            {"field": "minutes", "op": "empty"},
        ]
    }


EVENT = Module(
    model=Event,
    icon="calendar-event",
    data_class=DataClass.C2,
    title="subject",
    profile="activity",
    private="private",
    sort="-starts_at",
    columns=("subject", "kind", "starts_at", "ends_at", "customer", "place", "owner", "repeats", "state"),
    sections=(
        Section(
            _("Event"),
            ("subject", "kind", "starts_at", "ends_at", "all_day", "place", "customer", "contact",
             "minute_taker", "owner", "priority", "private", "remind_minutes", "details"),
        ),
        Section(_("Series"), ("repeats", "every", "until", "times", "series", "instead_of")),
        Section(_("What became of it"), ("state", "confirmed_on", "present", "result", "minutes")),
    ),
    lines=Lines(EventSeat, "event", ("person",), _("Invited"), unique=("person",)),
    filters=("kind", "state", "owner", "starts_at", "last_on", "customer", "priority", "repeats", "private", "series",
             "minutes"),
    search=("customer", "contact", "place"),
    lifecycle=Lifecycle("state", EventState.PLANNED, locked=("held", "not_held")),
    prepare=actions.settle_times,
    rules=(actions.rhythm_stays,),
    starts=_starts,
    actions=(
        actions.PLAN_EVENT, actions.MOVE_EVENT, actions.HOLD_EVENT, actions.MISS_EVENT, actions.CHANGE_DAY,
        actions.LEAVE_OUT_DAY, actions.CONFIRM_EVENT, actions.WRITE_TALK_MINUTES,
        actions.DISCARD_EVENT,
    ),
    menu=Menu("meeting", 10),
    views=(
        View("coming", _("Coming events"), _coming, sort="starts_at"),
        View("mine", _("Mine"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("past", _("Past, not settled"), _past, sort="starts_at"),
        View("unwritten", _("Without minutes"), _without_minutes, sort="starts_at"),
    ),
    without=("merge",),
)  # fmt: skip
