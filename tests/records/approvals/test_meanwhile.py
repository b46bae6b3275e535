"""What happens while a request waits: each is resolved, or refused in words that help, and nothing is half done."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Problem
from guanxi.platform.access.models import PersonRole
from guanxi.platform.owing import upkeep as owing
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.deciding import settle
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.processes.public import APPROVE, REFUSE, WITHDRAW, install_processes
from tests.digest import digest
from tests.people import World

CUSTOMER, WORK, INSTANCE = "customers.customer", "workflow.workitem", "workflow.processinstance"


@pytest.fixture
def record(world: World) -> Customer:
    install_processes(world.now)
    return create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="成都锦江大酒店", city="重庆")


@pytest.fixture
def rule(record: Customer) -> ApprovalRule:
    """Changing a customer needs the sales manager."""
    return ApprovalRule.objects.create(
        name="修改", module=CUSTOMER, action="edit", process="approval.sales_manager", valid_from="2026-01-01"
    )


@pytest.fixture
def pending(world: World, record: Customer, rule: ApprovalRule) -> PendingAction:
    with pytest.raises(AwaitsApproval) as caught:
        run(EDIT, world.ctx("li_wei", reason="迁址"), CUSTOMER, record, {"city": "成都"})
    return caught.value.pending


def item(pending: PendingAction) -> WorkItem:
    return WorkItem.objects.get(instance=pending.process, state="open")


def decide(world: World, pending: PendingAction, who: str = "sales_manager", action: Any = APPROVE) -> None:
    run(action, world.ctx(who), WORK, item(pending), {"comment": "试"})


def refused(work: Callable[[], Any], english: str, chinese: str) -> None:
    """It is refused in both languages, and no business table is touched."""
    before = digest()
    with pytest.raises(Problem) as caught:
        work()
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(str(caught.value.message))
    assert english in said[0] and chinese in said[1], said
    assert digest() == before


def test_the_record_was_deleted_meanwhile(world: World, record: Customer, pending: PendingAction) -> None:
    run(DELETE, world.ctx("sales_manager"), CUSTOMER, record, confirmed=True)
    refused(lambda: decide(world, pending), "no longer there", "已不存在")
    decide(world, pending, action=REFUSE)  # it is no dead end: the request can be closed
    pending.refresh_from_db()
    assert pending.state == "refused"


def test_the_very_field_was_changed_meanwhile(world: World, record: Customer, pending: PendingAction) -> None:
    ApprovalRule.objects.update(condition={"field": "city", "op": "equals", "value": "成都"})
    run(EDIT, world.ctx("general_manager"), CUSTOMER, record, {"city": "绵阳"})
    refused(lambda: decide(world, pending), "changed since 李伟 asked", "提出申请后")
    record.refresh_from_db()
    assert record.city == "绵阳"


def test_the_asker_lost_his_right_meanwhile(world: World, record: Customer, pending: PendingAction) -> None:
    PersonRole.objects.filter(person=world["li_wei"]).delete()
    refused(lambda: decide(world, pending), "李伟 may no longer do this", "李伟 已无权")


def test_a_rule_that_was_ended_or_changed_meanwhile_leaves_the_request_as_it_was_asked(
    world: World, record: Customer, rule: ApprovalRule, pending: PendingAction
) -> None:
    """The work under way is decided by whom it was put before; the next one follows the rule of the day."""
    admin = world.ctx("system_admin")
    run(EDIT, admin, "approvals.approvalrule", rule, {"process": "approval.two_levels"})
    assert item(pending).owner == world["sales_manager"]
    decide(world, pending)
    record.refresh_from_db()
    assert record.city == "成都"
    rule.refresh_from_db()
    run(EDIT, admin, "approvals.approvalrule", rule, {"valid_until": datetime.date(2026, 11, 20)})
    run(EDIT, world.ctx("li_wei"), CUSTOMER, record, {"city": "绵阳"})
    record.refresh_from_db()
    assert record.city == "绵阳"


def test_an_approver_who_left_is_followed_by_his_superior(
    world: World, record: Customer, pending: PendingAction
) -> None:
    Person.objects.filter(username="sales_manager").update(is_active=False)
    owing.hand_over_from_leavers(world.now)
    assert item(pending).owner == world["general_manager"]
    before = digest()
    with pytest.raises((NotAllowed, NotFound)):
        decide(world, pending, "sales_manager")
    assert digest() == before
    decide(world, pending, "general_manager")
    record.refresh_from_db()
    assert record.city == "成都"


def test_withdrawn_it_is_approved_by_nobody(world: World, record: Customer, pending: PendingAction) -> None:
    asked = item(pending)
    run(WITHDRAW, world.ctx("li_wei"), INSTANCE, pending.process)
    # From a page that was opened before.
    refused(lambda: run(APPROVE, world.ctx("sales_manager"), WORK, asked, {}), "is not possible while", "状态下不能")
    pending.refresh_from_db()
    record.refresh_from_db()
    assert (pending.state, record.city) == ("withdrawn", "重庆")


def test_decided_by_another_it_is_decided_once(world: World, record: Customer, pending: PendingAction) -> None:
    asked = item(pending)
    decide(world, pending)
    refused(
        lambda: run(REFUSE, world.ctx("sales_manager"), WORK, asked, {"comment": "不"}), "not possible", "状态下不能"
    )


def test_nothing_is_carried_out_without_a_signature(world: World, record: Customer, pending: PendingAction) -> None:
    """Whatever ended the process: the outcome alone is no approval."""
    pending.process.outcome, pending.process.state = "approved", "ended"
    before = digest()
    with pytest.raises(Conflict):
        settle(pending.process, None, world.now)
    assert digest() == before
