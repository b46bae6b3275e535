"""Duties of several people, and a kind of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.models import Obligation
from tests.people import World


@pytest.fixture
def owe(world: World) -> Iterator[Callable[..., Obligation]]:
    """Opens a duty of one of two kinds: one that a record discharges, and one that a person may say is done."""
    kinds = {
        False: Duty("test.record", label="两个工作日内录入", clause="WF-10"),
        True: Duty("test.word", label="整理书面档案", clause="ARC-23", by_hand=True),
    }

    def open_(who: str, key: str = "1", *, by_hand: bool = False, **more: Any) -> Obligation:
        given = {"due_on": world.now.date(), "subject": "成都锦江大酒店", "at": world.now, **more}
        return keeping.open_duty(kinds[by_hand], key=f"{who}/{key}", owner=world[who], **given)

    yield open_
    for duty in kinds.values():
        duties.forget(duty.name)


@pytest.fixture
def browser(world: World) -> Callable[[str], Client]:
    """Signed in as somebody."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
