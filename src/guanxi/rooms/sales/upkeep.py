"""What this room does by itself: sales reports go into the daily archive (RPT-05), summaries are asked for (RPT-06)."""

from __future__ import annotations

from datetime import datetime

from guanxi.platform.jobs.registry import scheduled
from guanxi.rooms.sales.actions.reports import ask_for_summaries, file_reports


@scheduled("sales.file_reports", daily_at="00:20")
def reports_are_filed(at: datetime) -> None:
    """Each night the report of the day, after each week the week's."""
    file_reports(at)


@scheduled("sales.ask_for_summaries", daily_at="00:30")
def summaries_are_asked_for(at: datetime) -> None:
    """After a month, quarter or year whoever answers for all sales sums it up."""
    ask_for_summaries(at)
