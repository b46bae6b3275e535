"""Writing the audit trail and reading one record's history from it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import router, transaction
from django.db.models import QuerySet

from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.bulk import insert_many
from guanxi.platform.prepared import Prepared

#: How long the texts may be that come from elsewhere.
_LENGTHS = {
    name: AuditEntry._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in ("actor_name", "record_label", "address")
}


def write(entries: Sequence[AuditEntry]) -> None:
    """Store the entries in the transaction of what they tell of: both are kept, or neither.

    Outside a transaction it raises TransactionManagementError. Labels longer than their column are cut, because no
    action may fail over the name of its record.
    """
    connection = transaction.get_connection(router.db_for_write(AuditEntry))
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("audit entries are written inside the action's transaction")
    for entry in entries:
        for name, length in _LENGTHS.items():
            text = getattr(entry, name)
            if len(text) > length or "\x00" in text:
                setattr(entry, name, text.replace("\x00", "")[:length])
    # A trigger guards the numbers of the entries.
    insert_many(AuditEntry, entries, at_once=True)


def history(module: str, record_id: UUID) -> QuerySet[AuditEntry]:
    """What happened to one record, the newest first."""
    return AuditEntry.objects.filter(module=module, record_id=record_id).order_by("-id")


_NEWEST = Prepared(lambda module, limit, record: history(module, record)[:limit])


def newest(module: str, record_id: UUID, limit: int) -> list[AuditEntry]:
    """What happened to one record lately, the newest first."""
    return _NEWEST.rows(module, limit, record=record_id)
