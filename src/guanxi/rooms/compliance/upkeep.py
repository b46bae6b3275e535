"""What keeps the board's figures true by itself, and proves that they are."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local, now
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.verify.checks import Findings, check
from guanxi.rooms.compliance.counting import bring_up_to_date, differing_days, differing_months

#: So many days are counted again to compare; older ones are compared by month.
COMPARED = datetime.timedelta(days=62)


@scheduled("compliance.figures", every=datetime.timedelta(minutes=5))
def count(at: datetime.datetime) -> None:
    """Count the days again of which something has changed."""
    bring_up_to_date(at)


@check("compliance.figures", _("The figures of the compliance board are what duties, decisions and approvals come to"))
def figures_follow() -> Findings:
    """Days and months whose figures somebody has changed, or of which a change was not counted."""
    at = now()
    for day in differing_days(at, local(at).date() - COMPARED):
        yield Message("The figures of %(day)s are not what happened on that day.", day=day)
    for month in differing_months():
        yield Message("The figures of the month from %(day)s on are not those of its days.", day=month)
