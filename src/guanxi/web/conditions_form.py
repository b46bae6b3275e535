"""The form of a condition in the filter language: some rows of field, operator and value, and how they are joined.

A page draws it with `c.condition_rows`; several conditions on one page have different names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Invalid
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import OPERATOR_LABELS
from guanxi.records.registry import Registered
from guanxi.records.wording import BARE
from guanxi.web.gate import Request

#: Rows of the form.
ROWS = 3


def offered(known: Registered, without: str = "") -> list[FieldSpec]:
    """The fields that a condition may ask about: those of the form, but files and what has no form."""
    names = {name for section in known.sections for name in section.fields if name != without}
    return [spec for name, spec in known.fields.items() if name in names and spec.kind.name not in ("file", "data")]


def posted(request: Request, known: Registered, name: str) -> dict[str, Any]:
    """The condition that was sent under a name, as a tree; Invalid under that name for a value that does not fit."""
    parts = []
    for index in range(ROWS):
        field, operator, text = (
            request.POST.get(f"{name}-{part}{index}", "").strip() for part in ("field", "op", "value")
        )
        spec = known.fields.get(field)
        if spec is None:
            continue
        node: dict[str, Any] = {"field": field, "op": operator}
        if operator not in BARE:
            try:
                node["value"] = _value(spec, operator, text)
            except Invalid as problem:
                raise Invalid({name: [text for found in problem.errors.values() for text in found]}) from problem
        parts.append(node)
    return {"any" if request.POST.get(f"{name}-join") == "any" else "all": parts} if parts else {}


def drawn(
    request: Request, known: Registered, name: str, label: Any, tree: Mapping[str, Any] | None,
    fields: Iterable[FieldSpec], errors: Iterable[object] = (),
) -> dict[str, Any]:  # fmt: skip
    """The condition for the macro: as it stands, or as it was sent and refused."""
    tree = tree or {}
    standing = [tree] if "field" in tree else tree.get("all") or tree.get("any") or []
    specs = list(fields)
    rows = []
    for index in range(ROWS):
        node = standing[index] if index < len(standing) else {}
        values = {part: node.get(part, "") for part in ("field", "op")} | {"value": _shown(known, node)}
        if request.method == "POST":
            values = {part: request.POST.get(f"{name}-{part}{index}", "") for part in values}
        rows.append(
            {
                "index": index,
                "fields": [(spec.name, capfirst(str(spec.label)), spec.name == values["field"]) for spec in specs],
                "operators": [(key, text, key == values["op"]) for key, text in OPERATOR_LABELS.items()],
                "value": values["value"],
            }
        )
    join = request.POST.get(f"{name}-join") if request.method == "POST" else ("any" if "any" in tree else "all")
    return {
        "name": name, "label": label, "join": join, "rows": rows, "errors": [str(message) for message in errors],
    }  # fmt: skip


def _value(spec: FieldSpec, operator: str, text: str) -> Any:
    if operator in ("in", "not_in"):
        parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        return [spec.kind.parse(spec, part) if spec.kind.name == "choice" else _one(spec, part) for part in parts]
    if operator == "between":
        return [part.strip() for part in text.replace("，", ",").split(",")]
    return text


def _one(spec: FieldSpec, text: str) -> str:
    found = spec.kind.parse(spec, text) if spec.kind.name == "multi_choice" else (text,)
    return str(found[0]) if found else text


def _shown(known: Registered, node: Mapping[str, Any]) -> str:
    value, spec = node.get("value", ""), known.fields.get(node.get("field", ""))
    if not isinstance(value, list):
        return str(value)
    labels = {str(key): str(label) for key, label in spec.choices} if spec else {}
    return _(", ").join(labels.get(str(item), str(item)) for item in value)
