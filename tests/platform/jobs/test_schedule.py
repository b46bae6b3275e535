import threading
from datetime import datetime, timedelta

import pytest

from guanxi.platform.jobs import schedule
from guanxi.platform.jobs.models import ScheduledRun
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.jobs.schedule import run_due

from .conftest import AT, at_once

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def test_an_interval_runs_at_once_and_then_once_per_interval_however_many_were_missed() -> None:
    ran: list[datetime] = []
    scheduled("test.often", every=5 * SECOND)(ran.append)
    moments = [AT, AT + SECOND, AT + 4 * SECOND, AT + 5 * SECOND, AT + 3600 * SECOND, AT + 3601 * SECOND]
    assert [run_due(moment) for moment in moments] == [1, 0, 0, 1, 1, 0]
    assert ran == [AT, AT + 5 * SECOND, AT + 3600 * SECOND]


def test_a_daily_duty_waits_for_its_time_and_makes_up_for_missed_days_once() -> None:
    ran: list[datetime] = []
    scheduled("test.daily", daily_at="10:00")(ran.append)
    # AT is 09:00 in China.
    assert run_due(AT) == 0
    assert run_due(AT + timedelta(minutes=59)) == 0
    assert run_due(AT + timedelta(hours=1)) == 1
    assert run_due(AT + timedelta(hours=2)) == 0
    assert run_due(AT + timedelta(days=3)) == 1
    assert ScheduledRun.objects.get().next_run_at == AT + timedelta(days=3, hours=1)


def test_a_failure_is_kept_for_the_administrator_and_does_not_stop_the_others() -> None:
    ran: list[datetime] = []

    @scheduled("test.broken", every=5 * SECOND)
    def broken(at: datetime) -> None:
        if not ran or len(ran) < 2:
            raise RuntimeError("no disk")

    scheduled("test.fine", every=5 * SECOND)(ran.append)
    assert run_due(AT) == 2
    row = ScheduledRun.objects.get(name="test.broken")
    assert (row.last_error, row.last_run_at, row.claimed_until) == ("RuntimeError: no disk", AT, None)
    run_due(AT + 5 * SECOND)
    run_due(AT + 10 * SECOND)
    assert ScheduledRun.objects.get(name="test.broken").last_error == ""
    assert len(ran) == 3


def test_a_claimed_duty_is_left_alone_until_its_claim_ends() -> None:
    ran: list[datetime] = []
    scheduled("test.long", every=5 * SECOND)(ran.append)
    ScheduledRun.objects.create(name="test.long", next_run_at=AT, claimed_until=AT + 60 * SECOND)
    assert run_due(AT + 60 * SECOND) == 0
    assert run_due(AT + 61 * SECOND) == 1


def test_a_clock_that_was_set_back_does_not_silence_a_duty() -> None:
    ran: list[datetime] = []
    scheduled("test.often", every=5 * SECOND)(ran.append)
    run_due(AT + timedelta(days=400))
    assert run_due(AT) == 1
    assert run_due(AT + 5 * SECOND) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_runs_the_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[datetime] = []
    looked = threading.Barrier(6)
    read = schedule._known

    def all_look_before_one_acts(at: datetime) -> dict[str, ScheduledRun]:
        known = read(at)
        looked.wait()
        return known

    scheduled("test.slow", every=3600 * SECOND)(ran.append)
    monkeypatch.setattr(schedule, "_known", all_look_before_one_acts)
    assert at_once(6, lambda: run_due(AT)) == []
    assert ran == [AT]
