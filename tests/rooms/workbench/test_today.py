"""The workbench: what each person finds on the first page of the day."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from guanxi.records.standard import create
from guanxi.rooms.workbench.pages import cards
from guanxi.rooms.workbench.pages.days import numeral, spelled
from tests.people import World

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def make(world: World, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    def made(username: str, module: str, **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return create(world.ctx(username), module, confirmed=True, **values)

    return made


@pytest.fixture
def open_page(world: World) -> Callable[[str], str]:
    def opened(username: str) -> str:
        client = Client()
        client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get("/")
        assert answer.status_code == 200
        return answer.content.decode()

    return opened


def names(world: World, username: str) -> set[str]:
    return {card.name for column in cards.columns(world.ctx(username)) for card in column}


@pytest.mark.parametrize(
    ("number", "spoken"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (30, "三十"), (31, "三十一")],
)
def test_numbers_are_written_as_they_are_spoken(number: int, spoken: str) -> None:
    assert numeral(number) == spoken


def test_the_day_is_written_in_the_language_of_the_page() -> None:
    with override("zh-hans"):
        assert spelled(TODAY) == "十一月二十一日，星期六"
    with override("en"):
        assert spelled(TODAY) == "Saturday, 21 November"


def test_an_account_manager_sees_own_work_and_not_that_of_others(world, make, open_page) -> None:
    mine = make("li_wei", "customers.customer", name="重庆渝中糖酒有限公司", status="dealing")
    make("li_wei", "engagement.task", customer=mine, subject="寄样品", due_on="2026-11-19")
    make("li_wei", "engagement.task", subject="填报销单", due_on="2026-11-21")
    make("li_wei", "engagement.followup", customer=mine, happened_at="2026-10-01 09:00", content="谈中秋",
        next_step="催订单",
         next_on="2026-11-30")  # fmt: skip
    make("li_wei", "customers.marketflow", customer=mine, ordered_on="2026-11-02", amount="31800")
    shown = open_page("li_wei")
    for expected in (
        "十一月二十一日，星期六",
        "寄样品",
        "迟 2 天",
        "填报销单",
        "催订单",
        "今天 2 项到期",
        "其中 1 项已迟",
    ):
        assert expected in shown, expected
    assert "51 天" in shown and "¥31,800" in shown  # silent since 1 October; this month's order
    other = open_page("wang_fang")
    assert "寄样品" not in other and "渝中" not in other and "近日没有安排" in other
    assert "渝中" in open_page("sales_manager") and "寄样品" not in open_page("sales_manager")


def test_a_next_step_goes_when_a_later_talk_has_taken_its_place(world, make, open_page) -> None:
    mine = make("li_wei", "customers.customer", name="重庆渝中糖酒有限公司")
    make("li_wei", "engagement.followup", customer=mine, happened_at="2026-11-18 09:00", content="一",
        next_step="寄样品",
         next_on="2026-11-20")  # fmt: skip
    assert "寄样品" in open_page("li_wei")
    make("li_wei", "engagement.followup", customer=mine, happened_at="2026-11-20 09:00", content="样品已寄")
    assert "寄样品" not in open_page("li_wei")


@pytest.mark.clause("ARC-23")
def test_contributions_wait_for_the_archivist_and_nobody_else(world, make, open_page) -> None:
    make("clerk", "customers.contribution", collected_on=TODAY, customer_name="某酒行", content="换了收货人")
    assert "filing" in names(world, "archivist") and "1 条资料待归档" in open_page("archivist")
    assert "filing" not in names(world, "clerk") and "own_contributions" in names(world, "clerk")
    assert "换了收货人" in open_page("clerk") and "换了收货人" not in open_page("storekeeper")


@pytest.mark.clause("SEC-01")
def test_who_may_see_no_customers_gets_no_card_about_them(world, make, open_page) -> None:
    make("li_wei", "customers.customer", name="重庆渝中糖酒有限公司", status="dealing")
    about = {"standing", "quiet", "team", "month", "ends", "latest"}
    for username in ("clerk", "storekeeper", "system_admin", "security_admin", "audit_admin"):
        assert not names(world, username) & about
        assert "渝中" not in open_page(username)
    assert "team" in names(world, "sales_manager") and "team" not in names(world, "li_wei")


def test_the_page_costs_a_bounded_number_of_queries(world, make, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        customer = make(
            "li_wei", "customers.customer", name=f"客户{number}号", status="dealing", phone=f"1380000{number:04}"
        )
        make("li_wei", "engagement.task", customer=customer, subject=f"任务{number}", due_on="2026-11-19")
    client = Client()
    client.force_login(world["sales_manager"], backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")
    with django_assert_max_num_queries(40):
        assert client.get("/").status_code == 200


def test_a_card_stands_in_one_of_three_columns() -> None:
    with pytest.raises(ValueError, match="no column 4"):
        cards.register(lambda ctx: None, column=4, order=1)
