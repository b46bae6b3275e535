"""What holds from one day to another: both days included, an open end holds on."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context


def ends_after(start: str, end: str) -> Callable[[Context, dict[str, Any], Any], dict[str, Any]]:
    """For `Module.prepare`: it refuses a last day before the first; `start` and `end` name the two fields."""

    def prepare(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
        first, last = (values.get(name, getattr(record, name, None)) for name in (start, end))
        if first is not None and last is not None and last < first:
            raise Invalid({end: [Message("The last day cannot be before the first day, %(start)s.", start=first)]})
        return values

    return prepare


def touching(start: str, end: str, first: datetime.date, last: datetime.date) -> dict[str, Any]:
    """The filter for what has a day in common with the days from `first` to `last`."""
    open_ended = {
        "any": [{"field": end, "op": "empty"}, {"field": end, "op": "from", "value": first.isoformat()}],
    }
    return {"all": [{"field": start, "op": "until", "value": last.isoformat()}, open_ended]}


def going_on(start: str, end: str) -> Callable[[Context], dict[str, Any]]:
    """For `View.filters`: what holds today."""
    return lambda ctx: touching(start, end, ctx.today, ctx.today)
