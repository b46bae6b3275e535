"""Running one job: take it, do it, and record how it ended."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import translation

from guanxi.kernel.errors import Away, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.progress import Cancelled, Progress, Superseded
from guanxi.platform.jobs.pulse import Pulse
from guanxi.platform.jobs.registry import job_kinds

logger = logging.getLogger(__name__)

TEMPORARY = (OperationalError, InterfaceError, OSError)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)


def run(job_id: UUID) -> bool:
    """Run the job if it is still queued; returns whether this call ran it.

    A job that is queued twice, already taken, finished or cancelled is left alone.
    """
    job = _claim(job_id, now())
    if job is None:
        return False
    with translation.override(language_of(job)), Pulse(lambda: _beat(job)):
        finish = _outcome(job)
    _record(job, finish)
    return True


def language_of(job: Job) -> str:
    """The language of the person who asked for the job, in which its texts are written."""
    return job.actor.language if job.actor is not None else settings.LANGUAGE_CODE


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts: 5, 10, 20 … seconds, at most 10 minutes."""
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempts - 1, 20)))


def allowed_attempts(job: Job) -> int:
    """How often a job of this kind may be started."""
    kind = job_kinds.get(job.kind)
    return kind.attempts if kind else 1


def _claim(job_id: UUID, at: datetime) -> Job | None:
    # One conditional statement: of several workers exactly one changes the row.
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=at,
        heartbeat_at=at,
        enqueue_at=None,
        error="",
    )
    return Job.objects.select_related("actor").get(pk=job_id) if taken else None


def _beat(job: Job) -> None:
    _mine(job).update(heartbeat_at=now())


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _outcome(job: Job) -> dict[str, Any]:
    kind = job_kinds.get(job.kind)
    if kind is None:
        logger.error("job %s: the kind %s is not known to this worker", job.pk, job.kind)
        return _ended(Job.State.FAILED, error=Message("This kind of job is not known to this installation."))
    try:
        result = kind.function(Progress(job), **job.payload)
    except Cancelled:
        return _ended(Job.State.CANCELLED)
    except Superseded:
        logger.warning("job %s: run %s was taken over by another worker", job.pk, job.attempts)
        return {}
    except Away as problem:
        logger.warning("job %s: attempt %s failed", job.pk, job.attempts, exc_info=problem)
        return again_or_parked(job, problem.message, now())
    except Problem as problem:
        return _ended(Job.State.FAILED, error=problem.message)
    except TEMPORARY as error:
        logger.warning("job %s: attempt %s failed", job.pk, job.attempts, exc_info=error)
        return again_or_parked(job, Message("Something needed was not available for the moment."), now())
    except Exception:
        logger.exception("job %s failed", job.pk)
        return _ended(Job.State.FAILED, error=_unexpected(job))
    return _ended(Job.State.DONE, result=result or {})


def _unexpected(job: Job) -> Message:
    return Message(
        "An unexpected error ended this job. The administrator finds it in the log under %(job)s.", job=job.pk
    )


def _ended(state: str, **columns: Any) -> dict[str, Any]:
    return {"state": state, "finished_at": now(), **_rendered(columns)}


def _rendered(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Message) else value for name, value in columns.items()}


def again_or_parked(job: Job, error: Message, at: datetime) -> dict[str, Any]:
    """The columns of a job whose run came to nothing: queued for another attempt, or parked after the last one."""
    if job.attempts >= allowed_attempts(job):
        return {"state": Job.State.PARKED, "finished_at": at, "error": str(error)}
    return {"state": Job.State.QUEUED, "enqueue_at": at + retry_delay(job.attempts), "error": str(error)}


def _record(job: Job, columns: dict[str, Any]) -> None:
    if not columns:
        return
    if not _write(job, columns):
        logger.warning("job %s: the outcome of run %s no longer counts", job.pk, job.attempts)


def _write(job: Job, columns: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(_mine(job).update(**columns))
    except TypeError:
        # The function returned something that is no JSON: its work is done, its result cannot be shown.
        logger.exception("job %s returned a result that cannot be kept", job.pk)
        with translation.override(language_of(job)):
            return bool(_mine(job).update(**_ended(Job.State.FAILED, error=_unexpected(job))))
