import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs import worker
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.outbox import post
from guanxi.platform.jobs.registry import job, scheduled, sender
from guanxi.platform.jobs.rescue import rescue_silent
from guanxi.platform.jobs.starting import start
from guanxi.platform.jobs.worker import drain, run_worker

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 30.0


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def spawn() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts worker processes on the test database and ends those that are left."""
    processes: list[subprocess.Popen[bytes]] = []
    database = connection.settings_dict
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "GUANXI_LOG_LEVEL": "CRITICAL"}
    if connection.vendor == "sqlite":
        environment["GUANXI_SQLITE"] = str(database["NAME"])
    else:
        url = environment["GUANXI_DATABASE_URL"]
        environment["GUANXI_DATABASE_URL"] = f"{url.rpartition('/')[0]}/{database['NAME']}"

    def run() -> subprocess.Popen[bytes]:
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.platform.jobs.worker_process"],
                env={**environment, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                cwd=Path(__file__).parents[3],
            )
        )
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.wait()


def test_a_killed_workers_job_is_finished_by_the_next_worker(
    spawn: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    job("test.wait", title="Wait", attempts=3)(lambda progress, folder: {})
    waiting = start("test.wait", None, {"folder": str(tmp_path)})
    first = spawn()
    wait_for((tmp_path / "running-1").exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    row = Job.objects.get(pk=waiting.pk)
    assert (row.state, row.attempts) == ("running", 1)
    assert rescue_silent(row.heartbeat_at + timedelta(seconds=59)) == 0
    assert rescue_silent(row.heartbeat_at + timedelta(seconds=61)) == 1
    Job.objects.filter(pk=waiting.pk).update(enqueue_at=now())
    (tmp_path / "go").touch()
    spawn()
    wait_for(lambda: Job.objects.get(pk=waiting.pk).is_finished)
    row = Job.objects.get(pk=waiting.pk)
    assert (row.state, row.attempts, row.result) == ("done", 2, {"attempt": 2})


def test_a_worker_asked_to_end_finishes_its_job_first(
    spawn: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    job("test.wait", title="Wait", attempts=3)(lambda progress, folder: {})
    waiting = start("test.wait", None, {"folder": str(tmp_path)})
    left = start("test.wait", None, {"folder": str(tmp_path)})
    process = spawn()
    wait_for((tmp_path / "running-1").exists)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert process.poll() is None
    (tmp_path / "go").touch()
    assert process.wait(PATIENCE_SECONDS) == 0
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "queued"]
    assert {waiting.pk, left.pk} == set(Job.objects.values_list("pk", flat=True))


def test_one_loop_serves_jobs_schedules_and_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    job("test.a", title="A")(lambda progress: seen.append("job"))
    scheduled("test.s", every=timedelta(hours=1))(lambda at: seen.append("schedule"))
    sender("test.mail")(lambda payload: seen.append("message"))
    start("test.a", None, {})
    post("test.mail", {}, now())
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop, 0.01))
    thread.start()
    wait_for(lambda: len(seen) >= 3)
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert sorted(seen) == ["job", "message", "schedule"]


def test_a_worker_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    turns: list[int] = []

    def turn(worker_id: str, at: object) -> int:
        turns.append(1)
        if len(turns) < 3:
            raise OperationalError("server closed the connection")
        stop.set()
        return 0

    monkeypatch.setattr(worker, "_turn", turn)
    monkeypatch.setattr(worker, "PAUSE_AFTER_TROUBLE_SECONDS", 0.01)
    run_worker(stop, 0.01)
    assert len(turns) == 3


def test_draining_ends_when_nothing_is_due() -> None:
    ran: list[int] = []
    scheduled("test.s", every=timedelta(seconds=1))(lambda at: ran.append(1))
    job("test.a", title="A")(lambda progress: ran.append(2))
    for _ in range(3):
        start("test.a", None, {})
    assert drain() == 4
    assert sorted(ran) == [1, 2, 2, 2]
    assert drain(now() + timedelta(seconds=2)) == 1


def test_a_long_statement_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.platform.jobs import pulse

    monkeypatch.setattr(pulse.Pulse.__init__, "__defaults__", (0.02,))

    @job("test.busy", title="B")
    def busy(progress) -> None:
        long_ago = now() - timedelta(minutes=2)
        Job.objects.update(heartbeat_at=long_ago)
        wait_for(lambda: Job.objects.get(pk=progress.job.pk).heartbeat_at > long_ago)

    busy_job = start("test.busy", None, {})
    drain()
    assert Job.objects.get(pk=busy_job.pk).state == "done"
