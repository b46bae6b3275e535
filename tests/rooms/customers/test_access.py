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
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.notify import unread
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import DELETE, EDIT, create
from guanxi.rooms.administration.queries import reasons_to_see
from guanxi.rooms.customers.actions import CHECK_KNOWN, END_ACCESS, GRANT_ACCESS, REFUSE_ACCESS, WITHDRAW_REQUEST
from guanxi.rooms.customers.rules import may_ask_again, may_decide_request, may_last_until, needs_request
from tests.digest import digest
from tests.people import NOW
from tests.rooms.customers.conftest import TODAY

CUSTOMER, REQUEST = "customers.customer", "customers.accessrequest"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def ask(new: Callable[..., Any]) -> Callable[..., Any]:
    """The manager of the finance department asks to see an archive."""

    def make(name: str = "重庆渝中糖酒有限公司", **values: Any) -> Any:
        given = {"purpose": "核对年终返利", "wanted_until": TODAY + 7 * DAY, **values}
        return new("finance_manager", REQUEST, customer_name=name, **given)

    return make


def refused_for(problem: Refused) -> list[str]:
    return [reason.clause for reason in problem.decision.blocking]


@pytest.mark.clause("SEC-03")
def test_without_approval_nothing_is_seen_and_with_it_the_named_customer_until_the_day(world, ask, yuzhong, xihu):
    ctx = world.ctx("finance_manager")
    with pytest.raises(NotFound):
        ctx.get(CUSTOMER, yuzhong.pk)
    request = ask()
    assert (request.state, request.customer) == ("open", yuzhong)
    with pytest.raises(NotFound):  # asking opens nothing
        world.ctx("finance_manager").get(CUSTOMER, yuzhong.pk)
    run(GRANT_ACCESS, world.ctx("sales_manager"), REQUEST, request, {"until": TODAY + 3 * DAY, "answer": "仅限返利"})
    seen = world.ctx("finance_manager")
    assert seen.get(CUSTOMER, yuzhong.pk) == yuzhong
    with pytest.raises(NotFound):  # the named customer and no other
        seen.get(CUSTOMER, xihu.pk)
    assert list(seen.search(CUSTOMER)) == [yuzhong]
    with pytest.raises(NotAllowed):  # seeing is not editing
        run(EDIT, seen, CUSTOMER, yuzhong, {"city": "成都"})
    # The whole of 24 November belongs to it, in China; the 25th does not.
    last = datetime.datetime(2026, 11, 24, 15, 59, 59, tzinfo=datetime.UTC)
    assert world.ctx("finance_manager", now=last).search(CUSTOMER).count() == 1
    assert world.ctx("finance_manager", now=last + datetime.timedelta(seconds=1)).search(CUSTOMER).count() == 0


@pytest.mark.clause("SEC-03")
def test_only_sales_and_general_manager_decide_and_never_on_their_own_request(world, ask, yuzhong):
    request = ask()
    before = digest()
    for person in ("li_wei", "archivist", "risk", "clerk", "security_admin", "finance_manager"):
        for action, data in ((GRANT_ACCESS, {}), (REFUSE_ACCESS, {"answer": "不行"})):
            with pytest.raises((NotAllowed, NotFound)):
                run(action, world.ctx(person), REQUEST, request, data)
    assert digest() == before
    run(GRANT_ACCESS, world.ctx("general_manager"), REQUEST, request)
    request.refresh_from_db()
    assert (request.state, request.granted_until, request.decided_by) == (
        "granted", TODAY + 7 * DAY, world["general_manager"],
    )  # fmt: skip
    decision = may_decide_request(world["sales_manager"].pk, world["sales_manager"].pk)
    assert not decision.allowed and decision.clauses == ("SEC-03",)
    assert may_decide_request(world["sales_manager"].pk, world["finance_manager"].pk).allowed


