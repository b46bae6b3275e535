from datetime import UTC, datetime, timedelta

import pytest

from guanxi.platform.jobs.registry import job, job_kinds, scheduled, schedules, sender


def test_a_name_is_registered_once() -> None:
    register = job("test.a", title="A", attempts=3)
    function = register(lambda progress: {})
    assert job_kinds.need("test.a").function is function
    assert job_kinds.need("test.a").attempts == 3
    with pytest.raises(ValueError, match=r"test\.a is registered twice"):
        job("test.a", title="A")(lambda progress: {})
    sender("test.mail")(print)
    with pytest.raises(ValueError, match="registered twice"):
        sender("test.mail")(print)
    with pytest.raises(LookupError, match=r"test\.b"):
        job_kinds.need("test.b")


def test_a_job_needs_an_attempt_and_a_schedule_one_rhythm() -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        job("test.a", title="A", attempts=0)
    for wrong in (
        {},
        {"every": timedelta(seconds=5), "daily_at": "02:00"},
        {"every": timedelta(0)},
        {"daily_at": "25:00"},
    ):
        with pytest.raises(ValueError, match=r".+"):
            scheduled("test.s", **wrong)
    assert schedules.all() == ()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # 02:00 in China is 18:00 UTC of the day before.
        (datetime(2026, 3, 9, 17, 59, tzinfo=UTC), datetime(2026, 3, 9, 18, 0, tzinfo=UTC)),
        (datetime(2026, 3, 9, 18, 0, tzinfo=UTC), datetime(2026, 3, 10, 18, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), datetime(2026, 12, 31, 18, 0, tzinfo=UTC)),
    ],
)
def test_a_daily_time_is_a_chinese_time(at: datetime, expected: datetime) -> None:
    scheduled("test.daily", daily_at="02:00")(print)
    assert schedules.need("test.daily").first_after(at) == expected
