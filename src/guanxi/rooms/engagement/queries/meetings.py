"""Who is asked to the monthly meeting, what has changed since the last one, and which month had none (RPT-01)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.dates import add_months, month_end
from guanxi.platform.access.rights import people_who_may
from guanxi.platform.calendar import CHINA, local
from guanxi.platform.people.models import Person
from guanxi.records import listing, registry
from guanxi.records.context import Context
from guanxi.records.filters import compile_filter
from guanxi.rooms.engagement.models import Meeting, MeetingState, Minutes
from guanxi.rooms.engagement.models.meetings import ARCHIVE_UPDATE

MEETING, WATCH = "engagement.meeting", "engagement.watch"
#: The right of the front line: the list of customers to watch of the month (RPT-02).
SEE_LIST = "see_watch_list"
#: Months that the page of the monthly meetings goes back.
MONTHS = 12
#: What the meeting goes through: record type, which of its days counts, and how it is called.
AGENDA: tuple[tuple[str, str, Any], ...] = (
    ("customers.customer", "collected_on", _("New customers")),
    ("customers.changeevent", "happened_on", _("Changes at customers")),
    ("customers.contribution", "settled_on", _("Contributions filed")),
    ("customers.opinion", "expressed_on", _("What customers said of us")),
    ("customers.intelligencenote", "noted_on", _("What was heard of customers")),
    ("customers.need", "collected_on", _("Needs and preferences")),
    ("engagement.visitreport", "visited_on", _("Visits")),
    ("dossiers.document", "filed_on", _("Papers filed")),
)


def who_calls_it() -> Person | None:
    """Who owes the monthly meeting: whoever puts customers on the list to watch; of several the first by name."""
    people = people_who_may(registry.module(WATCH).names, "create").select_related("department")
    return people.order_by("name_pinyin", "pk").first()


def front_line_heads() -> list[Person]:
    """Sales and the heads of the other front-line departments: of all whose people see the list to watch."""
    people = people_who_may(registry.module(WATCH).names, SEE_LIST)
    heads = people.exclude(department=None).values("department__head")
    return list(Person.objects.filter(pk__in=heads, is_active=True, deleted_at=None).order_by("name_pinyin", "pk"))


def is_of_meeting(minutes: Minutes) -> bool:
    """Whether these are the minutes that made a meeting held."""
    return Meeting.objects.filter(minutes=minutes.pk).exists()


def former_meeting(before: datetime.datetime) -> Meeting | None:
    """The last archive update that was held before a moment."""
    held = Meeting.objects.filter(kind=ARCHIVE_UPDATE, state=MeetingState.HELD, deleted_at=None)
    return held.filter(planned_at__lt=before).select_related("minutes").order_by("-planned_at", "-pk").first()


@dataclass(frozen=True)
class Change:
    """What has come since the last meeting: so many records, found by the very filter that their link carries."""

    label: Any
    module: str
    count: int
    filters: Mapping[str, Any]


def changes_since(ctx: Context, first: datetime.date, last: datetime.date) -> list[Change]:
    """What has changed from one day to another, both included, as far as this person sees it."""
    found = []
    for key, day, label in AGENDA:
        module = registry.find(key)
        if module is None or not ctx.may(module):
            continue
        tree = {
            "all": [
                {"field": day, "op": "from", "value": first.isoformat()},
                {"field": day, "op": "until", "value": last.isoformat()},
            ]
        }
        rows = ctx.search(module).filter(compile_filter(module, tree, ctx))
        found.append(Change(label, key, listing.count(rows), tree))
    return found


@dataclass(frozen=True)
class Month:
    """A month and its archive update: held, planned, or none."""

    first: datetime.date
    meeting: Meeting | None

    @property
    def is_held(self) -> bool:
        """Whether a meeting with minutes stands for the month."""
        return self.meeting is not None and self.meeting.state == MeetingState.HELD

    def is_missing(self, today: datetime.date) -> bool:
        """Whether the month is over and had no meeting (RPT-01)."""
        return not self.is_held and month_end(self.first) < today


def months_of_meetings(today: datetime.date) -> list[Month]:
    """The months since the first archive update was planned, a year at most, the newest first; always this month."""
    this = today.replace(day=1)
    since = datetime.datetime.combine(add_months(this, 1 - MONTHS), datetime.time.min, CHINA)
    rows = Meeting.objects.filter(kind=ARCHIVE_UPDATE, deleted_at=None, planned_at__gte=since)
    by_month: dict[datetime.date, Meeting] = {}
    for row in rows.exclude(state=MeetingState.CANCELLED).select_related("minutes").order_by("planned_at", "pk"):
        day = row.minutes.held_on if row.minutes is not None else local(row.planned_at).date()
        standing = by_month.get(day.replace(day=1))
        if standing is None or standing.state != MeetingState.HELD:
            by_month[day.replace(day=1)] = row
    first = min([this, *by_month])
    count = (this.year - first.year) * 12 + this.month - first.month + 1
    months = [add_months(this, -back) for back in range(min(count, MONTHS))]
    return [Month(month, by_month.get(month)) for month in months]
