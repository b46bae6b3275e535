"""Duties under many hands: opened once, discharged once, their superior told once, whoever comes at the same moment."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.owing import upkeep
from tests.concurrency.conftest import at_once
from tests.people import NOW, World

DUE = datetime.date(2026, 11, 24)
LATER = NOW + datetime.timedelta(days=10)


@pytest.fixture
def duty() -> Iterator[Duty]:
    yield Duty("test.at_once", label="上报")
    duties.forget("test.at_once")


def test_many_who_open_the_same_duty_open_one(committed: World, duty: Duty) -> None:
    owner = committed["li_wei"]
    rows = at_once(lambda _n: keeping.open_duty(duty, key="1", owner=owner, subject="客户", due_on=DUE, at=NOW), 6)
    assert len({row.pk for row in rows}) == 1 == Obligation.objects.count()


def test_rounds_that_overlap_open_each_duty_once(committed: World, duty: Duty) -> None:
    owner = committed["li_wei"]

    def open_some(number: int) -> int:
        keys = range(number * 100, number * 100 + 300)
        return keeping.open_many(duty, [Opening(str(key), owner, "客户", DUE) for key in keys], NOW)

    at_once(open_some, 4)
    assert sorted(map(int, Obligation.objects.values_list("key", flat=True))) == list(range(600))


def test_of_two_who_settle_a_duty_the_first_counts(committed: World, duty: Duty) -> None:
    keeping.open_duty(duty, key="1", owner=committed["li_wei"], subject="客户", due_on=DUE, at=NOW)

    def settle(number: int) -> Obligation | None:
        if number % 2:
            return keeping.drop(duty, key="1", reason="作废", at=NOW)
        return keeping.discharge(duty, key="1", by=committed["wang_fang"], at=LATER)

    states = {row.state for row in at_once(settle, 6) if row is not None}
    row = Obligation.objects.get()
    assert states == {row.state} and row.version == 2


def test_two_workers_tell_a_superior_once(committed: World, duty: Duty) -> None:
    for who in ("li_wei", "wang_fang"):
        for key in "abc":
            keeping.open_duty(duty, key=who + key, owner=committed[who], subject="客户", due_on=DUE, at=NOW)
    at_once(lambda _n: upkeep.escalate(LATER), 3)
    # Of each of the two one notice: three duties of a kind overdue with him; and to himself that.
    assert Notice.objects.filter(person=committed["sales_manager"]).count() == 2
    assert Notice.objects.filter(person=committed["li_wei"]).count() == 1
    assert not Obligation.objects.filter(escalated_at=None).exists()


def test_two_workers_call_a_duty_to_mind_once(committed: World, duty: Duty) -> None:
    for key in "abc":
        keeping.open_duty(duty, key=key, owner=committed["li_wei"], subject="客户", due_on=DUE, at=NOW)
    on_the_day = datetime.datetime.combine(DUE, NOW.timetz())
    at_once(lambda _n: upkeep.remind(on_the_day), 3)
    assert Notice.objects.get(person=committed["li_wei"]).title == "3 项义务，最早 2026-11-24 到期：上报"


def test_whoever_leaves_while_others_work_leaves_nothing_behind(committed: World, duty: Duty) -> None:
    owner = committed["li_wei"]
    for key in range(20):
        keeping.open_duty(duty, key=str(key), owner=owner, subject="客户", due_on=DUE, at=NOW)
    owner.is_active = False
    owner.save()

    def work(number: int) -> object:
        if number % 2:
            return upkeep.hand_over_from_leavers(NOW)
        return [keeping.discharge(duty, key=str(key), by=owner, at=NOW) for key in range(number, 20, 4)]

    at_once(work, 4)
    upkeep.hand_over_from_leavers(NOW)
    assert not Obligation.objects.filter(state=State.OPEN, owner=owner).exists()
    assert Obligation.objects.filter(state=State.KEPT).count() == 10
