import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils import translation

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs import progress as progress_module
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Progress, Superseded
from guanxi.platform.jobs.registry import job
from guanxi.platform.jobs.rescue import requeue_due, rescue_silent
from guanxi.platform.jobs.running import run
from guanxi.platform.jobs.starting import cancel, retry, start
from guanxi.platform.jobs.worker import drain
from guanxi.platform.people.models import Person

from .conftest import AT, at_once

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


@pytest.fixture
def every_step_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_WRITES", 0.0)


def fresh(of: Job) -> Job:
    return Job.objects.get(pk=of.pk)


def test_a_job_runs_with_its_payload_and_keeps_its_result(li: Person) -> None:
    seen: dict[str, Any] = {}

    @job("test.add", title=Message("Adding"))
    def add(progress: Progress, **payload: Any) -> dict[str, Any]:
        seen.update(payload, language=translation.get_language(), actor=progress.job.actor)
        progress.step(3, 3, Message("%(count)s added", count=3))
        return {"total": Decimal("1.50")}

    record = uuid.uuid4()
    queued = start("test.add", li, {"record": record, "day": date(2026, 3, 9)}, at=AT)
    assert (queued.state, queued.title, queued.created_by, queued.percent) == ("queued", "Adding", li, None)
    drain()
    done = fresh(queued)
    assert seen == {"record": str(record), "day": "2026-03-09", "language": "zh-hans", "actor": li}
    assert (done.state, done.done, done.total, done.message) == ("done", 3, 3, "3 added")
    assert (done.result, done.attempts, done.percent, done.error) == ({"total": "1.50"}, 1, 100, "")
    assert done.finished_at is not None
    assert not run(queued.pk)


def test_an_unknown_kind_or_an_unkeepable_payload_is_not_started() -> None:
    job("test.a", title="A")(lambda progress: None)
    with pytest.raises(LookupError):
        start("test.b", None, {})
    with pytest.raises(TypeError):
        start("test.a", None, {"x": object()})
    assert not Job.objects.exists()


def test_a_job_of_a_rolled_back_transaction_never_runs() -> None:
    ran: list[int] = []
    job("test.a", title="A")(lambda progress: ran.append(1))
    with pytest.raises(RuntimeError), transaction.atomic():
        start("test.a", None, {})
        raise RuntimeError
    drain()
    assert ran == []
    start("test.a", None, {})
    drain()
    assert ran == [1]


def test_a_users_mistake_fails_at_once_with_its_message(li: Person) -> None:
    @job("test.wrong", title="W")
    def wrong(progress: Progress) -> None:
        raise Invalid(Message("Column %(name)s is missing.", name="电话"))

    failed = start("test.wrong", li, {})
    drain()
    assert (fresh(failed).state, fresh(failed).error, fresh(failed).attempts) == (
        "failed",
        "Column 电话 is missing.",
        1,
    )


def test_a_defect_fails_without_showing_its_trace(li: Person, caplog: pytest.LogCaptureFixture) -> None:
    @job("test.broken", title="B")
    def broken(progress: Progress) -> None:
        raise ZeroDivisionError("secret figure")

    failed = start("test.broken", li, {})
    drain()
    assert fresh(failed).state == "failed"
    assert str(failed.pk) in fresh(failed).error
    assert "secret figure" not in fresh(failed).error
    assert "secret figure" in caplog.text


def test_a_result_that_is_no_json_fails(li: Person) -> None:
    job("test.object", title="O")(lambda progress: {"x": object()})
    failed = start("test.object", li, {})
    drain()
    assert (fresh(failed).state, fresh(failed).result) == ("failed", None)


def test_temporary_trouble_is_tried_again_after_growing_delays_and_then_parked(li: Person) -> None:
    tries: list[int] = []

    @job("test.locked", title="L", attempts=3)
    def locked(progress: Progress) -> None:
        tries.append(progress.attempt)
        raise OperationalError("database is locked") if len(tries) < 3 else ConnectionResetError

    queued = start("test.locked", li, {})
    begin = now()
    drain()
    waiting = fresh(queued)
    assert (waiting.state, tries) == ("queued", [1])
    assert timedelta(seconds=5) <= waiting.enqueue_at - begin < timedelta(seconds=10)
    drain()
    assert tries == [1]
    drain(waiting.enqueue_at)
    assert tries == [1, 2]
    assert fresh(queued).enqueue_at - now() > timedelta(seconds=9)
    drain(now() + SOON)
    assert (tries, fresh(queued).state) == ([1, 2, 3], "parked")
    assert fresh(queued).error
    drain(now() + SOON)
    assert tries == [1, 2, 3]


def test_a_parked_job_can_be_given_another_chance(li: Person) -> None:
    tries: list[int] = []

    @job("test.flaky", title="F", attempts=1)
    def flaky(progress: Progress) -> None:
        tries.append(progress.attempt)
        if len(tries) == 1:
            raise OSError

    parked = start("test.flaky", li, {})
    drain()
    assert fresh(parked).state == "parked"
    retry(parked, li, now())
    drain()
    assert (fresh(parked).state, tries) == ("done", [1, 1])
    with pytest.raises(Conflict):
        retry(parked, li, now())


