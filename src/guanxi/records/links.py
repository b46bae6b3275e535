"""Links from entered values to rows: an id, a number or an exact name becomes the row, within the person's scope."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.module import has_column
from guanxi.records.work import Work, add_error

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.fields import FieldSpec
    from guanxi.records.registry import Registered

LINK_KINDS = frozenset({"link", "person", "file"})
FILE = "files.storedfile"


def key_of(target: Any) -> uuid.UUID | None:
    """The id of a target given as a row, an id or its text; None for anything else."""
    if isinstance(target, models.Model):
        return target.pk
    if isinstance(target, uuid.UUID):
        return target
    try:
        return uuid.UUID(str(target))
    except ValueError:
        return None


#: Stands for a linked record that the person may not see.
HIDDEN = "****"


def unseen(ctx: Context, target: str, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of linked records of one module, those that the person may not see, in the bin or not: not even their name."""
    module = registry.find(target)
    wanted = set(ids)
    if module is None or not wanted:
        return set()
    condition = ctx.condition(module)
    if condition is None:
        return wanted
    if not condition:
        return set()
    seen = module.model._default_manager.filter(condition, pk__in=wanted)
    return wanted - set(seen.values_list("pk", flat=True))


def veiled(ctx: Context, known: Registered, name: str, rows: Iterable[Any]) -> set[uuid.UUID]:
    """The ids under a link of these rows that the person may not see; who sees a row sees what it belongs to."""
    if name == known.module.scope_through:
        return set()
    spec = known.field(name)
    return unseen(ctx, spec.target, {key for row in rows if (key := spec.stored(row))})


def resolve(ctx: Context, specs: Mapping[str, FieldSpec], works: list[Work]) -> None:
    """Replace every link value of the batch by its row; a value nobody can see under that name is an error."""
    for spec in specs.values():
        if spec.kind.name in LINK_KINDS:
            _resolve_field(ctx, spec, [work for work in works if spec.name in work.values])


def _resolve_field(ctx: Context, spec: FieldSpec, works: list[Work]) -> None:
    if not works:
        return
    ids: dict[uuid.UUID, None] = {}
    texts: dict[str, None] = {}
    for work in works:
        raw = work.values[spec.name]
        if isinstance(raw, models.Model):
            ids[raw.pk] = None
        elif raw not in (None, ""):
            key = _as_id(raw)
            if key:
                ids[key] = None
            else:
                texts[str(raw).strip()] = None
    rows = candidates(ctx, spec)
    by_id = rows.in_bulk(list(ids)) if ids else {}
    by_text = _by_text(spec, rows, list(texts)) if texts else {}
    kept = _kept(spec, works, set(ids) - set(by_id))
    for work in works:
        raw = work.values[spec.name]
        if raw in (None, ""):
            work.values[spec.name] = None
            continue
        key = raw.pk if isinstance(raw, models.Model) else _as_id(raw)
        if key is None:
            found = by_text.get(str(raw).strip(), [])
        elif key in by_id:
            found = [by_id[key]]
        else:
            stands = _stored(spec, work) == key
            found = [kept[key]] if stands and key in kept else []
        if len(found) == 1:
            work.values[spec.name] = found[0]
        elif found:
            add_error(
                work,
                spec.name,
                Message(
                    "%(count)s records are called “%(value)s”; use the number.", count=len(found), value=str(raw)[:60]
                ),
            )
        else:
            add_error(work, spec.name, Message("There is no “%(value)s” that you may choose.", value=_shown(raw)))


def _kept(spec: FieldSpec, works: list[Work], missing: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """Rows that may not be chosen any more but already stand in the record: an edit of something else keeps them."""
    stored = {_stored(spec, work) for work in works}
    if not (wanted := missing & stored):
        return {}
    model = spec.column.related_model
    assert isinstance(model, type)
    return model._default_manager.in_bulk(list(wanted))


def _stored(spec: FieldSpec, work: Work) -> Any:
    """The id that the record's column of that name holds; None for a new record, or for an input without a column."""
    record = work.record
    return spec.stored(record) if record is not None and has_column(type(record), spec.written) else None


def _shown(raw: Any) -> str:
    return "?" if _as_id(raw) else str(raw)[:60]


def _as_id(raw: Any) -> uuid.UUID | None:
    if isinstance(raw, uuid.UUID):
        return raw
    try:
        return uuid.UUID(str(raw)) if len(str(raw)) >= 32 else None
    except ValueError:
        return None


def candidates(ctx: Context, spec: FieldSpec) -> models.QuerySet[Any]:
    """The rows a link may point to: what the person may see of a module; active people; own files."""
    model = spec.column.related_model
    assert isinstance(model, type)
    return choosable(ctx, model)


def choosable(ctx: Context, model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a table that a link may point to, whichever field or list asks."""
    key = model._meta.label_lower
    if model is get_user_model():
        return model._default_manager.filter(is_active=True, deleted_at=None)
    if key == FILE:
        kept = model._default_manager.filter(deleted_at=None)
        return kept if ctx.unbounded else kept.filter(created_by=ctx.actor)
    module = registry.find(key)
    return ctx.search(module) if module is not None else model._default_manager.filter(deleted_at=None)


def _by_text(spec: FieldSpec, rows: models.QuerySet[Any], texts: list[str]) -> dict[str, list[Any]]:
    names = [name for name in ("name", "number", "code", "username") if has_column(rows.model, name)]
    module = registry.find(spec.target)
    if module and module.title not in names:
        names.append(module.title)
    found: dict[str, list[Any]] = {}
    for start in range(0, len(texts), 300):
        part = texts[start : start + 300]
        condition = Q()
        for name in names:
            condition |= Q(**{f"{name}__in": part})
        for row in rows.filter(condition):
            for text in {str(getattr(row, name)) for name in names}:
                found.setdefault(text, []).append(row)
    return found
