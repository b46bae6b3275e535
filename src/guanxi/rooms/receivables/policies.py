"""What the company decides about invoices: when they are to be paid, and who stands on them as the seller."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: The payment term of invoices on which no other day is entered.
PAYMENT_DAYS: Final = declare(
    Parameter(
        "receivables.payment_days",
        "days",
        30,
        label=_("Days after its issue by which an invoice is to be paid"),
        clause="CRM-38",
        minimum=0,
        maximum=366,
    )
)
#: What the buyer needs for his transfer.
SELLER_ACCOUNT: Final = declare(
    Parameter("receivables.seller_account", str, "", label=_("Tax number, bank and account that stand on invoices"))
)
