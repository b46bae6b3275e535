"""What the job system does for itself."""

from datetime import datetime

from guanxi.platform.jobs.queue import forget_finished
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.jobs.workers import forget_dead


@scheduled("jobs.forget_finished", daily_at="03:30")
def forget_finished_entries(at: datetime) -> None:
    """Clear the task queue of what is over; the jobs themselves stay. And the workers that died."""
    forget_finished(at)
    forget_dead(at)
