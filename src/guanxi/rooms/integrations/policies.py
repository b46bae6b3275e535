"""How patient the room is with other systems."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: So many attempts in a row that failed switch a webhook off; with growing pauses ten take some four hours.
FAILURES_TO_SWITCH_OFF: Final = declare(
    Parameter(
        "integrations.failures_to_switch_off",
        int,
        10,
        label=_("Failed attempts in a row after which a webhook is switched off"),
        minimum=1,
        maximum=1000,
    )
)

#: How long the list of deliveries reaches back.
DELIVERIES_KEPT: Final = declare(
    Parameter(
        "integrations.deliveries_kept_days",
        "days",
        90,
        label=_("Days for which the list of deliveries to other systems is kept"),
        minimum=1,
        maximum=3660,
    )
)
