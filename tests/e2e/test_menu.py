"""The main menu and the actions that hide behind a sign (CRM-01, CRM-02)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, Visit


@pytest.mark.clause("CRM-01")
def test_every_entry_of_the_menu_opens_its_list(visit: Visit) -> None:
    page = visit("general_manager")
    menu = page.get_by_role("navigation", name="主菜单").first
    entries = [
        (link.locator("span").text_content() or "", link.get_attribute("href")) for link in menu.locator("a").all()
    ]
    assert {"客户", "联系人", "跟进记录", "任务", "备忘录", "产品", "供应商", "价格单"} <= {
        name for name, _href in entries
    }
    for name, href in entries:
        place = menu.locator(f'a[href="{href}"]').first
        if not place.is_visible():
            menu.locator(f'details:has(a[href="{href}"]) > summary').click()
        place.click()
        expect(page).to_have_url(re.compile(re.escape(href or "") + r"(\?.*)?$"))
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".rail a[aria-current=page]").first).to_contain_text(name)


@pytest.mark.clause("CRM-01")
def test_groups_fold_by_keyboard_and_stay_as_they_were_left(visit: Visit) -> None:
    page = visit("liu_yang", "/customers/customer/")
    market = page.locator(".rail details", has_text="竞争对手")
    rivals = market.get_by_role("link", name="竞争对手")
    expect(rivals).to_be_hidden()
    market.locator("summary").focus()
    with page.expect_response("**/menu/fold/") as told:
        page.keyboard.press("Enter")
    assert told.value.status == 204
    expect(rivals).to_be_visible()
    page.goto("/notices/")
    expect(rivals).to_be_visible()
    with page.expect_response("**/menu/fold/"):
        market.locator("summary").click()
    page.goto("/customers/customer/")
    expect(rivals).to_be_hidden()
    page.goto("/customers/competitor/")
    expect(rivals).to_be_visible()


@pytest.mark.clause("CRM-01")
def test_folded_places_are_reached_without_script_and_by_name(visit: Visit) -> None:
    plain = visit("liu_yang", "/customers/customer/", viewport=PHONE, script=False)
    plain.get_by_role("link", name="更多").click()
    plain.locator(".rail details", has_text="竞争对手").locator("summary").click()
    plain.locator(".rail").get_by_role("link", name="竞争对手").click()
    expect(plain).to_have_url(re.compile("/customers/competitor/$"))

    page = visit("liu_yang", "/customers/customer/")
    page.keyboard.press("Control+k")
    page.locator("#gx-palette input").fill("jzds")
    page.get_by_role("option", name="前往 竞争对手").click()
    expect(page).to_have_url(re.compile("/customers/competitor/$"))


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
