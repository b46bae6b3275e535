"""The figures at the head of a page: a strip of them, each leading to what stands behind it."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse

from guanxi.rooms.compliance.pages.charts import NAMES
from guanxi.rooms.compliance.queries.figures import Counts, Period
from guanxi.web import addresses


def months_before(day: datetime.date, count: int) -> datetime.date:
    """The first of the month so many months before."""
    months = day.year * 12 + day.month - 1 - count
    return datetime.date(months // 12, months % 12 + 1, 1)


def evidence_url(name: str, period: Period, **narrowed: Any) -> str:
    """Where what stands behind a figure is shown."""
    query = {"what": name, "from": period.first.isoformat(), "until": period.last.isoformat(), **narrowed}
    return addresses.with_query(reverse("compliance:evidence"), query)


def strip(counts: Counts, period: Period, clause: str = "", **narrowed: Any) -> list[dict[str, Any]]:
    """The figures as the strip at the head of a page, each leading to what stands behind it."""
    figure = [
        {
            "label": NAMES[name],
            "value": f"{counts[name]:,}",
            "tone": "red" if name == "broken" and counts[name] else "",
            "href": evidence_url(name, period, clause=clause, **narrowed) if counts[name] else "",
        }
        for name in counts.of
    ]
    if counts.share_kept is not None:
        figure[0] |= {"note": f"{counts.share_kept}%", "share": counts.share_kept}
    return figure
