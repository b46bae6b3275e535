"""What is owed around orders."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty

#: By the day that was promised; whoever looks after the order owes it. Shown by the delivery.
DELIVER: Final = Duty("sales.deliver_order", label=_("deliver an order on time"), clause="SAL-06")
