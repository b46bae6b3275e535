"""What the trail no longer shows: values of people whose data was erased (PIPL art. 47)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.platform.audit.models import AuditEntry, Disclosure, Erasure
from guanxi.platform.prepared import Prepared

ERASED = _("(erased)")

_ERASED = Prepared(lambda records: Erasure.objects.filter(record_id__in=records).values_list("record_id", "at"))


def note(module: str, record_ids: Iterable[UUID], at: datetime) -> None:
    """From now on nothing that the trail tells of these records up to `at` is shown. In the caller's transaction."""
    rows = [Erasure(module=module, record_id=key, at=at) for key in record_ids]
    Erasure.objects.bulk_create(rows, update_conflicts=True, unique_fields=["record_id"], update_fields=["at"])


def is_erased(record_id: UUID, at: datetime) -> bool:
    """Whether what was told of this record up to `at` was erased."""
    return Erasure.objects.filter(record_id=record_id, at__gte=at).exists()


def veil(entries: Sequence[AuditEntry]) -> Sequence[AuditEntry]:
    """The same entries, to be shown: without the values, names and reasons of what was erased. Not to be saved.

    One statement for the whole list. An entry of another record that links to an erased one keeps its other values.
    """
    named = {key for entry in entries for key in _named(entry)}
    erased = dict(_ERASED.rows(records=list(named))) if named else {}
    if not erased:
        return entries
    links = {str(key) for key in erased}
    for entry in entries:
        if entry.record_id in erased and entry.at <= erased[entry.record_id]:
            entry.record_label, entry.reason = str(ERASED), ""
            entry.changes = {name: [str(ERASED), str(ERASED)] for name in entry.changes}
        else:
            entry.changes = {name: [_unnamed(value, links) for value in pair] for name, pair in entry.changes.items()}
    return entries


def veil_names(entries: Sequence[Disclosure]) -> Sequence[Disclosure]:
    """The same looks, to be shown: without the names of records that were erased since. Not to be saved."""
    named = {entry.record_id for entry in entries if entry.record_id is not None}
    erased = dict(_ERASED.rows(records=list(named))) if named else {}
    for entry in entries:
        if entry.record_id in erased and entry.at <= erased[entry.record_id]:
            entry.record_label, entry.reason = str(ERASED), ""
    return entries


def _named(entry: AuditEntry) -> Iterable[UUID]:
    """The entry's record, and those that its values link to."""
    if entry.record_id is not None:
        yield entry.record_id
    for pair in entry.changes.values():
        for value in pair:
            if isinstance(value, dict) and (key := _key(value.get("id"))) is not None:
                yield key


def _key(raw: Any) -> UUID | None:
    try:
        return UUID(raw)
    except (ValueError, TypeError, AttributeError):
        return None


def _unnamed(value: Any, erased: set[str]) -> Any:
    if isinstance(value, dict) and value.get("id") in erased:
        return {**value, "title": str(ERASED)}
    return value
