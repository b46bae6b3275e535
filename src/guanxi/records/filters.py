"""The one filter language: a JSON tree for lists, saved views, exports, scopes and conditions.

    {"all": [{"field": "name", "op": "contains", "value": "酒"},
             {"any": [{"field": "owner", "op": "in", "value": ["me"]}, {"field": "city", "op": "empty"}]},
             {"not": {"field": "source", "op": "in", "value": ["trade_fair"]}}]}

A condition names a field of the module (or of a linked module, with a dot), an operator of the field's kind and a
value. Whatever else it says is an error; nothing of it reaches the database as text.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import masking, registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.links import LINK_KINDS
from guanxi.records.module import Module

MAX_DEPTH = 5
MAX_CONDITIONS = 60

OPERATOR_LABELS: dict[str, Any] = {
    "contains": _("contains"),
    "not_contains": _("does not contain"),
    "equals": _("is exactly"),
    "starts": _("begins with"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "is": _("is"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "between": _("between"),
    "on": _("on"),
    "from": _("not before"),
    "until": _("not after"),
    "within": _("within"),
    "older_than": _("longer ago than"),
    "empty": _("is empty"),
    "filled": _("is filled"),
}

#: Periods for the operator `within`, as (first day, day after the last), seen from today.
PERIOD_LABELS: dict[str, Any] = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "this_week": _("this week"),
    "this_month": _("this month"),
    "last_week": _("last week"),
    "last_month": _("last month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
    "last_7_days": _("last 7 days"),
    "last_30_days": _("last 30 days"),
    "last_90_days": _("last 90 days"),
    "next_7_days": _("next 7 days"),
    "next_30_days": _("next 30 days"),
}


def _wrong(message: Message) -> Invalid:
    return Invalid({"": [message]})


def compile_filter(module: Module, tree: Mapping[str, Any] | None, ctx: Context) -> Q:
    """The tree as a condition on the module's rows; Invalid for anything it does not allow."""
    return compile_tree(tree, lambda node: _condition(module, node, ctx))


def compile_tree(tree: Mapping[str, Any] | None, condition: Callable[[Mapping[str, Any]], Q]) -> Q:
    """The tree as a condition, each of its single conditions as `condition` has it; Invalid for the wrong form."""
    return _node(tree, condition, 0, [0]) if tree else Q()


def _node(node: Any, condition: Callable[[Mapping[str, Any]], Q], depth: int, count: list[int]) -> Q:
    if not isinstance(node, Mapping):
        raise _wrong(Message("This filter has the wrong form."))
    count[0] += 1
    if depth > MAX_DEPTH or count[0] > MAX_CONDITIONS:
        raise _wrong(Message("This filter is too long."))
    if set(node) == {"all"} or set(node) == {"any"}:
        word = next(iter(node))
        parts = node[word]
        if not isinstance(parts, list | tuple):
            raise _wrong(Message("This filter has the wrong form."))
        compiled = [_node(part, condition, depth + 1, count) for part in parts]
        result = Q()
        for part in compiled:
            result = result & part if word == "all" else result | part
        return result
    if set(node) == {"not"}:
        return ~_node(node["not"], condition, depth + 1, count)
    if {"field", "op"} <= set(node) <= {"field", "op", "value"}:
        return condition(node)
    raise _wrong(Message("This filter has the wrong form."))


def field_of(module: Module, path: Any, ctx: Context) -> tuple[str, FieldSpec]:
    """The lookup and the field a path names: of this module, or one step along a link the person may look into."""
    known = registry.entry(module)
    first, _dot, second = str(path).partition(".")
    spec = known.fields.get(first)
    if spec is None:
        raise _wrong(Message("One cannot filter by “%(field)s”.", field=str(path)[:60]))
    if not second:
        return spec.lookup, spec
    target = registry.find(spec.target)
    if target is None or not ctx.may(target):
        raise _wrong(Message("One cannot filter by “%(field)s”.", field=str(path)[:60]))
    inner = registry.entry(target).fields.get(second)
    if inner is None:
        raise _wrong(Message("One cannot filter by “%(field)s”.", field=str(path)[:60]))
    return f"{spec.lookup}__{inner.lookup}", inner


def _condition(module: Module, node: Mapping[str, Any], ctx: Context) -> Q:
    if beyond := _beyond_document(module, node, ctx):
        return beyond
    lookup, spec = field_of(module, node["field"], ctx)
    condition = compared(lookup, spec, node, ctx)
    return condition & _within_reach(module, str(node["field"]), ctx) & _readable(module, str(node["field"]), ctx)


