"""Records as plain data: the one way in which interface, webhooks and agents read them, with one person's rights.

    {"id": "0197…", "version": 3, "name": "川兴酒业", "credit": "120000.00", "founded_on": "2009-05-12",
     "owner": {"id": "0197…", "title": "李伟"}, "parent": {"id": null, "title": null, "hidden": true}}

Money, numbers and percentages are texts, so that no reader rounds them; a choice is its stored value; days and moments
are ISO 8601; a link is the id and the name of what it leads to, or `hidden` where the person may not see that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db import models

from guanxi.records import disclosing, links, masking, registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec, is_masked
from guanxi.records.history import plain
from guanxi.records.links import LINK_KINDS
from guanxi.records.module import Lines, Module
from guanxi.records.registry import Registered
from guanxi.records.standard import LINES

#: What a record that is not in the bin has nothing to say in.
LEFT_OUT = frozenset({"deleted_at", "deleted_by"})
#: Always told: without them a record can be neither named nor changed.
ALWAYS = ("id", "version")
#: Under this name stand the fields that the person may not read; their values are null.
MASKED = "masked"

Read = Callable[[Any], Any]


def names_of(known: Registered) -> tuple[str, ...]:
    """Everything that is told of a record: its fields, its computed figures, and its lines where it has any."""
    fields = [name for name in known.fields if name not in LEFT_OUT and name not in ALWAYS]
    lines = [LINES] if known.module.lines else []
    return (*ALWAYS, *fields, *known.computed, *lines)


def as_data(
    ctx: Context, module: Module | str, records: Iterable[models.Model], names: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Each record as a JSON-safe mapping, in order; `names` narrows it, unknown ones are passed over.

    The records are those that the caller has already got through the person's scope (`ctx.search`, `ctx.get`).
    """
    known = registry.entry(module)
    rows = masking.guard(ctx, known, records)
    wanted = [name for name in names_of(known) if not names or name in names or name in ALWAYS]
    read = {name: _reader(ctx, known, name, rows) for name in wanted}
    told = [{name: value(row) for name, value in read.items()} for row in rows]
    for row, data in zip(rows, told, strict=True):
        if hidden := masking.hidden_in(row) | masking.sealed_in(known, row):
            data[MASKED] = sorted(hidden & data.keys())
    return told


def one(ctx: Context, module: Module | str, record: models.Model) -> dict[str, Any]:
    """One record as a JSON-safe mapping, see `as_data`; that it is told goes on record."""
    disclosing.looked_at(ctx, registry.module(module) if isinstance(module, str) else module, record)
    return as_data(ctx, module, [record])[0]


def _reader(ctx: Context, known: Registered, name: str, rows: Sequence[Any]) -> Read:
    """How one column is told of each of these rows; what must be asked of the database is asked once for all."""
    if spec := known.fields.get(name):
        hidden = links.veiled(ctx, known, name, rows) if spec.kind.name in LINK_KINDS else set()
        return _field_reader(spec, rows, hidden)
    if figure := known.computed.get(name):
        worked_out = figure.figure
        return lambda row: _value(figure.kind, worked_out(row))
    assert known.module.lines is not None
    return _lines_reader(ctx, known, known.module.lines, rows)


def _field_reader(spec: FieldSpec, rows: Sequence[Any], hidden: Collection[Any]) -> Read:
    kind = spec.kind.name
    if kind not in LINK_KINDS:
        return lambda row: _value(kind, _clear(spec.value(row)))
    spec.load(rows)

    def linked(row: Any) -> dict[str, Any] | None:
        if spec.stored(row) in hidden:
            return {"id": None, "title": None, "hidden": True}
        target = spec.value(row)
        return None if target is None else plain(target)

    return linked


def _clear(value: Any) -> Any:
    """A mask is no value: whoever reads by program is told which fields are masked, and nothing of them."""
    return None if is_masked(value) else value


def _value(kind: str, value: Any) -> Any:
    return format(value, ".2f") if kind == "money" and value is not None else plain(value)


def _lines_reader(ctx: Context, known: Registered, lines: Lines, rows: Sequence[Any]) -> Read:
    """The lines of all the documents in one query."""
    found = list(lines.model._default_manager.filter(**{f"{lines.parent}__in": rows}).order_by(*lines.sort))
    parent = lines.model._meta.get_field(lines.parent).attname
    read: dict[str, Read] = {"id": lambda line: str(line.pk)}
    for name, spec in known.line_fields.items():
        hidden: set[Any] = set()
        if spec.kind.name in LINK_KINDS:
            hidden = links.unseen(ctx, spec.target, {key for line in found if (key := spec.stored(line))})
        read[name] = _field_reader(spec, found, hidden)
    below: dict[Any, list[dict[str, Any]]] = {}
    for line in found:
        below.setdefault(getattr(line, parent), []).append({name: value(line) for name, value in read.items()})
    return lambda row: below.get(row.pk, [])
