"""The recycle bin: records go there with all that lives and dies with them, come back together, or go for good."""

from __future__ import annotations

from typing import Any

from django.db import models

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.obligations import keeping
from guanxi.records import derived, history, references, registry
from guanxi.records.context import Context
from guanxi.records.models import Merged
from guanxi.records.registry import Registered
from guanxi.records.work import Item, Work


def _children(known: Registered) -> list[tuple[Registered, str]]:
    """The record types that live and die with this one, in whichever room they are: their link cascades."""
    return [
        (registry.entry(other), column.name)
        for other in registry.modules()
        for column in other.model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
        and column.related_model is known.module.model
        and column.remote_field.on_delete is models.CASCADE
    ]


def execute_delete(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Records to the bin, with what lives and dies with them."""
    move_to_bin(ctx, known, [work.record for work in works])
    for work in works:
        work.result = work.record
        work.changes = {"deleted_at": [None, history.plain(ctx.now)]}


def move_to_bin(ctx: Context, known: Registered, records: list[Any]) -> None:
    """Put records into the bin; what lives and dies with them goes along, at the same moment."""
    for record in records:
        record.deleted_at, record.deleted_by = ctx.now, ctx.actor
        record.version += 1
    known.module.model._default_manager.bulk_update(records, ["deleted_at", "deleted_by", "version"], batch_size=200)
    derived.remove(known, records)
    keeping.lay_aside(known.module.key, [record.pk for record in records], ctx.now, ctx.actor)
    for other, link in _children(known):
        below = other.module.model._default_manager.filter(**{f"{link}__in": records}, deleted_at=None)
        if rows := list(below):
            move_to_bin(ctx, other, rows)


def execute_restore(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Records out of the bin, with what went there together with them; Conflict for one that was merged."""
    merged = set(
        Merged.objects.filter(record_id__in=[work.record.pk for work in works], live=True).values_list(
            "record_id", flat=True
        )
    )
    for work in works:
        if work.record.pk in merged:
            raise Conflict(
                Message("%(record)s was merged into another record: undo the merge instead.", record=str(work.record))
            )
        work.changes = {"deleted_at": [history.plain(work.record.deleted_at), None]}
        bring_back(ctx, known, [work.record], work.record.deleted_at)
        work.result = work.record


def bring_back(ctx: Context, known: Registered, records: list[Any], since: Any) -> None:
    """Bring back a record and what went to the bin together with it, at the same moment."""
    for record in records:
        record.deleted_at = record.deleted_by = None
        record.version += 1
    known.module.model._default_manager.bulk_update(records, ["deleted_at", "deleted_by", "version"], batch_size=200)
    derived.add(known, records)
    keeping.take_up(known.module.key, [record.pk for record in records], since)
    for other, link in _children(known):
        below = other.module.model._default_manager.filter(**{f"{link}__in": records}, deleted_at=since)
        if rows := list(below):
            bring_back(ctx, other, rows, since)


def execute_purge(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Records out of the bin for good; Conflict where something still refers to one."""
    for work in works:
        try:
            _purge(ctx, known, [work.record])
        except (models.ProtectedError, models.RestrictedError) as error:
            held = next(iter(getattr(error, "protected_objects", None) or error.restricted_objects))  # type: ignore[union-attr]
            raise Conflict(
                Message(
                    "%(record)s cannot be deleted for good: %(kind)s “%(other)s” still refers to it.",
                    record=str(work.record),
                    kind=held._meta.verbose_name,
                    other=str(held),
                )
            ) from error
        work.changes = _purged(work.record)


def _purge(ctx: Context, known: Registered, records: list[Any]) -> None:
    """Delete records with everything that lives and dies with them; each of those is entered in the audit too."""
    for other, link in _children(known):
        if below := list(other.module.model._default_manager.filter(**{f"{link}__in": records})):
            _purge(ctx, other, below)
            entries = [Work(item=Item(), record=row, changes=_purged(row)) for row in below]
            history.write(ctx, other, "purge", entries)
    ids = [record.pk for record in records]
    derived.remove(known, records)
    known.module.model._default_manager.filter(pk__in=ids).delete()
    # After them: a record holds on to the files that are named in its fields.
    references.forget(known.module.key, ids)


def _purged(record: Any) -> dict[str, list[Any]]:
    return {"deleted_at": [history.plain(record.deleted_at), "purged"]}
