"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from decimal import Decimal
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

#: For so long a link serves with which the customer signs.
LINK_DAYS: Final = declare(
    Parameter(
        "dossiers.link_days",
        "days",
        7,
        label=_("Days for which the customer can sign by a link"),
        clause="ARC-22",
        minimum=1,
        maximum=30,
    )
)

#: So often all dossiers are revised and verified.
ROUND_MONTHS: Final = declare(
    Parameter(
        "dossiers.round_months",
        int,
        2,
        unit="months",
        label=_("Months from one revision of all dossiers to the next"),
        clause="ARC-33",
        minimum=1,
        maximum=24,
    )
)

#: Within so many days of its beginning a round is to be finished.
ROUND_DAYS: Final = declare(
    Parameter(
        "dossiers.round_days",
        "days",
        14,
        label=_("Days within which a revision of all dossiers is finished"),
        clause="ARC-33",
        minimum=1,
        maximum=92,
    )
)

#: Whose sales rise by so much from one interval to the next grows fast.
GROWTH_PERCENT: Final = declare(
    Parameter(
        "dossiers.growth_percent",
        "percent",
        Decimal(50),
        label=_("Rise in sales from which a customer counts as growing fast"),
        clause="ARC-34",
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)

#: Whose sales fall by so much counts as lost.
LOSS_PERCENT: Final = declare(
    Parameter(
        "dossiers.loss_percent",
        "percent",
        Decimal(80),
        label=_("Fall in sales from which a customer counts as lost"),
        clause="ARC-34",
        minimum=Decimal(1),
        maximum=Decimal(100),
    )
)
