"""A kind of duty of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from guanxi.platform.obligations import duties, rhythm
from guanxi.platform.obligations.duties import Duty


@pytest.fixture
def declare() -> Iterator[Callable[..., Duty]]:
    """Declares a kind of duty for one test."""
    made: list[str] = []

    def make(name: str = "test.report", **more: Any) -> Duty:
        duty = Duty(name, label="上报", **{"clause": "WF-10", **more})
        made.append(name)
        return duty

    yield make
    for name in made:
        duties.forget(name)
        if name in {each.duty.name for each in rhythm.all_recurring()}:
            rhythm.forget(name)
