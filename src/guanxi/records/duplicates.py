"""Records that may be the same: comparable keys of live records, kept beside them and compared in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.prepared import Prepared
from guanxi.records import masking
from guanxi.records.models import DuplicateKey, NotSame
from guanxi.records.module import SameAs

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.registry import Registered
    from guanxi.records.work import Work

KEY_LIMIT = 200
#: So many keys are looked up by one statement.
ASKED_AT_ONCE = 512


@dataclass(frozen=True)
class Duplicate:
    """A record that may be the same. Who may not see it learns only that it is known and whom to ask."""

    record_id: uuid.UUID | None
    title: str
    rule: str
    label: Any
    owner: str
    department: str
    strict: bool = False
    clause: str = ""


def _key(rule: SameAs, value: Any) -> str:
    if value in (None, "", ()):
        return ""
    return rule.key(value)[:KEY_LIMIT]


def index(known: Registered, records: Iterable[Any]) -> None:
    """Keep the keys of live records."""
    if known.module.same_as:
        told = [(rule, known.field(rule.field)) for rule in known.module.same_as]
        keys = [
            (record.pk, rule.name, key)
            for record in records
            for rule, spec in told
            if (key := _key(rule, spec.stored(record)))
        ]
        rows = new_rows(DuplicateKey, len(keys), module=known.module.key)
        for row, (record_id, rule, key) in zip(rows, keys, strict=True):
            row.record_id, row.rule, row.key = record_id, rule, key
        insert_many(DuplicateKey, rows)


def keys_of(known: Registered, record: Any) -> list[tuple[str, str]]:
    """The keys that a record's fields give, each with the name of its rule."""
    fields = known.fields
    return [(rule.name, key) for rule in known.module.same_as if (key := _key(rule, fields[rule.field].stored(record)))]


def forget(records: Iterable[Any]) -> None:
    """Drop the keys of records that went to the recycle bin or are entered anew."""
    DuplicateKey.objects.filter(record_id__in=[record.pk for record in records]).delete()


def matching_ids(
    known: Registered, rows: Sequence[Mapping[str, Any]], *, exclude: Iterable[uuid.UUID] = ()
) -> list[list[tuple[SameAs, uuid.UUID]]]:
    """For each row of values the live records that share a key with it, by rule in the module's order."""
    excluded = set(exclude)
    wanted: dict[tuple[str, str], list[int]] = {}
    for position, values in enumerate(rows):
        for rule in known.module.same_as:
            if key := _key(rule, values.get(rule.field)):
                wanted.setdefault((rule.name, key), []).append(position)
    found: list[list[tuple[SameAs, uuid.UUID]]] = [[] for _row in rows]
    for rule in known.module.same_as:
        for key, record_id in holders(known, rule.name, [key for name, key in wanted if name == rule.name]):
            if record_id not in excluded:
                for position in wanted[rule.name, key]:
                    found[position].append((rule, record_id))
    return found


_HOLDERS = Prepared(
    lambda module, rule, keys: (
        DuplicateKey.objects.filter(module=module, rule=rule, key__in=keys)
        .order_by("record_id")
        .values_list("key", "record_id")
    )
)


def holders(known: Registered, rule: str, keys: Sequence[str]) -> Iterator[tuple[str, uuid.UUID]]:
    """The live records that have one of these keys under a rule, each with the key."""
    for start in range(0, len(keys), ASKED_AT_ONCE):
        yield from _HOLDERS.rows(module=known.module.key, rule=rule, keys=keys[start : start + ASKED_AT_ONCE])


