"""What changed, when, by whom: the audit entries an action leaves, and the history that a page shows of them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.platform.access.models import Scope
from guanxi.platform.audit import entries as audit
from guanxi.platform.audit import erasures
from guanxi.platform.audit.models import AuditEntry, Outcome
from guanxi.records import links, masking
from guanxi.records.custom_values import COLUMN, nothing
from guanxi.records.fields import FieldSpec, Sealed
from guanxi.records.links import LINK_KINDS, key_of
from guanxi.records.models import Merge

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.registry import Registered
    from guanxi.records.work import Work

#: Columns the pipeline itself sets; the entry's own time and actor tell the same.
KEPT = frozenset(
    {"id", "version", "created_at", "created_by", "changed_at", "changed_by", "deleted_at", "deleted_by", "password"}
)


#: What an export is told to take, which is no field of the record type.
EXPORT_ROWS, EXPORT_FILTER, EXPORT_COLUMNS = "export_rows", "export_filter", "export_columns"
#: What merging enters beside the fields: what went into a record, where it went, what came out again, what it is not.
MERGED, MERGED_INTO, TAKEN_APART, DIFFERENT = "merged", "merged_into", "taken_apart", "different"
_LABELS = {
    "lines": _("lines"),
    MERGED: _("merged into this one"),
    MERGED_INTO: _("merged into"),
    TAKEN_APART: _("taken out again"),
    DIFFERENT: _("not the same as"),
    EXPORT_ROWS: _("rows"),
    EXPORT_FILTER: _("which rows"),
    EXPORT_COLUMNS: _("columns"),
}

_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_NOTHING = ("", None, ())


def snapshot(known: Registered, record: models.Model) -> dict[str, Any]:
    """What the fields of a record hold before an action touches it."""
    return {name: spec.stored(record) for name, spec in known.fields.items()}


def plain(value: Any) -> Any:
    """A value as the audit stores it: JSON and nothing that could lose a digit."""
    if value.__class__ in _AS_THEY_ARE:
        return value
    if isinstance(value, Sealed):
        return {"title": str(value), "digest": value.fingerprint}
    if isinstance(value, models.Model):
        return {"id": str(value.pk), "title": str(value)}
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def held(spec: FieldSpec, kept: Any) -> Any:
    """A value of the audit trail as a record holds it; of a link the id."""
    if isinstance(kept, Mapping) and spec.kind.name in LINK_KINDS:
        return uuid.UUID(kept["id"])
    return spec.column.to_python(kept)


def difference(
    known: Registered, before: dict[str, Any], record: models.Model, seen: dict[Any, Any] | None = None
) -> dict[str, list[Any]]:
    """Field to [old, new] for each column that is not as it was; links carry their title beside the id.

    `seen` keeps what former links led to, so that many records with one former owner cost one look.
    """
    seen = {} if seen is None else seen
    changes: dict[str, list[Any]] = {}
    for name, spec in known.fields.items():
        if name in KEPT:
            continue
        new = spec.stored(record)
        old = before.get(name)
        # Nothing entered is one thing however it is stored; nought is something else than nothing.
        if old == new or (old in _NOTHING and new in _NOTHING):
            continue
        if spec.kind.name in LINK_KINDS:
            changes[name] = [_linked(spec, old, seen), plain(spec.value(record))]
        else:
            changes[name] = [plain(old), plain(new)]
    return changes


def created(known: Registered, records: Sequence[models.Model]) -> list[dict[str, list[Any]]]:
    """The same for records that are new: whatever they say at all."""
    linked: dict[tuple[str, Any], Any] = {}

    def told(record: models.Model, spec: FieldSpec, new: Any) -> Any:
        if spec.kind.name not in LINK_KINDS:
            return plain(new)
        if (spec.name, new) not in linked:
            linked[spec.name, new] = plain(spec.value(record))
        return linked[spec.name, new]

    return [
        {spec.name: [None, told(record, spec, new)] for spec, new in saying}
        for record, saying in zip(records, said(known, records), strict=True)
    ]


def said(known: Registered, records: Sequence[models.Model]) -> list[list[tuple[FieldSpec, Any]]]:
    """What new records say: the fields in which each holds anything, and what (of a link the id)."""
    told = [spec for name, spec in known.fields.items() if name not in KEPT]
    every = [(spec, spec.column.attname if type(spec) is FieldSpec else "") for spec in told]
    # Of a record without added values nothing is said in these but where saying nothing is something: no.
    own = [(spec, place) for spec, place in every if place or nothing(spec.kind.name) not in _NOTHING]
    found = []
    for record in records:
        stored = vars(record)
        asked = every if stored.get(COLUMN) else own
        found.append(
            [
                (spec, new)
                for spec, place in asked
                if (new := stored[place] if place else spec.stored(record)) or new not in _NOTHING
            ]
        )
    return found


def _linked(spec: FieldSpec, key: Any, seen: dict[Any, Any]) -> Any:
    if key is None:
        return None
    if (spec.target, key) not in seen:
        row = spec.column.related_model._default_manager.filter(pk=key).first()  # type: ignore[union-attr]
        seen[spec.target, key] = plain(row) if row else {"id": str(key), "title": ""}
    return seen[spec.target, key]


def write(ctx: Context, known: Registered, action: str, works: list[Work]) -> None:
    """One entry per item, in the action's own transaction. An edit that changed nothing leaves none."""
    told = [work for work in works if work.changes or action != "edit" or work.decision.reasons]
    entries = ctx.entries(len(told), action, module=known.module.key)
    for entry, work in zip(entries, told, strict=True):
        subject = work.record if work.record is not None else work.result
        if isinstance(subject, models.Model):
            entry.record_label = str(subject)
        if isinstance(subject, known.module.model):
            entry.record_id = subject.pk
        entry.changes = work.changes
        entry.decision = _decided(ctx, work)
    audit.write(entries)


