"""A filter in words, as the list's own filters say it: for whoever has to judge what somebody else asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Problem
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import OPERATOR_LABELS, PERIOD_LABELS, field_of
from guanxi.records.links import LINK_KINDS, candidates, key_of
from guanxi.records.module import Module

#: Operators after which no value follows.
BARE = frozenset({"empty", "filled"})
ME = "me"


def in_words(ctx: Context, module: Module, tree: Any) -> list[str]:
    """A line for each condition that must hold, in the language of this moment and with the names this person sees."""
    if not isinstance(tree, Mapping) or not tree:
        return []
    if "all" in tree:
        return [line for part in tree["all"] for line in in_words(ctx, module, part)]
    if "any" in tree:
        either = [_(", ").join(in_words(ctx, module, part)) for part in tree["any"]]
        return [_(" or ").join(part for part in either if part)] if any(either) else []
    if "not" in tree:
        return [_("not: %(condition)s") % {"condition": line} for line in in_words(ctx, module, tree["not"])]
    return [_condition(ctx, module, tree)]


def _condition(ctx: Context, module: Module, node: Mapping[str, Any]) -> str:
    _lookup, spec = field_of(module, node["field"], ctx)
    operator = str(node["op"])
    said = [capfirst(str(spec.label)), str(OPERATOR_LABELS.get(operator, operator))]
    if operator not in BARE:
        said.append(_value(ctx, spec, operator, node.get("value")))
    return " ".join(said)


def _value(ctx: Context, spec: FieldSpec, operator: str, value: Any) -> str:
    if operator == "within":
        return str(PERIOD_LABELS.get(value, value))
    if operator == "older_than":
        return ngettext("%(count)s day", "%(count)s days", int(value)) % {"count": value}
    given = list(value) if isinstance(value, list | tuple) else [value]
    if operator == "between":
        return " – ".join(_one(spec, each) for each in given)
    if spec.kind.name in LINK_KINDS:
        return _(", ").join(_linked(ctx, spec, given))
    return _(", ").join(_one(spec, each) for each in given)


def _one(spec: FieldSpec, value: Any) -> str:
    """One value as the field itself would show it; what it cannot read stands as it was given."""
    if value in (None, ""):
        return "…"
    try:
        if spec.kind.name in ("date", "moment"):
            return parse_date(value).isoformat()
        if spec.kind.name == "boolean":
            return _("Yes") if value in (True, "1", "true") else _("No")
        return spec.kind.text(spec, spec.kind.parse(spec, value)) or str(value)
    except (Problem, ValueError, TypeError):
        return str(value)


def _linked(ctx: Context, spec: FieldSpec, given: Iterable[Any]) -> list[str]:
    keys = {key for each in given if (key := key_of(each))}
    named = [str(row) for row in candidates(ctx, spec).filter(pk__in=keys)] if keys else []
    own = [ctx.actor.name] if ME in given else []
    unknown = [_("(hidden)")] * (len(keys) - len(named))
    return [*own, *sorted(named), *unknown]
