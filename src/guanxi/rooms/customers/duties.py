"""What is owed around customers' archives, by which day."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty
from guanxi.rooms.customers.policies import FILING_DAYS

FILE_FACT: Final = Duty("customers.file_fact", label=_("file a contribution"), clause="ARC-35", days=FILING_DAYS)
#: Each case has its own day: the last before the customer goes to the pool.
KEEP_CUSTOMER: Final = Duty(
    "customers.keep_customer", label=_("contact a customer before it goes to the pool"), clause="SAL-14"
)
