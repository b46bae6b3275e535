"""What this room knows: contacts with customers, meetings, customers to watch."""

from guanxi.rooms.engagement.queries.calendar import by_day, entries, team, whose
from guanxi.rooms.engagement.queries.meetings import (
    Change,
    Month,
    changes_since,
    former_meeting,
    front_line_heads,
    is_of_meeting,
    months_of_meetings,
    who_calls_it,
)
from guanxi.rooms.engagement.queries.returns import Due, due_visits, return_visits
from guanxi.rooms.engagement.queries.timeline import ENGAGEMENTS, latest_talks, my_agenda, talks_between, visits_between
from guanxi.rooms.engagement.queries.watching import Listed, candidates, list_of_month, may_see_every_month

__all__ = [
    "ENGAGEMENTS", "Change", "Due", "Listed", "Month", "by_day", "candidates", "changes_since", "due_visits",
    "entries", "former_meeting", "front_line_heads", "is_of_meeting", "latest_talks", "list_of_month",
    "may_see_every_month", "months_of_meetings", "my_agenda", "return_visits", "talks_between", "team",
    "visits_between", "who_calls_it", "whose",
]  # fmt: skip
