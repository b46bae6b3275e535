"""The regulation's numbers of this room; authorised people change them with a date and a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: After so many days without any contact a customer counts as quiet and stands on the owner's list.
QUIET_DAYS: Final = declare(
    Parameter(
        "customers.quiet_days",
        "days",
        30,
        label=_("Days without contact after which a customer is called quiet"),
        clause="SAL-14",
        minimum=1,
        maximum=366,
    )
)

#: What is known of a key account must come from at least so many kinds of source.
FEWEST_SOURCES: Final = declare(
    Parameter(
        "customers.fewest_information_sources",
        int,
        2,
        label=_("Kinds of source from which notes on a key account must come"),
        clause="ARC-36",
        minimum=1,
        maximum=6,
    )
)

#: An archive that nobody updated or checked for longer is no longer timely.
UPDATE_DAYS: Final = declare(
    Parameter(
        "customers.update_days",
        "days",
        60,
        label=_("Days within which an archive is updated or checked to count as timely"),
        clause="ARC-37",
        minimum=1,
        maximum=731,
    )
)

#: The accuracy of an archive is judged by the checks of so many days.
ACCURACY_DAYS: Final = declare(
    Parameter(
        "customers.accuracy_days",
        "days",
        365,
        label=_("Days whose checks count for the accuracy of an archive"),
        clause="ARC-37",
        minimum=1,
        maximum=1827,
    )
)

#: For how long an archive may be opened to somebody of another department.
ACCESS_DAYS: Final = declare(
    Parameter(
        "customers.access_days",
        "days",
        14,
        label=_("Days for which access to an archive may be granted"),
        clause="SEC-03",
        minimum=1,
        maximum=92,
    )
)

#: How long a fact that somebody handed in may wait for the archivist, who sorts it, has it analysed and files it.
FILING_DAYS: Final = declare(
    Parameter(
        "customers.filing_days",
        "days",
        5,
        label=_("Working days within which a contribution is filed"),
        clause="ARC-35",
        minimum=0,
        maximum=92,
    )
)

#: How often a person may ask on one day whether a company is known.
CHECKS_PER_DAY: Final = declare(
    Parameter(
        "customers.checks_per_day",
        int,
        30,
        label=_("Questions a day whether a company is known"),
        clause="SEC-04",
        minimum=1,
        maximum=1000,
    )
)

#: Who bought for so much in twelve months consumes much; see `queries.demand`.
HIGH_CONSUMPTION: Final = declare(
    Parameter(
        "customers.high_consumption",
        "money",
        Decimal(100_000),
        label=_("Sales of twelve months from which a customer's consumption is high"),
        clause="ARC-45",
        minimum=Decimal("0.01"),
    )
)

#: Who bought for so much, but not for as much as that, consumes an average amount.
MEDIUM_CONSUMPTION: Final = declare(
    Parameter(
        "customers.medium_consumption",
        "money",
        Decimal(20_000),
        label=_("Sales of twelve months from which a customer's consumption is medium"),
        clause="ARC-45",
        minimum=Decimal("0.01"),
    )
)

# ---- The public pool (ADR 0068) --------------------------------------------------------------------------------------


def _without_contact(level: str, days: int, label: Any) -> Parameter[int]:
    return declare(
        Parameter(
            f"customers.pool_{level}_contact_days", "days", days, label=label, clause="SAL-14", minimum=0, maximum=1827
        )
    )


def _without_deal(level: str, label: Any) -> Parameter[int]:
    return declare(Parameter(f"customers.pool_{level}_deal_days", "days", 0, label=label, minimum=0, maximum=1827))


#: By demand level: after so many calendar days without contact its owner loses a customer to the pool; 0: never.
#: Customers without a level are judged as those of level C.
POOL_CONTACT_DAYS: Final = {
    "A": _without_contact(
        "a", 60, _("Days without contact after which a customer of level A goes to the pool; 0: never")
    ),
    "B": _without_contact(
        "b", 90, _("Days without contact after which a customer of level B goes to the pool; 0: never")
    ),
    "C": _without_contact(
        "c", 180, _("Days without contact after which a customer of level C or of no level goes to the pool; 0: never")
    ),
}  # fmt: skip

#: The same for days without a sale, however often it was spoken to.
POOL_DEAL_DAYS: Final = {
    "A": _without_deal("a", _("Days without a sale after which a customer of level A goes to the pool; 0: never")),
    "B": _without_deal("b", _("Days without a sale after which a customer of level B goes to the pool; 0: never")),
    "C": _without_deal(
        "c", _("Days without a sale after which a customer of level C or of no level goes to the pool; 0: never")
    ),
}

#: So many days before, and never less, its owner is warned.
POOL_WARNING_DAYS: Final = declare(
    Parameter(
        "customers.pool_warning_days",
        "days",
        14,
        label=_("Days before a customer goes to the pool when its owner is warned"),
        clause="SAL-14",
        minimum=1,
        maximum=92,
    )
)

#: Who gave a customer up, or lost it, may not claim it again for so long.
POOL_REST_DAYS: Final = declare(
    Parameter(
        "customers.pool_rest_days",
        "days",
        30,
        label=_("Days for which nobody may claim a customer that was his before"),
        minimum=0,
        maximum=731,
    )
)

#: With so many customers a person claims no more.
POOL_MOST_HELD: Final = declare(
    Parameter(
        "customers.pool_most_held",
        int,
        200,
        label=_("Customers in one hand from which on no more are claimed"),
        minimum=1,
        maximum=100_000,
    )
)

#: So many customers a person claims on a day at most.
POOL_CLAIMS_A_DAY: Final = declare(
    Parameter(
        "customers.pool_claims_a_day",
        int,
        10,
        label=_("Customers that one person may claim on a day"),
        minimum=1,
        maximum=1000,
    )
)
