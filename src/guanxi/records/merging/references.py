"""What refers to a record, in whichever table of whichever room: found from the models, moved, counted, put back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.rows import Row
from guanxi.records import derived, events, history, registry
from guanxi.records.context import Context
from guanxi.records.models import Merge, MovedReference
from guanxi.records.references import referring
from guanxi.records.registry import Registered
from guanxi.records.work import Item, Work


@dataclass(frozen=True)
class Reference:
    """A column that leads to records of a type; `keyed` where a table names them by type and id."""

    model: type[models.Model]
    column: str
    keyed: bool = False

    def rows(self, module: str, ids: Collection[uuid.UUID]) -> models.QuerySet[Any]:
        """The rows that lead to these records."""
        found = self.model._default_manager.filter(**{f"{self.column}__in": ids})
        return found.filter(module=module) if self.keyed else found

    @property
    def attname(self) -> str:
        """The column as its rows hold it: the id."""
        column = self.model._meta.get_field(self.column)
        assert isinstance(column, models.Field)
        return column.attname

    @property
    def cascades(self) -> bool:
        """Whether its rows live and die with the record."""
        remote = getattr(self.model._meta.get_field(self.column), "remote_field", None)
        return remote is not None and remote.on_delete is models.CASCADE


def references_to(model: type[Any]) -> tuple[Reference, ...]:
    """Every column that leads to records of a model, in a fixed order, so that two that move rows never cross."""
    return _found(model._meta.label_lower)


@cache
def _found(label: str) -> tuple[Reference, ...]:
    model = apps.get_model(label)
    found, keyed = [], referring()
    for other in sorted(apps.get_models(include_auto_created=True), key=lambda each: each._meta.label_lower):
        for column in other._meta.concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is model and not column.primary_key:
                found.append(Reference(other, column.name))
        # What somebody asked for is about the record of that day: it is not asked of another one.
        if other in keyed and "emptied_with_record" not in vars(other):
            found.append(Reference(other, "record_id", keyed=True))
        # What belongs to something that belongs to the record: its id says so by itself.
        if "within_id" in {column.name for column in other._meta.concrete_fields}:
            found.append(Reference(other, "within_id"))
    return tuple(found)


# ---- Moving ----------------------------------------------------------------------------------------------------------


def move(ctx: Context, known: Registered, merge: Merge, survivor: Any, others: Sequence[Any]) -> None:
    """Make everything that leads to the others lead to the survivor, and note each row for an undoing.

    Rows that the survivor has already under a unique key stay with the record they belong to. Conflict where that is
    not possible.
    """
    ids = {other.pk for other in others}
    for reference in references_to(known.module.model):
        rows = list(reference.rows(known.module.key, ids).select_for_update().order_by("pk"))
        if reference.model is known.module.model:
            # What the merged ones say of each other, and the survivor of them, is the merge's own business.
            rows = [row for row in rows if row.pk not in ids and row.pk != survivor.pk]
        staying = _clashing(known, reference, survivor, rows)
        moved = [row for row in rows if row.pk not in staying]
        if moved:
            former = {row.pk: getattr(row, reference.attname) for row in moved}
            MovedReference.objects.bulk_create(
                [
                    MovedReference(
                        merge=merge, table=reference.model._meta.label_lower, column=reference.column,
                        row_id=str(pk), former_id=key,
                    )
                    for pk, key in former.items()
                ],
                batch_size=1000,
            )  # fmt: skip
            titles = {other.pk: other for other in others}
            lead(ctx, reference, [(row, titles[former[row.pk]], survivor) for row in moved], merge_verb="merge")


def lead(ctx: Context, reference: Reference, moves: Sequence[tuple[Any, Any, Any]], *, merge_verb: str) -> None:
    """Make rows lead elsewhere: (row, the record it led to, the one it leads to now)."""
    model, manager = reference.model, reference.model._default_manager
    kept = (
        {"version": F("version") + 1, "changed_at": ctx.now, "changed_by": ctx.actor} if issubclass(model, Row) else {}
    )
    by_target: dict[Any, list[Any]] = {}
    for row, _old, new in moves:
        by_target.setdefault(new.pk, []).append(row.pk)
    for target, keys in by_target.items():
        for start in range(0, len(keys), 500):
            manager.filter(pk__in=keys[start : start + 500]).update(**{reference.attname: target}, **kept)
    module = registry.find(model._meta.label_lower)
    if module is None or reference.keyed:
        return
    known = registry.entry(module)
    if reference.column not in known.fields:
        return
    rows = manager.in_bulk([row.pk for row, _old, _new in moves])
    works = [
        Work(Item(), record=rows[row.pk], changes={reference.column: [history.plain(old), history.plain(new)]})
        for row, old, new in moves
    ]
    history.write(ctx, known, merge_verb, works)
    derived.refresh(known, [work.record for work in works], {reference.column})
    events.publish(events.RecordsWritten(module.key, merge_verb, tuple(rows), ctx.actor.pk))


# ---- Unique keys -----------------------------------------------------------------------------------------------------


def _clashing(known: Registered, reference: Reference, survivor: Any, rows: Sequence[Any]) -> set[Any]:
    """The rows that cannot move because the survivor has one of the same key already."""
    staying: set[Any] = set()
    for names, condition in _unique_keys(known, reference):
        others = [name for name in names if name != reference.column]
        manager = reference.model._default_manager
        bound = manager.filter(condition) if condition is not None else manager.all()
        own = bound.filter(pk__in=reference.rows(known.module.key, [survivor.pk]).values("pk"))
        held = set(own.values_list(*others)) if others else {()} if own.exists() else set()
        concerned = set(bound.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        for row in rows:
            key = tuple(getattr(row, row._meta.get_field(name).attname) for name in others)
            if row.pk not in concerned or row.pk in staying or None in key:
                continue
            if key in held:
                staying.add(row.pk)
            held.add(key)
    stuck = [row for row in rows if row.pk in staying and not reference.cascades and _is_live(row)]
    if stuck:
        raise Conflict(
            Message(
                "%(kind)s: several of these records have “%(row)s”; only one of them can have it. Settle that first.",
                kind=reference.model._meta.verbose_name, row=str(stuck[0]),
            )
        )  # fmt: skip
    return staying


def _is_live(row: Any) -> bool:
    return getattr(row, "deleted_at", None) is None


def _unique_keys(known: Registered, reference: Reference) -> Iterator[tuple[tuple[str, ...], models.Q | None]]:
    """The unique keys that a column is part of: those of the table, and that of a document's lines."""
    options = reference.model._meta
    if getattr(options.get_field(reference.column), "unique", False):
        yield (reference.column,), None
    for constraint in options.constraints:
        if isinstance(constraint, models.UniqueConstraint) and reference.column in constraint.fields:
            yield tuple(constraint.fields), constraint.condition
    for together in options.unique_together:
        if reference.column in together:
            yield tuple(together), None
    lines = known.module.lines
    if lines is not None and lines.model is reference.model and lines.parent == reference.column and lines.unique:
        yield (reference.column, *lines.unique), None


