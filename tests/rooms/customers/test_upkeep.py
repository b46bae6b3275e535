"""What the customer master does for itself at night."""

import datetime
from decimal import Decimal

import pytest

from guanxi.platform.jobs.registry import schedules
from guanxi.rooms.customers.module.upkeep import refresh_every_figure


@pytest.mark.clause("ARC-32")
def test_an_order_leaves_the_twelve_months_by_the_mere_passing_of_days(world, new, yuzhong) -> None:
    new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on="2025-11-21", amount="700")
    new("li_wei", "customers.marketflow", customer=yuzhong, ordered_on="2026-11-20", amount="300")
    yuzhong.refresh_from_db()
    assert yuzhong.sales_12m == Decimal(1000)
    refresh_every_figure(world.now + datetime.timedelta(days=1))
    yuzhong.refresh_from_db()
    assert yuzhong.sales_12m == Decimal(300)
    assert "customers.refresh_figures" in {schedule.name for schedule in schedules.all()}
