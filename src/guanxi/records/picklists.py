"""Picklists: lists of choices that the code ships and administrators extend, rename, order and switch off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, override

from guanxi.records import customising

if TYPE_CHECKING:
    from django.db import models


@dataclass(frozen=True)
class Picklist:
    """A list of choices as shipped: name ("customers.source"), what it lists, and its values with their labels.

    Values that are worked out (record types, verbs) follow the program: administrators do not extend them.
    """

    name: str
    label: Any
    values: tuple[tuple[str, Any], ...] | Callable[[], Iterable[tuple[str, Any]]]

    @property
    def offered(self) -> Iterable[tuple[str, Any]]:
        """The values as they are now."""
        return self.values() if callable(self.values) else self.values


@dataclass
class _Labels:
    """Each value's label, by picklist and language, as long as the rows are these."""

    of: object = None
    known: dict[tuple[str, str | None], dict[str, str]] = field(default_factory=dict)


_shipped: dict[str, Picklist] = {}
_labels = _Labels()


def declare(name: str, label: Any, values: Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]]) -> str:
    """Ship a picklist; returns its name, so that a model can write `picklist=declare(...)`."""
    if name in _shipped:
        raise ValueError(f"picklist {name} is declared twice")
    _shipped[name] = Picklist(name, label, values if callable(values) else tuple(values))
    return name


def shipped() -> list[Picklist]:
    """Every picklist that administrators may extend, by name."""
    extensible = (picklist for picklist in _shipped.values() if not callable(picklist.values))
    return sorted(extensible, key=lambda picklist: picklist.name)


def own_label(row: Any) -> str:
    """What the company calls its own value or field, in the language of this moment."""
    english = (get_language() or "").startswith("en")
    return row.label_en or row.label_zh if english else row.label_zh


def choices(name: str, *, inactive: bool = False) -> list[tuple[str, Any]]:
    """Value and label of each choice offered: the shipped ones as changed by rows, then the added ones."""
    rows = {row.value: row for row in customising.current().values.get(name, ())}
    result: list[tuple[int, str, Any]] = []
    shipped = _shipped[name].offered if name in _shipped else ()
    for position, (value, label) in enumerate(shipped):
        row = rows.pop(value, None)
        if row is None:
            result.append((position * 10, value, label))
        elif row.active or inactive:
            result.append((row.position, value, own_label(row)))
    result.extend((row.position, row.value, own_label(row)) for row in rows.values() if row.active or inactive)
    return [(value, label) for _position, value, label in sorted(result, key=lambda item: item[0])]


def label(name: str, value: str) -> str:
    """What a stored value is called; a value that was switched off keeps its name."""
    return labels(name).get(value, value)


def labels(name: str) -> Mapping[str, str]:
    """What each stored value is called in the language of this moment, switched off or not."""
    language, made = get_language(), customising.current()
    if _labels.of is not made:
        _labels.of, _labels.known = made, {}
    if (name, language) not in _labels.known or callable(_shipped[name].values if name in _shipped else ()):
        _labels.known[name, language] = {value: str(text) for value, text in choices(name, inactive=True)}
    return _labels.known[name, language]


def every_label(column: models.Field, offered: list[tuple[str, Any]]) -> dict[str, str]:
    """Labels in every language, case-folded, to the stored value: files come in either language."""
    labels: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            name = getattr(column, "picklist", "")
            for value, text in choices(name) if name else offered:
                labels.setdefault(str(text).casefold(), str(value))
                labels.setdefault(str(value).casefold(), str(value))
    return labels
