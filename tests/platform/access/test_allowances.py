"""The bucket of a person's calls fills steadily and holds a minute's; many at once take no more than it has."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from guanxi.platform.access.allowances import Taken, take
from guanxi.platform.access.models import CallAllowance
from guanxi.platform.people.models import Person
from tests.people import NOW


@pytest.fixture
def person(transactional_db: None) -> Person:
    return Person.objects.create(username="li_wei", name="李伟")


def test_it_holds_a_minute_and_fills_steadily(person: Person) -> None:
    assert take(person.pk, 60, 50, NOW) == Taken(50)
    assert take(person.pk, 60, 50, NOW) == Taken(10)
    assert take(person.pk, 60, 1, NOW) == Taken(0, 1.0)
    assert take(person.pk, 60, 9, NOW + timedelta(seconds=2.5)) == Taken(2)
    assert take(person.pk, 60, 9, NOW + timedelta(seconds=2.75)) == Taken(0, 0.25)
    assert [take(person.pk, 60, 1, NOW + timedelta(seconds=n)).calls for n in (3, 3, 4)] == [1, 0, 1]
    assert take(person.pk, 60, 99, NOW + timedelta(days=1)) == Taken(60)


def test_what_was_not_used_goes_back_and_no_bucket_overflows(person: Person) -> None:
    take(person.pk, 60, 60, NOW)
    assert take(person.pk, 60, 9, NOW, returned=4) == Taken(4)
    assert take(person.pk, 60, 99, NOW + timedelta(minutes=1), returned=30) == Taken(60)


def test_a_lower_rate_counts_at_once_and_a_clock_that_lags_gives_nothing(person: Person) -> None:
    assert take(person.pk, 600, 60, NOW) == Taken(60)
    assert take(person.pk, 10, 99, NOW) == Taken(9)
    assert take(person.pk, 10, 1, NOW - timedelta(hours=1)).calls == 0
    assert take(person.pk, 10, 99, NOW + timedelta(seconds=6)) == Taken(1)


@pytest.mark.parametrize("per_minute", [1, 7, 11, 59, 600])
def test_no_call_is_lost_to_rounding(person: Person, per_minute: int) -> None:
    assert sum(take(person.pk, per_minute, max(1, per_minute // 3), NOW).calls for _time in range(9)) == per_minute


def test_many_at_once_take_no_more_than_there_is(person: Person) -> None:
    taken: list[int] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        try:
            for _time in range(10):
                taken.append(take(person.pk, 100, 7, NOW).calls)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 100
    assert CallAllowance.objects.get().full_at == NOW + timedelta(minutes=1)
