"""Visits, follow-ups and memos, and what the customer page learns of them."""

import datetime

import pytest

from guanxi.kernel.errors import Conflict, Refused
from guanxi.records import history, registry
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, create, edit
from guanxi.rooms.customers.public import Contribution
from guanxi.rooms.engagement.actions import CLOSE_VISIT, COMPLETE_TASK
from guanxi.rooms.engagement.models import Memo, Task, VisitReport
from guanxi.rooms.engagement.rules import must_say_what_is_new

DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def customer(world, django_capture_on_commit_callbacks):
    return create(world.ctx("li_wei"), "customers.customer", name="重庆渝中糖酒有限公司")


def test_a_report_says_what_is_new_or_that_nothing_is():
    assert must_say_what_is_new("换了店长", False).allowed and must_say_what_is_new(" ", True).allowed
    for facts, nothing in (("", False), ("  ", False), ("换了店长", True)):
        decision = must_say_what_is_new(facts, nothing)
        assert not decision.allowed and [reason.clause for reason in decision.reasons] == ["ARC-04"]


@pytest.mark.clause("ARC-04")
def test_closing_a_visit_report_feeds_the_archive_or_says_nothing_new(world, customer):
    ctx = world.ctx("li_wei")
    visit = create(ctx, "engagement.visitreport", customer=customer, visited_on=DAY, content="看库存")
    for given in ({}, {"archive_facts": "换了店长", "nothing_new": True}):
        with pytest.raises(Refused) as refused:
            run(CLOSE_VISIT, ctx, "engagement.visitreport", visit, given)
        assert refused.value.decision.reasons[0].clause == "ARC-04"
    assert VisitReport.objects.get().state == "draft" and Contribution.objects.count() == 0
    run(CLOSE_VISIT, ctx, "engagement.visitreport", visit, {"archive_facts": "采购换成刘经理"})
    fact = Contribution.objects.get()
    assert (fact.customer, fact.state, fact.document, fact.collected_on, fact.owner.name) == (
        customer, "waiting", visit.number, DAY, "李伟",
    )  # fmt: skip
    assert fact.get_state_display() and fact.source == "sales_staff" and fact.content == "采购换成刘经理"
    with pytest.raises(Conflict):  # a closed report stays as it is
        edit(ctx, "engagement.visitreport", visit, content="别的")
    second = create(ctx, "engagement.visitreport", customer=customer, visited_on=DAY, content="例行")
    run(CLOSE_VISIT, ctx, "engagement.visitreport", second, {"nothing_new": True})
    assert Contribution.objects.count() == 1 and VisitReport.objects.filter(state="closed").count() == 2


@pytest.mark.clause("SAL-14")
def test_the_day_of_the_last_contact_follows_from_visits_and_talks(world, customer, django_capture_on_commit_callbacks):
    ctx = world.ctx("li_wei")
    assert customer.owner == world["li_wei"] and customer.last_contact_on is None
    with django_capture_on_commit_callbacks(execute=True):
        create(ctx, "engagement.visitreport", customer=customer, visited_on="2026-11-10", content="走访")
    customer.refresh_from_db()
    assert customer.last_contact_on == datetime.date(2026, 11, 10)
    with django_capture_on_commit_callbacks(execute=True):
        # 00:30 on 13 November in Shanghai is still the 12th in London.
        talk = create(ctx, "engagement.followup", customer=customer, happened_at="2026-11-13 00:30", content="电话")
    customer.refresh_from_db()
    assert customer.last_contact_on == datetime.date(2026, 11, 13)
    with django_capture_on_commit_callbacks(execute=True):
        edit(ctx, "engagement.followup", talk, happened_at="2026-11-01 09:00")
    customer.refresh_from_db()
    assert customer.last_contact_on == datetime.date(2026, 11, 10)


@pytest.mark.clause("SAL-14")
def test_a_customer_names_one_owner_and_changes_of_owner_are_kept(world, customer):
    run(ASSIGN, world.ctx("sales_manager", reason="片区调整"), "customers.customer", customer, {"owner": "王芳"})
    customer.refresh_from_db()
    assert customer.owner == world["wang_fang"]
    past = history.of(world.ctx("sales_manager"), registry.entry("customers.customer"), customer)
    changes = {str(change.label): (change.old, change.new) for change in past[0].changes}
    assert ("李伟", "王芳") in changes.values() and past[0].reason == "片区调整"


@pytest.mark.clause("CRM-04")
def test_editing_a_memo_leaves_one_and_a_copy_makes_another_with_its_own_number(world):
    ctx = world.ctx("li_wei")
    memo = create(ctx, "engagement.memo", subject="春节礼品", content="每家两瓶")
    edit(ctx, "engagement.memo", memo, content="每家四瓶")
    assert [row.content for row in Memo.objects.all()] == ["每家四瓶"]
    copy = create(ctx, "engagement.memo", subject="春节礼品", content="每家六瓶")
    memo.refresh_from_db()
    assert memo.content == "每家四瓶" and copy.content == "每家六瓶"
    assert (memo.number, copy.number) == ("BW-2026-0001", "BW-2026-0002")


def test_a_task_is_done_once(world, customer):
    ctx = world.ctx("li_wei")
    task = create(ctx, "engagement.task", subject="寄样品", customer=customer, due_on=DAY)
    run(COMPLETE_TASK, ctx, "engagement.task", task, {"result": "已签收"})
    done = Task.objects.get()
    assert (done.state, done.result, done.settled_at) == ("done", "已签收", world.now)
    with pytest.raises(Conflict):
        run(COMPLETE_TASK, ctx, "engagement.task", task)
