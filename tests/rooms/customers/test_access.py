"""Who is not in sales sees an archive only when the sales manager or the general manager opened it (SEC-03)."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.platform.calendar import clock_at
from guanxi.platform.notices.notify import unread
from guanxi.platform.people.models import Deputy
from guanxi.platform.policy.values import set_value
from guanxi.platform.workflow import versions
from guanxi.platform.workflow.models import WorkItem
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import PendingAction
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.administration.queries import reasons_to_see
from guanxi.rooms.customers.actions import CHECK_KNOWN, END_ACCESS
from guanxi.rooms.customers.models import ArchiveAccess, Customer
from guanxi.rooms.customers.policies import ACCESS_DAYS
from guanxi.rooms.customers.rules import may_ask_again, may_last_until, needs_request
from guanxi.rooms.processes.public import APPROVE, PASS_ON, REFUSE, WITHDRAW, install_processes
from tests.digest import digest
from tests.people import NOW, World
from tests.rooms.customers.conftest import TODAY

CUSTOMER, ACCESS, WORK = "customers.customer", "customers.archiveaccess", "workflow.workitem"
DAY = datetime.timedelta(days=1)
NAME = "重庆渝中糖酒有限公司"


@pytest.fixture
def ask(world: World) -> Callable[..., PendingAction]:
    """The manager of the finance department asks to see an archive."""
    install_processes(world.now)

    def make(
        name: str = NAME, who: str = "finance_manager", reason: str = "核对年终返利", **values: Any
    ) -> PendingAction:
        given = {"until": TODAY + 7 * DAY, **values}
        with pytest.raises(AwaitsApproval) as caught:
            create(world.ctx(who, reason=reason), ACCESS, customer_name=name, **given)
        return caught.value.pending

    return make


def item_of(pending: PendingAction, who: str) -> WorkItem:
    return WorkItem.objects.get(instance=pending.process, owner__username=who, state="open")


def decide(
    world: World, pending: PendingAction, who: str = "sales_manager", action: Any = APPROVE, **more: Any
) -> None:
    ctx = world.ctx(who, **more)
    run(action, ctx, WORK, item_of(pending, who), {"comment": "仅限返利" if action is APPROVE else "与返利无关"})
    pending.refresh_from_db()


def refused_for(problem: Refused) -> list[str]:
    return [reason.clause for reason in problem.decision.blocking]


@pytest.mark.clause("SEC-03")
def test_without_approval_nothing_is_seen_and_with_it_the_named_customer_until_the_day(world, ask, yuzhong, xihu):
    """Two days and no more: of Saturday the 21st and the two days after it."""
    ctx = world.ctx("finance_manager")
    with pytest.raises(NotFound):
        ctx.get(CUSTOMER, yuzhong.pk)
    pending = ask(until=TODAY + 2 * DAY)
    assert (pending.state, pending.clause, pending.rule) == ("waiting", "SEC-03", None)
    assert not ArchiveAccess.objects.exists() and not AccessGrant.objects.exists()
    with pytest.raises(NotFound):  # asking opens nothing
        world.ctx("finance_manager").get(CUSTOMER, yuzhong.pk)
    decide(world, pending)
    seen = world.ctx("finance_manager")
    assert seen.get(CUSTOMER, yuzhong.pk) == yuzhong
    with pytest.raises(NotFound):  # the named customer and no other
        seen.get(CUSTOMER, xihu.pk)
    assert list(seen.search(CUSTOMER)) == [yuzhong]
    with pytest.raises(NotAllowed):  # seeing is not editing
        run(EDIT, seen, CUSTOMER, yuzhong, {"city": "成都"})
    # The whole of 23 November belongs to it, in China; the 24th does not.
    last = datetime.datetime(2026, 11, 23, 15, 59, 59, tzinfo=datetime.UTC)
    assert world.ctx("finance_manager", now=last).search(CUSTOMER).count() == 1
    assert world.ctx("finance_manager", now=last + datetime.timedelta(seconds=1)).search(CUSTOMER).count() == 0


@pytest.mark.clause("SEC-03")
def test_only_sales_and_general_manager_are_asked_and_nobody_else_decides(world, ask, yuzhong):
    pending = ask()
    items = WorkItem.objects.filter(instance=pending.process).select_related("owner")
    assert {item.owner.username for item in items} == {"sales_manager", "general_manager"}
    before = digest()
    for person in ("li_wei", "archivist", "risk", "clerk", "security_admin", "finance_manager"):
        for action, item in itertools.product((APPROVE, REFUSE), items):
            with pytest.raises((NotAllowed, NotFound)):
                run(action, world.ctx(person), WORK, item, {"comment": "行"})
    assert digest() == before
    decide(world, pending, "general_manager")
    access = ArchiveAccess.objects.get()
    assert (access.state, access.until, access.approved_by, access.owner, access.purpose) == (
        "given", TODAY + 7 * DAY, world["general_manager"], world["finance_manager"], "核对年终返利",
    )  # fmt: skip
    with pytest.raises((Conflict, NotFound)):  # what is decided is decided: the other's item is needless
        run(REFUSE, world.ctx("sales_manager"), WORK, items[0], {"comment": "不行"})
    assert AccessGrant.objects.count() == 1


@pytest.mark.clause("SEC-03")
def test_whoever_it_is_passed_on_to_does_not_open_an_archive_by_himself(world, ask, yuzhong):
    pending = ask()
    run(PASS_ON, world.ctx("sales_manager"), WORK, item_of(pending, "sales_manager"), {"other": world["clerk"]})
    before = digest()
    with pytest.raises(Refused) as raised:
        decide(world, pending, "clerk")
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before
    assert not AccessGrant.objects.exists()
    decide(world, pending, "general_manager")
    assert AccessGrant.objects.count() == 1


@pytest.mark.clause("SEC-03")
def test_a_process_drawn_anew_does_not_do_without_the_managers(world, ask, yuzhong):
    drawn = versions.in_use("approval.archive_access").diagram
    versions.publish(
        versions.new_version(drawn.replace("role:sales_manager, role:general_manager", "person:clerk"), world.now),
        world.now,
    )
    pending = ask()
    before = digest()
    with pytest.raises(Refused) as raised:
        decide(world, pending, "clerk")
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before


@pytest.mark.clause("SEC-03")
def test_who_stands_in_for_the_manager_opens_it_in_his_place(world, ask, yuzhong):
    Deputy.objects.create(person=world["sales_manager"], deputy=world["li_wei"], from_date=TODAY, until_date=TODAY)
    pending = ask()
    run(APPROVE, world.ctx("li_wei"), WORK, item_of(pending, "sales_manager"), {})
    assert ArchiveAccess.objects.get().approved_by == world["li_wei"]


@pytest.mark.clause("SEC-03")
def test_the_decision_is_on_record_and_everybody_concerned_is_told(world, ask, yuzhong):
    pending = ask()
    for decider in ("sales_manager", "general_manager"):
        assert unread(world[decider]).filter(record_id=item_of(pending, decider).pk).count() == 1
    asked = AuditEntry.objects.get(action="ask_approval")
    assert (asked.actor, asked.reason) == (world["finance_manager"], "核对年终返利")
    decide(world, pending)
    access = ArchiveAccess.objects.get()
    assert pending.record_id == access.pk
    entry = AuditEntry.objects.get(module=ACCESS, record_id=access.pk, action="create")
    assert entry.decision["approved"] == {"request": str(pending.pk), "by": ["陈慧敏"], "clause": "SEC-03"}
    assert unread(world["finance_manager"]).filter(record_id=pending.pk).count() == 1
    grant = AccessGrant.objects.get()
    assert (grant.person, grant.record_id, grant.actions) == (world["finance_manager"], yuzhong.pk, "view")
    why = reasons_to_see(world["finance_manager"], registry.module(CUSTOMER), yuzhong, NOW)
    assert len(why) == 1 and "核对年终返利" in str(why[0]) and "陈慧敏" in str(why[0])
    page = _seen(world, "finance_manager", f"/customers/customer/{yuzhong.pk}/")
    assert NAME in page
    assert Disclosure.objects.filter(actor=world["finance_manager"], record_id=yuzhong.pk, outcome="done").exists()


@pytest.mark.clause("SEC-03")
def test_the_request_keeps_the_name_of_what_the_asker_may_not_see(world, ask, yuzhong):
    """He knows it by its short name; the request tells him no more. Who decides reads which customer it is."""
    pending = ask("渝中糖酒")
    assert NAME not in _seen(world, "finance_manager", f"/approvals/pendingaction/{pending.pk}/")
    page = _seen(world, "sales_manager", f"/workflow/workitem/{item_of(pending, 'sales_manager').pk}/")
    assert NAME in page and "核对年终返利" in page


@pytest.mark.clause("SEC-03")
def test_a_refusal_says_why_and_opens_nothing(world, ask, yuzhong):
    pending = ask()
    with pytest.raises(Invalid):
        run(REFUSE, world.ctx("sales_manager"), WORK, item_of(pending, "sales_manager"), {"comment": ""})
    decide(world, pending, action=REFUSE)
    assert (pending.state, pending.answer) == ("refused", "与返利无关")
    assert not AccessGrant.objects.exists() and not ArchiveAccess.objects.exists()
    with pytest.raises(WorkItem.DoesNotExist):  # nobody is asked any more
        decide(world, pending, "general_manager")


@pytest.mark.clause("SEC-03")
def test_without_a_reason_nothing_is_even_asked(world, ask, yuzhong):
    before = digest()
    with pytest.raises(Invalid):
        create(world.ctx("finance_manager"), ACCESS, customer_name=NAME, until=TODAY)
    assert digest() == before


@pytest.mark.clause("SEC-03")
@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (14, True), (15, False)])
def test_access_is_asked_for_and_granted_for_a_limited_time(world, ask, yuzhong, days, allowed):
    until = TODAY + days * DAY
    assert may_last_until(until, TODAY, 14).allowed is allowed
    if allowed:
        assert ask(until=until).state == "waiting"
        return
    before = digest()
    with pytest.raises(Refused) as raised:
        create(world.ctx("finance_manager", reason="核对"), ACCESS, customer_name=NAME, until=until)
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before


@pytest.mark.clause("SEC-03")
def test_what_is_approved_too_late_opens_nothing(world, ask, yuzhong):
    pending = ask(until=TODAY + DAY)
    before = digest()
    with pytest.raises(Refused) as raised:
        decide(world, pending, now=NOW + 2 * DAY)
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before
    decide(world, pending, action=REFUSE, now=NOW + 2 * DAY)
    assert pending.state == "refused"


@pytest.mark.clause("SEC-03")
def test_a_parameter_changed_meanwhile_holds_for_the_approval(world, ask, yuzhong):
    pending = ask(until=TODAY + 7 * DAY)
    set_value(ACCESS_DAYS, "3", TODAY, None, "test", world.now)
    before = digest()
    with pytest.raises(Refused) as raised:
        decide(world, pending)
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before


@pytest.mark.clause("SEC-03")
def test_what_is_opened_is_the_archive_that_was_shown_to_who_approved(world, ask, yuzhong, xihu):
    """Another customer has taken the name meanwhile, and the one that was meant another."""
    pending = ask()
    Customer.objects.filter(pk=yuzhong.pk).update(name="重庆两江糖酒有限公司")
    Customer.objects.filter(pk=xihu.pk).update(name=NAME)
    decide(world, pending)
    assert AccessGrant.objects.get().record_id == yuzhong.pk


@pytest.mark.clause("SEC-03")
def test_of_a_customer_deleted_meanwhile_nothing_is_opened(world, ask, yuzhong):
    pending = ask()
    run(DELETE, world.ctx("sales_manager"), CUSTOMER, yuzhong, confirmed=True)
    before = digest()
    with pytest.raises(Conflict):
        decide(world, pending)
    assert digest() == before and not AccessGrant.objects.exists()


@pytest.mark.clause("SEC-03")
def test_what_is_granted_can_be_ended_at_once_by_either_side(world, ask, yuzhong):
    for person in ("finance_manager", "sales_manager"):
        decide(world, ask())
        assert world.ctx("finance_manager").search(CUSTOMER).count() == 1
        access = ArchiveAccess.objects.get(state="given")
        run(END_ACCESS, world.ctx(person), ACCESS, access)
        assert world.ctx("finance_manager").search(CUSTOMER).count() == 0


@pytest.mark.clause("SEC-03")
def test_only_who_asked_takes_a_request_back_and_then_nobody_approves_it(world, ask, yuzhong):
    pending = ask()
    item = item_of(pending, "sales_manager")
    with pytest.raises((NotAllowed, Refused)):
        run(WITHDRAW, world.ctx("sales_manager"), "workflow.processinstance", pending.process)
    run(WITHDRAW, world.ctx("finance_manager"), "workflow.processinstance", pending.process)
    pending.refresh_from_db()
    assert pending.state == "withdrawn"
    before = digest()
    with pytest.raises(Conflict):
        run(APPROVE, world.ctx("sales_manager"), WORK, item, {})
    assert digest() == before and not AccessGrant.objects.exists()


@pytest.mark.clause("SEC-03")
def test_one_asks_where_it_is_needed_and_once(world, ask, yuzhong):
    assert needs_request(sees=False, is_waiting=False).allowed
    assert not needs_request(sees=True, is_waiting=False).allowed
    pending = ask()
    for name, until in (("渝中糖酒", TODAY), (NAME, TODAY + 3 * DAY)):
        with pytest.raises(Refused):
            create(world.ctx("finance_manager", reason="再问"), ACCESS, customer_name=name, until=until)
    decide(world, pending)
    with pytest.raises(Refused):
        create(world.ctx("finance_manager", reason="再问"), ACCESS, customer_name=NAME, until=TODAY)
    with pytest.raises(NotAllowed):  # staff without the role ask their manager
        create(world.ctx("clerk", reason="好奇"), ACCESS, customer_name="渝中糖酒", until=TODAY)


@pytest.mark.clause("SEC-03")
def test_a_name_that_is_not_known_is_refused_like_the_check_would(world, ask, yuzhong):
    before = digest()
    with pytest.raises(Invalid):
        create(world.ctx("finance_manager", reason="核对"), ACCESS, customer_name="重庆某某酒店", until=TODAY)
    assert digest() == before


def _seen(world: World, username: str, address: str) -> str:
    client = Client()
    client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
    with clock_at(NOW):
        answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# ---- Is this company known? ------------------------------------------------------------------------------------------


def check(ctx: Any, text: str) -> Any:
    return run(CHECK_KNOWN, ctx, CUSTOMER, data={"text": text})


@pytest.mark.clause("SEC-04")
def test_anyone_learns_whether_a_company_is_known_and_whom_to_ask_and_nothing_else(world, yuzhong):
    for text in ("重庆渝中糖酒有限公司", "渝中糖酒", yuzhong.number, "023-63801188", "重庆渝中糖酒"):
        (answer,) = check(world.ctx("clerk"), text)
        assert (answer.certain, answer.owner, answer.customer) == (True, "李伟", None), text
    assert check(world.ctx("clerk"), "拉萨雪域商贸") == []
    (similar,) = check(world.ctx("clerk"), "重庆渝中糖酒渝北分公司")
    assert (similar.certain, similar.customer) == (False, None)
    assert check(world.ctx("clerk"), "重庆") == []  # two signs say nothing
    (own,) = check(world.ctx("li_wei"), "渝中糖酒")
    assert own.customer == yuzhong
    page = _page(world, "clerk", "渝中糖酒")
    assert "李伟" in page and yuzhong.name not in page and yuzhong.number not in page and "63801188" not in page


def _page(world: Any, username: str, text: str, status: int = 200) -> str:
    client = Client()
    client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/customers/known/", {"text": text})
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.clause("SEC-04")
def test_every_question_is_noted_and_a_whole_list_of_names_is_no_question(world, yuzhong):
    assert may_ask_again(29, 30).allowed
    refused = may_ask_again(30, 30)
    assert not refused.allowed and refused.clauses == ("SEC-04",)
    for number in range(30):
        check(world.ctx("clerk"), f"成都第{number}酒店")
    noted = AuditEntry.objects.filter(action="check_known", actor=world["clerk"])
    assert noted.count() == 30
    assert noted.first().changes["text"] == [None, "成都第29酒店"]
    with pytest.raises(Refused):
        check(world.ctx("clerk"), "渝中糖酒")
    assert "30" in _page(world, "clerk", "渝中糖酒", 422)
    assert check(world.ctx("clerk", now=NOW + DAY), "渝中糖酒")  # tomorrow is another day
    assert check(world.ctx("service"), "渝中糖酒")  # and nobody else is held up


def test_a_customer_in_the_bin_is_said_to_be_there(world, yuzhong):
    run(DELETE, world.ctx("sales_manager"), CUSTOMER, yuzhong, confirmed=True)
    (answer,) = check(world.ctx("clerk"), "重庆渝中糖酒有限公司")
    assert str(answer.state) in ("in the recycle bin", "在回收站")


# ---- Whom the archive comes from and whom it serves ------------------------------------------------------------------


@pytest.mark.clause("SEC-07")
def test_sales_and_marketing_submit_leaders_read_all_and_salespeople_their_own_notes(world, new, yuzhong, xihu):
    for person in ("li_wei", "marketing"):
        handed_in = new(
            person, "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="有新店"
        )
        assert handed_in.created_by == world[person]
    for customer, author, text in ((yuzhong, "li_wei", "春节前加单"), (xihu, "zhang_min", "换了采购")):
        new(author, "customers.intelligencenote", customer=customer, noted_on=TODAY, source="sales_staff", content=text)
    note = "customers.intelligencenote"
    for leader, module in itertools.product(("sales_manager", "general_manager"), (note, "customers.contribution")):
        assert world.ctx(leader).search(module).count() == 2
    assert [row.content for row in world.ctx("li_wei").search(note)] == ["春节前加单"]
    assert [row.content for row in world.ctx("zhang_min").search(note)] == ["换了采购"]
    for outsider in ("storekeeper", "marketing", "system_admin"):
        assert world.ctx(outsider).search(note).count() == 0
    before = digest()
    with pytest.raises((NotAllowed, NotFound, Invalid)):
        create(world.ctx("zhang_min"), note, customer=yuzhong, noted_on=TODAY, source="sales_staff", content="插一脚")
    assert digest() == before


def test_the_answer_leads_who_may_ask_to_the_request_with_the_name_filled_in(world, yuzhong):
    page = _page(world, "finance_manager", "渝中糖酒")
    assert "/customers/archiveaccess/new/?customer_name=%E6%B8%9D" in page
    assert "customer_name=" not in _page(world, "clerk", "渝中糖酒")  # staff without the role ask their manager
    assert "customer_name=" not in _page(world, "finance_manager", "拉萨雪域商贸")


@pytest.mark.clause("SEC-04")
def test_contributing_tells_no_more_than_asking_would(world, new, yuzhong):
    """Found or not is an answer: it is noted and limited like the question, and beyond the limit nothing is found."""

    def contribute(name: str) -> Any:
        return new("clerk", "customers.contribution", customer_name=name, collected_on=TODAY, content="听说要搬家")

    assert contribute("渝中糖酒").customer == yuzhong
    assert AuditEntry.objects.filter(action="check_known", actor=world["clerk"]).count() == 1
    assert contribute("没有这家").customer is None  # the same as one that is not known
    for number in range(29):
        check(world.ctx("clerk"), f"成都第{number}酒店")
    assert contribute("渝中糖酒").customer is None  # kept, for the archivist to find
    assert new("li_wei", "customers.contribution", customer_name="渝中糖酒", collected_on=TODAY, content="x").customer
