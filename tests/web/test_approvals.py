"""Asking for approval and deciding, as people do it on pages and programs through the interface."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from guanxi.platform.workflow.models import WorkItem
from guanxi.records.approvals.models import ApprovalRule, PendingAction
from guanxi.records.standard import create
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.processes.public import install_processes
from tests.api.conftest import Program, program
from tests.people import World
from tests.web.conftest import text_of

__all__ = ["program"]
CUSTOMER = "customers.customer"
State = PendingAction.State


@pytest.fixture
def record(world: World) -> Customer:
    """A customer of Li Wei's, of which city and deletion need the sales manager's approval."""
    install_processes(world.now)
    for action, condition in (("delete", {}), ("edit", {"field": "city", "op": "equals", "value": "成都"})):
        ApprovalRule.objects.create(
            name=action, module=CUSTOMER, action=action, process="approval.sales_manager", clause="ARC-24",
            condition=condition, valid_from=datetime.date(2026, 1, 1),
        )  # fmt: skip
    return create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="成都锦江大酒店", city="重庆")


def posted(record: Customer, **values: str) -> dict[str, Any]:
    return {"version": record.version, "opened": '{"city": "重庆"}', **values}


def test_a_change_is_asked_for_on_the_form_and_decided_in_the_inbox(browser, record) -> None:
    mine, manager = browser("li_wei"), browser("sales_manager")
    form = f"/customers/customer/{record.pk}/edit/"
    assert 'name="reason"' in text_of(mine.get(form))
    without = mine.post(form, posted(record, city="成都"))
    assert without.status_code == 422 and "give the reason" in text_of(without)
    answer = mine.post(form, posted(record, city="成都", reason="迁址"))
    pending = PendingAction.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/approvals/pendingaction/{pending.pk}/")
    page = text_of(mine.get(answer["Location"]))
    assert "重庆" in page and "成都" in page and "迁址" in page
    assert "Waits for approval" in text_of(mine.get(f"/customers/customer/{record.pk}/"))
    record.refresh_from_db()
    assert record.city == "重庆"

    item = WorkItem.objects.get()
    assert "成都锦江大酒店" in text_of(manager.get("/workflow/workitem/?view=waiting"))
    page = text_of(manager.get(f"/workflow/workitem/{item.pk}/"))
    assert "nothing speaks against it" in page and "Approve" in page and "<svg" in page
    done = manager.post(f"/workflow/workitem/{item.pk}/do/approve/", {"comment": "同意"})
    assert done.status_code == 302
    record.refresh_from_db()
    pending.refresh_from_db()
    assert (record.city, pending.state) == ("成都", State.DONE)
    history = text_of(mine.get(f"/customers/customer/{record.pk}/history/"))
    assert "Ask for approval" in history and "迁址" in history
    assert f"Approved by {item.owner.name}" in history


def test_a_change_that_needs_none_is_saved_at_once(browser, record) -> None:
    answer = browser("li_wei").post(f"/customers/customer/{record.pk}/edit/", posted(record, city="绵阳"))
    record.refresh_from_db()
    assert (answer.status_code, record.city, PendingAction.objects.count()) == (302, "绵阳", 0)


def test_a_refusal_needs_a_comment_and_changes_nothing(browser, record) -> None:
    browser("li_wei").post(f"/customers/customer/{record.pk}/do/delete/", {"reason": "重复"})
    item = WorkItem.objects.get()
    manager = browser("sales_manager")
    address = f"/workflow/workitem/{item.pk}/do/refuse/"
    assert manager.post(address, {"comment": ""}).status_code == 422
    assert manager.post(address, {"comment": "还有往来"}).status_code == 302
    record.refresh_from_db()
    assert record.deleted_at is None and PendingAction.objects.get().state == State.REFUSED


def test_nobody_else_sees_or_decides_it(browser, record) -> None:
    browser("li_wei").post(f"/customers/customer/{record.pk}/do/delete/", {"reason": "重复"})
    item, pending = WorkItem.objects.get(), PendingAction.objects.get()
    for who in ("li_wei", "wang_fang", "archivist", "system_admin"):
        client = browser(who)
        assert client.get(f"/workflow/workitem/{item.pk}/").status_code == 404
        assert client.post(f"/workflow/workitem/{item.pk}/do/approve/", {}).status_code == 404
        assert client.get(f"/approvals/pendingaction/{pending.pk}/").status_code == (200 if who == "li_wei" else 404)
    record.refresh_from_db()
    assert record.deleted_at is None


def test_a_deputy_decides_instead_and_the_trail_says_so(browser, record, world) -> None:
    create(
        world.system, "people.deputy", person=world["sales_manager"], deputy=world["archivist"],
        from_date=world.now.date(), until_date=world.now.date(),
    )  # fmt: skip
    browser("li_wei").post(f"/customers/customer/{record.pk}/do/delete/", {"reason": "重复"})
    item = WorkItem.objects.get()
    assert browser("archivist").post(f"/workflow/workitem/{item.pk}/do/approve/", {}).status_code == 302
    entry = item.instance.trail.get(deed="decided")
    assert (entry.person, entry.instead_of) == (world["archivist"], world["sales_manager"])


def test_work_goes_back_to_a_step_before(browser, record, world) -> None:
    ApprovalRule.objects.filter(action="delete").update(process="approval.two_levels")
    browser("li_wei").post(f"/customers/customer/{record.pk}/do/delete/", {"reason": "重复"})
    browser("sales_manager").post(f"/workflow/workitem/{WorkItem.objects.get().pk}/do/approve/", {})
    item = WorkItem.objects.get(owner=world["general_manager"])
    manager = browser("general_manager", "zh-hans")
    address = f"/processes/work/{item.pk}/back/"
    page = text_of(manager.get(address))
    assert "直接上级审批" in page and not re.search(r'value="general_manager"', page)
    assert manager.post(address, {"node": "superior", "comment": ""}).status_code == 422
    assert manager.post(address, {"node": "superior", "comment": "缺依据"}).status_code == 302
    assert WorkItem.objects.filter(owner=world["sales_manager"], state=WorkItem.State.OPEN).count() == 1


def test_a_program_is_told_that_it_was_accepted_but_not_done(record, program) -> None:
    caller: Program = program("li_wei")
    answer = caller.delete(f"customers/customer/{record.pk}", record.version, Idempotency_Key="one")
    assert answer.status_code == 422  # no reason
    body = {"city": "成都", "_reason": "迁址"}
    answer = caller.patch(f"customers/customer/{record.pk}", body, record.version, Idempotency_Key="two")
    pending = PendingAction.objects.get()
    assert answer.status_code == 202 and answer.json()["approval"]["id"] == str(pending.pk)
    assert caller.get(answer["Location"]).json()["state"] == "waiting"
    again = caller.patch(f"customers/customer/{record.pk}", body, record.version, Idempotency_Key="two")
    assert again.status_code == 202 and PendingAction.objects.count() == 1
    record.refresh_from_db()
    assert record.city == "重庆"


def test_many_are_approved_at_once_where_the_process_allows_it(browser, record, world) -> None:
    other = create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="另一家")
    for each in (record, other):
        browser("li_wei").post(f"/customers/customer/{each.pk}/do/delete/", {"reason": "重复"})
    keys = [str(item.pk) for item in WorkItem.objects.all()]
    answer = browser("sales_manager").post("/workflow/workitem/bulk/approve/", {"pk": keys, "go": "1"})
    assert answer.status_code in (200, 302), text_of(answer)
    assert Customer.objects.filter(pk__in=[record.pk, other.pk], deleted_at=None).count() == 0


def test_an_administrator_says_where_a_rule_holds(browser, record) -> None:
    rule = ApprovalRule.objects.get(action="edit")
    admin = browser("system_admin", "zh-hans")
    address = f"/processes/rule/{rule.pk}/where/"
    assert 'value="成都"' in text_of(admin.get(address))
    sent = {"condition-field0": "city", "condition-op0": "in", "condition-value0": "绵阳", "version": rule.version}
    assert admin.post(address, {**sent, "condition-op0": "nonsense"}).status_code == 422
    assert admin.post(address, {**sent, "condition-op0": "equals"}).status_code == 302
    rule.refresh_from_db()
    assert rule.condition == {"all": [{"field": "city", "op": "equals", "value": "绵阳"}]}
    assert "绵阳" in text_of(admin.get(f"/approvals/approvalrule/{rule.pk}/"))
    assert browser("sales_manager").post(address, sent).status_code == 403
    mine = browser("li_wei")
    assert mine.post(f"/customers/customer/{record.pk}/edit/", posted(record, city="成都")).status_code == 302
    record.refresh_from_db()
    assert (record.city, PendingAction.objects.count()) == ("成都", 0)
