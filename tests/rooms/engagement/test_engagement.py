"""Visits, follow-ups and memos, and what the customer page learns of them."""

import datetime

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.records import history, registry
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, create, edit
from guanxi.rooms.customers.public import Contribution
from guanxi.rooms.engagement.actions import CLOSE_VISIT, COMPLETE_TASK, CONFIRM_RECEIPT, REVIEW_MINUTES, SEND_MINUTES
from guanxi.rooms.engagement.models import FollowUp, Memo, Task, VisitReport
from guanxi.rooms.engagement.queries import ENGAGEMENTS
from guanxi.rooms.engagement.rules import must_say_what_is_new
from tests.digest import digest

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
    visit = create(ctx, "engagement.visitreport", customer=customer, visited_on=DAY, content="看库存", outcome="正常")
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
    second = create(ctx, "engagement.visitreport", customer=customer, visited_on=DAY, content="例行", outcome="正常")
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


# ---- First contacts, telephone calls and minutes ---------------------------------------------------------------------


@pytest.mark.clause("WF-19")
def test_selling_to_a_stranger_by_telephone_warns_and_is_counted(world, customer):
    ctx = world.ctx("li_wei")
    given = {"customer": customer, "happened_at": "2026-11-20 09:30", "content": "推荐新品"}
    for channel in ("fax", "email", "post", "website"):
        other = create(ctx, "customers.customer", confirmed=True, name=f"成都{channel}商贸有限公司")
        first = create(ctx, "engagement.followup", **{**given, "customer": other}, kind=channel, purpose="selling")
        assert not first.cold_call
    with pytest.raises(Refused) as warned:
        create(ctx, "engagement.followup", kind="phone", purpose="selling", **given)
    assert [(reason.clause, reason.blocking) for reason in warned.value.decision.reasons] == [("WF-19", False)]
    assert not FollowUp.objects.filter(customer=customer).exists()
    create(ctx, "engagement.followup", confirmed=True, kind="phone", purpose="selling", **given)
    create(ctx, "engagement.followup", kind="phone", purpose="selling", **given)  # no stranger any more
    assert FollowUp.objects.filter(cold_call=True).count() == 1


@pytest.mark.clause("WF-27")
def test_minutes_are_reviewed_before_they_are_sent_and_followed_up_until_received(world, customer):
    ctx, manager = world.ctx("li_wei"), world.ctx("sales_manager")
    minutes = create(
        ctx, "engagement.minutes", customer=customer, held_on=DAY, present="王经理、李伟", content="约定季度返利"
    )
    before = digest()
    with pytest.raises(Refused) as refused:
        run(SEND_MINUTES, ctx, "engagement.minutes", minutes, {"sent_to": "王经理"})
    assert refused.value.decision.reasons[0].clause == "WF-27"
    for who in ("li_wei", "general_manager"):  # the author himself, and who is not his manager
        with pytest.raises((NotAllowed, Refused)):
            run(REVIEW_MINUTES, world.ctx(who), "engagement.minutes", minutes)
    assert digest() == before
    run(REVIEW_MINUTES, manager, "engagement.minutes", minutes)
    with pytest.raises(Conflict):  # what was reviewed stays as it is
        edit(ctx, "engagement.minutes", minutes, content="另一说法")
    run(SEND_MINUTES, ctx, "engagement.minutes", minutes, {"sent_to": "wang@example.com"})
    unconfirmed = ctx.search("engagement.minutes").filter(state="sent")
    assert [(row.pk, row.reviewed_by, row.sent_on) for row in unconfirmed] == [
        (minutes.pk, world["sales_manager"], datetime.date(2026, 11, 21))
    ]
    run(CONFIRM_RECEIPT, ctx, "engagement.minutes", minutes, {"received_by": "王经理"})
    assert not unconfirmed.all().exists()


@pytest.mark.clause("WF-28")
def test_meetings_and_calls_stand_in_the_history_with_date_persons_content_author(world, customer):
    ctx = world.ctx("li_wei")
    create(
        ctx, "engagement.followup", customer=customer, kind="phone", happened_at="2026-11-20 09:30", content="催问回款"
    )
    create(ctx, "engagement.minutes", customer=customer, held_on=DAY, present="王经理、李伟", content="约定季度返利")
    found = list(ENGAGEMENTS.entries(ctx, [customer], 10))
    told = {entry.module: (str(entry.title), entry.body, entry.actor) for entry in found}
    assert told["engagement.followup"] == ("电话", "催问回款", "李伟")
    assert told["engagement.minutes"] == ("会谈：王经理、李伟", "约定季度返利", "李伟")
    assert all(entry.at for entry in found)
    with pytest.raises(Invalid):  # without saying who was there and what was said there are no minutes
        create(ctx, "engagement.minutes", customer=customer, held_on=DAY)
