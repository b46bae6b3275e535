"""A visit as it is made: planned, approved and signed in on phones, the position told, the report written there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import create, enter, in_window, record_page, save, wait_saved
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.watching import Watch

CHENGDU = {"latitude": 30.65732, "longitude": 104.06614, "accuracy": 12}


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def press(page: Page, name: str, reason: str = "") -> None:
    """Presses a verb on the record's page, and once more in the window that asks, with the reason where one is due."""
    page.locator("main").get_by_role("link", name=name).or_(
        page.locator("main").get_by_role("button", name=name)
    ).first.click()
    window = in_window(page)
    if reason:
        enter(window, {"原因": reason})
    window.get_by_role("button", name=name).click()


@pytest.mark.clause("WF-24", "VIS-02")
def test_a_visit_is_approved_received_made_and_reported_on_the_phone(visit: Visit, watch: Watch) -> None:
    watch.allow(409, 422)
    phone = visit("li_wei", viewport=PHONE)
    customer = create(phone, "/customers/customer/new/", {"客户名称": "遂宁斗城酒业有限公司"})
    pk = re.findall(r"[0-9a-f-]{36}", customer)[0]
    goal = "谈中秋备货，确认陈列位置"
    plan = create(phone, f"/engagement/visitplan/new/?customer={pk}", {"走访目标": goal, "拟见人员": "采购经理"})
    fits(phone)

    press(phone, "外出走访")
    expect(phone.locator("body")).to_contain_text("WF-24")
    phone.goto(plan)
    press(phone, "提交审批", "中秋备货前面谈")
    expect(phone.locator("main").get_by_text("待审批").first).to_be_visible()

    boss = visit("sales_manager", "/workflow/workitem/?view=waiting", viewport=PHONE)
    boss.get_by_role("link", name=re.compile("遂宁斗城|JH-")).last.click()
    fits(boss)
    press(boss, "批准")
    expect(boss.get_by_text("已完成").first).to_be_visible()

    clerk = visit("clerk", plan, viewport=PHONE)
    press(clerk, "签收")
    expect(clerk.locator("main")).to_contain_text("何小雨")

    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(CHENGDU)
    phone.bring_to_front()  # a page that nobody looks at is not told where it is
    phone.goto(plan)
    press(phone, "外出走访")
    phone.locator("main").get_by_role("link", name="到访签到").first.click()
    expect(phone.locator("[data-gx-position]")).to_contain_text("12")
    fits(phone)
    phone.locator("form:has([data-gx-position])").get_by_role("button", name="到访签到").click()
    expect(phone.locator("main")).to_contain_text("30.65732")

    phone.goto(f"/engagement/visitreport/new/?customer={pk}&plan={re.findall(r'[0-9a-f-]{36}', plan)[0]}")
    enter(phone, {"走访经过": "看过陈列，谈定首批数量。", "走访结果": "确认首批二百箱，下周签单。"})
    save(phone)
    wait_saved(phone, record_page("engagement", "visitreport"))
    fits(phone)
    phone.goto(plan)
    expect(phone.locator("main")).to_contain_text("已写走访单")
