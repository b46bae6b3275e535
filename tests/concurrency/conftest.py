from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from guanxi.records import customising
from tests.people import World, build_world


@pytest.fixture
def committed(transactional_db: None) -> Iterator[World]:
    """The company, committed, so that other connections see it. The clock runs: threads have their own."""
    customising.forget()
    yield build_world()
    customising.stay_as_shipped()


def at_once(work: Callable[[int], Any], count: int) -> list[Any]:
    """Run `work(n)` in `count` threads that start together, each with a database connection of its own."""
    barrier = Barrier(count)

    def one(number: int) -> Any:
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
