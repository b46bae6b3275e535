"""Fields of a form as the macro `field` draws them: label, control, what stands in it, what is wrong with it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec, is_masked
from guanxi.records.links import HIDDEN, LINK_KINDS, candidates, unseen
from guanxi.web import addresses
from guanxi.web.entered import KEPT, TEXT, is_id

#: Browsers fill these in for other people's names and addresses; in a customer's file that would be wrong.
_NO_AUTOCOMPLETE = "off"


def as_entered(spec: FieldSpec, value: Any) -> Any:
    """A stored value as the control holds it: text, or a list of texts."""
    kind = spec.kind.name
    if value is None or value == "" or is_masked(value):
        return ""  # a masked value is replaced or left alone, never edited blindly
    if kind in ("multi_choice", "tags"):
        return list(value)
    if kind == "boolean":
        return "1" if value else ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f") if kind == "money" else format(value.normalize(), "f")
    return str(value)


def field(
    ctx: Context,
    spec: FieldSpec,
    value: Any = None,
    *,
    errors: Sequence[Any] = (),
    posted: Mapping[str, Any] | None = None,
    prefix: str = "",
    required: bool | None = None,
    veiled: Collection[Any] | None = None,
) -> dict[str, Any]:
    """One field with a stored value in it; or, when the form comes back, with what was `posted`."""
    name = prefix + spec.name
    masked = str(value) if is_masked(value) else ""
    widget = {"datetime": "datetime-local"}.get(spec.kind.widget, spec.kind.widget)
    drawn: dict[str, Any] = {
        "name": name,
        "label": capfirst(str(spec.label)),
        "widget": widget,
        "value": _value(spec, value, posted, name),
        "required": not masked and (spec.required if required is None else required),
        "masked": masked,
        "help": spec.help,
        "unit": spec.unit,
        "errors": [str(error) for error in errors],
        "maxlength": spec.max_length if spec.kind.name in ("text", "phone", "email", "address") else None,
        "span": 2 if spec.kind.wide else 1,
        "autocomplete": _NO_AUTOCOMPLETE,
        "kind": spec.kind.name,
        "attrs": {},
        # For the script that hides what does not apply while somebody types; the server judges when it is saved.
        "shown_when": json.dumps(dict(spec.shown_when)) if spec.shown_when and not prefix else "",
        "required_when": json.dumps(dict(spec.required_when)) if spec.required_when and not prefix else "",
    }
    if widget in ("select", "multiselect"):
        drawn["choices"] = _choices(spec, drawn["value"], drawn["required"])
        drawn["span"] = 2 if widget == "multiselect" and len(drawn["choices"]) > 5 else 1
    elif spec.kind.name == "file":
        drawn["kept"] = _kept_file(spec, value, posted, name)
    elif spec.kind.name in LINK_KINDS:
        drawn["link"] = _link(ctx, spec, value, posted, name, veiled)
    return drawn


def readonly(ctx: Context, spec: FieldSpec, record: Any) -> dict[str, Any]:
    """A field that only actions set: shown among the others, not sent."""
    is_veiled = spec.kind.name == "link" and unseen(ctx, spec.target, {spec.stored(record)} - {None})
    return {
        "name": spec.name,
        "label": capfirst(str(spec.label)),
        "widget": "readonly",
        "value": HIDDEN if is_veiled else spec.text(record),
        "span": 2 if spec.kind.wide else 1,
        "help": "",
        "errors": [],
    }


def _value(spec: FieldSpec, value: Any, posted: Mapping[str, Any] | None, name: str) -> Any:
    if posted is None:
        return as_entered(spec, value)
    if spec.kind.name == "multi_choice":
        return posted.getlist(name)  # type: ignore[attr-defined]
    return posted.get(name, "")


def _choices(spec: FieldSpec, value: Any, required: bool) -> list[tuple[str, Any, bool]]:
    chosen = {str(item) for item in value} if isinstance(value, list) else {str(value)}
    offered = [(str(key), label, str(key) in chosen) for key, label in spec.choices]
    if spec.kind.widget == "multiselect":
        return offered
    known = {key for key, _label, _chosen in offered}
    if value not in ("", None) and str(value) not in known and not isinstance(value, list):
        # A choice that is no longer offered stays with the record that has it.
        offered.insert(0, (str(value), spec.kind.text(spec, value), True))
    has_choice = any(chosen_now for _key, _label, chosen_now in offered)
    if not required or not has_choice:
        offered.insert(0, ("", "—" if not required else _("Please choose"), not has_choice))
    return offered


def _kept_file(spec: FieldSpec, value: Any, posted: Mapping[str, Any] | None, name: str) -> dict[str, Any] | None:
    row = value if isinstance(value, models.Model) else None
    if posted is not None and is_id(posted.get(name + KEPT)):
        row = spec.column.related_model._default_manager.filter(pk=posted[name + KEPT]).first()  # type: ignore[union-attr]
    return {"id": str(row.pk), "name": str(row)} if row is not None else None


def _link(
    ctx: Context,
    spec: FieldSpec,
    value: Any,
    posted: Mapping[str, Any] | None,
    name: str,
    veiled: Collection[Any] | None = None,
) -> dict[str, Any]:
    """`veiled`: the ids that the person may not see, where that has been asked for many rows at once."""
    app, noun = spec.target.split(".")
    target = registry.find(spec.target)
    may_create = target is not None and target.can("create") and ctx.may(target, "create")
    link = {
        "id": "",
        "title": "",
        # Who sees none of them has no window to choose from; a number or a full name he can still enter.
        "picker_url": f"/{app}/{noun}/pick/" if target is None or ctx.may(target) else "",
        "new_url": addresses.of_module(target, "new") if target is not None and may_create else "",
    }
    if posted is not None:
        link["id"], link["title"] = posted.get(name, ""), posted.get(name + TEXT, "")
        if link["id"] and not link["title"] and is_id(link["id"]):
            value = candidates(ctx, spec).filter(pk=link["id"]).first()
    if isinstance(value, models.Model) and not link["title"]:
        link["id"] = str(value.pk)
        if veiled is None:
            veiled = unseen(ctx, spec.target, {value.pk}) if spec.kind.name == "link" else ()
        link["title"] = HIDDEN if value.pk in veiled else str(value)
    return link


def mask_boxes(specs: Iterable[FieldSpec], prefix: str = "") -> list[str]:
    """The names of the boxes on a form: an empty one is not sent, so the form says which it had."""
    return [prefix + spec.name for spec in specs if spec.kind.name in ("boolean", "multi_choice")]
