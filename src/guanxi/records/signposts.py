"""Where a merged record went: its id and its number lead to the record that survived."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from guanxi.platform.prepared import Prepared
from guanxi.records.context import Context
from guanxi.records.models import Merged
from guanxi.records.module import Module


def survivor_of(module: str, record: uuid.UUID) -> uuid.UUID | None:
    """The record into which this one was merged, through further merges to the last; None where it never was."""
    found: uuid.UUID | None = None
    here = record
    while True:
        there = (
            Merged.objects.filter(record_id=here, live=True, merge__module=module)
            .values_list("survivor_id", flat=True)
            .first()
        )
        if there is None:
            return found
        found = here = there


def seen_survivor_of(ctx: Context, module: Module, record: uuid.UUID) -> uuid.UUID | None:
    """The same, for who asks: None also where the record that survived is none of his business."""
    survivor = survivor_of(module.key, record)
    if survivor is None or not ctx.search(module).filter(pk=survivor).exists():
        return None
    return survivor


_BELOW = Prepared(
    lambda survivors: Merged.objects.filter(survivor_id__in=survivors, live=True).values_list(
        "record_id", "survivor_id", "number"
    )
)


def numbers_of(records: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The numbers of all that went into these records, directly or through others: they are found by them."""
    found: dict[uuid.UUID, list[str]] = {}
    roots = {record: record for record in records}
    while roots:
        level = _BELOW.rows(survivors=list(roots))
        below = {}
        for record, survivor, number in level:
            below[record] = roots[survivor]
            if number:
                found.setdefault(roots[survivor], []).append(number)
        roots = below
    return found
