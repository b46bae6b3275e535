"""Eight archivists file at once: every leaf is given once, none is left out, one volume is begun (ARC-11, ARC-20)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.dossiers.actions import APPROVE_DOCUMENT, FILE_DOCUMENT, SUBMIT_DOCUMENT
from guanxi.rooms.dossiers.models import Document, Volume
from tests.people import World, build_world
from tests.rooms.dossiers.conftest import DOCUMENT


@pytest.mark.clause("ARC-11")
@pytest.mark.django_db(transaction=True)
def test_numbers_have_neither_gaps_nor_doubles_whoever_files_at_once() -> None:
    world = build_world()
    made = [_signed(world, number) for number in range(16)]

    def file(document: Document) -> None:
        try:
            run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, document)
        finally:
            connection.close()

    _together(file, made)
    leaves = sorted(Document.objects.values_list("leaf", flat=True))
    assert leaves == [f"{number:04}" for number in range(1, 17)]
    assert Volume.objects.count() == 1
    assert len(set(Document.objects.values_list("number", flat=True))) == 16


def _signed(world: World, number: int) -> Document:
    """A piece of trade news, which has no customer to sign it."""
    ctx = world.ctx("li_wei")
    document: Document = create(ctx, DOCUMENT, title=f"行业动态{number}", dossier_class="5", kind="trade_trend")
    run(SUBMIT_DOCUMENT, ctx, DOCUMENT, document, {"is_true": True})
    run(APPROVE_DOCUMENT, world.ctx("sales_manager"), DOCUMENT, document)
    return document


def _together(do: Callable[[Any], None], items: list[Any]) -> None:
    with ThreadPoolExecutor(max_workers=8) as threads:
        for outcome in [threads.submit(do, item) for item in items]:
            outcome.result(timeout=60)
