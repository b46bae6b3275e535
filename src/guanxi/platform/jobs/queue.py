"""The bridge to the task queue. The queue carries nothing but the id of a job; the job's row is the truth."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from guanxi.platform.jobs.running import run

FINISHED_KEPT = timedelta(days=1)
RUNNING_KEPT = timedelta(days=7)


@task()
def run_job(job_id: str) -> None:
    """The one task of the queue: run the job of that id."""
    run(UUID(job_id))


def enqueue(job_id: UUID) -> None:
    """Put the job into the queue.

    The database's own queue takes part in the transaction, so that job and queue entry are kept or lost together. Any
    other queue is told after the commit.
    """
    if is_database_queue():
        run_job.enqueue(str(job_id))
    else:
        transaction.on_commit(partial(run_job.enqueue, str(job_id)))


def is_database_queue() -> bool:
    """Whether our own worker has to take the jobs out of the queue, rather than the workers of another backend."""
    return isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend)


def run_next(worker_id: str) -> bool:
    """Run one queued job, if there is one and the queue is ours to serve; returns whether there was."""
    if not is_database_queue():
        return False
    entry = _claim_next(worker_id)
    if entry is None:
        return False
    _runner(worker_id).run_task(entry)
    return True


def _claim_next(worker_id: str) -> "DBTaskResult[Any, Any] | None":
    ready = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
    # The claim takes a write lock; an idle worker only looks.
    if not ready.exists():
        return None
    with transaction.atomic():
        entry = ready.get_locked()
        if entry is not None:
            entry.claim(worker_id)
    return entry


def _runner(worker_id: str) -> Worker:
    # Only its handling of a single task is used: its loop would close the connection of a surrounding transaction.
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_id,
        excluded_queue_names=[],
    )


def forget_finished(at: datetime) -> int:
    """Delete queue entries that are over, and those whose worker died long ago; returns how many."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=at - FINISHED_KEPT)
    dead = DBTaskResult.objects.running().filter(started_at__lt=at - RUNNING_KEPT)
    return old.delete()[0] + dead.delete()[0]
