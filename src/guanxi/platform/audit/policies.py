"""The numbers of the logs; authorised people change them with a date and a reason."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: So long it stays known who saw, searched and took out what. The law asks for six months at least.
DISCLOSURES_KEPT_DAYS: Final = declare(
    Parameter(
        "audit.disclosures_kept_days",
        "days",
        3 * 365,
        label=_("Days for which it is kept who saw, searched and exported what"),
        clause="SEC-04",
        minimum=185,
    )
)
