"""Information files the tests of this room share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.intake.actions import SUBMIT_FILE
from guanxi.rooms.intake.queries import FILE
from guanxi.rooms.processes.public import APPROVE, REFUSE, install_processes
from tests.people import World

WORK_ITEM = "workflow.workitem"


def shanghai(month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime.datetime:
    """A moment of the autumn of 2026, in Shanghai."""
    return datetime.datetime(2026, month, day, hour, minute, second, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def collect(world: World) -> Callable[..., Any]:
    """Write an information file as a person, by default 李伟, at a moment, by default Friday 23 October 2026."""
    install_processes(world.now)

    def make(username: str = "li_wei", at: datetime.datetime | None = None, **values: Any) -> Any:
        at = at or shanghai(10, 23)
        given = {
            "name": "成都锦江酒业有限公司",
            "city": "成都",
            "province": "四川",
            "collected_on": at.date(),
            **values,
        }
        return create(world.ctx(username, now=at), FILE, confirmed=True, **given)

    return make


@pytest.fixture
def review(world: World) -> Callable[..., Any]:
    """Submit a file and have the manager decide; gives the file as it then stands."""

    def decide(file: Any, *, agree: bool = True, by: str = "sales_manager", at: Any = None, comment: str = "") -> Any:
        at = at or shanghai(10, 23, 15)
        run(SUBMIT_FILE, world.ctx(file.owner.username, now=at), FILE, file)
        item = WorkItem.objects.get(record_id=file.pk, state="open", owner=world[by])
        action = APPROVE if agree else REFUSE
        run(action, world.ctx(by, now=at), WORK_ITEM, item, {"comment": comment or ("" if agree else "缺少联系人")})
        file.refresh_from_db()
        return file

    return decide
