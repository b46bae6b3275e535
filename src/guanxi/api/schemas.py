"""Record types as JSON Schema, from the same descriptions as their forms; and what JSON may stand for a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.fields import FieldSpec
from guanxi.records.module import Computed
from guanxi.records.registry import Registered
from guanxi.records.standard import LINES

Schema = dict[str, Any]

#: What JSON may be sent for a field of a kind. Exact numbers may come as texts; a link as id, number or exact name.
_SENT: Mapping[str, tuple[str, ...]] = {
    "boolean": ("boolean",),
    "integer": ("integer", "string", "null"),
    "number": ("number", "string", "null"),
    "money": ("number", "string", "null"),
    "percent": ("number", "string", "null"),
    "choice": ("string", "integer", "null"),
    "multi_choice": ("array", "null"),
    "tags": ("array", "null"),
}
_ANYTHING = ("object", "array", "string", "number", "boolean", "null")
_TEXT = ("string", "null")

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
}

_LINK: Schema = {
    "type": ["object", "null"],
    "description": "What it leads to; `hidden` where the caller may not see that.",
    "properties": {
        "id": {"type": ["string", "null"]},
        "title": {"type": ["string", "null"]},
        "hidden": {"type": "boolean"},
    },
    "required": ["id", "title"],
}
_READ: Mapping[str, Schema] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["string", "null"], "description": "An exact decimal number."},
    "percent": {"type": ["string", "null"], "description": "Per cent: 12.50 is twelve and a half."},
    "money": {"type": ["string", "null"], "description": "Yuan with two decimals.", "examples": ["1234.50"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "moment": {"type": ["string", "null"], "format": "date-time"},
    "boolean": {"type": "boolean"},
    "choice": {"type": ["string", "integer", "null"]},
    "multi_choice": {"type": "array", "items": {"type": "string"}},
    "tags": {"type": "array", "items": {"type": "string"}},
    "link": _LINK,
    "person": _LINK,
    "file": _LINK,
    "data": {},
}


# ---- Reading ---------------------------------------------------------------------------------------------------------


def record(known: Registered) -> Schema:
    """A record as it is read. A list tells only the columns asked for: no field but id and version is certain."""
    properties = {spec.name: _read(spec) for spec in known.fields.values()}
    properties |= {figure.name: _figure(figure) for figure in known.computed.values()}
    if known.module.lines:
        properties[LINES] = {"type": "array", "items": _line(known)}
    properties |= {"id": {"type": "string", "format": "uuid"}, "version": {"type": "integer"}}
    return {
        "type": "object",
        "title": str(known.module.label),
        "properties": properties,
        "required": ["id", "version"],
    }


def _read(spec: FieldSpec) -> Schema:
    shape: Schema = {"title": str(spec.label), **_READ.get(spec.kind.name, {"type": ["string", "null"]})}
    if spec.target:
        shape["x-target"] = spec.target
    if spec.choices:
        shape["x-choices"] = {str(value): str(label) for value, label in spec.choices}
    return shape


def _figure(figure: Computed) -> Schema:
    return {"title": str(figure.label), "readOnly": True}


def _line(known: Registered) -> Schema:
    properties: Schema = {"id": {"type": "string", "format": "uuid"}}
    return {"type": "object", "properties": properties | {s.name: _read(s) for s in known.line_fields.values()}}


# ---- Writing ---------------------------------------------------------------------------------------------------------


def input_of(specs: Iterable[FieldSpec], known: Registered | None = None, *, whole: bool = False) -> Schema:
    """What may be sent: these fields and no other. `whole`: mandatory ones must be there; `known`: with its lines."""
    fields = list(specs)
    properties = {spec.name: sent(spec) for spec in fields}
    if known is not None and known.module.lines:
        line = {spec.name: sent(spec) for spec in known.line_inputs.values()}
        properties[LINES] = {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string", "format": "uuid"}, **line},
                "additionalProperties": False,
            },
        }
    properties["_reason"] = {"type": "string", "description": "Why; kept in the audit trail.", "maxLength": 1000}
    properties["_confirmed"] = {"type": "boolean", "description": "The warnings of the last answer were read."}
    required = [spec.name for spec in fields if spec.required and not spec.has_default] if whole else []
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": required} if required else shape


def sent(spec: FieldSpec) -> Schema:
    """One field as it may be sent."""
    kind = spec.kind.name
    types = [each for each in _types_of(kind) if each != "null" or not spec.required]
    shape: Schema = {"title": str(spec.label), "type": types[0] if len(types) == 1 else types}
    if spec.help:
        shape["description"] = str(spec.help)
    if kind == "date":
        shape["format"] = "date"
    elif kind == "moment":
        shape["format"] = "date-time"
    elif kind in ("multi_choice", "tags"):
        shape["items"] = {"type": "string"}
    elif kind in ("text", "long_text", "address", "email") and spec.max_length:
        shape["maxLength"] = spec.max_length
    if spec.target:
        shape["x-target"] = spec.target
    if spec.choices:
        shape["x-choices"] = {str(value): str(label) for value, label in spec.choices}
    return shape


def _types_of(kind: str) -> tuple[str, ...]:
    return _ANYTHING if kind == "data" else _SENT.get(kind, _TEXT)


def refuse_wrong_types(values: Mapping[str, Any], specs: Mapping[str, FieldSpec]) -> None:
    """Invalid where a field got JSON of another type than it takes; whether the value fits is the record's to say."""
    wrong = {
        name: [Message("This value has the wrong form.")]
        for name, value in values.items()
        if name in specs and not _fits(specs[name].kind.name, value)
    }
    if wrong:
        raise Invalid(wrong)


def _fits(kind: str, value: Any) -> bool:
    types = _types_of(kind)
    if value is None:
        return "null" in types
    if isinstance(value, list) and "array" in types and kind != "data":
        return all(isinstance(part, str) for part in value)
    return any(_is(name, value) for name in types)


def _is(name: str, value: Any) -> bool:
    if name in ("integer", "number"):
        # What is exact in JSON came as int or Decimal; a yes or no is a number to Python only.
        return not isinstance(value, bool | str | list | dict) and (name == "number" or isinstance(value, int))
    return name != "null" and isinstance(value, _TYPES[name])
