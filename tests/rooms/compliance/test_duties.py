"""Who sees which duty, who says that one is done, who waives, hands over and reminds; what its page tells."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.notices.models import Notice
from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.models import State
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import ApprovalRule
from guanxi.records.merging.verbs import MERGE
from guanxi.rooms.compliance.actions import DISCHARGE, HAND_OVER, REMIND, WAIVE
from guanxi.rooms.compliance.module import OBLIGATION
from guanxi.rooms.compliance.queries import is_broken, standing
from guanxi.rooms.processes.public import APPROVE, install_processes
from tests.digest import digest
from tests.makers import make
from tests.people import World

MANAGES = ("sales_manager", "general_manager")


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


# ---- Who sees it -----------------------------------------------------------------------------------------------------


def test_everybody_sees_his_own_managers_what_is_below_them(world: World, owe: Any) -> None:
    for who in ("li_wei", "zhang_min", "finance", "general_manager"):
        owe(who)
    seen = {
        who: set(world.ctx(who).search(OBLIGATION).values_list("owner__username", flat=True))
        for who in ("li_wei", "wang_fang", "sales_manager", "finance_manager", "general_manager", "clerk")
    }
    assert seen == {
        "li_wei": {"li_wei"},
        "wang_fang": set(),
        "sales_manager": {"li_wei", "zhang_min"},
        "finance_manager": {"finance"},
        "general_manager": {"li_wei", "zhang_min", "finance", "general_manager"},
        "clerk": set(),
    }
    for admin in ("system_admin", "security_admin", "audit_admin"):
        assert not world.ctx(admin).search(OBLIGATION).exists()


@pytest.mark.clause("SEC-01")
def test_an_account_manager_finds_no_way_to_anothers_duty(world: World, owe: Any, browser: Any) -> None:
    row = owe("zhang_min", subject="南京秦淮酒楼")
    li = browser("li_wei")
    assert "南京秦淮酒楼" not in text_of(li.get("/obligations/obligation/"))
    assert li.get(f"/obligations/obligation/{row.pk}/").status_code == 404
    assert li.get(f"/obligations/obligation/{row.pk}/history/").status_code == 404
    assert li.get(f"/api/v1/obligations/obligation/{row.pk}").status_code == 404
    assert li.get("/api/v1/obligations/obligation").json()["items"] == []
    assert li.get("/obligations/obligation/export/").status_code == 403
    before = digest()
    for verb in ("discharge", "waive", "hand_over", "remind"):
        assert li.post(f"/obligations/obligation/{row.pk}/do/{verb}/", {"reason": "x"}).status_code in (403, 404)
    assert digest() == before


def test_nobody_enters_changes_or_deletes_a_duty(world: World, owe: Any, browser: Any) -> None:
    row, boss = owe("li_wei"), browser("general_manager")
    for page in ("new/", f"{row.pk}/edit/", f"{row.pk}/do/delete/", "import/", f"{row.pk}/do/assign/"):
        assert boss.get(f"/obligations/obligation/{page}").status_code in (403, 404)


# ---- What is done with it --------------------------------------------------------------------------------------------


def test_a_duty_by_hand_is_done_with_a_word_and_in_time_or_late(world: World, owe: Any) -> None:
    row = owe("li_wei", by_hand=True, due_on=datetime.date(2026, 11, 19))
    with pytest.raises(Invalid):
        run(DISCHARGE, world.ctx("li_wei"), OBLIGATION, row, {"remark": " "})
    run(DISCHARGE, world.ctx("li_wei"), OBLIGATION, row, {"remark": "已整理入册"})
    row.refresh_from_db()
    # Due on Thursday, done on Saturday: Friday was a working day.
    assert (row.state, row.days_late, row.remark) == (State.LATE, 1, "已整理入册")
    assert row.discharged_by == world["li_wei"]
    assert AuditEntry.objects.filter(record_id=row.pk, action="discharge", actor=world["li_wei"]).exists()
    with pytest.raises(Conflict):
        run(DISCHARGE, world.ctx("li_wei"), OBLIGATION, row, {"remark": "再来一次"})


def test_nobodys_word_discharges_what_a_record_has_to_show(world: World, owe: Any) -> None:
    row = owe("li_wei")
    before = digest()
    with pytest.raises(Refused):
        run(DISCHARGE, world.ctx("li_wei"), OBLIGATION, row, {"remark": "做好了"})
    assert digest() == before


def test_waiving_needs_a_reason_and_somebody_above(world: World, owe: Any) -> None:
    row, own = owe("li_wei"), owe("sales_manager")
    before = digest()
    with pytest.raises(Invalid):
        run(WAIVE, world.ctx("sales_manager"), OBLIGATION, row)
    with pytest.raises(Refused):
        run(WAIVE, world.ctx("sales_manager", reason="太忙"), OBLIGATION, own)
    with pytest.raises(NotAllowed):
        run(WAIVE, world.ctx("li_wei", reason="太忙"), OBLIGATION, row)
    with pytest.raises(NotFound):
        run(WAIVE, world.ctx("finance_manager", reason="与我无关"), OBLIGATION, row)
    assert digest() == before
    run(WAIVE, world.ctx("sales_manager", reason="客户已并入集团"), OBLIGATION, row)
    row.refresh_from_db()
    assert (row.state, row.remark, row.discharged_by) == (State.WAIVED, "客户已并入集团", world["sales_manager"])
    entry = AuditEntry.objects.get(record_id=row.pk, action="waive", outcome="done")
    assert (entry.reason, entry.actor) == ("客户已并入集团", world["sales_manager"])
    assert "陈慧敏" in Notice.objects.get(person=world["li_wei"]).title


def test_a_manager_hands_a_duty_to_somebody_else(world: World, owe: Any) -> None:
    row = owe("li_wei")
    for wrong, problem in ((world["li_wei"], Refused), (_gone(world), Invalid)):
        with pytest.raises(problem):
            run(HAND_OVER, world.ctx("sales_manager"), OBLIGATION, row, {"other": wrong})
    run(HAND_OVER, world.ctx("sales_manager"), OBLIGATION, row, {"other": world["finance"]})
    row.refresh_from_db()
    assert (row.owner, row.department) == (world["finance"], world["finance"].department)
    assert Notice.objects.get(person=world["finance"]).record_id == row.pk
    assert world.ctx("finance").search(OBLIGATION).filter(pk=row.pk).exists()
    assert not world.ctx("li_wei").search(OBLIGATION).filter(pk=row.pk).exists()


def _gone(world: World) -> Any:
    world["clerk"].is_active = False
    world["clerk"].save()
    return world["clerk"]


def test_a_manager_calls_a_duty_to_mind(world: World, owe: Any) -> None:
    row = owe("li_wei")
    run(REMIND, world.ctx("sales_manager"), OBLIGATION, row)
    assert "成都锦江大酒店" in Notice.objects.get(person=world["li_wei"]).title
    with pytest.raises(NotAllowed):
        run(REMIND, world.ctx("li_wei"), OBLIGATION, row)


# ---- What pages tell -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "said", "broken"),
    [
        ("2026-11-21", "今天到期", False),
        # Saturday: Monday and Tuesday are left.
        ("2026-11-24", "还有 2 个工作日", False),
        ("2026-11-18", "已逾期 2 个工作日", True),
        ("2026-11-20", "已逾期 1 个工作日", True),
    ],
)
def test_how_a_duty_stands_is_said_in_working_days(world: World, owe: Any, due: str, said: str, broken: bool) -> None:
    row = owe("li_wei", due_on=datetime.date.fromisoformat(due))
    assert (standing(row), is_broken(row)) == (said, broken)


def test_the_page_leads_to_what_it_is_about_and_what_shows_it(world: World, owe: Any, browser: Any) -> None:
    mine = make(world.ctx("li_wei"), "customers.customer", world["li_wei"], name="成都锦江大酒店")
    row = owe("li_wei", module="customers.customer", record_id=mine.pk)
    page = text_of(browser("li_wei").get(f"/obligations/obligation/{row.pk}/"))
    assert f"/customers/customer/{mine.pk}/" in page and "WF-10" in page and "两个工作日内录入" in page
    keeping.discharge(
        duties.find(row.duty), key=row.key, by=world["li_wei"], at=world.now, evidence=("customers.customer", mine.pk)
    )
    page = text_of(browser("li_wei").get(f"/obligations/obligation/{row.pk}/"))
    assert "凭据" in page and "按期履行" in page
    # Handed to somebody who may not see the customer, it still tells that there is one, not which.
    other = owe("zhang_min", module="customers.customer", record_id=mine.pk, subject="某客户")
    page = text_of(browser("zhang_min").get(f"/obligations/obligation/{other.pk}/"))
    assert "客户（无权查看）" in page and "锦江" not in page


@pytest.mark.parametrize("view", ["mine", "week", "overdue", "late", "waived"])
def test_the_views_of_the_list(world: World, owe: Any, browser: Any, view: str) -> None:
    owe("sales_manager", "a", subject="本周的", due_on=datetime.date(2026, 11, 22))
    owe("sales_manager", "b", subject="下周的", due_on=datetime.date(2026, 11, 23))
    owe("li_wei", "c", subject="过期的", due_on=datetime.date(2026, 11, 20))
    late = owe("li_wei", "d", subject="迟到的", by_hand=True, due_on=datetime.date(2026, 11, 20))
    run(DISCHARGE, world.ctx("li_wei"), OBLIGATION, late, {"remark": "补"})
    run(WAIVE, world.ctx("sales_manager", reason="免"), OBLIGATION, owe("li_wei", "e", subject="免去的"))
    expected = {
        "mine": {"本周的", "下周的"}, "week": {"本周的", "过期的"}, "overdue": {"过期的"}, "late": {"迟到的"},
        "waived": {"免去的"},
    }  # fmt: skip
    page = text_of(browser("sales_manager").get(f"/obligations/obligation/?view={view}"))
    assert {name for name in ("本周的", "下周的", "过期的", "迟到的", "免去的") if name in page} == expected[view]


def test_the_workbench_shows_what_one_owes_the_most_pressing_first(world: World, owe: Any, browser: Any) -> None:
    owe("li_wei", "a", subject="过期的客户", due_on=datetime.date(2026, 11, 20))
    owe("li_wei", "b", subject="今天的客户")
    owe("li_wei", "c", subject="明天的客户", due_on=datetime.date(2026, 11, 22))
    page = text_of(browser("li_wei").get("/"))
    assert "1 项义务逾期" in page
    assert "1 项逾期 · 1 项今天到期 · 本周另有 1 项" in page
    assert page.index("过期的客户") < page.index("今天的客户") < page.index("明天的客户")
    assert "我的义务" not in text_of(browser("wang_fang").get("/"))


# ---- Together with approvals and merging -----------------------------------------------------------------------------


def test_a_waiver_asks_for_approval_where_a_rule_says_so(world: World, owe: Any) -> None:
    install_processes(world.now)
    ApprovalRule.objects.create(
        name="豁免须批准", module=OBLIGATION.key, action="waive", process="approval.superior", clause="WF-10",
        condition={"field": "clause", "op": "equals", "value": "WF-10"}, valid_from=datetime.date(2026, 1, 1),
    )  # fmt: skip
    row, free = owe("li_wei"), owe("li_wei", "2", by_hand=True)
    manager = world.ctx("sales_manager", reason="客户已并入集团")
    run(WAIVE, manager, OBLIGATION, free)
    with pytest.raises(AwaitsApproval):
        run(WAIVE, manager, OBLIGATION, row)
    row.refresh_from_db()
    assert row.state == State.OPEN
    run(APPROVE, world.ctx("general_manager"), "workflow.workitem", WorkItem.objects.get(), {"comment": "同意"})
    row.refresh_from_db()
    assert (row.state, row.remark, row.discharged_by) == (
        State.WAIVED, "客户已并入集团", world["sales_manager"],
    )  # fmt: skip


def test_what_is_owed_within_a_merged_customer_is_owed_within_the_one_that_stays(world: World, owe: Any) -> None:
    ctx = world.ctx("sales_manager")
    stays, goes = (
        make(ctx, "customers.customer", world["li_wei"], name=f"成都{name}酒业有限公司") for name in ("锦江", "武侯")
    )
    about, within = (
        owe("li_wei", "a", module="customers.customer", record_id=goes.pk),
        owe("li_wei", "b", within=goes.pk),
    )
    merged = run(MERGE, ctx, "customers.customer", stays, {"others": [str(goes.pk)]}, confirmed=True)
    about.refresh_from_db()
    within.refresh_from_db()
    # What was owed about the duplicate itself is not owed any more; what belongs to it went along.
    assert (about.state, within.state, within.within_id) == (State.DROPPED, State.OPEN, stays.pk)
    assert merged is not None
