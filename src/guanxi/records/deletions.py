"""What was deleted for good, as a list that is kept apart from the backups: a restore must not bring it back."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, PURGE

if TYPE_CHECKING:
    from guanxi.records.context import Context


@dataclass(frozen=True)
class Deletion:
    """One record that was deleted for good: nothing of it but its type, id and moment."""

    at: datetime.datetime
    module: str
    record_id: uuid.UUID

    def line(self) -> str:
        """As one line of the list."""
        return json.dumps({"at": self.at.isoformat(), "module": self.module, "record": str(self.record_id)})


def since(moment: datetime.datetime | None = None) -> Iterator[Deletion]:
    """Everything that was deleted for good (since that moment), oldest first, from the audit trail."""
    entries = AuditEntry.objects.filter(action=PURGE.name, outcome=Outcome.DONE).exclude(record_id=None)
    if moment is not None:
        entries = entries.filter(at__gte=moment)
    for at, module, record_id in entries.order_by("id").values_list("at", "module", "record_id").iterator():
        assert record_id is not None  # excluded above
        yield Deletion(at, module, record_id)


def read(lines: Iterable[str]) -> list[Deletion]:
    """The list that `line` wrote. Raises Invalid naming the first line that cannot be read."""
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            given = json.loads(line)
            at = datetime.datetime.fromisoformat(given["at"])
            found.append(Deletion(at, str(given["module"]), uuid.UUID(given["record"])))
        except (ValueError, KeyError, TypeError):
            raise Invalid(Message("Line %(number)s of the list of deletions cannot be read.", number=number)) from None
    return found


def apply(ctx: Context, deletions: Iterable[Deletion]) -> tuple[int, list[str]]:
    """Delete again for good what is here; returns how many records, and what could not be deleted and why.

    `ctx`: unbounded (`system_context`): whoever deleted it the first time had the right to. Each deletion goes the
    ordinary way, with its entry in the audit.
    """
    count = 0
    problems = []
    for deletion in deletions:
        module = registry.find(deletion.module)
        row = module.model._default_manager.filter(pk=deletion.record_id).first() if module else None
        if module is None or row is None:
            continue
        told = ctx.because(f"deleted for good on {deletion.at.date().isoformat()}, before the restore")
        try:
            if row.deleted_at is None:
                run(DELETE, told, module, row.pk)
            run(PURGE, told, module, row.pk)
            count += 1
        except Problem as problem:
            problems.append(f"{deletion.module} {deletion.record_id}: {problem.message}")
    return count, problems
