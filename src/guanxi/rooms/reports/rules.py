"""Judgements on reports."""

from __future__ import annotations

import datetime

from guanxi.kernel.dates import add_months
from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def may_delete_folder(reports: int) -> Decision:
    """A folder goes when nothing lies in it any more (CRM-46)."""
    if not reports:
        return Decision.allow()
    return refuse(
        "CRM-46", Message("There are still reports in this folder."),
        remedy=Message("Move its reports to another folder, or delete them first."), reports=reports,
    )  # fmt: skip


def next_day(rhythm: str, after: datetime.date) -> datetime.date:
    """The first day after `after` on which a schedule is due: tomorrow, the next Monday, the next first of a month."""
    if rhythm == "daily":
        return after + datetime.timedelta(days=1)
    if rhythm == "weekly":
        return after + datetime.timedelta(days=7 - after.weekday())
    return add_months(after.replace(day=1), 1)
