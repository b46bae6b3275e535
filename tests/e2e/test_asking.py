"""Another department's manager asks to see an archive; the sales manager agrees on the phone; the archive opens."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import expect

from guanxi.platform import calendar
from tests.e2e.acting import enter, in_window
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.watching import Watch

LIST = "/customers/customer/?sort=number"


@pytest.mark.clause("SEC-03")
def test_an_archive_is_asked_for_at_the_desk_and_opened_from_the_phone(visit: Visit, watch: Watch) -> None:
    watch.allow(403)
    owner = visit("sales_manager", LIST).locator("table[data-gx-rows] tbody td.primary a").nth(5)
    name, archive = owner.inner_text().strip(), (owner.get_attribute("href") or "").split("?")[0]
    asker = visit("service", archive)
    expect(asker.get_by_role("heading", name=name)).to_have_count(0)

    asker.goto("/customers/archiveaccess/new/")
    until = calendar.today() + datetime.timedelta(days=2)
    enter(asker, {"客户名称或编号": name, "查阅至（当日止）": until.isoformat(), "原因": "核对投诉处理结果"})
    asker.get_by_role("button", name="提交审批").click()
    asker.wait_for_url(re.compile("/approvals/pendingaction/"))
    expect(asker.get_by_text("待审批").first).to_be_visible()
    request = asker.url

    phone = visit("sales_manager", "/workflow/workitem/?view=waiting", viewport=PHONE)
    phone.get_by_role("link", name=name).last.click()
    expect(phone.get_by_text("核对投诉处理结果").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("link", name="批准").or_(phone.get_by_role("button", name="批准")).first.click()
    in_window(phone).get_by_role("button", name="批准").click()
    expect(phone.get_by_text("已完成").first).to_be_visible()

    asker.goto(archive)
    expect(asker.get_by_role("heading", level=1)).to_have_text(name)
    asker.goto(request)
    expect(asker.get_by_text("已同意并执行").or_(asker.get_by_text("已批准")).first).to_be_visible()
