"""The record types of this room, and what it tells the customer page."""

from __future__ import annotations

from guanxi.platform import calendar
from guanxi.platform.people.models import Person
from guanxi.records.events import RecordsWritten, subscribe, witness
from guanxi.records.registry import register
from guanxi.rooms.customers.public import (
    contact_sources,
    next_step_sources,
    refresh_figures,
    timeline_sources,
    touched_customers,
)
from guanxi.rooms.engagement.actions import enter_stages, follow_owners, settle_return_visits
from guanxi.rooms.engagement.models import FollowUp, VisitReport
from guanxi.rooms.engagement.module.activities import FOLLOW_UP, MEMO, TASK
from guanxi.rooms.engagement.module.events import EVENT
from guanxi.rooms.engagement.module.meetings import MEETING, MINUTES
from guanxi.rooms.engagement.module.visits import PLAN, VISIT
from guanxi.rooms.engagement.module.watching import WATCH
from guanxi.rooms.engagement.queries import ENGAGEMENTS

register(FOLLOW_UP, PLAN, VISIT, TASK, MEMO, MINUTES, MEETING, WATCH, EVENT)

timeline_sources.append(ENGAGEMENTS)
contact_sources.append(ENGAGEMENTS)
next_step_sources.append(ENGAGEMENTS)


def _refresh_contacts(event: RecordsWritten) -> None:
    """A follow-up or visit was written: the customer's last contact is worked out again."""
    model = {"engagement.followup": FollowUp, "engagement.visitreport": VisitReport}.get(event.module)
    if model is not None:
        refresh_figures(touched_customers(event, model), calendar.today())


subscribe(RecordsWritten, _refresh_contacts)
witness(RecordsWritten, lambda event: follow_owners(event, calendar.now()))


def _visited_again(event: RecordsWritten) -> None:
    """A report on a visit was written: a return visit that was owed has been paid."""
    if event.module == VISIT.key and event.action in ("create", "restore"):
        reports = VisitReport.objects.filter(pk__in=event.records)
        enter_stages(list(reports), calendar.now(), event.actor)
        by = Person.objects.filter(pk=event.actor).first() if event.actor else None
        settle_return_visits(list(reports), calendar.now(), by)


witness(RecordsWritten, _visited_again)
