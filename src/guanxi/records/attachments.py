"""Files that belong to records: whoever may see the record may see them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanxi.kernel.errors import NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.platform.files.models import StoredFile
from guanxi.records import disclosing, registry
from guanxi.records.export_limits import files_kept_since
from guanxi.records.links import key_of

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.registry import Registered


#: What is said of an export's file that is no longer handed out.
EXPIRED = Message("The file of this export was kept for some hours only and has been deleted. Export again.")


def bind(ctx: Context, known: Registered, records: Iterable[Any]) -> None:
    """Files that the person gave with these records now belong to them, and may be seen by who may see those."""
    specs = [spec for spec in known.fields.values() if spec.kind.name == "file"]
    if not specs:
        return
    for record in records:
        if isinstance(record, known.module.model) and (keys := {spec.stored(record) for spec in specs} - {None}):
            StoredFile.objects.filter(pk__in=keys, created_by=ctx.actor, record_id=None).update(
                module=known.module.key, record_id=record.pk
            )


def hand_on(stored: StoredFile | None, known: Registered, record: Any) -> None:
    """A file that came with another record belongs to this one from now on; who gave it still sees it."""
    if stored is not None:
        StoredFile.objects.filter(pk=stored.pk).update(module=known.module.key, record_id=record.pk)


def get(ctx: Context, pk: object) -> StoredFile:
    """A file that the person is about to be given, which goes on record; NotFound for any that he may not see.

    An exported or imported file is its maker's; any other follows the record it belongs to.
    """
    key = key_of(pk)
    # An export's file that has been discarded is still told of to its maker: why it is not there any more.
    known = Q(deleted_at=None) | Q(kind=StoredFile.Kind.EXPORT)
    stored = StoredFile.objects.filter(known, pk=key).first() if key else None
    module = registry.find(stored.module) if stored is not None else None
    if stored is None or not _may_see(ctx, stored):
        if module is not None:
            disclosing.refused(ctx, module, Sight.DOWNLOAD)
        raise NotFound
    if stored.deleted_at or (stored.kind == StoredFile.Kind.EXPORT and has_expired(stored, ctx.now)):
        raise NotFound(EXPIRED)
    if module is not None:
        told = {"file": str(stored.pk), "sha256": stored.sha256, "record": str(stored.record_id or "")}
        disclosing.taken(ctx, module, Sight.DOWNLOAD, stored.name, **told)
    return stored


def has_expired(stored: StoredFile, at: datetime.datetime) -> bool:
    """Whether the file of an export lay there for so long that it is not handed out any more."""
    return stored.created_at is not None and stored.created_at < files_kept_since(at)


def _may_see(ctx: Context, stored: StoredFile) -> bool:
    if stored.module and not ctx.limits.admit(stored.module, "view"):
        return False
    if stored.created_by_id == ctx.actor.pk:
        return True
    if stored.kind in (StoredFile.Kind.EXPORT, StoredFile.Kind.IMPORT) or stored.record_id is None:
        return False
    module = registry.find(stored.module)
    return module is not None and ctx.search(module).filter(pk=stored.record_id).exists()