def told_apart(module: str, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For each of these records those that somebody has looked at and said to be different ones (`NotSame`)."""
    keys = list(ids)
    apart: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in keys}
    if keys:
        either = Q(first_id__in=keys) | Q(second_id__in=keys)
        for one, other in NotSame.objects.filter(either, module=module).values_list("first_id", "second_id"):
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
    return apart


def find(
    ctx: Context, known: Registered, values: Mapping[str, Any], *, exclude: Iterable[uuid.UUID] = (), limit: int = 8
) -> list[Duplicate]:
    """Live records that may be the same as the one being entered, whoever they belong to.

    `exclude`: the record itself when it is changed; what was said to be different from it is not named again.
    """
    own = set(exclude)
    hits = matching_ids(known, [values], exclude=own)[0]
    if hits and own:
        hits = _without(hits, set().union(*told_apart(known.module.key, own).values()))
    return _described(ctx, known, hits, limit)


def told(ctx: Context, known: Registered, hits: Iterable[tuple[str, uuid.UUID]]) -> set[tuple[str, uuid.UUID]]:
    """Of hits (rule, record) those that the person may be told of.

    That a masked column of a record he sees holds this very value is not told, or he could find it out by guessing;
    without any right to read personal columns, neither is what no page shows him. A strict rule is never kept back.
    """
    found = set(hits)
    if masking.covers(ctx, known.module):
        return found
    guessed = {rule.name for rule in known.module.same_as if rule.field in known.personal and not rule.strict}
    asked = {record_id for rule, record_id in found if rule in guessed}
    if not asked:
        return found
    readable = masking.readable_ids(ctx, known.module)
    kept_back = asked
    if readable is not None:
        seen = set(ctx.search(known.module).filter(pk__in=asked).values_list("pk", flat=True))
        kept_back = seen - set(readable.filter(pk__in=asked).values_list("pk", flat=True))
    return {(rule, record_id) for rule, record_id in found if rule not in guessed or record_id not in kept_back}


def _described(ctx: Context, known: Registered, hits: list[tuple[SameAs, uuid.UUID]], limit: int) -> list[Duplicate]:
    open_hits = told(ctx, known, [(rule.name, record_id) for rule, record_id in hits])
    hits = [(rule, record_id) for rule, record_id in hits if (rule.name, record_id) in open_hits]
    rules: dict[uuid.UUID, SameAs] = {}
    for rule, record_id in hits:
        rules.setdefault(record_id, rule)
    ids = list(rules)[:limit]
    related = [name for name in ("owner", "department") if known.module.has_owner]
    rows = known.module.model._default_manager.filter(pk__in=ids, deleted_at=None).select_related(*related)
    visible = set(ctx.search(known.module).filter(pk__in=ids).values_list("pk", flat=True))
    described = [
        Duplicate(
            record_id=row.pk if row.pk in visible else None,
            title=str(row) if row.pk in visible else str(rules[row.pk].label),
            rule=rules[row.pk].name,
            label=rules[row.pk].label,
            owner=str(getattr(row, "owner", None) or ""),
            department=str(getattr(row, "department", None) or ""),
            strict=rules[row.pk].strict,
            clause=rules[row.pk].clause,
        )
        for row in rows
    ]
    return sorted(described, key=lambda duplicate: ids.index(duplicate.record_id) if duplicate.record_id in ids else 99)


def judge(ctx: Context, known: Registered, works: list[Work]) -> None:
    """Add to each item's decision what it may duplicate: a warning, or a refusal where the key is strict."""
    judged = [work for work in works if not (work.item.confirmed and not _any_strict(known))]
    if not known.module.same_as or not judged:
        return
    rows = [
        {rule.field: work.values.get(rule.field) for rule in known.module.same_as if rule.field in work.changes}
        for work in judged
    ]
    own = [work.record.pk for work in judged if work.record is not None and work.record.pk]
    found = matching_ids(known, rows, exclude=own)
    apart = told_apart(known.module.key, own) if any(found) else {}
    for work, hits in zip(judged, found, strict=True):
        if hits and work.record is not None:
            hits = _without(hits, apart.get(work.record.pk, set()))
        for duplicate in _described(ctx, known, hits, 3) if hits else []:
            work.decision = work.decision & _reason(duplicate)


def judged(ctx: Context, known: Registered, values: Mapping[str, Any]) -> Decision:
    """What a record of these values may duplicate, before it is made: for actions that make one of something else."""
    decision = Decision.allow()
    for duplicate in find(ctx, known, values, limit=3):
        decision = decision & _reason(duplicate)
    return decision


def _without(hits: list[tuple[SameAs, uuid.UUID]], apart: set[uuid.UUID]) -> list[tuple[SameAs, uuid.UUID]]:
    """Hits without what is known to be different; a strict key is never let pass for that."""
    return [(rule, record_id) for rule, record_id in hits if rule.strict or record_id not in apart]


def _any_strict(known: Registered) -> bool:
    return any(rule.strict for rule in known.module.same_as)


def _reason(duplicate: Duplicate) -> Decision:
    message = Message(
        "Possibly the same as %(title)s (same %(rule)s), responsible: %(owner)s.",
        title=duplicate.title,
        rule=duplicate.label,
        owner=duplicate.owner or duplicate.department or "—",
    )
    if duplicate.strict:
        return refuse(duplicate.clause, message, remedy=Message("Open the record that exists, or correct the value."))
    return warn(
        duplicate.clause, message, remedy=Message("Open the record that exists, or confirm that this is another one.")
    )
