import time

from guanxi.kernel.ids import uuid7


def test_ids_are_version_7_and_ordered_by_time() -> None:
    before = time.time_ns() // 1_000_000
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert (first.version, first.variant) == (7, second.variant)
    assert first < second
    assert before <= first.int >> 80 <= time.time_ns() // 1_000_000
    assert len({uuid7() for _ in range(1000)}) == 1000


def test_ids_made_in_a_row_stand_in_that_order() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert abs((made[-1].int >> 80) - time.time_ns() // 1_000_000) < 1000  # and do not run ahead of the clock
