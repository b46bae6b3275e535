"""What each person has set for himself: rows of a page, columns of each list, which groups of the menu stand open.

Kept on the person, not on the device.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from guanxi.platform.people.models import Person
from guanxi.records.listing import PAGE_SIZE
from guanxi.records.module import Module

PAGE_SIZES = (25, 50, 100, 200)


def page_size(person: Person) -> int:
    """Rows of a list's page."""
    size = person.preferences.get("page_size")
    return size if size in PAGE_SIZES else PAGE_SIZE


def columns(person: Person, module: Module) -> tuple[str, ...]:
    """The columns this person has chosen for a list; none: the module's own."""
    chosen = person.preferences.get("columns", {}).get(module.key, ())
    return tuple(name for name in chosen if isinstance(name, str))


def keep_columns(person: Person, module: Module, names: list[str]) -> None:
    """Remember the columns of a list; an empty choice returns to the module's own."""
    with transaction.atomic():
        kept = _locked(person)
        chosen = {**kept.get("columns", {}), module.key: names}
        if not names:
            del chosen[module.key]
        _write(person, {**kept, "columns": chosen})


def opened_groups(person: Person) -> frozenset[str]:
    """The groups of the menu that this person has opened; the others are folded."""
    return frozenset(person.preferences.get("menu", ()))


def keep_group(person: Person, name: str, *, is_open: bool) -> None:
    """Remember that a group of the menu stands open, or that it is folded."""
    with transaction.atomic():
        kept = _locked(person)
        opened = {*kept.get("menu", ()), name} if is_open else {*kept.get("menu", ())} - {name}
        _write(person, {**kept, "menu": sorted(opened)})


def keep(person: Person, **values: Any) -> None:
    """Remember settings by name."""
    with transaction.atomic():
        _write(person, {**_locked(person), **values})


def _locked(person: Person) -> dict[str, Any]:
    return dict(Person.objects.select_for_update().get(pk=person.pk).preferences)


def _write(person: Person, preferences: dict[str, Any]) -> None:
    Person.objects.filter(pk=person.pk).update(preferences=preferences)
    person.preferences = preferences
