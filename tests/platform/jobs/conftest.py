import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from guanxi.platform.jobs import registry
from guanxi.platform.jobs.registry import Register
from guanxi.platform.people.models import Person

AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


@pytest.fixture
def li() -> Person:
    return Person.objects.create_user("li", name="李红", language="zh-hans")


@pytest.fixture(autouse=True)
def own_registers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test registers its own kinds; the product's come back afterwards."""
    for register in (registry.job_kinds, registry.schedules, registry.senders):
        monkeypatch.setattr(register, "_entries", {})
    yield


def at_once(count: int, work: Callable[[], object]) -> list[BaseException]:
    """Runs `work` in that many threads that begin together; returns what they raised."""
    start = threading.Barrier(count)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


__all__ = ["AT", "Register", "at_once"]
