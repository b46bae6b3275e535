"""Coming in: a wrong password, the lock after five, the language of the door and of the house."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.acting import box
from tests.e2e.conftest import Visit
from tests.e2e.installation import PASSWORD
from tests.e2e.watching import Watch


def knock(page: Page, username: str, password: str) -> None:
    box(page, "用户名").fill(username)
    box(page, "密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def test_a_wrong_password_is_told_and_the_right_one_leads_on(visit: Visit, watch: Watch) -> None:
    watch.allow(422)
    page = visit(path="/engagement/task/")
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    knock(page, "he_mei", "this is not it")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码")
    expect(box(page, "用户名")).to_have_value("he_mei")
    expect(box(page, "密码")).to_have_value("")
    knock(page, "he_mei", PASSWORD)
    expect(page).to_have_url(re.compile(r"/engagement/task/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("任务")
    page.locator("summary", has_text="何梅").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/login/"))
    page.goto("/engagement/task/")
    expect(page).to_have_url(re.compile(r"/login/\?next="))


def test_five_wrong_passwords_lock_the_account_for_a_while(visit: Visit, watch: Watch) -> None:
    watch.allow(422, 429)
    page = visit(path="/login/")
    for _attempt in range(4):
        knock(page, "storekeeper", "guessing")
        expect(page.get_by_role("alert")).to_be_visible()
    knock(page, "storekeeper", "guessing")
    expect(page.locator("body")).to_contain_text("15 分钟")
    page.goto("/login/")
    knock(page, "storekeeper", PASSWORD)
    expect(page.locator("body")).to_contain_text("15 分钟")
    page.goto("/")
    expect(page).to_have_url(re.compile("/login/"))


def test_the_language_is_chosen_at_the_door_and_in_the_house(visit: Visit) -> None:
    page = visit(path="/login/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.get_by_role("button", name="中文").or_(page.locator("button[lang=zh-hans]")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    knock(page, "zhao_xin", PASSWORD)
    page.goto("/customers/customer/")
    page.locator("summary", has_text="赵欣").click()
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile("/customers/customer/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(page.locator("html")).to_have_attribute("lang", "en")