def compared(lookup: str, spec: FieldSpec, node: Mapping[str, Any], ctx: Context) -> Q:
    """The column under a path, compared as a single condition says. Whether the person may ask is the caller's."""
    operator = node["op"]
    if operator not in spec.kind.operators:
        raise _wrong(Message("“%(field)s” cannot be compared like this.", field=spec.label))
    if operator == "empty":
        return _empty(lookup, spec)
    if operator == "filled":
        return ~_empty(lookup, spec)
    return _BY_OPERATOR[operator](lookup, spec, node.get("value"), ctx)


def _beyond_document(module: Module, node: Mapping[str, Any], ctx: Context) -> Q | None:
    """A condition on what an added link leads to. No join reaches it; what it may lead to is selected instead."""
    first, dot, second = str(node["field"]).partition(".")
    link = registry.entry(module).fields.get(first)
    target = registry.find(link.target) if link is not None and dot and not link.join else None
    if link is None or target is None:
        return None
    field_of(module, node["field"], ctx)  # refuses what may not be asked
    rows = ctx.search(target).filter(_condition(target, {**node, "field": second}, ctx))
    return Q(**{f"{link.lookup}__in": rows.values("pk")})


def _within_reach(module: Module, path: str, ctx: Context) -> Q:
    """Of a linked record only what the person may see can be asked: else each answer would tell something of it."""
    link, dot, _field = path.partition(".")
    spec = registry.entry(module).fields[link]
    target = registry.find(spec.target) if dot else None
    if target is None or link == module.scope_through or ctx.condition(target) == Q():
        return Q()
    return Q(**{f"{spec.lookup}__in": ctx.search(target).values("pk")})


def _readable(module: Module, path: str, ctx: Context) -> Q:
    """Of a personal or sealed column only what the person may read can be asked."""
    link, _dot, name = path.rpartition(".")
    asked = registry.entry(module).fields[link].target if link else module.key
    spec = registry.entry(asked).fields[name]
    if not spec.personal and spec.kind.name != "sealed":
        return Q()
    reach = masking.within_reach(ctx, registry.module(asked), f"{link}__" if link else "")
    if reach is None:
        raise _wrong(Message("One cannot filter by “%(field)s”.", field=path[:60]))
    return reach


def _empty(lookup: str, spec: FieldSpec) -> Q:
    condition = Q(**{f"{lookup}__isnull": True})
    if spec.kind.name in ("text", "long_text", "choice", "phone", "email", "address", "multi_choice", "tags", "sealed"):
        condition |= Q(**{lookup: ""})
    return condition


def _text(value: Any) -> str:
    if not isinstance(value, str | int):
        raise _wrong(Message("This filter has the wrong form."))
    return str(value)[:200]