def test_progress_is_written_at_most_twice_a_second(li: Person, django_assert_max_num_queries) -> None:
    @job("test.rows", title="R")
    def rows(progress: Progress) -> None:
        progress.step(0, 1000)
        with django_assert_max_num_queries(0):
            for row in range(1, 1000):
                progress.step(row, 1000)
        assert fresh(progress.job).done == 0
        progress.step(1000, 1000)
        assert fresh(progress.job).done == 1000

    counted = start("test.rows", li, {})
    drain()
    assert fresh(counted).state == "done", fresh(counted).error


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_at_its_next_step(
    li: Person, every_step_written: None
) -> None:
    steps: list[int] = []

    @job("test.long", title="L")
    def long(progress: Progress, stop_at: int) -> None:
        for step in range(5):
            if step == stop_at:
                cancel(progress.job, li, now())
            progress.step(step, 10)
            steps.append(step)

    first = start("test.long", li, {"stop_at": 9})
    assert cancel(first, li, AT).state == "cancelled"
    drain()
    assert steps == []
    second = start("test.long", li, {"stop_at": 2})
    drain()
    assert (fresh(second).state, steps, fresh(second).done) == ("cancelled", [0, 1], 1)
    for ended in (first, second):
        with pytest.raises(Conflict):
            cancel(ended, li, AT)


def test_a_job_that_finishes_in_spite_of_the_cancellation_is_done(li: Person) -> None:
    job("test.deaf", title="D")(lambda progress: cancel(progress.job, li, now()) and None)
    finished = start("test.deaf", li, {})
    drain()
    assert fresh(finished).state == "done"


def test_a_silent_job_is_started_again_and_its_old_run_has_no_effect_any_more(li: Person) -> None:
    runs: list[str] = []

    @job("test.hangs", title="H", attempts=2)
    def hangs(progress: Progress) -> dict[str, Any]:
        runs.append(f"begin {progress.attempt}")
        if progress.attempt == 1:
            Job.objects.update(heartbeat_at=now() - timedelta(seconds=61))
            assert rescue_silent(now() - timedelta(seconds=2)) == 0
            assert rescue_silent(now()) == 1
            assert requeue_due(now() + SOON) == 1
            drain(now())
            try:
                progress.step(1, 2)
            except Superseded:
                runs.append("superseded")
                raise
        return {"by": progress.attempt}

    job_row = start("test.hangs", li, {})
    drain()
    assert runs == ["begin 1", "begin 2", "superseded"]
    assert (fresh(job_row).state, fresh(job_row).result, fresh(job_row).attempts) == ("done", {"by": 2}, 2)


def test_the_outcome_of_a_run_that_was_taken_over_does_not_count(li: Person) -> None:
    @job("test.late", title="L")
    def late(progress: Progress) -> dict[str, Any]:
        Job.objects.update(attempts=2)
        return {"by": progress.attempt}

    taken_over = start("test.late", li, {})
    drain()
    assert (fresh(taken_over).state, fresh(taken_over).result) == ("running", None)


def test_a_job_that_kills_its_workers_is_parked(li: Person) -> None:
    job("test.poison", title="P", attempts=2)(lambda progress: None)
    poison = start("test.poison", li, {})
    rows = Job.objects.filter(pk=poison.pk)
    rows.update(state="running", attempts=1, heartbeat_at=AT)
    assert rescue_silent(AT + timedelta(seconds=61)) == 1
    assert (fresh(poison).state, fresh(poison).enqueue_at) == ("queued", AT + timedelta(seconds=66))
    rows.update(state="running", attempts=2, heartbeat_at=AT)
    assert rescue_silent(AT + timedelta(seconds=61)) == 1
    assert fresh(poison).state == "parked"
    assert fresh(poison).error
    rows.update(state="running", attempts=1, heartbeat_at=AT, cancel_requested=True)
    rescue_silent(AT + timedelta(seconds=61))
    assert fresh(poison).state == "cancelled"


def test_a_lost_queue_entry_is_made_again(li: Person) -> None:
    from django_tasks_db.models import DBTaskResult

    job("test.a", title="A")(lambda progress: None)
    lost = start("test.a", li, {}, at=AT)
    DBTaskResult.objects.all().delete()
    drain(AT + timedelta(minutes=4))
    assert fresh(lost).state == "queued"
    drain(AT + timedelta(minutes=5))
    assert fresh(lost).state == "done"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_runs_the_job(li: Person) -> None:
    ran: list[int] = []
    job("test.once", title="O")(lambda progress: ran.append(1))
    once = start("test.once", li, {})
    assert at_once(8, lambda: run(once.pk)) == []
    assert (ran, fresh(once).state, fresh(once).attempts) == ([1], "done", 1)
