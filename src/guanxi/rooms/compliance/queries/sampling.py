"""Drawing a sample of the archive by chance, so that anybody can draw the same one again."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

from guanxi.records import registry
from guanxi.records.context import Context


def population(ctx: Context, module: str) -> list[UUID]:
    """The files that a sample is drawn from, in a fixed order: those that the person may see."""
    return list(ctx.search(registry.module(module)).order_by("pk").values_list("pk", flat=True))


def drawn(files: Sequence[UUID], seed: str, size: int) -> list[UUID]:
    """So many of the files (all of them where there are fewer): with the same seed always the same ones."""
    return Random(seed).sample(list(files), min(size, len(files)))  # noqa: S311 - chance, not a secret


def in_order(ctx: Context, module: str, sample: Sequence[UUID]) -> list[Any]:
    """The files of a sample in the order in which they were drawn."""
    found = ctx.search(registry.module(module)).in_bulk(list(sample))
    return [found[key] for key in sample if key in found]
