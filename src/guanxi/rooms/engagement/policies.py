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
        clause="RPT-08",
        minimum=0,
        maximum=30,
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
