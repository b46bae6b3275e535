"""Bringing back the jobs whose worker died, and those whose time for another attempt has come."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from guanxi.kernel.messages import Message
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.queue import enqueue
from guanxi.platform.jobs.running import again_or_parked, language_of
from guanxi.platform.jobs.starting import SAFETY_NET

logger = logging.getLogger(__name__)

SILENCE = timedelta(seconds=60)


def requeue_due(at: datetime) -> int:
    """Put those queued jobs into the queue whose time has come: a further attempt, a lost queue entry.

    Returns how many.
    """
    due = Job.objects.filter(state=Job.State.QUEUED, enqueue_at__lte=at)
    return sum(_requeue(job, at) for job in due.order_by("enqueue_at")[:100])


def _requeue(job: Job, at: datetime) -> bool:
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, enqueue_at=job.enqueue_at)
        if not mine.update(enqueue_at=at + SAFETY_NET):
            return False
        enqueue(job.pk)
    return True


def rescue_silent(at: datetime) -> int:
    """Queue the running jobs again that gave no sign of life for a minute, or park them; returns how many."""
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=at - SILENCE)
    return sum(_rescue(job, at) for job in silent.select_related("actor")[:100])


def _rescue(job: Job, at: datetime) -> bool:
    with translation.override(language_of(job)):
        columns = again_or_parked(job, Message("The worker that ran this job stopped unexpectedly."), at)
    if job.cancel_requested:
        columns = {"state": Job.State.CANCELLED, "finished_at": at}
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts, heartbeat_at=job.heartbeat_at)
    rescued = bool(mine.update(**columns))
    if rescued:
        logger.warning("job %s: run %s gave no sign of life; now %s", job.pk, job.attempts, columns["state"])
    return rescued
