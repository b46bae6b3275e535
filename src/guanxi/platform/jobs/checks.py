"""What must be true of jobs, schedules and messages: nothing stands still while a worker is there to move it."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import Job, OutboxMessage, ScheduledRun
from guanxi.platform.jobs.outbox import is_quarantined
from guanxi.platform.jobs.registry import schedules
from guanxi.platform.jobs.workers import newest_sign_of_life
from guanxi.platform.verify.checks import Findings, check

#: Longer than the longest pause before another attempt, and than a message waits between two tries.
PATIENCE = timedelta(hours=2)
#: Whether a worker is there is judged by its sign of life; without one, standing still is no fault of the data.
WORKER_SILENCE = timedelta(minutes=2)


def _is_worked() -> bool:
    seen = newest_sign_of_life()
    return seen is not None and seen >= now() - WORKER_SILENCE


@check("jobs.moving", _("No job stands still while a worker runs"))
def jobs_move() -> Findings:
    """Jobs that say they run and give no sign of life, and queued ones whose time came long ago."""
    if not _is_worked():
        return
    late = now() - PATIENCE
    for job in Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=late):
        yield Message("Job %(id)s has given no sign of life since %(at)s.", id=job.pk, at=job.heartbeat_at)
    for job in Job.objects.filter(state=Job.State.QUEUED, enqueue_at__lt=late):
        yield Message("Job %(id)s should have run at %(at)s.", id=job.pk, at=job.enqueue_at)


@check("jobs.outbox", _("No outgoing message waits longer than it should"))
def messages_leave() -> Findings:
    """Messages whose time came long ago and that nobody tried to send."""
    if not _is_worked() or is_quarantined():
        return
    states = (OutboxMessage.State.WAITING, OutboxMessage.State.FAILED, OutboxMessage.State.SENDING)
    late = OutboxMessage.objects.filter(state__in=states, next_try_at__lt=now() - PATIENCE, deleted_at=None)
    for message in late:
        yield Message("Message %(id)s should have left at %(at)s.", id=message.pk, at=message.next_try_at)


@check("jobs.schedules", _("Every repeated duty of the system ran when it should, without an error"))
def schedules_run() -> Findings:
    """Schedules that are late, and those whose last run failed."""
    known = {schedule.name for schedule in schedules.all()}
    late = now() - PATIENCE
    for run in ScheduledRun.objects.filter(name__in=known).order_by("name"):
        if run.last_error:
            yield Message("%(name)s failed at its last run.", name=run.name)
        elif _is_worked() and run.next_run_at < late:
            yield Message("%(name)s should have run at %(at)s.", name=run.name, at=run.next_run_at)
