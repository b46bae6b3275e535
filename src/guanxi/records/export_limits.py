"""How much of the confidential records one person takes out alone, and for how long the file lies there (SEC-04)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import Refused
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter, declare
from guanxi.platform import calendar
from guanxi.platform.audit.models import Disclosure, Outcome, Sight
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records import disclosing

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.module import Module

#: A single export of more needs a second person.
ROWS_ALONE: Final = declare(
    Parameter(
        "records.export_rows_alone",
        int,
        500,
        unit="rows",
        label=_("Rows of confidential records that one person exports at once without approval"),
        clause="SEC-04",
        minimum=0,
    )
)

#: Beyond it every further export of that day needs a second person, however small.
ROWS_A_DAY: Final = declare(
    Parameter(
        "records.export_rows_a_day",
        int,
        5000,
        unit="rows",
        label=_("Rows of confidential records that one person exports in a day without approval"),
        clause="SEC-04",
        minimum=0,
    )
)

#: So long the file of an export can be downloaded; then its bytes are deleted.
FILE_HOURS: Final = declare(
    Parameter(
        "records.export_file_hours",
        int,
        24,
        unit="hours",
        label=_("Hours for which the file of an export can be downloaded"),
        clause="SEC-04",
        minimum=1,
        maximum=720,
    )
)

#: Whoever takes out more in a day is told to the security administrators, approved or not.
ALERT_ROWS: Final = declare(
    Parameter(
        "records.export_alert_rows",
        int,
        2000,
        unit="rows",
        label=_("Rows exported by one person in a day from which the security administrators are told"),
        clause="SEC-04",
        minimum=1,
    )
)

#: Whoever looks at more different records in a day is told to them as well.
ALERT_LOOKS: Final = declare(
    Parameter(
        "records.looks_alert_records",
        int,
        300,
        unit="records",
        label=_(
            "Confidential records looked at by one person in a day from which the security administrators are told"
        ),
        clause="SEC-04",
        minimum=1,
    )
)


def day_begins(day: datetime.date) -> datetime.datetime:
    """The midnight with which a day in China begins."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def taken_alone(person: Person, day: datetime.date) -> int:
    """How many rows the person took out that day on nobody's approval but his own, by the log of what was shown."""
    begin = day_begins(day)
    told = Disclosure.objects.filter(
        actor=person, kind=Sight.EXPORT, outcome=Outcome.DONE, at__gte=begin, at__lt=begin + datetime.timedelta(days=1)
    ).values_list("detail", flat=True)
    return sum(int(detail.get("rows", 0)) for detail in told if not detail.get("request"))


def may_take(count: int, taken: int, alone: int, a_day: int) -> Decision:
    """Many rows at once, or in a day, leave the house only with a second person's consent (SEC-04).

    `count`: rows of this export; `taken`: rows exported today without approval; `alone`, `a_day`: the parameters.
    """
    remedy = Message("Export the list: a second person is then asked to approve it. Or narrow what you export.")
    if count > alone:
        return refuse(
            "SEC-04",
            Message("More than %(limit)s rows are not exported by one person alone.", limit=alone),
            remedy=remedy, rows=count,
        )  # fmt: skip
    if taken + count > a_day:
        return refuse(
            "SEC-04",
            Message("One person exports %(limit)s rows in a day at most; today it was %(taken)s.", limit=a_day,
                    taken=taken),
            remedy=remedy, rows=count,
        )  # fmt: skip
    return Decision.allow()


def judged(ctx: Context, module: Module, count: int) -> Decision:
    """Whether this person may take so many rows of the record type out on his own today."""
    if not disclosing.is_watched(ctx, module):
        return Decision.allow()
    alone, a_day = value_of(ROWS_ALONE, ctx.today), value_of(ROWS_A_DAY, ctx.today)
    return may_take(count, taken_alone(ctx.actor, ctx.today), alone, a_day)


def require_alone(ctx: Context, module: Module, count: int) -> None:
    """Raise Refused when so many rows need a second person."""
    decision = judged(ctx, module, count)
    if not decision.allowed:
        raise Refused(decision)


def files_kept_since(at: datetime.datetime) -> datetime.datetime:
    """Export files made before this moment can no longer be downloaded."""
    return at - datetime.timedelta(hours=value_of(FILE_HOURS, calendar.local(at).date()))
