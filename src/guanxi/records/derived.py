"""What is kept beside a record and follows from it: its search entry and its duplicate keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from guanxi.records import duplicates, search
from guanxi.records.models import DuplicateKey, SearchEntry
from guanxi.records.registry import Registered

REBUILT_AT_ONCE = 1000


def add(known: Registered, records: list[Any]) -> None:
    """Enter new or restored records."""
    if known.module.can("search"):
        search.index(known, records)
    duplicates.index(known, records)


def remove(known: Registered, records: list[Any]) -> None:
    """Take records out that went to the recycle bin: what is binned is not found and blocks nothing."""
    search.forget(records)
    duplicates.forget(records)


def refresh(known: Registered, records: list[Any], changed: Iterable[str]) -> None:
    """Renew what depends on the changed fields."""
    names = set(changed)
    live = [record for record in records if record.deleted_at is None]
    if known.module.can("search") and names & {known.module.title, "number", *known.search}:
        search.forget(live)
        search.index(known, live)
    if names & {rule.field for rule in known.module.same_as}:
        duplicates.forget(live)
        duplicates.index(known, live)


def rebuild(known: Registered, told: Callable[[int], None] | None = None) -> int:
    """Make everything that follows from a record type's records anew, and return how many records live.

    For an installation whose rules of search or of duplicates changed with a new version, or that `guanxi verify`
    found wanting. `told` hears how many are done; each thousand records are one transaction.
    """
    rows = known.module.model._default_manager
    done = 0
    last = None
    while True:
        part = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        with transaction.atomic():
            records = list(part.select_for_update()[:REBUILT_AT_ONCE])
            remove(known, records)
            live = [record for record in records if record.deleted_at is None]
            add(known, live)
        done += len(live)
        if told is not None:
            told(done)
        if len(records) < REBUILT_AT_ONCE:
            break
        last = records[-1].pk
    _forget_strays(known)
    return done


def _forget_strays(known: Registered) -> None:
    """Drop what is kept of records that are gone for good."""
    standing = known.module.model._default_manager.filter(pk=OuterRef("record_id"))
    for kept in (SearchEntry, DuplicateKey):
        kept._default_manager.filter(~Exists(standing), module=known.module.key).delete()
