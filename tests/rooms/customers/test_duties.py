"""What is owed around archives: filing what was handed in."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.platform.calendar import clock_at
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.owing.upkeep import escalate
from guanxi.platform.policy.values import set_value
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, RESTORE
from guanxi.rooms.customers.actions import DECLINE_CONTRIBUTION, FILE_CONTRIBUTION
from guanxi.rooms.customers.duties import FILE_FACT
from guanxi.rooms.customers.policies import FILING_DAYS
from tests.people import World
from tests.rooms.customers.conftest import TODAY

CONTRIBUTION = "customers.contribution"


@pytest.fixture
def hand_in(new: Any) -> Any:
    """An employee hands in a fact about a customer."""

    def make(content: str = "换了开户行", **values: Any) -> Any:
        return new("clerk", CONTRIBUTION, collected_on=TODAY, content=content, customer_name="渝中糖酒", **values)

    return make


def owed() -> Obligation:
    return Obligation.objects.get()


@pytest.mark.clause("ARC-35")
def test_the_archivist_owes_the_filing_within_the_days_of_the_parameter(
    world: World, hand_in: Any, yuzhong: Any
) -> None:
    fact = hand_in()
    row = owed()
    assert (row.duty, row.owner, row.record_id, row.within_id) == (
        FILE_FACT.name, world["archivist"], fact.pk, yuzhong.pk,
    )  # fmt: skip
    # Handed in on Saturday 21 November 2026: five working days end on Friday the 27th.
    assert (row.due_on, row.clause) == (datetime.date(2026, 11, 27), "ARC-35")
    set_value(FILING_DAYS, "2", TODAY, world["general_manager"], "提速", world.now)
    hand_in("换了法人")
    assert Obligation.objects.get(subject="换了法人").due_on == datetime.date(2026, 11, 24)


@pytest.mark.clause("ARC-35")
def test_filing_discharges_it_and_tells_who_handed_in_and_who_looks_after_the_customer(
    world: World, hand_in: Any, yuzhong: Any
) -> None:
    fact = hand_in()
    run(FILE_CONTRIBUTION, world.ctx("archivist"), CONTRIBUTION, fact, {"answer": "已归入基本信息"})
    row = owed()
    assert (row.state, row.discharged_by, row.evidence_id) == (State.KEPT, world["archivist"], fact.pk)
    titles = {notice.person.username: notice.title for notice in Notice.objects.select_related("person")}
    assert set(titles) == {"clerk", "li_wei"} and all("换了开户行" in title for title in titles.values())
    # The clerk may not see the customer: whose archive it was is no news for him.
    assert yuzhong.name in titles["li_wei"] and yuzhong.name not in titles["clerk"]


@pytest.mark.clause("ARC-35")
def test_a_fact_left_without_filing_is_told_of_listed_and_accepted_late(
    world: World, hand_in: Any, yuzhong: Any
) -> None:
    fact = hand_in()
    later = world.now + datetime.timedelta(days=9)  # Monday the 30th, one working day late
    with clock_at(later):
        escalate(later)
        broken = keeping.open_items(FILE_FACT).filter(due_on__lt=datetime.date(2026, 11, 30))
        assert [row.record_id for row in broken] == [fact.pk]
        assert Notice.objects.filter(person=world["general_manager"]).count() == 1
        run(DECLINE_CONTRIBUTION, world.ctx("archivist", now=later), CONTRIBUTION, fact, {"answer": "查无此事"})
    assert (owed().state, owed().days_late) == (State.LATE, 1)
    assert Notice.objects.filter(person=world["clerk"]).count() == 1


def test_the_recycle_bin_takes_a_duty_along_and_brings_it_back(world: World, hand_in: Any, yuzhong: Any) -> None:
    fact = hand_in()
    clerk = world.ctx("clerk")
    run(DELETE, clerk, CONTRIBUTION, fact)
    assert (owed().state, owed().remark) == (State.DROPPED, "已移入回收站。")
    fact.refresh_from_db()
    run(RESTORE, clerk, CONTRIBUTION, fact)
    assert (owed().state, owed().remark, owed().discharged_at) == (State.OPEN, "", None)
    # What was settled before stays settled.
    fact.refresh_from_db()
    run(FILE_CONTRIBUTION, world.ctx("archivist"), CONTRIBUTION, fact)
    fact.refresh_from_db()
    run(DELETE, world.ctx("archivist"), CONTRIBUTION, fact)
    assert owed().state == State.KEPT


def test_the_customers_page_shows_what_the_reader_or_his_people_owe(world: World, hand_in: Any, yuzhong: Any) -> None:
    hand_in()
    page = f"/customers/customer/{yuzhong.pk}/"
    row = f"/obligations/obligation/{owed().pk}/"
    assert row in seen_by(world, "archivist", page)
    assert row in seen_by(world, "general_manager", page)
    # The archivist's duty is none of the account manager's business, nor of the sales manager's.
    for who in ("li_wei", "sales_manager"):
        assert row not in seen_by(world, who, page)


def seen_by(world: World, who: str, page: str) -> str:
    client = Client()
    client.force_login(world[who], backend="django.contrib.auth.backends.ModelBackend")
    return client.get(page).content.decode()
