"""What of planning the company decides: how often targets are talked about."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: Targets and results are talked about all the year round, not only when the year is appraised.
TARGET_TALK_DAYS: Final = declare(
    Parameter(
        "sales.target_talk_days",
        "days",
        30,
        label=_("Days after which a talk about targets is due again"),
        clause="SAL-08",
        minimum=1,
        maximum=366,
    )
)
