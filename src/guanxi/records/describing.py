"""Record types as plain data: what a program must know to read, create and change records of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst

from guanxi.kernel.messages import Message
from guanxi.records import listing, registry
from guanxi.records.actions import Action, inputs_of
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.standard import STANDARD, action_of


def brief(ctx: Context, module: Module) -> dict[str, Any]:
    """A record type in one line: its key, its names, and what the person may do with at least some of its records."""
    return {
        "key": module.key,
        "label": in_every_language(module.label),
        "label_plural": in_every_language(module.label_plural),
        "may": [*(["view"] if ctx.may(module) else []), *(action.name for action in actions_of(ctx, module))],
    }


def describe(ctx: Context, module: Module) -> dict[str, Any]:
    """A record type in full: fields with kind, choices and operators, views, actions with what they ask for."""
    known = registry.entry(module)
    return {
        **brief(ctx, module),
        "title": module.title,
        "sort": module.sort,
        "fields": [field(spec) for spec in known.fields.values()],
        "computed": [
            {"name": figure.name, "label": in_every_language(figure.label), "kind": figure.kind}
            for figure in module.computed
        ],
        "lines": [field(spec) for spec in known.line_fields.values()],
        "states": _states(known),
        "views": [{"key": tab.key, "label": in_every_language(tab.label)} for tab in listing.views(ctx, module)],
        "actions": [action_data(known, action) for action in actions_of(ctx, module)],
    }


def field(spec: FieldSpec) -> dict[str, Any]:
    """A field or an input: what may be filled in, and how it may be asked for in a filter."""
    told: dict[str, Any] = {
        "name": spec.name,
        "label": in_every_language(spec.label),
        "kind": spec.kind.name,
        "required": spec.required and spec.editable,
        "editable": spec.editable,
        "sortable": spec.kind.sortable,
        "operators": list(spec.kind.operators),
    }
    if spec.choices:
        told["choices"] = [{"value": value, "label": in_every_language(label)} for value, label in spec.choices]
    if spec.target:
        told["target"] = spec.target
    if spec.help:
        told["help"] = in_every_language(spec.help)
    if spec.max_length and not spec.choices:
        told["max_length"] = spec.max_length
    return told


def actions_of(ctx: Context, module: Module) -> list[Action]:
    """The verbs that the person may use on at least some records of the type."""
    own = registry.entry(module).actions
    found = [action_of(module, name) for name in dict.fromkeys([*STANDARD, *own])]
    return [action for action in found if action is not None and ctx.may(module, action.name)]


def action_data(known: Registered, action: Action) -> dict[str, Any]:
    """A verb: whether it works on a record, what it asks for, and in which states it is possible."""
    return {
        "name": action.name,
        "label": in_every_language(action.label),
        "on_record": action.on_record,
        "asks_reason": action.asks_reason,
        "inputs": [field(spec) for spec in inputs_of(known, action)],
        "states": list(action.states),
    }


def _states(known: Registered) -> dict[str, Any] | None:
    lifecycle = known.module.lifecycle
    if lifecycle is None:
        return None
    return {"field": lifecycle.field, "initial": lifecycle.initial, "locked": list(lifecycle.locked)}


def in_every_language(text: Any) -> dict[str, str]:
    """A label in each language of the product: {"zh-hans": "客户", "en": "customer"}."""
    return {language: _in_language(language, text) for language, _name in settings.LANGUAGES}


def _in_language(language: str, text: Any) -> str:
    with translation.override(language):
        return str(Message.of(text) if not isinstance(text, str) else text)


# ---- To choose from --------------------------------------------------------------------------------------------------


def types_to_choose(modules: Iterable[Module]) -> Iterator[tuple[str, Any]]:
    """Key and name of each record type, for a list of choices."""
    for module in modules:
        yield module.key, capfirst(str(module.label))


def verbs_to_choose(modules: Sequence[Module]) -> Iterator[tuple[str, Any]]:
    """Name and label of each verb of these record types; verbs of one label are told apart by what they are done to."""
    found = {action.name: (action, module) for module in modules for action in module.actions}
    own = {name: each for name, each in found.items() if name not in STANDARD}
    often = Counter(str(action.label) for action, _module in own.values())
    for name, action in STANDARD.items():
        yield name, action.label
    for name, (action, module) in own.items():
        repeated = often[str(action.label)] > 1 or any(
            str(each.label) == str(action.label) for each in STANDARD.values()
        )
        yield name, f"{action.label} · {capfirst(str(module.label))}" if repeated else action.label
