"""What the customer master does for itself."""

from datetime import datetime

from guanxi.platform.calendar import local
from guanxi.platform.jobs.registry import scheduled
from guanxi.rooms.customers.queries import moving_figures, refresh_figures


@scheduled("customers.refresh_figures", daily_at="03:20")
def refresh_moving_figures(at: datetime) -> None:
    """Work out the twelve months' sales again: yesterday's order a year ago has left them (ARC-32)."""
    refresh_figures(moving_figures(), local(at).date())
