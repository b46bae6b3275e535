"""What is kept beside a record and follows from it: its search entry and its duplicate keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guanxi.records import duplicates, search
from guanxi.records.registry import Registered


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
    if known.module.can("search") and names & {known.module.title, "number", *known.module.search}:
        search.forget(live)
        search.index(known, live)
    if names & {rule.field for rule in known.module.same_as}:
        duplicates.forget(live)
        duplicates.index(known, live)