def _decided(ctx: Context, work: Work) -> dict[str, Any] | None:
    """What the rules said of it, and who else had to agree."""
    if ctx.approval is not None:
        return {**work.decision.as_dict(), "approved": dict(ctx.approval)}
    return work.decision.as_dict() if work.decision.reasons else None


def write_refusal(
    ctx: Context, known: Registered, action: str, works: list[Work], problem: Refused | NotAllowed
) -> None:
    """A refused attempt is on record too; nothing else of it is."""
    target = next((work for work in works if work.problem is problem), works[0] if works else None)
    record = target.record if target is not None else None
    record_id = record.pk if record is not None else key_of(target.item.target) if target is not None else None
    entry = ctx.entry(
        action,
        module=known.module.key,
        record_id=record_id,
        record_label=str(record) if record is not None else "",
        decision=problem.decision.as_dict() if isinstance(problem, Refused) else None,
        outcome=Outcome.REFUSED,
    )
    with transaction.atomic():
        audit.write([entry])


@dataclass(frozen=True)
class Change:
    """One changed field as a person reads it."""

    label: Any
    old: str
    new: str
    origin: str = ""  # where the new value came from, if from another record


@dataclass(frozen=True)
class Past:
    """One entry of a record's history as a person reads it."""

    at: datetime.datetime
    actor: str
    action: str
    source: str
    reason: str
    changes: tuple[Change, ...]
    outcome: str
    token: str  # the name of the access token through which it was done; "" for the person himself
    approved_by: tuple[str, ...] = ()  # who agreed to it, where that was asked for


def of(ctx: Context, known: Registered, record: models.Model, *, limit: int = 200) -> list[Past]:
    """The history of a record that the caller has already got through the person's scope; newest first."""
    entries = erasures.veil(audit.newest(known.module.key, record.pk, limit))
    hidden = _hidden_links(ctx, known, [entry.changes for entry in entries])
    masked = masking.hidden_in(masking.guard(ctx, known, [record])[0])
    origins = _origins(known, record, entries)
    return [
        Past(
            at=entry.at,
            actor=entry.actor_name,
            action=entry.action,
            source=entry.source,
            reason=entry.reason,
            changes=tuple(_changes(known, entry.changes, hidden, masked, origins.get(entry.at, {}))),
            outcome=entry.outcome,
            token=entry.token_name or "",
            approved_by=approved_by(entry),
        )
        for entry in entries
    ]


def approved_by(entry: AuditEntry) -> tuple[str, ...]:
    """Who agreed to what the entry tells, where that was asked for."""
    return tuple((entry.decision or {}).get("approved", {}).get("by", ()))


def _origins(known: Registered, record: models.Model, entries: Sequence[AuditEntry]) -> dict[Any, dict[str, Any]]:
    """By the moment of each merge: from which record each value came."""
    if not any(entry.action == "merge" for entry in entries):
        return {}
    merges = Merge.objects.filter(module=known.module.key, survivor_id=record.pk)
    return {at: origins for at, origins in merges.values_list("created_at", "origins") if at is not None}


def of_batch(
    ctx: Context, known: Registered, batch: uuid.UUID, records: Sequence[models.Model]
) -> dict[uuid.UUID, list[Change]]:
    """What a batch first did to each of these records, which the caller has got through the person's scope."""
    entries = list(
        AuditEntry.objects.filter(
            batch=batch, module=known.module.key, record_id__in=[record.pk for record in records], outcome="done"
        ).order_by("-id")
    )
    hidden = _hidden_links(ctx, known, [entry.changes for entry in entries])
    masked = {record.pk: masking.hidden_in(record) for record in records}
    return {
        entry.record_id: _changes(known, entry.changes, hidden, masked[entry.record_id])
        for entry in entries
        if entry.record_id is not None
    }


