"""Taking back what one batch of changes did: each record gets its former values again, as the audit trail tells them.

Imports and bulk actions share this. A record on which somebody has worked since stays as it is: the version that the
batch left behind is compared under the lock, like that of any other edit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import NotFound, Problem, Stale
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import AuditEntry
from guanxi.records import history
from guanxi.records.actions import Action, judge_written, run_many, save_changed
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.links import LINK_KINDS
from guanxi.records.registry import Registered
from guanxi.records.standard import DELETE, RESTORE, check_unique
from guanxi.records.work import Item, Work, add_error

PART = 500


@dataclass(frozen=True)
class Left:
    """A record as a batch left it: the version it had then."""

    record: uuid.UUID
    version: int


def put_back(
    ctx: Context, known: Registered, verb: str, batch: uuid.UUID, left: Sequence[Left]
) -> list[Problem | None]:
    """Undo what the verb did to these records in that batch; for each of them None, or why it stays as it is.

    The right to do so is the caller's to judge: it runs with the context it is given.
    """
    if not left:
        return []
    if opposite := {DELETE.name: RESTORE, RESTORE.name: DELETE}.get(verb):
        items = [Item(each.record, version=each.version, confirmed=True) for each in left]
        return [work.problem for work in run_many(opposite, ctx, known.module, items, keep_good=True)]
    former = former_values(known, verb, batch, [each.record for each in left])
    items = [Item(each.record, former.get(each.record, {}), each.version, confirmed=True) for each in left]
    return [work.problem for work in run_many(UNDO, ctx, known.module, items, keep_good=True)]


def former_values(
    known: Registered, verb: str, batch: uuid.UUID, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """What each record held before the batch first changed it, as the audit trail keeps values."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    entries = AuditEntry.objects.filter(
        batch=batch, module=known.module.key, record_id__in=list(ids), action=verb, outcome="done"
    )
    for record, changes in entries.order_by("id").values_list("record_id", "changes"):
        assert record is not None
        values = found.setdefault(record, {})
        for name, (before, _after) in changes.items():
            values.setdefault(name, before)
    return found


def why_kept(problem: Problem) -> Message:
    """Why a record stays as the batch left it, or as somebody has made it since."""
    if isinstance(problem, Stale):
        return Message("It has been changed since.")
    if isinstance(problem, NotFound):
        return Message("It has been deleted since.")
    return problem.message


# ---- The action ------------------------------------------------------------------------------------------------------


def _plan_undo(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    for work in works:
        for name, kept in work.item.data.items():
            spec = known.fields.get(name)
            if spec is None or (spec.kind.name == "sealed" and kept):
                add_error(work, "", Message("What was changed here cannot be put back: %(name)s.", name=name))
            else:
                work.values[name] = history.held(spec, kept)
    for spec in known.fields.values():
        if spec.kind.name in LINK_KINDS:
            _find_rows(spec, [work for work in works if work.values.get(spec.name) is not None])
    check_unique(known, works)


def _find_rows(spec: FieldSpec, works: list[Work]) -> None:
    """The rows that links led to, whoever may see them now: they stood there before."""
    model = spec.column.related_model
    assert isinstance(model, type)
    rows = model._default_manager.in_bulk([work.values[spec.name] for work in works])
    for work in works:
        row = rows.get(work.values[spec.name])
        if row is None or getattr(row, "deleted_at", None) is not None:
            add_error(work, spec.name, Message("%(field)s: what stood there has been deleted.", field=spec.label))
        else:
            work.values[spec.name] = row


def _execute_undo(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        known.assign(work.record, work.values)
        work.changes = history.difference(known, work.before, work.record)
        work.result = work.record
    judge_written(ctx, known, works)
    save_changed(ctx, known, [work for work in works if work.changes])


UNDO = Action(
    name="undo",
    label=_("Undo"),
    icon="arrow-back-up",
    may_leave_scope=True,
    plan=_plan_undo,
    execute=_execute_undo,
)
