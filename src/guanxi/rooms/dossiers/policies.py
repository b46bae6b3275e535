"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: A deletion that was approved can be taken back for so many months; only then may it be made final.
KEPT_MONTHS: Final = declare(
    Parameter(
        "dossiers.kept_months",
        int,
        1,
        unit="months",
        label=_("Months for which a deleted dossier document can be restored"),
        clause="ARC-26",
        minimum=1,
        maximum=120,
    )
)

#: For so long an original may be lent at most.
LOAN_DAYS: Final = declare(
    Parameter(
        "dossiers.loan_days",
        "days",
        14,
        label=_("Days for which a paper original may be lent"),
        clause="WF-03",
        minimum=1,
        maximum=366,
    )
)
