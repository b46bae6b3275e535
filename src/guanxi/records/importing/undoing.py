"""Taking an import back: what it created goes to the recycle bin, what it changed gets its old values again.

Whatever somebody has worked on since stays as it is and is reported.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from guanxi.kernel.errors import Problem
from guanxi.kernel.messages import Message
from guanxi.records import problems, registry, undoing
from guanxi.records.actions import run_many
from guanxi.records.context import Context
from guanxi.records.importing.rows import save_rows
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import Registered
from guanxi.records.standard import DELETE, EDIT
from guanxi.records.steps import Pace, Renew, Steps
from guanxi.records.work import Item

CHUNK = 500
DONE = (ImportRow.State.CREATED, ImportRow.State.UPDATED)


@dataclass
class Touched:
    """A record that the import wrote, whether it made it, and the version that its last row left behind."""

    record: uuid.UUID
    created: bool = False
    version: int = 0


def undo_rows(renew: Renew, run: ImportRun, steps: Steps) -> None:
    """Take back what the run wrote and nobody has changed since; goes on where an interruption left it."""
    known = registry.entry(run.module)
    records = _touched(run)
    done, pace = 0, Pace(CHUNK)
    while part := records[done : done + pace.size]:
        with transaction.atomic(), pace.measured():
            ImportRun.objects.select_for_update().get(pk=run.pk)
            ctx = renew()
            created = [touched for touched in part if touched.created]
            changed = [touched for touched in part if not touched.created]
            _remove(ctx, known, run, created)
            _restore(ctx, known, run, changed)
        done += len(part)
        steps.step(done, len(records))


def _touched(run: ImportRun) -> list[Touched]:
    found: dict[uuid.UUID, Touched] = {}
    rows = run.rows.filter(state__in=DONE).order_by("-line").values_list("record_id", "state", "version_after")
    for record, state, version in rows:
        assert record is not None and version is not None
        touched = found.setdefault(record, Touched(record))
        touched.created |= state == ImportRow.State.CREATED
        touched.version = max(touched.version, version)
    return list(found.values())


def _remove(ctx: Context, known: Registered, run: ImportRun, records: Sequence[Touched]) -> None:
    with_more = _given_more(known, [touched.record for touched in records])
    for touched in records:
        if touched.record in with_more:
            _keep(run, touched.record, Message("Other records have been added to it since."))
    free = [touched for touched in records if touched.record not in with_more]
    if not free:
        return
    works = run_many(
        DELETE, ctx, known.module, [Item(touched.record, version=touched.version) for touched in free], keep_good=True
    )
    _settle(run, free, [work.problem for work in works])


def _given_more(known: Registered, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """The records to which somebody has added contacts, visits or the like."""
    found: set[uuid.UUID] = set()
    for related in known.module.related:
        model = registry.entry(related.module).module.model
        below = model._default_manager.filter(**{f"{related.link}__in": ids}, deleted_at=None)
        found.update(below.values_list(related.link, flat=True).distinct())
    return found


def _restore(ctx: Context, known: Registered, run: ImportRun, records: Sequence[Touched]) -> None:
    left = [undoing.Left(touched.record, touched.version) for touched in records]
    _settle(run, records, undoing.put_back(ctx, known, EDIT.name, run.pk, left))


def _settle(run: ImportRun, records: Sequence[Touched], found: Sequence[Problem | None]) -> None:
    undone = [touched.record for touched, problem in zip(records, found, strict=True) if problem is None]
    run.rows.filter(record_id__in=undone, state__in=DONE).update(state=ImportRow.State.UNDONE)
    for touched, problem in zip(records, found, strict=True):
        if problem is not None:
            _keep(run, touched.record, undoing.why_kept(problem))


def _keep(run: ImportRun, record: uuid.UUID, why: Message) -> None:
    rows = list(run.rows.filter(record_id=record, state__in=DONE))
    for row in rows:
        row.state, row.problems = ImportRow.State.KEPT, [problems.note("", why)]
    save_rows(rows)
