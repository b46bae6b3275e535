"""Second factors and confirming in a real browser: a key, a code, and a dialog that loses nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from guanxi.platform.people.factors import code_at
from tests.e2e.acting import box
from tests.e2e.conftest import DESK, TIMEOUT_MS, Visit
from tests.e2e.installation import PASSWORD, Installation
from tests.e2e.watching import Watch

VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def at_name(installation: Installation, browser: Browser, watch: Watch) -> Iterator[Callable[[], Page]]:
    """A fresh browser at the address with a name, to which keys are bound; it holds a virtual security key."""
    contexts = []

    def open_page() -> Page:
        address = installation.url.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=address, viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        watch.hold(context)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
        return page

    yield open_page
    for context in contexts:
        context.close()


def knock(page: Page, username: str) -> None:
    page.goto("/login/")
    box(page, "用户名").fill(username)
    box(page, "密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def log_out(page: Page) -> None:
    page.locator("details.me summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/login/"))


def test_a_security_key_is_added_asked_for_and_taken_away(at_name: Callable[[], Page]) -> None:
    page = at_name()
    knock(page, "ma_chao")
    page.goto("/settings/factors/key/")
    box(page, "密钥名称").fill("指纹")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    expect(page.locator("#codes li")).to_have_count(10)
    log_out(page)
    knock(page, "ma_chao")
    expect(page).to_have_url(re.compile("/login/second/$"))
    page.goto("/customers/customer/")
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    knock(page, "ma_chao")
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page).not_to_have_url(re.compile("/login/"))
    page.goto("/settings/factors/")
    page.get_by_role("button", name="移除").click()
    page.locator("#gx-confirm").get_by_role("button", name="移除").click()
    expect(page.locator(".keys")).to_have_count(0)


def test_an_app_is_set_up_by_the_secret_and_opens_the_door(at_name: Callable[[], Page], watch: Watch) -> None:
    watch.allow(422)
    page = at_name()
    knock(page, "huang_haitao")
    page.goto("/settings/factors/app/")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    box(page, "输入应用显示的验证码").fill("000000")
    page.get_by_role("button", name="设置", exact=True).click()
    expect(page.locator(".error")).to_contain_text("验证码不正确")
    assert page.locator("#secret").inner_text().replace(" ", "") == secret
    used = int(time.time()) // 30
    box(page, "输入应用显示的验证码").fill(code_at(secret, used))
    page.get_by_role("button", name="设置", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    recovery = page.locator("#codes li").first.inner_text()
    log_out(page)
    knock(page, "huang_haitao")
    box(page, "应用显示的验证码，或恢复码").fill(code_at(secret, used))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".error")).to_contain_text("已经用过")
    box(page, "应用显示的验证码，或恢复码").fill(recovery)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).not_to_have_url(re.compile("/login/"))


def test_the_question_comes_over_the_dialog_and_loses_nothing(
    at_name: Callable[[], Page], watch: Watch, visit: Visit
) -> None:
    watch.allow(401, 422)
    visit("security_admin", "/")  # he may have read English before
    page = at_name()
    knock(page, "security_admin")
    page.goto("/people/person/?q=clerk")
    page.locator("table[data-gx-rows] tbody td.primary a").first.click()
    page.wait_for_url(re.compile("/people/person/[0-9a-f-]{36}/"))
    # An hour later: the server is told nothing, the browser still has its session.
    asked = {"count": 0}

    def first_time_late(route):  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not asked["count"]:
            asked["count"] = 1
            headers = {"Gx-Confirm": "/confirm/", "Content-Type": "text/plain"}
            route.fulfill(status=401, headers=headers, body="")
        else:
            route.continue_()

    page.route("**/do/end_sessions/", first_time_late)
    answers: list[str] = []
    page.on(
        "request", lambda sent: answers.append(sent.url) if sent.method == "POST" and "/confirm/" in sent.url else None
    )
    link = page.locator("a[data-gx-window][href*='/do/end_sessions/']")
    if not link.is_visible():
        page.locator("details", has=link).locator("summary").click()
    link.click()
    window = page.locator("#gx-window[open]")
    window.get_by_label(re.compile("原因|理由")).fill("离岗检查")
    window.get_by_role("button", name="结束全部会话").click()
    who = page.locator("#gx-who[open]")
    expect(who).to_be_visible()
    box(who, "密码").fill("wrong password here")
    who.get_by_role("button", name="确认并继续").click()
    expect(who.locator(".error")).to_be_visible()
    expect(window.get_by_label(re.compile("原因|理由"))).to_have_value("离岗检查")
    box(who, "密码").fill(PASSWORD)
    who.get_by_role("button", name="确认并继续").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert len(answers) == 2  # each answer is judged once: a wrong one counts against the person
