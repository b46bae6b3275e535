"""The filter language asked of one record as it would be: for fields that depend on others.

The same trees as in `records.filters`, judged in memory, because the record that is being entered is in no table yet.
A condition names a field of the record itself: what it is linked to is not asked.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import bound, day_of, pair_of, period, values_of
from guanxi.records.links import LINK_KINDS

Tree = Mapping[str, Any]
#: What the record would hold in a field, by the field's name.
Holds = Callable[[str], Any]


def fields_of(tree: Any) -> frozenset[str]:
    """The fields that a condition (or a list of them) asks about."""
    return frozenset(_fields(tree))


def _fields(node: Any) -> Iterable[str]:
    if isinstance(node, Mapping):
        if "field" in node:
            yield str(node["field"])
        for part in node.values():
            yield from _fields(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _fields(part)


def met(ctx: Context, specs: Mapping[str, FieldSpec], tree: Tree | None, holds: Holds) -> bool:
    """Whether the record satisfies the condition; an empty one always holds.

    A part that names a field which is no more, or a value that no longer fits, cannot be judged and does not hold.
    """
    if not tree:
        return True
    if "all" in tree:
        return all(met(ctx, specs, part, holds) for part in tree["all"])
    if "any" in tree:
        return any(met(ctx, specs, part, holds) for part in tree["any"])
    if "not" in tree:
        return not met(ctx, specs, tree["not"], holds)
    spec = specs.get(str(tree.get("field")))
    if spec is None:
        return False
    value = _plain(holds(spec.name))
    is_empty = value in (None, "", ())
    operator = tree.get("op")
    if operator in ("empty", "filled"):
        return is_empty == (operator == "empty")
    if operator in ("not_in", "not_contains"):
        return is_empty or not _JUDGES[operator[4:]](ctx, spec, value, tree.get("value"))
    judge = _JUDGES.get(str(operator))
    if judge is None or (is_empty and operator != "older_than"):
        return False
    try:
        return judge(ctx, spec, value, tree.get("value"))
    except Invalid:
        return False


def require_judgeable(ctx: Context, specs: Mapping[str, FieldSpec], tree: Tree, own: str) -> None:
    """Raise Invalid for a condition that asks about the field itself, a field that is not there or a linked record."""
    for name in fields_of(tree):
        if name == own:
            raise Invalid({"": [Message("A field cannot depend on itself.")]})
        if name not in specs:
            raise Invalid({"": [Message("There is no field “%(name)s” to depend on.", name=name[:60])]})


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _folded(value: Any) -> str:
    return str(value).casefold()


def _contains(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    text = str(asked)
    if spec.kind.name == "phone":
        text = re.sub(r"\D", "", text) or text
    return _folded(text) in _folded(value)


def _starts(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    return _folded(value).startswith(_folded(asked))


def _equals(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    return bool(value == spec.kind.parse(spec, asked))


def _in(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    wanted = {_asked(ctx, spec, item) for item in values_of(asked)}
    held = set(value) if isinstance(value, tuple) else {str(value)}
    return bool(held & wanted)


def _asked(ctx: Context, spec: FieldSpec, item: Any) -> str:
    if spec.kind.name not in LINK_KINDS:
        return str(item)
    if item == "me":
        return str(ctx.actor.pk)
    try:
        return str(uuid.UUID(str(item)))
    except ValueError:
        return str(item)


def _at_least(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    return bool(value >= bound(spec, asked))


def _at_most(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    return bool(value <= bound(spec, asked))


def _between(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    low, high = pair_of(asked)
    if spec.kind.name in ("date", "moment"):
        return day_of(low) <= _day(value) <= day_of(high)
    return bool(bound(spec, low) <= value <= bound(spec, high))


def _day(value: Any) -> datetime.date:
    return timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value


def _within(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    first, after = period(str(asked), ctx.today)
    return first <= _day(value) < after


def _older_than(ctx: Context, spec: FieldSpec, value: Any, asked: Any) -> bool:
    # Never is longer ago than any number of days.
    return value is None or _day(value) < ctx.today - datetime.timedelta(days=int(asked))


_JUDGES: dict[str, Callable[[Context, FieldSpec, Any, Any], bool]] = {
    "contains": _contains,
    "equals": _equals,
    "starts": _starts,
    "in": _in,
    "is": _equals,
    "at_least": _at_least,
    "at_most": _at_most,
    "between": _between,
    "on": lambda ctx, spec, value, asked: _day(value) == day_of(asked),
    "from": lambda ctx, spec, value, asked: _day(value) >= day_of(asked),
    "until": lambda ctx, spec, value, asked: _day(value) <= day_of(asked),
    "within": _within,
    "older_than": _older_than,
}
