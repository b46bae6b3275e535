"""What was deleted for good, and whose data was erased, as a list that is kept apart from the backups.

A restore must not bring any of it back.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.audit import erasures
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, PURGE
from guanxi.records.subjects import ERASE

if TYPE_CHECKING:
    from guanxi.records.context import Context

#: What a restore must not undo.
_LASTING = (PURGE.name, ERASE)


@dataclass(frozen=True)
class Deletion:
    """One record that was deleted for good, or emptied of a person's data: nothing of it but its type, id and moment.

    `action`: which of the two, by the name of the verb.
    """

    at: datetime.datetime
    module: str
    record_id: uuid.UUID
    action: str = PURGE.name

    def line(self) -> str:
        """As one line of the list."""
        told = {"at": self.at.isoformat(), "action": self.action, "module": self.module, "record": str(self.record_id)}
        return json.dumps(told)


def since(moment: datetime.datetime | None = None) -> Iterator[Deletion]:
    """Everything that was deleted for good or erased (since that moment), oldest first, from the audit trail."""
    entries = AuditEntry.objects.filter(action__in=_LASTING, outcome=Outcome.DONE).exclude(record_id=None)
    if moment is not None:
        entries = entries.filter(at__gte=moment)
    columns = entries.order_by("id").values_list("at", "module", "record_id", "action")
    for at, module, record_id, action in columns.iterator():
        assert record_id is not None  # excluded above
        yield Deletion(at, module, record_id, action)


def read(lines: Iterable[str]) -> list[Deletion]:
    """The list that `line` wrote. Raises Invalid naming the first line that cannot be read."""
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            given = json.loads(line)
            at = datetime.datetime.fromisoformat(given["at"])
            action = _LASTING[_LASTING.index(given["action"])]
            found.append(Deletion(at, str(given["module"]), uuid.UUID(given["record"]), action))
        except (ValueError, KeyError, TypeError):
            raise Invalid(Message("Line %(number)s of the list of deletions cannot be read.", number=number)) from None
    return found


def apply(ctx: Context, deletions: Iterable[Deletion]) -> tuple[int, list[str]]:
    """Delete again for good, or erase again, what is here; returns how many records, and what could not be and why.

    `ctx`: unbounded (`system_context`): whoever did it the first time had the right to. Each goes the ordinary way,
    with its entry in the audit.
    """
    count = 0
    problems = []
    for deletion in deletions:
        try:
            count += _repeat(ctx, deletion)
        except Problem as problem:
            problems.append(f"{deletion.module} {deletion.record_id}: {problem.message}")
    return count, problems


def _repeat(ctx: Context, deletion: Deletion) -> bool:
    """Whether there was anything to be done."""
    module = registry.find(deletion.module)
    row = module.model._default_manager.filter(pk=deletion.record_id).first() if module else None
    if module is None or row is None:
        return False
    day = deletion.at.date().isoformat()
    if deletion.action == PURGE.name:
        told = ctx.because(f"deleted for good on {day}, before the restore")
        if row.deleted_at is None:
            run(DELETE, told, module, row.pk)
        run(PURGE, told, module, row.pk)
        return True
    if erasures.is_erased(row.pk, deletion.at):
        return False
    run(registry.entry(module).actions[ERASE], ctx.because(f"erased on {day}, before the restore"), module, row.pk)
    return True
