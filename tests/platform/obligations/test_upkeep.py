"""Reminders and superiors once for each duty, others instead of leavers, rounds that neither miss nor double."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations import keeping, rhythm, upkeep
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.models import Obligation, Round, State
from guanxi.platform.obligations.rhythm import EveryMonths, MonthEnd, NextMonth, Turn
from guanxi.platform.owing import upkeep as owing
from guanxi.platform.people.models import Department, Person
from guanxi.platform.verify.checks import run_checks
from tests.digest import digest
from tests.people import World
from tests.platform.obligations.test_keeping import DAY, at, owe


def told(who: Person) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("created_at", "pk").values_list("title", flat=True))


# ---- Reminding and telling superiors ---------------------------------------------------------------------------------


def test_a_duty_is_called_to_mind_once_the_working_day_before(world: World, declare: Any) -> None:
    row = owe(declare(), world)  # due on Tuesday 24 November
    owing.remind(at("2026-11-22"))
    assert told(world["li_wei"]) == []
    owing.remind(at("2026-11-23"))
    owing.remind(at("2026-11-24"))
    assert told(world["li_wei"]) == ["2026-11-24 到期：上报 · 成都川兴酒业"]
    row.refresh_from_db()
    assert row.reminded_at == at("2026-11-23")


def test_many_of_a_kind_are_told_of_in_one_notice(world: World, declare: Any, monkeypatch: Any) -> None:
    duty = declare()
    keeping.open_many(
        duty, [Opening(str(n), world["li_wei"], f"客户{n}", DAY(2026, 11, 24)) for n in range(7)], at("2026-11-20")
    )
    owe(declare("test.other"), world)
    monkeypatch.setattr(owing, "SLICE", 3)
    owing.remind(at("2026-11-24"))
    assert told(world["li_wei"]) == ["7 项义务，最早 2026-11-24 到期：上报", "2026-11-24 到期：上报 · 成都川兴酒业"]
    assert not Obligation.objects.filter(reminded_at=None).exists()


def test_the_superior_is_told_once_on_the_day_after(world: World, declare: Any) -> None:
    row = owe(declare(), world)
    owing.escalate(at("2026-11-24"))
    assert told(world["sales_manager"]) == []
    for day in ("2026-11-25", "2026-11-25", "2026-11-26"):
        owing.escalate(at(day))
    # 李伟 sits in the southwest team, which has no head: the head of the sales department is above him.
    assert told(world["sales_manager"]) == ["李伟 逾期未处理（应于 2026-11-24 前）：上报 · 成都川兴酒业"]
    assert len(told(world["li_wei"])) == 1
    row.refresh_from_db()
    assert (row.escalated_at, row.escalated_to) == (at("2026-11-25"), world["sales_manager"])


def test_what_is_done_waived_or_has_no_superior_harms_nobody(world: World, declare: Any) -> None:
    duty = declare()
    for key in "ab":
        owe(duty, world, key=key)
    keeping.discharge(duty, key="a", by=world["li_wei"], at=world.now)
    keeping.drop(duty, key="b", reason="x", at=world.now)
    owe(duty, world, "general_manager", key="c")
    owing.remind(at("2026-12-01"))
    owing.escalate(at("2026-12-01"))
    assert told(world["li_wei"]) == told(world["sales_manager"]) == []
    # He is told that he is late, and not of the day before as well.
    assert told(world["general_manager"]) == ["周建国 逾期未处理（应于 2026-11-24 前）：上报 · 成都川兴酒业"]
    assert Obligation.objects.get(key="c").reminded_at == at("2026-12-01")
    assert Obligation.objects.get(key="c").escalated_to is None


# ---- Instead of those who left ---------------------------------------------------------------------------------------


def test_what_a_leaver_owes_goes_to_his_superior(world: World, declare: Any) -> None:
    duty = declare()
    owe(duty, world)
    owe(duty, world, key="2")
    keeping.discharge(duty, key=owe(duty, world, key="3").key, by=world["li_wei"], at=world.now)
    owing.hand_over_from_leavers(world.now)
    assert keeping.open_items(owner=world["li_wei"]).count() == 2
    Person.objects.filter(username="li_wei").update(is_active=False)
    owing.hand_over_from_leavers(world.now)
    owing.hand_over_from_leavers(world.now)
    assert set(keeping.open_items().values_list("owner__username", "department__code")) == {("sales_manager", "sales")}
    assert told(world["sales_manager"]) == ["现有 2 项义务转由您负责"]
    assert Obligation.objects.get(key="3").owner == world["li_wei"]


def test_without_a_superior_somebody_who_looks_after_duties_gets_them(world: World, declare: Any) -> None:
    owe(declare(), world)
    Department.objects.update(head=None)
    Person.objects.filter(username="li_wei").update(is_active=False)
    owing.hand_over_from_leavers(world.now)
    holder = Obligation.objects.get().owner
    assert holder.username in {"sales_manager", "general_manager", "finance_manager"}


# ---- Rounds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def monthly(world: World, declare: Any) -> Iterator[Any]:
    """A report about each month, by the 10th of the next, of both account managers of the southwest."""
    duty = declare()

    @rhythm.recurring(duty, NextMonth(10))
    def reports(turn: Turn, moment: datetime.datetime) -> Iterator[Opening]:
        for who in ("li_wei", "wang_fang"):
            yield Opening(who, world[who], f"{turn.first:%Y-%m}")

    return duty


def owed(duty: Any) -> list[tuple[str, str]]:
    rows = Obligation.objects.filter(duty=duty.name).order_by("due_on", "key")
    return [(row.key, row.due_on.isoformat()) for row in rows]


def test_a_round_is_opened_when_its_period_begins_and_once(world: World, monthly: Any) -> None:
    # Begun on the 5th: October's report can still be handed in by the 10th.
    upkeep.open_recurring(at("2026-11-05"))
    upkeep.open_recurring(at("2026-11-30"))
    expected = [("2026-10/li_wei", "2026-11-10"), ("2026-10/wang_fang", "2026-11-10")]
    assert owed(monthly) == expected
    upkeep.open_recurring(at("2026-12-01"))
    assert owed(monthly) == [*expected, ("2026-11/li_wei", "2026-12-10"), ("2026-11/wang_fang", "2026-12-10")]
    assert list(Round.objects.filter(duty=monthly.name).order_by("turn").values_list("turn", "opened")) == [
        ("2026-10", 2),
        ("2026-11", 2),
    ]


def test_a_period_that_was_over_before_the_program_began_is_nobodys_fault(world: World, monthly: Any) -> None:
    upkeep.open_recurring(at("2026-11-21"))
    assert owed(monthly) == []
    upkeep.open_recurring(at("2026-12-01"))
    assert [key for key, _due in owed(monthly)] == ["2026-11/li_wei", "2026-11/wang_fang"]


def test_periods_missed_while_nothing_ran_are_made_up_for(world: World, monthly: Any) -> None:
    upkeep.open_recurring(at("2026-11-05"))
    upkeep.open_recurring(at("2027-02-03"))
    assert [key for key, _due in owed(monthly) if "li_wei" in key] == [
        f"{month}/li_wei" for month in ("2026-10", "2026-11", "2026-12", "2027-01")
    ]


def test_a_clock_that_was_set_back_opens_nothing_again(world: World, monthly: Any) -> None:
    upkeep.open_recurring(at("2026-12-02"))
    keeping.discharge(monthly, key="2026-11/li_wei", by=world["li_wei"], at=world.now)
    before = digest()
    for day in ("2026-10-15", "2026-11-05", "2026-12-02"):
        upkeep.open_recurring(at(day))
    assert digest() == before


def test_a_round_that_was_broken_off_is_finished(world: World, declare: Any, monkeypatch: Any) -> None:
    duty = declare()

    @rhythm.recurring(duty, MonthEnd())
    def each_customer(turn: Turn, moment: datetime.datetime) -> Iterator[Opening]:
        for number in range(5):
            if number == 3 and not mended:
                raise RuntimeError("the power went")
            yield Opening(str(number), world["li_wei"], f"客户{number}")

    mended: list[bool] = []
    monkeypatch.setattr(keeping, "SLICE", 2)
    with pytest.raises(RuntimeError):
        upkeep.open_recurring(at("2026-11-21"))
    rounds = Round.objects.filter(duty=duty.name)
    assert (len(owed(duty)), rounds.count()) == (2, 0)
    mended.append(True)
    upkeep.open_recurring(at("2026-11-21"))
    assert (len(owed(duty)), rounds.get().opened) == (5, 3)


def test_a_rhythm_may_follow_a_parameter(world: World, declare: Any) -> None:
    duty = declare()

    def on(day: datetime.date) -> EveryMonths:
        return EveryMonths(2 if day < DAY(2026, 5, 1) else 1, anchor=DAY(2026, 1, 1))

    rhythm.recurring(duty, on)(lambda turn, moment: [Opening("all", world["archivist"], turn.key)])
    upkeep.open_recurring(at("2026-03-02"))
    upkeep.open_recurring(at("2026-06-01"))
    assert [due for _key, due in owed(duty)] == ["2026-04-30", "2026-04-30", "2026-05-31", "2026-06-30"]


# ---- What must be true -----------------------------------------------------------------------------------------------


def test_the_checks_find_what_contradicts_itself(world: World, declare: Any) -> None:
    duty = declare()
    for key in "abc":
        owe(duty, world, key=key)
    keeping.discharge(duty, key="a", by=None, at=at("2026-11-20"))
    keeping.discharge(duty, key="b", by=None, at=at("2026-11-26"))
    assert [len(result.findings) for result in run_checks(["obligations.known", "obligations.lateness"])] == [0, 0]
    Obligation.objects.filter(key="a").update(state=State.LATE)
    Obligation.objects.filter(key="b").update(days_late=None)
    Obligation.objects.filter(key="c").update(duty="test.forgotten")
    assert [len(result.findings) for result in run_checks(["obligations.known", "obligations.lateness"])] == [1, 2]
