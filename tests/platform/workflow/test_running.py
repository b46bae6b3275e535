"""Processes that run: who is asked, who decides, where they go, how they end."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.platform.owing import upkeep as owing
from guanxi.platform.people.models import Person
from guanxi.platform.verify.checks import run_checks
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Deed, ProcessInstance, WorkItem
from tests.digest import digest
from tests.people import World
from tests.platform.workflow.drawn import ONE, START, TWO, choice, end, flow, many, process, task

CHECKS = ("workflow.versions", "workflow.waiting")
State, Run = WorkItem.State, ProcessInstance.State


def begin(world: World, xml: str, starter: str = "li_wei") -> ProcessInstance:
    version = versions.new_version(xml, world.now)
    versions.publish(version, world.now)
    return running.start(version, Person.objects.get(username=starter), "试验", world.now)


def waiting(instance: ProcessInstance) -> dict[str, WorkItem]:
    items = WorkItem.objects.filter(instance=instance, state=State.OPEN).select_related("owner", "instance__process")
    return {item.owner.username: item for item in items}


def decide(world: World, instance: ProcessInstance, who: str, outcome: str = "approve", comment: str = "好") -> Any:
    return running.decide(waiting(instance)[who], world[who], outcome, comment, world.now)


def fresh(instance: ProcessInstance) -> ProcessInstance:
    return ProcessInstance.objects.get(pk=instance.pk)


def test_two_signatures_in_turn(world: World) -> None:
    instance = begin(world, TWO)
    # 李伟 sits in the southwest team, which has no head: the head of the sales department is above him.
    assert set(waiting(instance)) == {"sales_manager"}
    decide(world, instance, "sales_manager")
    assert set(waiting(instance)) == {"general_manager"}
    decide(world, instance, "general_manager")
    done = fresh(instance)
    assert (done.state, done.outcome, waiting(instance)) == (Run.ENDED, "approved", {})
    assert [entry.deed for entry in done.trail.all()] == [Deed.STARTED, Deed.DECIDED, Deed.DECIDED, Deed.ENDED]


def test_a_refusal_ends_it_and_must_be_explained(world: World) -> None:
    instance = begin(world, TWO)
    with pytest.raises(Invalid):
        decide(world, instance, "sales_manager", "refuse", " ")
    decide(world, instance, "sales_manager", "refuse", "不合规定")
    assert (fresh(instance).outcome, waiting(instance)) == ("refused", {})


def test_a_step_may_ask_for_a_comment_always(world: World) -> None:
    instance = begin(world, TWO)
    decide(world, instance, "sales_manager", comment="")
    with pytest.raises(Invalid):
        decide(world, instance, "general_manager", comment="")
    assert fresh(instance).state == Run.RUNNING


@pytest.mark.parametrize(("mode", "left"), [("any", set()), ("all", {"zhang_min"})])
def test_one_of_several_or_all_of_them(world: World, mode: str, left: set[str]) -> None:
    instance = begin(world, many(mode))
    assert set(waiting(instance)) == {"wang_fang", "zhang_min"}
    decide(world, instance, "wang_fang")
    assert set(waiting(instance)) == left
    if left:
        decide(world, instance, "zhang_min")
    assert fresh(instance).outcome == "approved"


def test_one_refusal_among_all_suffices(world: World) -> None:
    instance = begin(world, many("all"))
    decide(world, instance, "zhang_min", "refuse", "不行")
    assert (fresh(instance).outcome, waiting(instance)) == ("refused", {})
    assert WorkItem.objects.get(instance=instance, owner=world["wang_fang"]).state == State.NEEDLESS


def test_nobody_decides_twice_or_too_late(world: World) -> None:
    instance = begin(world, many("any"))
    mine, hers = waiting(instance)["wang_fang"], waiting(instance)["zhang_min"]
    running.decide(mine, world["wang_fang"], "approve", "", world.now)
    for item, who in ((mine, "wang_fang"), (hers, "zhang_min")):
        with pytest.raises(Conflict):
            running.decide(item, world[who], "refuse", "晚了", world.now)
    assert fresh(instance).outcome == "approved"


def test_nobody_is_asked_about_his_own_wish(world: World) -> None:
    # The sales manager starts what asks for the sales manager: his superior is asked.
    assert set(waiting(begin(world, ONE, "sales_manager"))) == {"general_manager"}


def test_whoever_asked_does_not_approve_as_somebodys_deputy(world: World) -> None:
    instance = begin(world, ONE)
    with pytest.raises(Conflict):
        running.decide(waiting(instance)["sales_manager"], world["li_wei"], "approve", "", world.now)
    assert fresh(instance).state == Run.RUNNING


def test_work_is_due_in_working_days(world: World) -> None:
    # Asked on Saturday 21 November 2026: two working days later is Tuesday the 24th.
    assert waiting(begin(world, ONE))["sales_manager"].due_on == datetime.date(2026, 11, 24)


def test_passed_on_the_other_decides_instead(world: World) -> None:
    instance = begin(world, ONE)
    item = waiting(instance)["sales_manager"]
    running.pass_on(item, world["sales_manager"], world["archivist"], "请代为审核", world.now)
    assert set(waiting(instance)) == {"archivist"}
    assert waiting(instance)["archivist"].due_on == item.due_on
    with pytest.raises(Invalid):
        running.pass_on(waiting(instance)["archivist"], world["archivist"], world["li_wei"], "", world.now)
    decide(world, instance, "archivist")
    assert fresh(instance).outcome == "approved"


def test_whoever_was_added_has_to_agree_too(world: World) -> None:
    instance = begin(world, ONE)
    item = waiting(instance)["sales_manager"]
    running.add_signer(item, world["sales_manager"], world["finance"], "请财务看看", world.now)
    decide(world, instance, "sales_manager")
    assert set(waiting(instance)) == {"finance"}
    decide(world, instance, "finance")
    assert fresh(instance).outcome == "approved"


def test_the_added_one_alone_does_not_suffice(world: World) -> None:
    instance = begin(world, ONE)
    running.add_signer(waiting(instance)["sales_manager"], world["sales_manager"], world["finance"], "", world.now)
    decide(world, instance, "finance")
    assert set(waiting(instance)) == {"sales_manager"}


def test_sent_back_the_former_step_is_asked_again(world: World) -> None:
    instance = begin(world, TWO)
    decide(world, instance, "sales_manager")
    item = waiting(instance)["general_manager"]
    assert [step.id for step in running.earlier_steps(item)] == ["first"]
    with pytest.raises(Invalid):
        running.send_back(item, world["general_manager"], "first", "", world.now)
    with pytest.raises(Invalid):
        running.send_back(item, world["general_manager"], "second", "不对", world.now)
    running.send_back(item, world["general_manager"], "first", "金额写错了", world.now)
    assert set(waiting(instance)) == {"sales_manager"}
    decide(world, instance, "sales_manager")
    decide(world, instance, "general_manager")
    assert fresh(instance).outcome == "approved"


def test_what_was_signed_before_it_was_sent_back_does_not_count(world: World) -> None:
    instance = begin(world, TWO)
    running.add_signer(waiting(instance)["sales_manager"], world["sales_manager"], world["finance"], "", world.now)
    decide(world, instance, "sales_manager")
    decide(world, instance, "finance")
    running.send_back(waiting(instance)["general_manager"], world["general_manager"], "first", "再议", world.now)
    assert set(waiting(instance)) == {"sales_manager"}
    running.add_signer(waiting(instance)["sales_manager"], world["sales_manager"], world["archivist"], "", world.now)
    decide(world, instance, "archivist")
    assert set(waiting(instance)) == {"sales_manager"}


def test_withdrawn_nobody_is_asked_any_more(world: World) -> None:
    instance = begin(world, ONE)
    item = waiting(instance)["sales_manager"]
    running.withdraw(instance, world["li_wei"], "不用了", world.now)
    assert (fresh(instance).state, waiting(instance)) == (Run.WITHDRAWN, {})
    with pytest.raises(Conflict):
        running.decide(item, world["sales_manager"], "approve", "", world.now)
    with pytest.raises(Conflict):
        running.withdraw(instance, world["li_wei"], "", world.now)


def test_parallel_branches_meet_again(world: World) -> None:
    fork = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
    xml = process(
        START, fork, task("a", "person:wang_fang", outcomes="done"), task("b", "person:zhang_min", outcomes="done"),
        end("e"), flow("start", "fork"), flow("fork", "a"), flow("fork", "b"), flow("a", "join"), flow("b", "join"),
        flow("join", "e"),
    )  # fmt: skip
    instance = begin(world, xml)
    assert set(waiting(instance)) == {"wang_fang", "zhang_min"}
    decide(world, instance, "zhang_min", "done")
    assert fresh(instance).state == Run.RUNNING
    decide(world, instance, "wang_fang", "done")
    assert fresh(instance).state == Run.ENDED


@pytest.mark.clause("PRC-02")
def test_no_at_a_review_reopens_the_draft_with_the_comment(world: World) -> None:
    xml = process(
        START, task("draft", "starter", outcomes="done"), task("review", "role:sales_manager", outcomes="yes no"),
        choice("ok", "ok-e"), end("e"), flow("start", "draft"), flow("draft", "review"), flow("review", "ok"),
        flow("ok", "draft", 'outcome == "no"'), flow("ok", "e"),
    )  # fmt: skip
    instance = begin(world, xml)
    decide(world, instance, "li_wei", "done")
    with pytest.raises(Invalid):
        decide(world, instance, "sales_manager", "no", "")
    decide(world, instance, "sales_manager", "no", "缺附件")
    assert set(waiting(instance)) == {"li_wei"}
    assert fresh(instance).figures["comment"] == "缺附件"
    decide(world, instance, "li_wei", "done")
    decide(world, instance, "sales_manager", "yes")
    assert fresh(instance).state == Run.ENDED
    said = [(entry.person.username, entry.outcome) for entry in fresh(instance).trail.filter(deed=Deed.DECIDED)]
    assert said == [("li_wei", "done"), ("sales_manager", "no"), ("li_wei", "done"), ("sales_manager", "yes")]


def test_late_work_is_told_to_the_superior_once(world: World) -> None:
    begin(world, ONE)
    on_time = world.now + datetime.timedelta(days=3)  # Tuesday, the day it is due
    owing.escalate(on_time)
    assert not world["general_manager"].notices.exists()
    for hours in (24, 25):
        owing.escalate(on_time + datetime.timedelta(hours=hours))
    assert world["general_manager"].notices.count() == 1


def test_late_work_of_one_step_is_told_of_together_and_stands_in_each_trail(world: World) -> None:
    """Three requests wait for the same signature: the superior reads one line, each process says that he was told."""
    three = [begin(world, ONE) for _time in range(3)]
    owing.escalate(world.now + datetime.timedelta(days=4))
    titles = list(world["general_manager"].notices.values_list("title", flat=True))
    assert titles == ["陈慧敏 有 3 项逾期未处理，最早应于 2026-11-24 前：步骤boss"]
    for instance in three:
        assert instance.trail.get(deed=Deed.ESCALATED).other == world["general_manager"]


def test_who_left_is_replaced_by_his_superior(world: World) -> None:
    instance = begin(world, ONE)
    Person.objects.filter(username="sales_manager").update(is_active=False)
    owing.hand_over_from_leavers(world.now)
    assert set(waiting(instance)) == {"general_manager"}


def test_a_leaver_is_replaced_by_nobody_who_signs_already_or_who_asked(world: World) -> None:
    """His superior signs the same step: whoever looks after processes is asked, but not who wants it approved."""
    instance = begin(world, many("all"))
    Person.objects.filter(username="zhang_min").update(is_active=False, superior=world["wang_fang"])
    owing.hand_over_from_leavers(world.now)
    assert "wang_fang" in waiting(instance) and "li_wei" not in waiting(instance)
    assert len(set(waiting(instance))) == 2 and "zhang_min" not in waiting(instance)
    before = digest()
    owing.hand_over_from_leavers(world.now)
    assert digest() == before


def test_a_role_without_people_is_told_at_the_start(world: World) -> None:
    xml = ONE.replace("role:sales_manager", "role:risk_control")
    Person.objects.filter(username="risk").update(is_active=False)
    Person.objects.filter(username__in=("general_manager", "sales_manager")).update(is_active=False)
    with pytest.raises(Conflict):
        begin(world, xml)
    assert not ProcessInstance.objects.exists()


def test_what_asks_a_role_that_does_not_exist_cannot_be_put_to_use(world: World) -> None:
    version = versions.new_version(ONE.replace("role:sales_manager", "role:nobody"), world.now)
    with pytest.raises(Invalid):
        versions.publish(version, world.now)
    version.refresh_from_db()
    assert version.state == version.State.DRAFT


def test_what_runs_stays_on_its_version(world: World) -> None:
    instance = begin(world, ONE)
    versions.publish(versions.new_version(ONE.replace("role:sales_manager", "role:finance"), world.now), world.now)
    newer = running.start(versions.in_use("test.process"), world["li_wei"], "新", world.now)
    assert (set(waiting(instance)), set(waiting(newer))) == ({"sales_manager"}, {"finance"})
    decide(world, instance, "sales_manager")
    assert fresh(instance).outcome == "approved"


def test_verify_finds_a_process_that_nobody_is_asked_about(world: World) -> None:
    instance = begin(world, ONE)
    assert all(verdict.ok for verdict in run_checks(CHECKS, second_look_seconds=0))
    WorkItem.objects.filter(instance=instance).update(state=State.NEEDLESS)
    found = {verdict.check.name for verdict in run_checks(CHECKS, second_look_seconds=0) if not verdict.ok}
    assert "workflow.waiting" in found
