"""Visits: approved and received before leaving, reported step by step, paid again at intervals.

The tests stand on Saturday 21 November 2026, 10:24 in Shanghai.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, NotAllowed, Refused
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.customers.models import Contact
from guanxi.rooms.engagement.actions import (
    CHECK_IN,
    CLOSE_VISIT,
    COMPLETE_TASK,
    DROP_TASK,
    LEAVE,
    RECEIVE_PLAN,
    SUBMIT_VISIT,
    owe_return_visits,
)
from guanxi.rooms.engagement.models import Task, VisitPlan, VisitReport
from guanxi.rooms.engagement.module.visits import how_far
from guanxi.rooms.engagement.queries import ENGAGEMENTS, due_visits
from guanxi.rooms.engagement.queries.returns import due_day
from guanxi.rooms.processes.public import APPROVE, install_processes
from tests.digest import digest
from tests.people import World

PLAN, REPORT, TASK = "engagement.visitplan", "engagement.visitreport", "engagement.task"
DAY = datetime.date(2026, 11, 20)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def customer(world: World) -> Any:
    install_processes(world.now)
    world.departments["southwest"].head = world["wang_fang"]  # the manager of the branch
    world.departments["southwest"].save()
    role = Role.objects.get(code="attendance_clerk")
    PersonRole.objects.create(person=world["clerk"], role=role, created_at=world.now, changed_at=world.now)
    return create(world.ctx("li_wei"), "customers.customer", name="重庆渝中糖酒有限公司", demand_level="A")


def planned(world: World, customer: Any, **values: Any) -> VisitPlan:
    given = {"planned_at": "2026-11-23 10:00", "goals": "谈年度协议", "whom": "刘经理", **values}
    return create(world.ctx("li_wei"), PLAN, customer=customer, **given)


def submitted(world: World, plan: VisitPlan) -> WorkItem:
    with pytest.raises(AwaitsApproval):
        run(SUBMIT_VISIT, world.ctx("li_wei", reason="按计划走访"), PLAN, plan)
    return WorkItem.objects.get(module=PLAN, record_id=plan.pk)


def approved(world: World, plan: VisitPlan) -> None:
    item = submitted(world, plan)
    run(APPROVE, world.ctx("wang_fang", now=world.now + HOUR), "workflow.workitem", item, {"comment": "同意"})


def clauses(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.clause for reason in refused.value.decision.blocking]


@pytest.mark.clause("WF-24")
def test_nobody_leaves_without_the_managers_approval_and_the_clerks_receipt(world: World, customer: Any) -> None:
    plan, mine, clerk = planned(world, customer), world.ctx("li_wei"), world.ctx("clerk", now=world.now + 2 * HOUR)
    before = digest()
    for action, ctx in ((LEAVE, mine), (RECEIVE_PLAN, clerk)):
        with pytest.raises(Refused) as refused:
            run(action, ctx, PLAN, plan)
        assert clauses(refused) == ["WF-24"] and "经理尚未批准" in str(refused.value.decision.blocking[0].message)
    assert digest() == before
    item = submitted(world, plan)
    assert (item.owner, item.starter) == (world["wang_fang"], world["li_wei"])
    plan.refresh_from_db()
    assert (plan.state, plan.approved_at) == ("planned", None)
    run(APPROVE, world.ctx("wang_fang", now=world.now + HOUR), "workflow.workitem", item, {"comment": "同意"})
    with pytest.raises(Refused) as refused:
        run(LEAVE, mine, PLAN, plan)
    assert clauses(refused) == ["WF-24"] and "考勤员尚未签收" in str(refused.value.decision.blocking[0].message)
    with pytest.raises(NotAllowed):
        run(RECEIVE_PLAN, mine, PLAN, plan)
    run(RECEIVE_PLAN, clerk, PLAN, plan)
    run(LEAVE, world.ctx("li_wei", now=world.now + 3 * HOUR), PLAN, plan)
    plan.refresh_from_db()
    assert [plan.approved_at, plan.received_at, plan.left_at] == [world.now + n * HOUR for n in (1, 2, 3)]
    assert (plan.approved_by, plan.received_by, plan.state) == (world["wang_fang"], world["clerk"], "left")


@pytest.mark.clause("WF-24")
def test_an_approved_plan_is_not_changed_any_more_and_nobody_receives_his_own(world: World, customer: Any) -> None:
    plan = planned(world, customer)
    approved(world, plan)
    with pytest.raises(Conflict):
        edit(world.ctx("li_wei"), PLAN, plan, goals="别的目标")
    PersonRole.objects.create(
        person=world["li_wei"], role=Role.objects.get(code="attendance_clerk"), created_at=world.now,
        changed_at=world.now,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        run(RECEIVE_PLAN, world.ctx("li_wei"), PLAN, plan)
    assert clauses(refused) == ["WF-24"]


def left(world: World, customer: Any) -> VisitPlan:
    """A visit on its way; how it came there is told above."""
    plan = planned(world, customer)
    VisitPlan.objects.filter(pk=plan.pk).update(
        state="left", approved_at=world.now, received_at=world.now, left_at=world.now
    )
    plan.refresh_from_db()
    return plan


def test_checking_in_tells_the_position_or_why_there_is_none(world: World, customer: Any) -> None:
    ctx, plan = world.ctx("li_wei"), left(world, customer)
    with pytest.raises(Refused):
        run(CHECK_IN, ctx, PLAN, plan, {"latitude": "29.56301"})
    run(CHECK_IN, ctx, PLAN, plan, {"latitude": "29.56301", "longitude": "106.55156", "accuracy_m": "14"})
    plan.refresh_from_db()
    assert (str(plan.latitude), str(plan.longitude), plan.accuracy_m) == ("29.56301", "106.55156", 14)
    assert (plan.state, plan.arrived_at) == ("arrived", world.now)
    other = left(world, customer)
    run(CHECK_IN, ctx, PLAN, other, {"position_note": "地下商场没有信号"})
    other.refresh_from_db()
    assert (other.state, other.latitude, other.position_note) == ("arrived", None, "地下商场没有信号")


@pytest.mark.clause("VIS-06")
def test_a_report_settles_its_plan_and_is_closed_with_a_result_only(world: World, customer: Any) -> None:
    ctx, other = world.ctx("li_wei"), create(world.ctx("li_wei"), "customers.customer", name="成都锦江酒店")
    told = {"visited_on": DAY, "content": "看库存"}
    early = planned(world, customer)
    for wrong, whose in ((early, customer), (left(world, customer), other)):
        with pytest.raises(Refused) as refused:
            create(ctx, REPORT, customer=whose, plan=wrong, **told)
        assert clauses(refused) == ["VIS-06"]
    plan = left(world, customer)
    report = create(ctx, REPORT, customer=customer, plan=plan, **told)
    plan.refresh_from_db()
    assert plan.state == "reported"
    with pytest.raises(Refused) as refused:
        run(CLOSE_VISIT, ctx, REPORT, report, {"nothing_new": True})
    assert clauses(refused) == ["VIS-06"]
    edit(ctx, REPORT, report, outcome="同意续签", next_step="寄合同", met="刘经理")
    run(CLOSE_VISIT, ctx, REPORT, report, {"nothing_new": True})
    report.refresh_from_db()
    assert report.state == "closed"
    older = create(ctx, REPORT, customer=customer, visited_on="2026-11-02", content="首访")
    log = list(ENGAGEMENTS.visits(ctx, customer))
    assert [entry.record_id for entry in log] == [report.pk, older.pk]
    for text in ("刘经理", "看库存", "同意续签", "寄合同"):
        assert text in log[0].body


@pytest.mark.clause("VIS-02")
def test_the_seven_steps_are_ticked_with_notes_and_signing_only_with_a_paper(world: World, customer: Any) -> None:
    ctx = world.ctx("li_wei")
    told = {"visited_on": DAY, "content": "谈协议"}
    report = create(
        ctx, REPORT, customer=customer, steps=["preparation", "opening"], note_opening="从门店近况谈起", **told
    )
    assert how_far(report) == "3/7 开场白"
    with pytest.raises(Refused) as refused:
        edit(ctx, REPORT, report, steps=["preparation", "opening", "signing"])
    assert clauses(refused) == ["VIS-02"]
    edit(ctx, REPORT, report, steps=["preparation", "opening", "signing"], signing_reference="HT-2026-018")
    report.refresh_from_db()
    assert (how_far(report), report.note_opening) == ("7/7 签约", "从门店近况谈起")
    assert how_far(VisitReport(steps=())) == ""


@pytest.mark.clause("WF-22", "WF-29")
def test_who_was_met_becomes_a_contact_who_is_known_to_decide(world: World, customer: Any) -> None:
    ctx = world.ctx("li_wei")
    create(ctx, "customers.contact", customer=customer, name="刘强")
    report = create(
        ctx, REPORT, customer=customer, visited_on=DAY, content="谈协议", outcome="有意向", needs="固定配送日",
        problems="旺季压货", proposals="分批送货", conduct=["card", "relaxed"],
        lines=[{"name": "刘强", "decides": True}, {"name": "何静", "post": "采购主管", "decides": False}],
    )  # fmt: skip
    assert Contact.objects.filter(customer=customer).count() == 1
    run(CLOSE_VISIT, ctx, REPORT, report, {"nothing_new": True})
    met = {contact.name: (contact.post, contact.roles) for contact in Contact.objects.filter(customer=customer)}
    assert met == {"刘强": ("", ("decision_maker",)), "何静": ("采购主管", ())}
    report.refresh_from_db()
    assert (report.met, report.conduct, report.proposals) == ("刘强、何静", ("card", "relaxed"), "分批送货")


@pytest.mark.clause("VIS-04")
def test_what_a_customer_is_dissatisfied_with_stays_open_until_it_is_solved(world: World, customer: Any) -> None:
    ctx = world.ctx("li_wei")
    report = create(
        ctx, REPORT, customer=customer, visited_on=DAY, content="回访", outcome="有怨言", dissatisfaction="送货总晚半天"
    )
    assert not Task.objects.exists()
    run(CLOSE_VISIT, ctx, REPORT, report, {"nothing_new": True})
    task, owed = Task.objects.get(), Obligation.objects.get(duty="engagement.solve_dissatisfaction")
    # Saturday the 21st and five working days: Friday the 27th.
    assert (task.visit, task.due_on, task.owner) == (report, datetime.date(2026, 11, 27), world["li_wei"])
    assert (owed.due_on, owed.clause, owed.state) == (datetime.date(2026, 11, 27), "VIS-04", "open")
    before = digest()
    for action, data in ((DROP_TASK, {"result": "算了"}), (DELETE, {}), (COMPLETE_TASK, {"result": " "})):
        with pytest.raises(Refused) as refused:
            run(action, ctx, TASK, task, data, confirmed=True)
        assert clauses(refused) == ["VIS-04"]
    assert digest() == before
    run(COMPLETE_TASK, ctx, TASK, task, {"result": "改为上午首班送货"})
    owed.refresh_from_db()
    assert (owed.state, owed.evidence_id) == ("kept", task.pk)


@pytest.mark.clause("VIS-05")
@pytest.mark.parametrize(
    ("own", "level", "due"), [(None, "A", "2026-12-20"), (None, "", "2027-02-18"), (10, "A", "2026-11-30")]
)
def test_the_interval_is_the_customers_own_or_that_of_its_level(own: int | None, level: str, due: str) -> None:
    days = {"A": 30, "B": 60, "C": 90, "": 90}
    assert due_day(DAY, own, level, days) == datetime.date.fromisoformat(due)


@pytest.mark.clause("VIS-05")
def test_a_customer_is_due_when_its_interval_has_passed_and_a_visit_starts_it_anew(world: World, customer: Any) -> None:
    ctx = world.ctx("li_wei")
    create(ctx, REPORT, customer=customer, visited_on="2026-10-21", content="走访")
    day_23, day_31 = world.now - datetime.timedelta(days=9), world.now  # 12 and 21 November
    owe_return_visits(day_23)
    assert due_visits(ctx, mine=True, limit=9) == []  # due on the 20th, announced seven days before
    owe_return_visits(day_31)
    (due,) = due_visits(ctx, mine=True, limit=9)
    assert (due.customer, due.due_on, due.days_late(ctx.today)) == (customer, DAY, 1)
    assert due_visits(world.ctx("zhang_min"), mine=False, limit=9) == []
    # Its own interval counts before that of its level; a longer one lets nobody owe it.
    edit(world.ctx("sales_manager"), "customers.customer", customer, visit_days=90)
    owe_return_visits(day_31)
    assert due_visits(ctx, mine=True, limit=9) == []
    edit(world.ctx("sales_manager"), "customers.customer", customer, visit_days=30)
    owe_return_visits(day_31)
    owed = Obligation.objects.get(duty="engagement.return_visit", state="open")
    assert (owed.owner, owed.due_on) == (world["li_wei"], DAY)
    report = create(ctx, REPORT, customer=customer, visited_on="2026-11-21", content="回访")
    owed.refresh_from_db()
    assert (owed.state, owed.evidence_id) == ("late", report.pk)
    owe_return_visits(day_31)
    assert due_visits(ctx, mine=True, limit=9) == []


@pytest.mark.clause("VIS-05")
def test_the_list_shows_ones_own_and_who_may_sees_all(world: World, customer: Any, client: Client) -> None:
    create(world.ctx("li_wei"), REPORT, customer=customer, visited_on="2026-10-01", content="走访")
    owe_return_visits(world.now)
    for username, query, seen in (
        ("li_wei", "", True), ("sales_manager", "", False), ("sales_manager", "?who=all", True),
    ):  # fmt: skip
        client.force_login(world[username])
        text = client.get(f"/engagement/due-visits/{query}").content.decode()
        assert (customer.name in text) is seen, (username, query)
    client.force_login(world["system_admin"])
    assert client.get("/engagement/due-visits/").status_code == 403
