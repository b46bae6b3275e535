"""On a phone, without scripts, without a connection: it still works, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.acting import box, enter, names, record_page, save, unfold, wait_saved
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.installation import PASSWORD
from tests.e2e.test_door import knock
from tests.e2e.watching import Watch


def test_a_phone_finds_a_customer_and_writes_a_follow_up(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("li_wei", "/", viewport=PHONE)
    page.locator(".tabbar").get_by_role("link", name="客户", exact=True).click()
    name = names(page)[0]
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name="写跟进").click()
    expect(box(page, "客户")).to_have_value(name)
    enter(page, {"跟进内容": "电话沟通节前备货，客户要两百箱。", "下一步": "周五送样"})
    picture(page, "followup-phone")
    save(page)
    wait_saved(page, record_page("engagement", "followup"))
    page.locator(".tabbar").get_by_role("link", name="更多").click()
    picture(page, "menu-phone")
    unfold(page.locator(".rail"))
    expect(page.locator(".rail").get_by_role("link", name="价格单")).to_be_visible()
    page.locator(".rail").get_by_role("link", name="任务").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("任务")


def test_everything_needful_works_without_scripts(visit: Visit, watch: Watch) -> None:
    watch.allow(422)
    page = visit(path="/", script=False)
    knock(page, "huang_haitao", PASSWORD)
    page.locator(".rail").get_by_role("link", name="客户", exact=True).click()
    page.get_by_role("link", name="新建客户").last.click()
    enter(page, {"城市": "珠海"})
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("客户名称")
    expect(box(page, "城市")).to_have_value("珠海")
    enter(page, {"客户名称": "珠海渔女酒业有限公司"})
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("珠海渔女酒业有限公司")
    address = page.url
    page.goto("/customers/customer/")
    page.get_by_role("searchbox", name="在本列表中搜索").fill("渔女")
    page.get_by_role("button", name="查找").click()
    assert names(page) == ["珠海渔女酒业有限公司"]
    page.goto(re.sub(r"[?#].*", "", address) + "edit/")
    enter(page, {"简称": "渔女"})
    save(page)
    expect(page).to_have_url(re.compile(record_page("customers", "customer")))
    # A record in a link's box is meant by its name.
    page.goto("/engagement/memo/new/")
    enter(page, {"主题": "样酒", "客户": "珠海渔女酒业有限公司"})
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("样酒")
    expect(page.locator("main")).to_contain_text("珠海渔女酒业有限公司")


def test_a_lost_connection_keeps_what_was_typed(visit: Visit, watch: Watch, picture: Callable[..., None]) -> None:
    page = visit("li_wei", "/engagement/memo/new/")
    enter(page, {"主题": "断网前写的", "内容": "这几行不能丢。"})
    watch.offline = True
    page.context.set_offline(True)
    save(page)
    expect(page.locator("#gx-toasts")).to_contain_text("连不上服务器")
    expect(box(page, "主题")).to_have_value("断网前写的")
    expect(box(page, "内容")).to_have_value("这几行不能丢。")
    picture(page, "offline")
    page.context.set_offline(False)
    save(page)
    wait_saved(page, record_page("engagement", "memo"))
    expect(page.get_by_role("heading", level=1)).to_have_text("断网前写的")


def test_an_accidental_reload_gives_back_what_was_typed(visit: Visit) -> None:
    page = visit("wang_fang", "/engagement/memo/new/")
    page.on("dialog", lambda dialog: dialog.accept())
    box(page, "主题").press_sequentially("还没保存")
    page.wait_for_timeout(700)
    page.reload()
    expect(page.get_by_role("status").first).to_be_visible()
    expect(box(page, "主题")).to_have_value("还没保存")
    page.get_by_role("button", name="放弃").click()
    expect(box(page, "主题")).to_have_value("")


def test_a_double_click_creates_once(visit: Visit) -> None:
    page = visit("wang_fang", "/engagement/memo/new/")
    enter(page, {"主题": "双击也只一份"})
    page.get_by_role("button", name="保存", exact=True).dblclick()
    expect(page).to_have_url(re.compile(record_page("engagement", "memo")))
    expect(page.get_by_role("heading", level=1)).to_have_text("双击也只一份")
    page.goto("/engagement/memo/?q=双击也只一份")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_customers_picture(visit: Visit, picture: Callable[..., None]) -> None:
    """The customer page of the documents: the one with the longest story."""
    page = visit("sales_manager", "/customers/customer/?sort=-sales_12m")
    page.locator("tbody tr a.n").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(page, "customer-of-the-documents", readme="customer.png")


def test_a_session_that_ended_elsewhere_does_not_lose_input(visit: Visit, watch: Watch) -> None:
    watch.allow(403)
    page = visit("huang_haitao", "/engagement/memo/new/")
    enter(page, {"主题": "会话结束后"})
    page.context.clear_cookies()
    save(page)
    expect(page.locator(".errorpage")).to_be_visible()
    page.goto("/engagement/memo/new/")
    knock(page, "huang_haitao", PASSWORD)
    expect(page).to_have_url(re.compile("/engagement/memo/new/$"))
    expect(box(page, "主题")).to_have_value("会话结束后")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("会话结束后")
    # Saved: the next new memo is empty.
    page.goto("/engagement/memo/new/")
    expect(box(page, "主题")).to_have_value("")
