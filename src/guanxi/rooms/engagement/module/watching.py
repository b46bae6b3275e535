"""Customers to watch, as the engine knows them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Decision
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Module, Section, View
from guanxi.rooms.engagement import actions
from guanxi.rooms.engagement.models import Watch, WatchState
from guanxi.rooms.engagement.rules import may_be_watched


def _from_today(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Lists of past months stay as they were fixed: whoever is put on the list is on it from that day."""
    return {**values, "since": ctx.today} if record is None else values


def _looked_at_later(ctx: Context, watch: Any, changed: frozenset[str]) -> Decision:
    return may_be_watched(watch.since, watch.look_on)


def _starts(ctx: Context) -> dict[str, Any]:
    return {"look_on": add_months(ctx.today, 1)}


def _due(ctx: Context) -> dict[str, Any]:
    """Whom somebody should have looked at by now."""
    return {
        "all": [
            {"field": "state", "op": "in", "value": ["on"]},
            {"field": "look_on", "op": "until", "value": ctx.today.isoformat()},
        ]
    }


def _this_month(ctx: Context) -> dict[str, Any]:
    first = ctx.today.replace(day=1)
    return {
        "any": [
            {"field": "state", "op": "in", "value": ["on"]},
            {"field": "ended_on", "op": "from", "value": first.isoformat()},
        ]
    }


def _last_month(ctx: Context) -> dict[str, Any]:
    first = ctx.today.replace(day=1)
    before, last = add_months(first, -1), first - datetime.timedelta(days=1)
    return {
        "all": [
            {"field": "since", "op": "until", "value": last.isoformat()},
            {"any": [
                {"field": "ended_on", "op": "empty"},
                {"field": "ended_on", "op": "from", "value": before.isoformat()},
            ]},
        ]
    }  # fmt: skip


WATCH = Module(
    model=Watch,
    icon="eye",
    data_class=DataClass.C2,
    title="customer",
    profile="watch",
    number="GZ-{year}-{seq:04}",
    scope_through="customer",
    sort="look_on",
    columns=("customer", "reason", "cause", "since", "look_on", "looked_on", "state", "ended_on", "owner"),
    sections=(
        Section(_("Customer to watch"), ("customer", "reason", "cause", "look_on", "meeting", "owner", "since")),
        Section(_("Looked at"), ("looked_on", "finding")),
        Section(_("Taken off"), ("state", "ended_on", "outcome")),
    ),
    filters=("state", "reason", "customer", "owner", "since", "look_on", "ended_on", "meeting"),
    search=("customer", "cause", "finding"),
    lifecycle=Lifecycle("state", WatchState.ON, locked=("off",)),
    actions=(actions.PUT_ON_LIST, actions.CHANGE_WATCH, actions.LOOK_AGAIN, actions.TAKE_OFF),
    rules=(_looked_at_later,),
    prepare=_from_today,
    starts=_starts,
    views=(
        View("this_month", _("List of this month"), _this_month),
        View("last_month", _("List of last month"), _last_month),
        View("due", _("To be looked at"), _due),
    ),
    without=("merge", "import_rows", "copy", "delete", "inline_edit"),
)
