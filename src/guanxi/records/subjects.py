"""Everything kept of one person, and making it unreadable: what the Personal Information Protection Law asks for.

A *subject* is a record that stands for a natural person, such as a contact. What is kept of it is found from the
register, not from a list: its own fields, every record that links to it, files and notices that name it, and the trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext

from guanxi.platform.audit import entries as audit
from guanxi.platform.audit import erasures
from guanxi.records import derived, reading, references, registry
from guanxi.records.actions import write_columns
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.history import KEPT
from guanxi.records.links import LINK_KINDS
from guanxi.records.models import BatchRow, ImportRow
from guanxi.records.registry import Registered

#: The verb by which a record type's person is erased; after a restore it is done again (see `records.deletions`).
ERASE = "erase_subject"


def report(ctx: Context, known: Registered, record: models.Model) -> dict[str, Any]:
    """What is kept of the person, as plain data: for the person, who may have a copy (art. 45).

    Whoever serves a subject sees the whole of it, whatever his own scope: `ctx` names him in the trail, no more.
    """
    whole = _seeing_all(ctx)
    linked = {other.module.key: rows for other, _spec, rows in _linking(known, record) if rows}
    trail = audit.history(known.module.key, record.pk)
    return {
        "record": reading.one(whole, known.module, record),
        "linked": {key: reading.as_data(whole, key, rows) for key, rows in linked.items()},
        "named_in": {
            model._meta.label_lower: [_columns(row) for row in rows] for model, rows in _naming(known, record) if rows
        },
        "trail": [
            {"at": entry.at.isoformat(), "by": entry.actor_name, "action": entry.action, "reason": entry.reason,
             "changes": entry.changes}
            for entry in erasures.veil(list(trail))
        ],
    }  # fmt: skip


def erase(ctx: Context, known: Registered, record: Any, kept: frozenset[str]) -> list[str]:
    """Empty every field of a person's record but the `kept` ones, and make what is told of him elsewhere unreadable.

    The record stays, without a name, so that what was agreed with the company it belongs to keeps its place. Gone are
    its values, its entries in search and comparison, the files and notices that name it, the rows of imports it came
    from; the trail up to now is veiled (see `platform.audit.erasures`). In the caller's transaction; returns the names
    of the emptied fields.
    """
    emptied = []
    for spec in _erasable(known, kept):
        if spec.stored(record) not in (None, "", ()):
            spec.assign(record, _nothing(spec, known))
            emptied.append(spec.name)
    record.version += 1
    record.changed_at, record.changed_by = ctx.now, ctx.actor
    columns = list(dict.fromkeys(registry.entry(known.module).fields[name].written for name in emptied))
    write_columns(known, [record], [*columns, "version", "changed_at", "changed_by"])
    derived.remove(known, [record])
    derived.add(known, [record])
    for other, spec, rows in _linking(known, record):
        derived.refresh(other, rows, {spec.name})
    references.forget(known.module.key, [record.pk])
    ImportRow.objects.filter(record_id=record.pk).update(values=[], problems=[], keys=[], duplicates=[])
    BatchRow.objects.filter(record_id=record.pk).update(problems=[])
    erasures.note(known.module.key, [record.pk], ctx.now)
    return emptied


def _erasable(known: Registered, kept: frozenset[str]) -> Iterator[FieldSpec]:
    for name, spec in known.fields.items():
        if name not in kept and name not in KEPT and name not in ("number", "owner", "department"):
            yield spec


def _nothing(spec: FieldSpec, known: Registered) -> Any:
    if spec.name == known.module.title:
        return gettext("(erased)")
    if spec.column.null:
        return None
    if spec.kind.name == "boolean":
        return False
    return () if spec.kind.name in ("multi_choice", "tags") else ""


def _linking(known: Registered, record: models.Model) -> Iterator[tuple[Registered, FieldSpec, list[Any]]]:
    """Every record of any type, in the bin or not, that links to this one, by the link."""
    for module in registry.modules():
        other = registry.entry(module)
        for spec in other.fields.values():
            if spec.kind.name in LINK_KINDS and spec.target == known.module.key:
                rows: models.QuerySet[Any] = module.model._default_manager.filter(**{spec.lookup: record.pk})
                yield other, spec, list(rows.order_by("pk"))


def _naming(known: Registered, record: models.Model) -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Rows of the platform that name the record by its type and id."""
    for model in references.referring():
        rows = model._default_manager.filter(module=known.module.key, record_id=record.pk)
        yield model, list(rows.order_by("pk"))


def _columns(row: models.Model) -> dict[str, Any]:
    return {
        column.name: _plain(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if not column.name.startswith("deleted")
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _seeing_all(ctx: Context) -> Context:
    return Context.of(ctx.actor, source=ctx.source, now=ctx.now, address=ctx.address, unbounded=True)
