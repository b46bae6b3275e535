"""Asking for a job, calling it off, and giving a parked one another chance."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import translation

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.queue import enqueue
from guanxi.platform.jobs.registry import job_kinds
from guanxi.platform.people.models import Person

TITLE_LENGTH = 200
# A queue entry that got lost (another backend, a restored backup) is made again after this time.
SAFETY_NET = timedelta(minutes=5)


def start(
    kind: str,
    actor: Person | None,
    payload: Mapping[str, Any],
    title: object = None,
    at: datetime | None = None,
) -> Job:
    """Ask for a job; it begins once the caller's transaction has committed.

    `kind`: a registered kind, else LookupError; `actor`: who asked (None: the system itself); `payload`: keyword
    arguments of the job's function, kept as JSON, so ids rather than rows (TypeError for what JSON cannot hold);
    `title`: what this job is called, if more telling than its kind's title; `at`: the moment of asking.
    """
    registered = job_kinds.need(kind)
    moment = at or now()
    language = actor.language if actor is not None else settings.LANGUAGE_CODE
    with translation.override(language):
        shown = str(Message.of(title if title is not None else registered.title))[:TITLE_LENGTH]
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=shown,
            actor=actor,
            payload=json.loads(json.dumps(dict(payload), cls=DjangoJSONEncoder)),
            enqueue_at=moment + SAFETY_NET,
            created_at=moment,
            created_by=actor,
            changed_at=moment,
            changed_by=actor,
        )
        enqueue(job.pk)
    return job


def cancel(job: Job, by: Person | None, at: datetime) -> Job:
    """Call the job off: at once while it is queued; a running one is asked to stop at its next step.

    Returns the job as it is then. Raises Conflict when it has already ended. The right to do so is the caller's to
    judge.
    """
    rows = Job.objects.filter(pk=job.pk)
    columns = {"changed_at": at, "changed_by": by}
    if not (
        rows.filter(state=Job.State.QUEUED).update(
            state=Job.State.CANCELLED, finished_at=at, enqueue_at=None, **columns
        )
        or rows.filter(state=Job.State.RUNNING).update(cancel_requested=True, **columns)
    ):
        raise Conflict(Message("This job has already ended."))
    return rows.get()


def retry(job: Job, by: Person | None, at: datetime) -> Job:
    """Queue a parked, failed or cancelled job again, with all its attempts. Raises Conflict for any other state."""
    with transaction.atomic():
        again = Job.objects.filter(
            pk=job.pk, state__in=(Job.State.PARKED, Job.State.FAILED, Job.State.CANCELLED)
        ).update(
            state=Job.State.QUEUED,
            attempts=0,
            done=0,
            cancel_requested=False,
            finished_at=None,
            error="",
            message="",
            enqueue_at=at + SAFETY_NET,
            changed_at=at,
            changed_by=by,
        )
        if not again:
            raise Conflict(Message("Only a job that failed, was parked or was cancelled can be started again."))
        enqueue(job.pk)
    return Job.objects.get(pk=job.pk)
