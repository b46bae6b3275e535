"""What is owed around orders and reports."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.platform.obligations.duties import Duty

#: By the day that was promised; whoever looks after the order owes it. Shown by the delivery.
DELIVER: Final = Duty("sales.deliver_order", label=_("deliver an order on time"), clause="SAL-06")
#: By its own day; the author owes it. Shown by the report as handed in.
SUM_UP: Final = Duty(
    "sales.sum_up", label=_("sum up the sales plan of a period"), clause="RPT-06", remind_days=2
)  # fmt: skip
ANALYSE_MARKET: Final = Duty(
    "sales.analyse_market", label=_("write a market analysis report"), clause="RPT-07", remind_days=2
)  # fmt: skip
