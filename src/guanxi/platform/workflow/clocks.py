"""When the timers of a process ring: by the calendar and the parameters of the day on which they were set."""

from __future__ import annotations

import datetime

from guanxi.platform import calendar
from guanxi.platform.calendar.working_days import add_working_days
from guanxi.platform.calendar.working_hours import after_working_hours
from guanxi.platform.policy.values import value_of
from guanxi.platform.workflow.diagrams import Clock
from guanxi.platform.workflow.policies import DAY_BEGINS, DAY_ENDS


def rings_at(clock: Clock, at: datetime.datetime) -> datetime.datetime:
    """When a timer that is set now rings: at the same time of a later working day, or after so many working hours."""
    here = calendar.local(at)
    if clock.hours:
        begins, ends = value_of(DAY_BEGINS, here.date()), value_of(DAY_ENDS, here.date())
        return after_working_hours(at, clock.hours, begins, ends)
    day = add_working_days(here.date(), clock.days or 0)
    return datetime.datetime.combine(day, here.time(), here.tzinfo).astimezone(at.tzinfo)
