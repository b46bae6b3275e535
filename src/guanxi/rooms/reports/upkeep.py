"""What this room does by itself: files of scheduled reports every morning; shares follow who holds a role."""

from __future__ import annotations

from datetime import datetime, timedelta

from guanxi.platform.jobs.registry import scheduled
from guanxi.rooms.reports.actions import settle_shares
from guanxi.rooms.reports.actions.making import start_due
from guanxi.rooms.reports.models import Report, Sharing


@scheduled("reports.files", every=timedelta(minutes=30))
def files(at: datetime) -> None:
    """Start the jobs of all schedules whose day has come."""
    start_due(at)


@scheduled("reports.shares", every=timedelta(minutes=10))
def shares(at: datetime) -> None:
    """Who has got a role sees what is shared with it; who has lost it does not any more."""
    shared = Report.objects.filter(sharing=Sharing.CHOSEN, deleted_at=None, shares__role__isnull=False)
    for report in shared.select_related("owner").distinct():
        if report.owner is not None:
            settle_shares(report, report.owner, at)
