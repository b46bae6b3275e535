"""Running the repeated duties of the system, each by one worker at a time."""

import logging
from datetime import datetime, timedelta

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import ScheduledRun
from guanxi.platform.jobs.pulse import Pulse
from guanxi.platform.jobs.registry import Schedule, schedules

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
# What a clock that was set back may leave behind: a next run further away than the schedule ever puts it.
SLACK = timedelta(minutes=1)


def run_due(at: datetime) -> int:
    """Run every schedule that is due at `at` and that no other worker is running; returns how many ran.

    A failing schedule is logged, keeps its error for the administrator, and runs again at its next time.
    """
    known = _known(at)
    return sum(
        _run(schedule, known[schedule.name], at)
        for schedule in schedules.all()
        if _is_due(known[schedule.name], schedule, at)
    )


def _known(at: datetime) -> dict[str, ScheduledRun]:
    known = {run.name: run for run in ScheduledRun.objects.all()}
    new = [schedule for schedule in schedules.all() if schedule.name not in known]
    if new:
        _begin(new, at)
        known = {run.name: run for run in ScheduledRun.objects.all()}
    return known


def _begin(new: list[Schedule], at: datetime) -> None:
    # An interval starts at once, so that a fresh installation works from its first minute; a daily time waits for it.
    rows = [
        ScheduledRun(name=schedule.name, next_run_at=at if schedule.every else schedule.first_after(at))
        for schedule in new
    ]
    ScheduledRun.objects.bulk_create(rows, ignore_conflicts=True)


def _is_due(run: ScheduledRun, schedule: Schedule, at: datetime) -> bool:
    free = run.claimed_until is None or run.claimed_until < at or run.claimed_until > at + LEASE + SLACK
    return free and (run.next_run_at <= at or run.next_run_at > at + schedule.period + SLACK)


def _run(schedule: Schedule, seen: ScheduledRun, at: datetime) -> bool:
    rows = ScheduledRun.objects.filter(name=schedule.name)
    # Only the first to change what it saw has the claim.
    if not rows.filter(next_run_at=seen.next_run_at, claimed_until=seen.claimed_until).update(claimed_until=at + LEASE):
        return False
    error = ""
    try:
        with Pulse(lambda: rows.update(claimed_until=now() + LEASE)):
            schedule.function(at)
    except Exception as problem:
        logger.exception("the schedule %s failed", schedule.name)
        error = f"{type(problem).__name__}: {problem}"
    rows.update(last_run_at=at, next_run_at=schedule.first_after(at), claimed_until=None, last_error=error)
    return True
