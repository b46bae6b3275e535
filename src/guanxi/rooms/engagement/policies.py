"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: So many working days after a meeting its minutes are written.
MINUTES_DAYS: Final = declare(
    Parameter(
        "engagement.minutes_days",
        "days",
        2,
        label=_("Working days after a meeting within which its minutes are written"),
        clause="RPT-08, WF-26",
        minimum=0,
        maximum=30,
    )
)

#: What came of an appointment with a customer is recorded within so many working days.
RECORD_DAYS: Final = declare(
    Parameter(
        "engagement.record_days",
        "days",
        2,
        label=_("Working days within which it is recorded what came of an appointment with a customer"),
        clause="WF-28",
        minimum=0,
        maximum=30,
    )
)

#: A customer is visited again when so many days have passed since the last visit, by its demand level; of its own the
#: customer has a figure on its page.
VISIT_DAYS: Final = {
    level: declare(
        Parameter(
            f"engagement.visit_{name}_days",
            "days",
            days,
            label=label,
            clause="VIS-05",
            minimum=1,
            maximum=731,
        )
    )
    for level, name, days, label in (
        ("A", "level_a", 30, _("Days after which a customer of level A is visited again")),
        ("B", "level_b", 60, _("Days after which a customer of level B is visited again")),
        ("C", "level_c", 90, _("Days after which a customer of level C is visited again")),
        ("", "no_level", 90, _("Days after which a customer without a level is visited again")),
    )
}

#: A return visit that falls due is announced so many days before.
VISIT_AHEAD_DAYS: Final = declare(
    Parameter(
        "engagement.visit_ahead_days",
        "days",
        7,
        label=_("Days before a return visit falls due at which it is announced"),
        clause="VIS-05",
        minimum=0,
        maximum=31,
    )
)

#: What a customer was found to be dissatisfied with is solved within so many working days.
DISSATISFACTION_DAYS: Final = declare(
    Parameter(
        "engagement.dissatisfaction_days",
        "days",
        5,
        label=_("Working days within which what a visit found a customer dissatisfied with is solved"),
        clause="VIS-04",
        minimum=1,
        maximum=92,
    )
)

#: For so long whoever was asked to a meeting may open it with its minutes.
MEETING_SIGHT_DAYS: Final = declare(
    Parameter(
        "engagement.meeting_sight_days",
        "days",
        366,
        label=_("Days for which participants may open a meeting and its minutes"),
        minimum=1,
        maximum=1827,
    )
)
