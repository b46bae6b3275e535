"""Actions that wait for approval: nothing is written before, the rules are judged afresh, and there is no way round."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.diagrams import read
from guanxi.platform.workflow.models import ProcessInstance, WorkItem
from guanxi.records import history, registry
from guanxi.records.actions import run, run_many
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.context import Context
from guanxi.records.deciding import foreseen
from guanxi.records.standard import CREATE, DELETE, EDIT, PURGE, create
from guanxi.records.work import Item
from guanxi.rooms.customers.models import Customer
from tests.people import World
from tests.platform.workflow.drawn import ONE, flow

CUSTOMER = "customers.customer"
State = PendingAction.State


@pytest.fixture
def deletion(world: World) -> ApprovalRule:
    """Deleting a customer needs the sales manager."""
    return rule(world, "delete")


def rule(world: World, action: str, condition: Any = None, **more: Any) -> ApprovalRule:
    if not versions.ProcessVersion.objects.filter(key="test.process").exists():
        versions.publish(versions.new_version(ONE, world.now), world.now)
    given = {"valid_from": datetime.date(2026, 1, 1), "clause": "ARC-25", **more}
    return ApprovalRule.objects.create(
        name="试验", module=CUSTOMER, action=action, process="test.process", condition=condition or {}, **given
    )


def customer(world: World, **values: Any) -> Customer:
    return create(world.ctx("li_wei"), CUSTOMER, confirmed=True, **{"name": "成都锦江大酒店", **values})


def customers() -> list[dict[str, Any]]:
    """Everything that is kept of customers."""
    return list(Customer.objects.order_by("pk").values())


def asked(world: World, action: Any, target: Any = None, reason: str = "重复建档", **data: Any) -> PendingAction:
    with pytest.raises(AwaitsApproval) as caught:
        run(action, world.ctx("li_wei").because(reason), CUSTOMER, target, data)
    return caught.value.pending


def decide(world: World, pending: PendingAction, outcome: str = "approve", comment: str = "同意") -> None:
    item = WorkItem.objects.get(instance=pending.process, state=WorkItem.State.OPEN)
    running.decide(item, item.owner, outcome, comment, world.now)


def test_nothing_is_written_until_it_is_approved(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    before = customers()
    pending = asked(world, DELETE, record)
    assert customers() == before
    assert (pending.state, pending.clause, pending.owner) == (State.WAITING, "ARC-25", world["li_wei"])
    decide(world, pending)
    record.refresh_from_db()
    pending.refresh_from_db()
    assert record.deleted_at is not None and record.deleted_by == world["li_wei"]
    assert (pending.state, pending.decided_by, pending.input) == (State.DONE, world["sales_manager"], "")


@pytest.mark.clause("ARC-24")
def test_the_history_names_who_agreed(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    pending = asked(world, DELETE, record)
    decide(world, pending)
    known = registry.entry(CUSTOMER)
    deleted, _asked, created = history.of(world.ctx("li_wei"), known, record)
    assert (deleted.action, deleted.actor, deleted.reason) == ("delete", "李伟", "重复建档")
    assert deleted.approved_by == (world["sales_manager"].name,)
    assert created.approved_by == ()
    entry = AuditEntry.objects.get(module=CUSTOMER, action="delete")
    assert entry.decision["approved"]["request"] == str(pending.pk)
    assert entry.decision["approved"]["clause"] == "ARC-25"


def test_refused_nothing_happens_and_the_asker_is_told_why(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    pending = asked(world, DELETE, record)
    before = customers()
    decide(world, pending, "refuse", "还有往来")
    pending.refresh_from_db()
    assert (pending.state, pending.answer, customers()) == (State.REFUSED, "还有往来", before)
    assert "还有往来" in world["li_wei"].notices.latest("created_at").body


def test_a_request_without_a_reason_is_none(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    with pytest.raises(Invalid):
        run(DELETE, world.ctx("li_wei"), CUSTOMER, record)
    assert not PendingAction.objects.exists() and not ProcessInstance.objects.exists()


def test_asked_twice_it_is_one_request(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    assert asked(world, DELETE, record) == asked(world, DELETE, record)


def test_only_where_the_condition_holds_for_the_record_as_it_would_be(world: World) -> None:
    rule(world, "edit", {"field": "city", "op": "equals", "value": "成都"})
    record = customer(world, city="重庆")
    run(EDIT, world.ctx("li_wei"), CUSTOMER, record, {"city": "绵阳"})
    pending = asked(world, EDIT, record, city="成都")
    record.refresh_from_db()
    assert record.city == "绵阳"
    assert pending.changes["city"] == ["绵阳", "成都"]


def test_no_change_leads_out_of_a_rule_unseen(world: World) -> None:
    rule(world, "edit", {"field": "city", "op": "equals", "value": "成都"})
    record = customer(world, city="成都")
    pending = asked(world, EDIT, record, city="绵阳")
    record.refresh_from_db()
    assert (record.city, pending.changes["city"]) == ("成都", ["成都", "绵阳"])


def test_a_rule_counts_from_its_first_to_its_last_day(world: World) -> None:
    rule(world, "delete", valid_from=datetime.date(2026, 11, 22))
    rule(world, "delete", valid_until=datetime.date(2026, 11, 20))
    record = customer(world)
    run(DELETE, world.ctx("li_wei"), CUSTOMER, record)
    record.refresh_from_db()
    assert record.deleted_at is not None


def test_a_new_record_is_made_by_the_approval_and_belongs_to_the_asker(world: World) -> None:
    rule(world, "create")
    pending = asked(world, CREATE, name="乐山嘉州宾馆", city="乐山")
    assert not Customer.objects.filter(name="乐山嘉州宾馆").exists()
    decide(world, pending)
    made = Customer.objects.get(name="乐山嘉州宾馆")
    pending.refresh_from_db()
    assert (made.owner, made.created_by, pending.record_id) == (world["li_wei"], world["li_wei"], made.pk)


def test_the_rules_are_judged_afresh_when_it_is_approved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.kernel.decision import Decision, refuse
    from guanxi.kernel.messages import Message

    rule(world, "edit")
    record = customer(world)
    pending = asked(world, EDIT, record, city="成都")
    said = [refuse("ARC-24", Message("Not now."))]
    module = registry.module(CUSTOMER)
    object.__setattr__(module, "rules", (*module.rules, lambda *_: said[0]))
    try:
        assert not foreseen(pending, world.now).possible
        with pytest.raises(Refused):
            decide(world, pending)
        pending.refresh_from_db()
        assert pending.state == State.WAITING  # the signature was not given either
        said[0] = Decision.allow()
        decide(world, pending)
    finally:
        object.__setattr__(module, "rules", module.rules[:-1])
    record.refresh_from_db()
    assert record.city == "成都"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(world: World) -> None:
    record = customer(world, city="重庆")
    rule(world, "edit", {"field": "city", "op": "equals", "value": "成都"})
    pending = asked(world, EDIT, record, city="成都")
    run(EDIT, world.ctx("sales_manager"), CUSTOMER, record, {"city": "绵阳"})
    with pytest.raises(Conflict, match="changed since 李伟 asked"):
        decide(world, pending)
    record.refresh_from_db()
    assert record.city == "绵阳"


def test_what_was_changed_beside_it_is_not_in_its_way(world: World) -> None:
    record = customer(world, city="重庆")
    rule(world, "edit", {"field": "city", "op": "equals", "value": "成都"})
    pending = asked(world, EDIT, record, city="成都")
    run(EDIT, world.ctx("sales_manager"), CUSTOMER, record, {"address": "人民南路 1 号"})
    decide(world, pending)
    record.refresh_from_db()
    assert (record.city, record.address) == ("成都", "人民南路 1 号")


def test_what_was_deleted_meanwhile_cannot_be_changed_by_an_approval(world: World) -> None:
    rule(world, "edit")
    record = customer(world)
    pending = asked(world, EDIT, record, city="成都")
    run(DELETE, world.ctx("sales_manager"), CUSTOMER, record)
    with pytest.raises(Conflict, match="no longer"):
        decide(world, pending)


def test_who_lost_the_right_meanwhile_gets_nothing_carried_out(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    pending = asked(world, DELETE, record)
    Customer.objects.filter(pk=record.pk).update(owner=world["wang_fang"])
    assert not foreseen(pending, world.now).possible
    with pytest.raises(Conflict, match="no longer"):
        decide(world, pending)


def test_what_was_tampered_with_is_not_carried_out(world: World, deletion: ApprovalRule) -> None:
    record, other = customer(world), customer(world, name="另一家")
    pending = asked(world, DELETE, record)
    PendingAction.objects.filter(pk=pending.pk).update(record_id=other.pk)
    with pytest.raises(Conflict):
        decide(world, pending)
    other.refresh_from_db()
    assert other.deleted_at is None


def test_withdrawn_it_is_over(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    pending = asked(world, DELETE, record)
    running.withdraw(pending.process, world["li_wei"], "", world.now)
    pending.refresh_from_db()
    record.refresh_from_db()
    assert (pending.state, record.deleted_at) == (State.WITHDRAWN, None)
    assert asked(world, DELETE, record) != pending


def test_of_many_each_waits_or_is_done_for_itself(world: World) -> None:
    rule(world, "edit", {"field": "city", "op": "equals", "value": "成都"})
    one, other = customer(world), customer(world, name="另一家")
    ctx = world.ctx("li_wei").because("搬迁")
    items = [Item(one.pk, {"city": "成都"}), Item(other.pk, {"city": "重庆"})]
    with pytest.raises(Conflict):
        run_many(EDIT, ctx, CUSTOMER, items)
    works = run_many(EDIT, ctx, CUSTOMER, items, keep_good=True)
    assert isinstance(works[0].problem, AwaitsApproval) and works[1].problem is None
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.city, other.city) == ("", "重庆")


def test_an_action_on_the_way_of_another_cannot_slip_through(world: World, deletion: ApprovalRule) -> None:
    """What a record's own action does to another record is gated as well, and everything is taken back."""
    import dataclasses

    record, other = customer(world), customer(world, name="另一家")

    def perform(ctx: Context, target: Any, values: Any) -> None:
        run(DELETE, ctx, CUSTOMER, other)

    sly = dataclasses.replace(EDIT, standard=False, plan=None, execute=None, perform=perform)
    before = customers()
    with pytest.raises(Conflict):
        run(sly, world.ctx("li_wei").because("x"), CUSTOMER, record)
    assert customers() == before and not PendingAction.objects.exists()


