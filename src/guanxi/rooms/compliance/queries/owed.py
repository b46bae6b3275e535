"""What a page tells of a duty: how it stands against its day, what happened, what it is about, what shows it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.platform import calendar
from guanxi.platform.calendar.working_days import working_days_between
from guanxi.platform.obligations.models import Obligation, State
from guanxi.records import registry
from guanxi.records.context import Context


def standing(row: Obligation) -> str:
    """Where a duty stands against its day, in working days: “2 days left”, “due today”, “3 days late”."""
    if row.days_late:
        return ngettext("%(count)s working day late", "%(count)s working days late", row.days_late) % {
            "count": row.days_late
        }
    if row.state != State.OPEN:
        return ""
    today = calendar.today()
    if row.due_on == today:
        return _("due today")
    if row.due_on < today:
        late = max(1, working_days_between(row.due_on, today))
        return ngettext("%(count)s working day overdue", "%(count)s working days overdue", late) % {"count": late}
    left = working_days_between(today, row.due_on)
    return ngettext("%(count)s working day left", "%(count)s working days left", left) % {"count": left}


def is_broken(row: Obligation) -> bool:
    """Whether it is owed still although its day has passed."""
    return row.state == State.OPEN and row.due_on < calendar.today()


@dataclass(frozen=True)
class Deed:
    """One thing that happened to a duty: when, what, and whom it concerned."""

    at: datetime.datetime
    icon: str
    what: str
    who: str = ""
    note: str = ""
    is_bad: bool = False


def course_of(row: Obligation) -> list[Deed]:
    """What happened to a duty, the newest first."""
    deeds = [Deed(row.opened_at, "flag", _("owed since"), "")]
    if row.reminded_at:
        deeds.append(Deed(row.reminded_at, "bell", _("called to mind"), row.owner.name))
    if row.escalated_at:
        told = row.escalated_to.name if row.escalated_to else ""
        deeds.append(Deed(row.escalated_at, "alert-triangle", _("superior told"), told, is_bad=True))
    if row.discharged_at:
        icon = {State.KEPT: "check", State.LATE: "check", State.WAIVED: "ban"}.get(State(row.state), "x")
        by = row.discharged_by.name if row.discharged_by else ""
        late = row.state == State.LATE
        deeds.append(Deed(row.discharged_at, icon, row.get_state_display(), by, row.remark, is_bad=late))
    return sorted(deeds, key=lambda deed: deed.at, reverse=True)


@dataclass(frozen=True)
class Named:
    """A record that a duty names: of which type, and itself where the person may see it."""

    label: str
    module: str
    record: Any


def named(ctx: Context, module: str, pk: uuid.UUID | None) -> Named | None:
    """The record as this person may see it; None where none is named, or it has gone for good."""
    known = registry.find(module)
    if known is None or pk is None:
        return None
    seen = ctx.search(known).filter(pk=pk).first() if ctx.may(known) else None
    return Named(str(known.label), known.key, seen)
