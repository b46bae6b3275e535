import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from guanxi.kernel.errors import Invalid
from guanxi.platform.numbering.models import Sequence
from guanxi.platform.numbering.sequences import next_numbers, peek

DAY = date(2026, 3, 9)
PATTERN = "KH-{year}-{seq:03}"


@pytest.mark.django_db
def test_numbers_follow_each_other_within_their_period() -> None:
    assert next_numbers("customer", PATTERN, 2, DAY) == ["KH-2026-001", "KH-2026-002"]
    assert next_numbers("customer", PATTERN, 1, DAY) == ["KH-2026-003"]
    assert next_numbers("customer", PATTERN, 1, date(2027, 1, 1)) == ["KH-2027-001"]
    assert next_numbers("customer", PATTERN, 1, date(2026, 12, 31)) == ["KH-2026-004"]
    assert next_numbers("supplier", PATTERN, 1, DAY) == ["KH-2026-001"]
    assert peek("customer", PATTERN, DAY) == "KH-2026-005"
    assert peek("customer", PATTERN, DAY) == "KH-2026-005"
    assert peek("unused", PATTERN, DAY) == "KH-2026-001"


@pytest.mark.django_db
def test_a_wrong_count_or_pattern_uses_up_no_number() -> None:
    for count in (0, -1):
        with pytest.raises(ValueError, match="cannot be given out"):
            next_numbers("customer", PATTERN, count, DAY)
    with pytest.raises(Invalid):
        next_numbers("customer", "KH-{year}", 1, DAY)
    assert not Sequence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_number_is_given_out_again() -> None:
    next_numbers("customer", PATTERN, 1, DAY)
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_numbers("customer", PATTERN, 3, DAY)[-1] == "KH-2026-004"
        raise RuntimeError
    assert next_numbers("customer", PATTERN, 1, DAY) == ["KH-2026-002"]


def _at_once(count: int, work: Callable[[], None]) -> list[BaseException]:
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


def _race(threads: int, rounds: int) -> None:
    kept: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        for turn in range(rounds):
            try:
                with transaction.atomic():
                    numbers = next_numbers("customer", PATTERN, 2, DAY)
                    if turn % 3 == 1:
                        raise RuntimeError
            except RuntimeError:
                continue
            with lock:
                kept.extend(numbers)

    assert _at_once(threads, work) == []
    expected = threads * sum(2 for turn in range(rounds) if turn % 3 != 1)
    assert sorted(kept, key=lambda number: int(number[8:])) == [f"KH-2026-{n:03}" for n in range(1, expected + 1)]


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_series_without_gaps_or_doubles() -> None:
    _race(threads=6, rounds=6)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_share_one_series() -> None:
    _race(threads=20, rounds=12)
