"""The audit trail is sealed and anchored by the schedule, without anybody doing anything."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from guanxi.platform.audit import chain
from guanxi.platform.audit.verification import verify
from guanxi.platform.jobs.schedule import run_due
from guanxi.records.standard import create
from tests.people import NOW, World


def test_the_schedule_seals_and_anchors(world: World, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    create(world.ctx("li_wei"), "room.thing", name="Bottle")
    assert chain.pending().count() == 1
    run_due(NOW)
    run_due(NOW + datetime.timedelta(hours=2))
    assert chain.pending().count() == 0
    report = verify()
    assert report.ok and report.entries == 1 and report.anchors == 1
