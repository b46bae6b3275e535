"""What the company decides here: talks about targets, what is known of a lead is worth, how far a discount is free."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

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

#: So many working days after a month, quarter or year its sales are summed up in writing.
SUMMARY_DAYS: Final = declare(
    Parameter(
        "sales.summary_days",
        "days",
        5,
        label=_("Working days after a period within which its sales plan is summed up"),
        clause="RPT-06",
        minimum=1,
        maximum=60,
    )
)


def _points(name: str, worth: int, label: Any) -> Parameter[int]:
    return declare(Parameter(f"sales.lead_points_{name}", "int", worth, label=label, minimum=0, maximum=100))


HOT: Final = _points("hot", 40, _("Points of a lead that is rated hot"))
WARM: Final = _points("warm", 20, _("Points of a lead that is rated warm"))
ASKED_US: Final = _points("asked_us", 15, _("Points of a lead that turned to us of its own accord"))
LARGE: Final = _points("large", 15, _("Points of a lead of more than 200 people"))
REACHABLE: Final = _points("reachable", 15, _("Points of a lead with a telephone number"))
PERSON: Final = _points("person", 10, _("Points of a lead with the name of a person"))
EMAIL: Final = _points("email", 5, _("Points of a lead with an e-mail address"))
#: What the customer pays less than at list prices; beyond it a superior agrees before the quote is sent.
FREE_DISCOUNT: Final = declare(
    Parameter(
        "sales.free_discount_percent",
        "percent",
        Decimal(15),
        label=_("Discount in all up to which a quote is sent without approval"),
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
#: What stands under the name of the company on quotes and orders.
LETTERHEAD: Final = declare(
    Parameter("sales.letterhead", str, "", label=_("Address, telephone and bank that stand on quotes and orders"))
)
#: An opportunity of less does not keep a customer with its owner who neglects it.
KEEPING_AMOUNT: Final = declare(
    Parameter(
        "sales.keeping_amount",
        "money",
        Decimal(0),
        label=_("Expected amount of an open opportunity from which its customer is not taken back to the pool"),
        minimum=Decimal(0),
    )
)