def test_the_one_who_asked_does_not_approve(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    ctx = Context.of(Person.objects.get(username="sales_manager"), now=world.now, reason="重复")
    with pytest.raises(AwaitsApproval) as caught:
        run(DELETE, ctx, CUSTOMER, record)
    items = WorkItem.objects.filter(instance=caught.value.pending.process)
    assert [item.owner.username for item in items] == ["general_manager"]


def test_when_the_record_goes_for_good_only_that_it_was_approved_is_kept(world: World, deletion: ApprovalRule) -> None:
    record = customer(world)
    pending = asked(world, DELETE, record)
    decide(world, pending)
    run(PURGE, world.ctx("archivist").because("到期销毁"), CUSTOMER, record, confirmed=True)
    pending.refresh_from_db()
    items = list(WorkItem.objects.filter(instance=pending.process))
    assert (pending.state, pending.decided_by, pending.title, pending.changes) == (
        State.DONE, world["sales_manager"], "", {},
    )  # fmt: skip
    assert "锦江" not in "".join([pending.process.subject, *(item.subject for item in items)])


def test_a_process_that_may_end_without_asking_anybody_approves_nothing() -> None:
    assert versions.serves(read(ONE), "approval")
    past = ONE.replace('targetRef="boss"', 'targetRef="said"', 1)
    sly = past.replace("</process>", flow("said", "boss", "amount > 1") + "</process>")
    assert not versions.serves(read(sly), "approval")