def proposed(
    ctx: Context, known: Registered, changes: dict[str, list[Any]], record: models.Model | None
) -> list[Change]:
    """What a request for approval would change, as this person may read it; `record` is what it would change it on.

    Not the state in which a new record begins: it reads as if that stood already.
    """
    if (lifecycle := known.module.lifecycle) and changes.get(lifecycle.field, [""])[0] is None:
        changes = {name: change for name, change in changes.items() if name != lifecycle.field}
    if record is not None and ctx.search(known.module).filter(pk=record.pk).exists():
        masked = masking.hidden_in(masking.guard(ctx, known, [record])[0])
    else:
        reveals_all = ctx.scope(known.module, masking.REVEAL) is Scope.ALL
        masked = frozenset() if reveals_all else frozenset(known.personal)
    return _changes(known, changes, _hidden_links(ctx, known, [changes]), masked)


def since(ctx: Context, known: Registered, record: Any, version: int) -> list[Past]:
    """What has changed on a record since somebody saw it in that version; newest first."""
    newer = record.version - version if known.module.can("history") else 0
    # Every written change raised the version by one; what was refused or changed nothing did not.
    return [past for past in of(ctx, known, record) if past.changes and past.outcome == "done"][: max(newer, 0)]


@dataclass(frozen=True)
class LastChange:
    """When a field got its present value, and from whom."""

    at: datetime.datetime
    actor: str


def last_changes(known: Registered, record: models.Model, names: Iterable[str]) -> dict[str, LastChange]:
    """For each of these fields the last change of its value; a field that was never filled in is left out."""
    wanted = set(names)
    found: dict[str, LastChange] = {}
    entries = audit.history(known.module.key, record.pk).filter(outcome="done")
    for at, actor, changes in entries.values_list("at", "actor_name", "changes").iterator():
        for name in wanted & changes.keys():
            found[name] = LastChange(at, actor)
        wanted -= changes.keys()
        if not wanted:
            break
    return found


def former_links(module: str, records: Sequence[uuid.UUID], name: str) -> set[uuid.UUID]:
    """To which rows a link of these records led before it was changed: their figures are to be worked out again."""
    entries = AuditEntry.objects.filter(module=module, record_id__in=records, outcome="done").exclude(action="create")
    olds = (changes[name][0] for changes in entries.values_list("changes", flat=True) if name in changes)
    return {uuid.UUID(old["id"]) for old in olds if isinstance(old, dict) and "id" in old}


def _hidden_links(ctx: Context, known: Registered, changes: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ids of linked records in these changes that the person may not see: their names are left out."""
    hidden: set[str] = set()
    for name, spec in known.fields.items():
        if spec.kind.name == "link":
            values = [value for each in changes for value in each.get(name, ())]
            named = {uuid.UUID(value["id"]) for value in values if isinstance(value, dict) and "id" in value}
            hidden |= {str(key) for key in links.unseen(ctx, spec.target, named)}
    return hidden


def _changes(
    known: Registered,
    changes: dict[str, list[Any]],
    hidden: set[str],
    masked: frozenset[str],
    origins: Mapping[str, Any] = MappingProxyType({}),
) -> list[Change]:
    shown = []
    for name, (old, new) in changes.items():
        old, new = (_veiled(value, hidden) for value in (old, new))
        spec = known.fields.get(name)
        if spec is None:
            shown.append(Change(_LABELS.get(name, name), _untyped(old), _untyped(new)))
        elif name in masked:
            shown.append(Change(spec.label, mask_of(spec, old), mask_of(spec, new), _untyped(origins.get(name))))
        else:
            shown.append(Change(spec.label, text_of(spec, old), text_of(spec, new), _untyped(origins.get(name))))
    return shown


def _untyped(value: Any) -> str:
    """A value that belongs to no field: a text, a record, several records."""
    if isinstance(value, list):
        return ", ".join(_untyped(item) for item in value)
    if isinstance(value, Mapping):
        number = value.get("number")
        return f"{value.get('title', '')} ({number})" if number else str(value.get("title") or "")
    return str(value or "")


def _veiled(value: Any, hidden: set[str]) -> Any:
    return links.HIDDEN if isinstance(value, dict) and value.get("id") in hidden else value


def mask_of(spec: FieldSpec, stored: Any) -> str:
    """A value from the audit as it is shown to whom the column is masked."""
    return str(masking.mask(spec, stored) or "")


def text_of(spec: FieldSpec, stored: Any) -> str:
    """A value from the audit as the page shows it."""
    if stored in (None, "", []):
        return ""
    if isinstance(stored, dict):
        return str(stored.get("title") or "")
    if isinstance(stored, bool):
        return spec.kind.text(spec, stored)
    try:
        value = spec.kind.parse(spec, stored if isinstance(stored, list) else str(stored))
    except Invalid:
        return str(stored)  # a choice that has since been dropped
    return spec.kind.text(spec, value)