@pytest.mark.clause("SEC-03")
def test_the_decision_is_on_record_and_everybody_concerned_is_told(world, ask, yuzhong):
    request = ask()
    for decider in ("sales_manager", "general_manager"):
        assert unread(world[decider]).filter(record_id=request.pk).count() == 1
    run(GRANT_ACCESS, world.ctx("sales_manager"), REQUEST, request)
    entry = AuditEntry.objects.filter(module=REQUEST, record_id=request.pk, action="grant_access").get()
    assert (entry.actor, entry.changes["state"]) == (world["sales_manager"], ["open", "granted"])
    assert unread(world["finance_manager"]).filter(record_id=request.pk).count() == 1
    grant = AccessGrant.objects.get()
    assert (grant.person, grant.record_id, grant.actions) == (world["finance_manager"], yuzhong.pk, "view")
    why = reasons_to_see(world["finance_manager"], registry.module(CUSTOMER), yuzhong, NOW)
    assert len(why) == 1 and "核对年终返利" in str(why[0]) and "陈慧敏" in str(why[0])


@pytest.mark.clause("SEC-03")
def test_a_refusal_says_why_and_opens_nothing(world, ask, yuzhong):
    request = ask()
    with pytest.raises(Invalid):
        run(REFUSE_ACCESS, world.ctx("sales_manager"), REQUEST, request, {"answer": ""})
    run(REFUSE_ACCESS, world.ctx("sales_manager"), REQUEST, request, {"answer": "与返利无关"})
    assert AccessGrant.objects.count() == 0
    with pytest.raises(Conflict):  # what is decided is decided
        run(GRANT_ACCESS, world.ctx("general_manager"), REQUEST, request)


@pytest.mark.clause("SEC-03")
@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (14, True), (15, False)])
def test_access_is_asked_for_and_granted_for_a_limited_time(world, ask, yuzhong, days, allowed):
    assert may_last_until(TODAY + days * DAY, TODAY, 14).allowed is allowed
    if allowed:
        assert ask(wanted_until=TODAY + days * DAY).state == "open"
        return
    before = digest()
    with pytest.raises(Refused) as raised:
        ask(wanted_until=TODAY + days * DAY)
    assert refused_for(raised.value) == ["SEC-03"] and digest() == before
    request = ask()
    with pytest.raises(Refused):
        run(GRANT_ACCESS, world.ctx("sales_manager"), REQUEST, request, {"until": TODAY + days * DAY})
    assert AccessGrant.objects.count() == 0


@pytest.mark.clause("SEC-03")
def test_what_is_granted_can_be_ended_at_once_by_either_side(world, ask, yuzhong):
    for person in ("finance_manager", "sales_manager"):
        request = ask()
        run(GRANT_ACCESS, world.ctx("sales_manager"), REQUEST, request)
        assert world.ctx("finance_manager").search(CUSTOMER).count() == 1
        run(END_ACCESS, world.ctx(person), REQUEST, request)
        assert world.ctx("finance_manager").search(CUSTOMER).count() == 0


@pytest.mark.clause("SEC-03")
def test_only_who_asked_takes_a_request_back(world, ask, yuzhong):
    request = ask()
    with pytest.raises((NotAllowed, Refused)):
        run(WITHDRAW_REQUEST, world.ctx("sales_manager"), REQUEST, request)
    run(WITHDRAW_REQUEST, world.ctx("finance_manager"), REQUEST, request)
    request.refresh_from_db()
    assert request.state == "withdrawn"


@pytest.mark.clause("SEC-03")
def test_one_asks_where_it_is_needed_and_once(world, ask, yuzhong):
    assert needs_request(sees=False, is_waiting=False).allowed
    assert not needs_request(sees=True, is_waiting=False).allowed
    request = ask()
    with pytest.raises(Refused):
        ask("渝中糖酒")
    run(GRANT_ACCESS, world.ctx("sales_manager"), REQUEST, request)
    with pytest.raises(Refused):
        ask()
    with pytest.raises(NotAllowed):  # staff without the role ask their manager
        create(world.ctx("clerk"), REQUEST, customer_name="渝中糖酒", purpose="好奇", wanted_until=TODAY)


@pytest.mark.clause("SEC-03")
def test_a_name_that_is_not_known_is_refused_like_the_check_would(world, ask, yuzhong):
    before = digest()
    with pytest.raises(Invalid):
        ask("重庆某某酒店")
    assert digest() == before


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
    assert "/customers/accessrequest/new/?customer_name=%E6%B8%9D" in page
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
