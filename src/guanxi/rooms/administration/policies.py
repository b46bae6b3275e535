"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: So long somebody must have been with the company before he may keep the archive.
ARCHIVIST_MONTHS: Final = declare(
    Parameter(
        "administration.archivist_months",
        int,
        12,
        unit="months",
        label=_("Months with the company before somebody may keep the archive"),
        clause="SEC-06",
        minimum=0,
        maximum=240,
    )
)
