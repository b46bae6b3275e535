from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from guanxi.platform.calendar import clock_at, local, now, today


def test_now_is_aware_and_the_present():
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_day_begins_in_china_eight_hours_before_greenwich():
    with clock_at(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)):
        assert today() == date(2026, 11, 20)
    with clock_at(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)):
        assert today() == date(2026, 11, 21)
        assert local(now()).hour == 0


def test_a_set_clock_ends_with_its_block_and_nests():
    outer = datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=8)))
    with clock_at(outer):
        with pytest.raises(RuntimeError), clock_at(datetime(2020, 1, 1, tzinfo=UTC)):
            raise RuntimeError
        assert now() == outer
        assert now().tzinfo is UTC
    assert now() > outer


def test_a_moment_without_time_zone_is_refused():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="no time zone"):
        local(naive)
    with pytest.raises(ValueError, match="no time zone"), clock_at(naive):
        pass