def _contains(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    text = _text(value)
    if spec.kind.name == "phone":
        text = re.sub(r"\D", "", text) or text
    return Q(**{f"{lookup}__icontains": text})


def _not_contains(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return ~_contains(lookup, spec, value, ctx)


def _equals(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    if spec.kind.name == "sealed":
        sealed = spec.kind.parse(spec, value)
        return Q(**{f"{lookup}__startswith": sealed.beginning}) if sealed else _empty(lookup, spec)
    return Q(**{lookup: spec.kind.parse(spec, value)})


def _starts(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return Q(**{f"{lookup}__istartswith": _text(value)})


def values_of(value: Any) -> list[Any]:
    """The values that are asked for; Invalid for none, and for more than can be meant."""
    values = value if isinstance(value, list | tuple) else [value]
    if not values or len(values) > 200:
        raise _wrong(Message("Choose at least one value."))
    return list(values)


def _in(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    values = values_of(value)
    if spec.kind.name in ("multi_choice", "tags"):
        condition = Q()
        for item in values:
            condition |= Q(**{f"{lookup}__contains": f"|{_text(item)}|"})
        return condition
    if spec.kind.name in LINK_KINDS:
        return Q(**{f"{lookup}__in": [_link_id(spec, item, ctx) for item in values]})
    return Q(**{f"{lookup}__in": [_text(item) for item in values]})


def _not_in(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    # Rows without a value are none of the values either.
    return ~_in(lookup, spec, value, ctx) | _empty(lookup, spec)


def _link_id(spec: FieldSpec, item: Any, ctx: Context) -> uuid.UUID:
    if item == "me" and spec.kind.name == "person":
        return ctx.actor.pk
    try:
        return uuid.UUID(str(item))
    except ValueError:
        raise _wrong(Message("Choose “%(field)s” from the list.", field=spec.label)) from None


def _is(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return Q(**{lookup: spec.kind.parse(spec, value)})


def bound(spec: FieldSpec, value: Any) -> Any:
    """The value that is compared with; Invalid for none and for one of the wrong kind."""
    parsed = spec.kind.parse(spec, value)
    if parsed is None:
        raise _wrong(Message("A value is missing for “%(field)s”.", field=spec.label))
    return parsed


def _at_least(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return Q(**{f"{lookup}__gte": bound(spec, value)})


def _at_most(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return Q(**{f"{lookup}__lte": bound(spec, value)})


def pair_of(value: Any) -> tuple[Any, Any]:
    """From and to; Invalid for anything else."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _wrong(Message("Two values are needed: from and to."))
    return value[0], value[1]


def _between(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    low, high = pair_of(value)
    if spec.kind.name in ("date", "moment"):
        return _days(lookup, spec, day_of(low), day_of(high) + datetime.timedelta(days=1))
    return Q(**{f"{lookup}__gte": bound(spec, low), f"{lookup}__lte": bound(spec, high)})


def day_of(value: Any) -> datetime.date:
    """A day as a filter names it."""
    return value if isinstance(value, datetime.date) else parse_date(_text(value))


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _days(lookup: str, spec: FieldSpec, first: datetime.date | None, after: datetime.date | None) -> Q:
    """From the first day up to, not including, the day after; either end may be open."""
    convert: Callable[[datetime.date], Any] = _start_of if spec.kind.name == "moment" else lambda day: day
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{lookup}__gte": convert(first)})
    if after is not None:
        condition &= Q(**{f"{lookup}__lt": convert(after)})
    return condition


def _on(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    day = day_of(value)
    return _days(lookup, spec, day, day + datetime.timedelta(days=1))


def _from(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return _days(lookup, spec, day_of(value), None)


def _until(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    return _days(lookup, spec, None, day_of(value) + datetime.timedelta(days=1))


def _within(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    if not isinstance(value, str) or value not in PERIOD_LABELS:
        raise _wrong(Message("This filter has the wrong form."))
    return _days(lookup, spec, *period(value, ctx.today))


def period(name: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First day and day after the last of a named period, seen from today. Weeks begin on Monday."""
    day = datetime.timedelta(days=1)
    month = today.replace(day=1)
    next_month = (month + 31 * day).replace(day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    monday = today - today.weekday() * day
    periods = {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "this_week": (monday, monday + 7 * day),
        "last_week": (monday - 7 * day, monday),
        "this_month": (month, next_month),
        "last_month": ((month - day).replace(day=1), month),
        "this_quarter": (quarter, (quarter + 95 * day).replace(day=1)),
        "last_quarter": ((quarter - 80 * day).replace(day=1), quarter),
        "last_year": (datetime.date(today.year - 1, 1, 1), datetime.date(today.year, 1, 1)),
        "this_year": (today.replace(month=1, day=1), datetime.date(today.year + 1, 1, 1)),
        "last_7_days": (today - 6 * day, today + day),
        "last_30_days": (today - 29 * day, today + day),
        "last_90_days": (today - 89 * day, today + day),
        "next_7_days": (today, today + 7 * day),
        "next_30_days": (today, today + 30 * day),
    }
    return periods[name]


def _older_than(lookup: str, spec: FieldSpec, value: Any, ctx: Context) -> Q:
    try:
        days = int(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(Message("A number of days is needed.")) from None
    if not 0 <= days <= 36500:
        raise _wrong(Message("This number is out of range."))
    # Never is longer ago than any number of days.
    return _days(lookup, spec, None, ctx.today - datetime.timedelta(days=days)) | _empty(lookup, spec)


_BY_OPERATOR: dict[str, Callable[[str, FieldSpec, Any, Context], Q]] = {
    "contains": _contains,
    "not_contains": _not_contains,
    "equals": _equals,
    "starts": _starts,
    "in": _in,
    "not_in": _not_in,
    "is": _is,
    "at_least": _at_least,
    "at_most": _at_most,
    "between": _between,
    "on": _on,
    "from": _from,
    "until": _until,
    "within": _within,
    "older_than": _older_than,
}
