"""Forgetting what was sent long ago."""

from datetime import datetime, timedelta

from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.once.models import Submission

#: Forms stay open overnight; a program that tries again does so within a day.
KEPT = timedelta(days=2)


@scheduled("once.forget_submissions", daily_at="03:20")
def forget_submissions(at: datetime) -> None:
    """Forget what was sent longer ago than anybody would send it again."""
    Submission.objects.filter(at__lt=at - KEPT).delete()
