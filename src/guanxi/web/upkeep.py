"""Housekeeping of the web kit."""

from datetime import datetime, timedelta

from guanxi.platform.jobs.registry import scheduled
from guanxi.web.models import Submission

KEPT = timedelta(days=2)


@scheduled("web.forget_submissions", daily_at="03:20")
def forget_submissions(at: datetime) -> None:
    """Forget forms sent longer ago than anybody would send them again."""
    Submission.objects.filter(at__lt=at - KEPT).delete()
