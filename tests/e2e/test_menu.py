"""The main menu and the actions that hide behind a sign (CRM-01, CRM-02)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit


@pytest.mark.clause("CRM-01")
def test_every_entry_of_the_menu_opens_its_list(visit: Visit) -> None:
    page = visit("general_manager")
    links = page.get_by_role("navigation", name="主菜单").first.get_by_role("link")
    entries = [(link.inner_text().strip(), link.get_attribute("href")) for link in links.all()]
    assert {"客户", "联系人", "跟进记录", "任务", "备忘录", "产品", "供应商", "价格单"} <= {
        name for name, _href in entries
    }
    for name, href in entries:
        page.get_by_role("navigation", name="主菜单").first.get_by_role("link", name=name, exact=True).first.click()
        expect(page).to_have_url(re.compile(re.escape(href or "") + r"(\?.*)?$"))
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".rail a[aria-current=page]").first).to_contain_text(name)


@pytest.mark.clause("CRM-02")
def test_hidden_create_actions_appear_by_pointing_and_by_keyboard(visit: Visit) -> None:
    page = visit("sales_manager", "/customers/customer/")
    hidden = page.locator("details.create-rest")
    memo = hidden.get_by_role("link", name="新建备忘录")
    expect(memo).to_be_hidden()
    hidden.locator("summary").hover()
    expect(memo).to_be_visible()
    memo.click()
    expect(page).to_have_url(re.compile("/engagement/memo/new/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("新建备忘录")

    page.goto("/customers/customer/")
    page.mouse.move(5, 5)
    page.locator("details.create-rest summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.create-rest .drop")).to_be_visible()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    assert first
    page.keyboard.press("Escape")
    expect(page.locator("details.create-rest .drop")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(first) + "$"))


@pytest.mark.clause("CRM-02")
def test_each_create_action_opens_its_form(visit: Visit) -> None:
    page = visit("sales_manager", "/customers/customer/")
    hrefs = page.locator("details.create-rest .drop a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(hrefs) >= 6
    for href in hrefs:
        page.goto(href)
        expect(page.get_by_role("button", name="保存", exact=True)).to_be_visible()
