"""Records that are likely the same thing, in groups, for somebody to look at; and what was said to be different."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Count

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.platform.audit import entries as audit
from guanxi.records import history, masking
from guanxi.records.context import Context
from guanxi.records.merging.verbs import MERGE, MOST
from guanxi.records.models import DuplicateKey, NotSame
from guanxi.records.registry import Registered

#: So many common keys are looked at for one page; the rest comes once these are settled.
KEYS = 400
#: A key that so many records share says nothing of any two of them: a switchboard, a placeholder.
COMMON = 20


@dataclass
class Group:
    """Records that share keys with one another, and the names of the rules by which they do."""

    records: list[Any] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


def groups(ctx: Context, known: Registered) -> list[Group]:
    """Likely the same, as far as the person may merge them; the largest groups first."""
    # Who may not read a phone is not told either that two records share it.
    told = [rule.name for rule in known.module.same_as if rule.field not in known.personal]
    if masking.covers(ctx, known.module):
        told = [rule.name for rule in known.module.same_as]
    shared = (
        DuplicateKey.objects.filter(module=known.module.key, rule__in=told)
        .values_list("rule", "key")
        .annotate(count=Count("record_id", distinct=True))
        .filter(count__gt=1, count__lte=COMMON)
        .order_by("rule", "key")[:KEYS]
    )
    holders: dict[tuple[str, str], list[uuid.UUID]] = {}
    for rule in {rule for rule, _key, _count in shared}:
        keys = [key for name, key, _count in shared if name == rule]
        rows = DuplicateKey.objects.filter(module=known.module.key, rule=rule, key__in=keys)
        for key, record in rows.order_by("record_id").values_list("key", "record_id"):
            holders.setdefault((rule, key), []).append(record)
    ids = {record for found in holders.values() for record in found}
    joined = [name for name in ("owner", "department") if known.module.has_owner]
    rows = ctx.search(known.module, MERGE.name).filter(pk__in=ctx.search(known.module).values("pk"))
    records = rows.select_related(*joined).in_bulk(list(ids))
    different = pairs(known, records)
    return _connected(holders, records, different)


def _connected(
    holders: dict[tuple[str, str], list[uuid.UUID]], records: dict[uuid.UUID, Any], different: set[frozenset[uuid.UUID]]
) -> list[Group]:
    """The records as groups: two belong together that share a key and were not said to be different."""
    root = {key: key for key in records}

    def find(key: uuid.UUID) -> uuid.UUID:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    by_pair: dict[frozenset[uuid.UUID], list[str]] = {}
    for (rule, _key), found in holders.items():
        for one, other in combinations([key for key in found if key in records], 2):
            pair = frozenset((one, other))
            if one != other and pair not in different:
                by_pair.setdefault(pair, []).append(rule)
                root[find(one)] = find(other)
    grouped: dict[uuid.UUID, Group] = {}
    for pair, rules in by_pair.items():
        group = grouped.setdefault(find(next(iter(pair))), Group())
        group.rules = list(dict.fromkeys([*group.rules, *rules]))
        group.records += [records[key] for key in sorted(pair) if records[key] not in group.records]
    return sorted(grouped.values(), key=lambda group: (-len(group.records), str(group.records[0])))


def pairs(known: Registered, ids: Iterable[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """The pairs among these records that somebody has said to be different."""
    keys = list(ids)
    rows = NotSame.objects.filter(module=known.module.key, first_id__in=keys, second_id__in=keys)
    return {frozenset(pair) for pair in rows.values_list("first_id", "second_id")}


def tell_apart(ctx: Context, known: Registered, ids: Sequence[uuid.UUID]) -> int:
    """Remember that these records are all different things; returns how many pairs were new.

    Needs the right to merge them: who may not say that they are the same may not say that they are not.
    """
    if not ctx.may(known.module, MERGE.name):
        raise NotAllowed
    keys = sorted(set(ids))[: MOST * 4]
    if ctx.search(known.module, MERGE.name).filter(pk__in=keys).count() < len(keys) or len(keys) < 2:
        raise NotFound
    known_pairs = pairs(known, keys)
    fresh = [pair for pair in combinations(keys, 2) if frozenset(pair) not in known_pairs]
    with transaction.atomic():
        NotSame.objects.bulk_create(
            [
                NotSame(module=known.module.key, first_id=one, second_id=other, person=ctx.actor, at=ctx.now)
                for one, other in fresh
            ],
            ignore_conflicts=True,
        )
        titles = {row.pk: str(row) for row in ctx.search(known.module).filter(pk__in=keys)}
        audit.write(
            [
                ctx.entry(
                    "tell_apart", module=known.module.key, record_id=key, record_label=titles.get(key, ""),
                    changes={
                        history.DIFFERENT: [
                            None, [{"id": str(other), "title": titles[other]} for other in keys if other != key]
                        ]
                    },
                )
                for key in keys
            ]
        )  # fmt: skip
    return len(fresh)
