"""What an industry pack is made of: fields, names and choices, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PackField:
    """A field that the pack adds to a record type. `name` is the pack's for good: by it a retired field is found."""

    module: str
    name: str
    kind: str
    label_zh: str
    label_en: str
    options: tuple[tuple[str, str], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PackLabel:
    """What the trade calls a shipped field."""

    module: str
    field: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class PackValue:
    """A choice that the trade needs in a shipped picklist."""

    picklist: str
    value: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class Pack:
    """Everything one trade needs beyond what is shipped."""

    name: str
    label: Any
    note: Any
    fields: tuple[PackField, ...]
    labels: tuple[PackLabel, ...] = ()
    values: tuple[PackValue, ...] = ()
