"""Customers the tests of this room share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from guanxi.records.standard import create
from tests.people import World

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def new(world: World, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Create a record as a person: new("li_wei", "customers.need", customer=…); listeners hear of it."""

    def make(username: str, module: str, **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return create(world.ctx(username), module, confirmed=True, **values)

    return make


@pytest.fixture
def yuzhong(new: Callable[..., Any]) -> Any:
    """A dealer in Chongqing, looked after by 李伟."""
    return new(
        "li_wei", "customers.customer", name="重庆渝中糖酒有限公司", short_name="渝中糖酒", city="重庆",
        phone="023-63801188",
        market_role="dealer", status="dealing", source="trade_fair", owner="li_wei",
    )  # fmt: skip


@pytest.fixture
def xihu(new: Callable[..., Any]) -> Any:
    """A hotel in Hangzhou, looked after by 张敏."""
    return new(
        "zhang_min", "customers.customer", name="杭州西湖印象大酒店有限公司", city="杭州", phone="0571-87651200",
        market_role="consumer", status="following", source="referral",
    )  # fmt: skip
