"""Two at the same second: two who sign, one who signs and one who withdraws, two workers that find a timer due."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from guanxi.kernel.errors import Problem
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.owing import upkeep as owing
from guanxi.platform.verify.checks import run_checks
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Deed, ProcessInstance, Timer, WorkItem
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.batches import SET, begin
from guanxi.records.standard import action_of, create
from guanxi.rooms.processes.module import INSTANCE, WORK_ITEM
from guanxi.rooms.processes.public import APPROVE, install_processes
from tests.concurrency.conftest import at_once
from tests.people import World
from tests.platform.workflow.drawn import many
from tests.platform.workflow.test_clocks import TUESDAY, escalating

pytestmark = pytest.mark.django_db(transaction=True)


def begun(world: World, xml: str) -> ProcessInstance:
    version = versions.new_version(xml, world.now)
    versions.publish(version, world.now)
    return running.start(version, world["li_wei"], "试验", world.now)


def attempt(world: World, who: str, verb: str, module: object, target: object) -> bool:
    action = action_of(module, verb)  # type: ignore[arg-type]
    assert action is not None
    try:
        run(action, world.ctx(who), module, target, {"comment": "试"})  # type: ignore[arg-type]
    except Problem:
        return False
    return True


@pytest.mark.parametrize(("mode", "count"), [("any", 1), ("all", 2)])
def test_two_who_sign_at_the_same_second(committed: World, mode: str, count: int) -> None:
    instance = begun(committed, many(mode))
    items = {item.owner.username: item for item in WorkItem.objects.select_related("owner")}
    names = ("wang_fang", "zhang_min")
    done = at_once(lambda n: attempt(committed, names[n], "approve", WORK_ITEM, items[names[n]]), 2)
    instance.refresh_from_db()
    assert (sum(done), instance.state, instance.outcome) == (count, "ended", "approved")
    deeds = list(instance.trail.values_list("deed", flat=True))
    assert (deeds.count(Deed.DECIDED), deeds.count(Deed.ENDED)) == (count, 1)


def test_signed_and_withdrawn_at_the_same_second(committed: World) -> None:
    instance = begun(committed, many("any"))
    item = WorkItem.objects.get(owner=committed["wang_fang"])

    def one(number: int) -> bool:
        if number:
            return attempt(committed, "li_wei", "withdraw", INSTANCE, instance)
        return attempt(committed, "wang_fang", "approve", WORK_ITEM, item)

    done = at_once(one, 2)
    instance.refresh_from_db()
    assert sum(done) == 1
    assert instance.state == ("withdrawn" if done[1] else "ended")
    assert instance.trail.filter(deed=Deed.ENDED).count() == 1
    assert not WorkItem.objects.filter(state="open").exists()


def test_two_who_open_an_archive_at_the_same_second_open_it_once(committed: World) -> None:
    """Both managers press the button: one of them is told that it is not asked any more."""
    install_processes(committed.now)
    create(committed.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")
    asked = {"customer_name": "重庆渝中糖酒有限公司", "until": committed.ctx("li_wei").today}
    with pytest.raises(AwaitsApproval) as caught:
        create(committed.ctx("finance_manager", reason="核对返利"), "customers.archiveaccess", **asked)
    instance = caught.value.pending.process
    assert instance is not None
    items = {item.owner.username: item for item in WorkItem.objects.filter(instance=instance)}
    names = ("sales_manager", "general_manager")
    done = at_once(lambda n: attempt(committed, names[n], "approve", WORK_ITEM, items[names[n]]), 2)
    assert sum(done) == 1 and AccessGrant.objects.count() == 1
    assert instance.trail.filter(deed=Deed.DECIDED).count() == 1


def test_a_timer_that_several_workers_find_due_rings_once(committed: World) -> None:
    instance = begun(committed, escalating())
    key = Timer.objects.get().pk
    later = TUESDAY + datetime.timedelta(minutes=1)
    assert sum(at_once(lambda _number: running.ring(key, later), 4)) == 1
    assert WorkItem.objects.filter(instance=instance, node="above").count() == 1
    assert instance.trail.filter(deed=Deed.RANG).count() == 1


def test_late_work_is_told_of_while_somebody_decides_it(committed: World) -> None:
    """The scan and the decision lock the process first, both: neither waits for what the other holds."""
    instances = [begun(committed, many("any")) for _time in range(6)]
    late = committed.now + datetime.timedelta(days=9)
    WorkItem.objects.update(due_on=committed.now.date())
    items = list(WorkItem.objects.filter(owner=committed["wang_fang"]).select_related("owner"))

    def one(number: int) -> int:
        if number:
            return sum(attempt(committed, "wang_fang", "approve", WORK_ITEM, item) for item in items)
        owing.escalate(late)
        return 0

    assert at_once(one, 2) == [0, 6]
    for instance in instances:
        instance.refresh_from_db()
        told = instance.trail.filter(deed=Deed.ESCALATED).count()
        assert (instance.state, told) == ("ended", instance.items.exclude(escalated_at=None).count())


def test_bulk_approvers_whose_sets_overlap_in_opposite_order(committed: World) -> None:
    """Each process is decided once, each of the two is told which of his were, and nobody waits for ever."""
    xml = many("any").replace("guanxi:mode=", 'guanxi:bulk="yes" guanxi:mode=')
    instances = [begun(committed, xml) for _time in range(8)]
    names = ("wang_fang", "zhang_min")
    known = registry.entry("workflow.workitem")

    def one(number: int) -> Counter[str]:
        mine = WorkItem.objects.filter(owner=committed[names[number]])
        keys = list(mine.order_by("pk" if number else "-pk").values_list("pk", flat=True))
        mass = begin(committed.ctx(names[number]), known, APPROVE, keys, {SET: {"comment": "同意"}})
        return Counter(mass.rows.values_list("state", flat=True))

    first, second = at_once(one, 2)
    assert first["done"] + second["done"] == 8 and sum(first.values()) == sum(second.values()) == 8
    for instance in instances:
        instance.refresh_from_db()
        deeds = Counter(instance.trail.values_list("deed", flat=True))
        assert (instance.state, deeds[Deed.DECIDED], deeds[Deed.ENDED]) == ("ended", 1, 1)
    assert not WorkItem.objects.filter(state="open").exists()
    assert [finding for check in run_checks(["workflow.waiting"]) for finding in check.findings] == []
