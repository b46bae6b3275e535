"""What the company has made its own of the shipped description, kept in memory: fields, settings, picklist values.

Every page needs these few rows and they change some times a year. A process reads them once and asks from then on only
whether they are still the same: one small statement per request (`renew`), and every few seconds outside of requests.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, Max, QuerySet, Sum, Value

from guanxi.platform.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from guanxi.records.events import RecordsWritten
    from guanxi.records.models import CustomField, FieldSetting, PicklistValue

#: How long a process that serves no requests (a worker) may go on without asking.
FRESH_SECONDS = 3.0
_NEVER = float("inf")
_MODELS = ("records.PicklistValue", "records.CustomField", "records.FieldSetting")
_KEYS = frozenset(name.lower() for name in _MODELS)


@dataclass(frozen=True)
class Customisation:
    """The live rows at one moment: picklist values by picklist, fields and settings by record type."""

    stamp: object = None
    values: Mapping[str, tuple[PicklistValue, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[CustomField, ...]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, FieldSetting]] = field(default_factory=dict)


@dataclass
class _Kept:
    now: Customisation = field(default_factory=Customisation)
    until: float = 0.0
    known: bool = False


_kept = _Kept()


def current() -> Customisation:
    """The rows as they are now; the same object as long as nothing has changed."""
    if time.monotonic() > _kept.until:
        stamp = _stamp()
        if not _kept.known or stamp != _kept.now.stamp:
            _kept.now = _read(stamp)
        _kept.known, _kept.until = True, time.monotonic() + FRESH_SECONDS
    return _kept.now


def renew() -> None:
    """Ask at the next use whether the rows are still the same: at the beginning of each request."""
    if _kept.until < _NEVER:
        _kept.until = 0.0


def forget() -> None:
    """Read the rows again at the next use: somebody has just changed them here."""
    _kept.until, _kept.known = 0.0, False


def stay_as_shipped() -> None:
    """Take everything as the program ships it until `forget`: for work without a database, such as its documents."""
    _kept.now, _kept.known, _kept.until = Customisation(), True, _NEVER


def heed(event: RecordsWritten) -> None:
    """Forget the rows once somebody has changed them in this process."""
    if event.module in _KEYS:
        forget()


def _stamp() -> object:
    """Differs as soon as a row was added, changed, put into the bin, taken out of it or deleted."""
    return sorted(_STAMPS.rows())


def _stamps() -> QuerySet[Any]:
    first, *others = (
        apps.get_model(name)
        ._default_manager.order_by()
        .values(table=Value(place))
        .annotate(rows=Count("pk"), versions=Sum("version"), changed=Max("changed_at"))
        for place, name in enumerate(_MODELS)
    )
    return first.union(*others, all=True).values_list("table", "rows", "versions", "changed")


_STAMPS = Prepared(_stamps)


def _read(stamp: object) -> Customisation:
    values, fields, settings = (
        apps.get_model(name)._default_manager.filter(deleted_at=None).order_by(*order)
        for name, order in zip(
            _MODELS, (("position", "value"), ("module", "position", "name"), ("module", "field")), strict=True
        )
    )
    return Customisation(
        stamp=stamp,
        values=MappingProxyType(_grouped(values, "picklist")),
        fields=MappingProxyType(_grouped(fields, "module")),
        settings=MappingProxyType(
            {key: {row.field: row for row in rows} for key, rows in _grouped(settings, "module").items()}
        ),
    )


def _grouped(rows: Any, name: str) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, name), []).append(row)
    return {key: tuple(found) for key, found in groups.items()}
