"""Turning the key: every sealed value is sealed anew with the newest key, in pieces, as often as is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.platform.jobs.progress import Progress
from guanxi.platform.jobs.registry import job
from guanxi.platform.sealing import vault
from guanxi.records.fields import Sealed, SealedField

_CHUNK = 500


RESEAL = "records.reseal"


@job(RESEAL, title=_("Seal values with the new key"))
def reseal_all(progress: Progress) -> dict[str, int]:
    """Seal everything anew, as a job: what was interrupted goes on where it stopped."""
    return {"values": reseal()}


def columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every sealed column there is."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, SealedField):
                yield model, column


def reseal() -> int:
    """Seal with the newest key what another one sealed, or nothing; returns how many values.

    The record does not change by that: neither its version nor its history. What is written meanwhile stays as it is,
    because only the very value that was read is replaced.
    """
    number = vault.newest_key()
    return sum(_reseal_column(model, column, number) for model, column in columns())


def _reseal_column(model: type[models.Model], column: SealedField, number: int) -> int:
    current = f".{number}."
    rows = model._default_manager.exclude(**{column.name: ""}).order_by("pk")
    done, last = 0, None
    while True:
        part = (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", column.name)[:_CHUNK]
        found: list[tuple[Any, Sealed]] = list(part)
        for key, value in found:
            if not value.is_kept_with(current):
                done += _replace(model, column, key, value)
        if len(found) < _CHUNK:
            return done
        last = found[-1][0]


def _replace(model: type[models.Model], column: SealedField, key: Any, value: Sealed) -> int:
    with transaction.atomic():
        held = model._default_manager.select_for_update().filter(pk=key).values_list(column.name, flat=True).first()
        if not isinstance(held, Sealed) or held != value:
            return 0
        fresh = Sealed(column.place, plain=value.plain)
        return model._default_manager.filter(pk=key).update(**{column.name: fresh})