# ---- Putting back ----------------------------------------------------------------------------------------------------


def put_back(ctx: Context, known: Registered, merge: Merge, survivor: Any, others: Sequence[Any]) -> int:
    """Make what was moved lead to its former record again, where it still leads to the survivor; returns how many
    rows have been led elsewhere, or are gone, since."""
    left = 0
    by_id = {other.pk: other for other in others}
    for reference in references_to(known.module.model):
        noted = {
            moved.row_id: moved.former_id
            for moved in merge.moved.filter(table=reference.model._meta.label_lower, column=reference.column)
        }
        if not noted:
            continue
        rows = reference.rows(known.module.key, [survivor.pk]).filter(pk__in=list(noted)).select_for_update()
        moves = [(row, survivor, by_id[noted[str(row.pk)]]) for row in rows.order_by("pk")]
        left += len(noted) - len(moves)
        if moves:
            lead(ctx, reference, moves, merge_verb="unmerge")
    return left


# ---- Counting --------------------------------------------------------------------------------------------------------


def counts(known: Registered, ids: Sequence[uuid.UUID]) -> list[tuple[str, list[int]]]:
    """How many live rows lead to each of these records, by what they are; kinds without any are left out."""
    found: dict[str, list[int]] = {}
    for reference in references_to(known.module.model):
        names = {column.name for column in reference.model._meta.concrete_fields}
        rows = reference.rows(known.module.key, ids)
        if "deleted_at" in names:
            rows = rows.filter(deleted_at=None)
        numbers = dict(rows.order_by().values_list(reference.attname).annotate(models.Count("pk")))
        if numbers:
            label = str(reference.model._meta.verbose_name_plural)
            line = found.setdefault(label, [0] * len(ids))
            for place, key in enumerate(ids):
                line[place] += numbers.get(key, 0)
    return list(found.items())
