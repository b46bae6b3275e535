"""A customer from the first field to the last: missing field, double, new contact, picker, two people at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.acting import box, create, enter, in_window, record_page, save, total, wait_saved
from tests.e2e.conftest import Visit
from tests.e2e.watching import Watch


@pytest.mark.clause("CRM-03", "CRM-18")
def test_a_missing_field_is_named_and_the_other_input_stays(
    visit: Visit, watch: Watch, picture: Callable[..., None]
) -> None:
    watch.allow(422)
    page = visit("li_wei", "/customers/customer/")
    before = total(page)
    page.get_by_role("link", name="新建客户").last.click()
    expect(page.locator("label", has_text="客户名称").locator(".must")).to_be_visible()
    enter(page, {"简称": "东坡", "城市": "眉山", "电话": "028-38165566"})
    box(page, "西南").check()
    save(page)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("客户名称")
    problem.get_by_role("link", name="客户名称").click()
    expect(box(page, "客户名称")).to_be_in_viewport()
    expect(box(page, "城市")).to_have_value("眉山")
    expect(box(page, "电话")).to_have_value(re.compile("38165566"))
    expect(box(page, "西南")).to_be_checked()
    picture(page, "refused-form")
    box(page, "客户名称").fill("眉山东坡酒业有限公司")
    save(page)
    wait_saved(page, record_page("customers", "customer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("眉山东坡酒业有限公司")
    expect(page.locator("main")).to_contain_text("KH-")
    page.goto("/customers/customer/")
    assert total(page) == before + 1


def test_a_double_is_shown_while_typing_and_can_be_saved_all_the_same(
    visit: Visit, watch: Watch, picture: Callable[..., None]
) -> None:
    watch.allow(422, 409)
    page = visit("li_wei")
    create(page, "/customers/customer/new/", {"客户名称": "乐山大佛酒业有限公司", "电话": "0833-2130099"})
    page.goto("/customers/customer/new/")
    box(page, "客户名称").press_sequentially("乐山市大佛酒业有限责任公司", delay=5)
    box(page, "客户名称").fill("乐山大佛酒业有限责任公司")
    hint = page.locator(".similar")
    expect(hint).to_contain_text("乐山大佛酒业有限公司")
    expect(hint).to_contain_text("李伟")
    picture(page, "duplicate-while-typing")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("乐山大佛酒业有限公司")
    expect(box(page, "客户名称")).to_have_value("乐山大佛酒业有限责任公司")
    page.get_by_role("button", name="仍然保存").click()
    wait_saved(page, record_page("customers", "customer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("乐山大佛酒业有限责任公司")


@pytest.mark.clause("CRM-19", "CRM-20")
def test_a_new_contact_is_bound_to_its_customer_and_seen_at_once(visit: Visit) -> None:
    page = visit("li_wei")
    customer = create(page, "/customers/customer/new/", {"客户名称": "遂宁观音湖商贸有限公司"})
    page.get_by_label("更多", exact=True).first.click()
    page.locator("details[open] .drop").get_by_role("link", name="联系人", exact=True).click()
    expect(box(page, "客户")).to_have_value("遂宁观音湖商贸有限公司")
    enter(page, {"姓名": "苏婉清", "职务": "采购经理", "手机": "13908251234"})
    save(page)
    wait_saved(page, record_page("customers", "contact"))
    page.goto(f"{customer}?tab=people")
    expect(page.locator("#tab")).to_contain_text("苏婉清")
    page.goto("/customers/contact/?q=苏婉清")
    expect(page.locator("table")).to_contain_text("遂宁观音湖商贸有限公司")


@pytest.mark.clause("CRM-23")
def test_the_picker_fills_the_form_and_loses_nothing(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("li_wei")
    create(page, "/customers/customer/new/", {"客户名称": "资阳柠檬酒庄有限公司"})
    page.goto("/engagement/memo/new/")
    enter(page, {"主题": "柠檬酒包装", "内容": "瓶型改小，\n每箱十二瓶。"})
    page.get_by_role("button", name="选择客户").click()
    window = in_window(page)
    window.get_by_label("在本列表中搜索").fill("柠檬")
    row = window.get_by_role("row").filter(has_text="资阳柠檬酒庄有限公司")
    expect(row).to_be_visible()
    expect(window.locator("tbody tr")).to_have_count(1)
    picture(page, "picker")
    row.click()
    expect(window).to_be_hidden()
    expect(box(page, "客户")).to_have_value("资阳柠檬酒庄有限公司")
    expect(box(page, "主题")).to_have_value("柠檬酒包装")
    expect(box(page, "内容")).to_have_value("瓶型改小，\n每箱十二瓶。")
    save(page)
    wait_saved(page, record_page("engagement", "memo"))
    expect(page.locator("main")).to_contain_text("资阳柠檬酒庄有限公司")


def test_two_people_at_once_see_both_and_nothing_is_lost(
    visit: Visit, watch: Watch, picture: Callable[..., None]
) -> None:
    watch.allow(409, 422)
    first = visit("li_wei")
    customer = create(first, "/customers/customer/new/", {"客户名称": "广元剑门酒业有限公司", "城市": "广元"})
    second = visit("sales_manager", f"{customer}edit/")
    first.goto(f"{customer}edit/")

    enter(second, {"城市": "广元市利州区", "电话": "0839-3260011"})
    save(second)
    wait_saved(second, record_page("customers", "customer"))

    enter(first, {"城市": "广元市昭化区", "网站": "www.jianmen-e2e.cn"})
    save(first)
    compared = first.get_by_role("alert")
    expect(compared).to_contain_text("广元市利州区")
    expect(compared).to_contain_text("广元市昭化区")
    expect(box(first, "网站")).to_have_value("www.jianmen-e2e.cn")
    picture(first, "conflict")
    compared.get_by_role("row").filter(has_text="城市").get_by_role("radio").last.check()
    save(first)
    wait_saved(first, record_page("customers", "customer"))
    first.goto(f"{customer}edit/")
    expect(box(first, "城市")).to_have_value("广元市利州区")
    expect(box(first, "电话")).to_have_value(re.compile("3260011"))
    expect(box(first, "网站")).to_have_value("www.jianmen-e2e.cn")


def test_changes_of_different_fields_do_not_hinder_each_other(visit: Visit, watch: Watch) -> None:
    """Either both are kept at once, or the second person is asked; never is one lost."""
    watch.allow(409)
    first = visit("li_wei")
    customer = create(first, "/customers/customer/new/", {"客户名称": "巴中光雾酒业有限公司"})
    second = visit("sales_manager", f"{customer}edit/")
    first.goto(f"{customer}edit/")
    enter(second, {"城市": "巴中"})
    save(second)
    wait_saved(second, record_page("customers", "customer"))
    enter(first, {"简称": "光雾"})
    save(first)
    first.wait_for_load_state()
    if first.url.rstrip("/").endswith("edit"):
        save(first)
    wait_saved(first, record_page("customers", "customer"))
    first.goto(f"{customer}edit/")
    expect(box(first, "城市")).to_have_value("巴中")
    expect(box(first, "简称")).to_have_value("光雾")


def test_another_managers_customer_is_not_there(visit: Visit, watch: Watch) -> None:
    watch.allow(404)
    mine = visit("li_wei")
    customer = create(mine, "/customers/customer/new/", {"客户名称": "达州罗江口酒业有限公司"})
    other = visit("ma_chao", customer)
    expect(other.locator("body")).not_to_contain_text("罗江口")
    assert other.request.get(customer).status == 404
    assert other.request.get(f"{customer}edit/").status == 404
    other.goto("/customers/customer/?q=罗江口")
    expect(other.locator("#list")).to_contain_text("没有找到")
    other.keyboard.press("Control+k")
    other.keyboard.type("罗江口")
    expect(other.locator("dialog#gx-palette")).not_to_contain_text("达州罗江口酒业")


def test_deleting_with_approval_and_bringing_back(visit: Visit, watch: Watch) -> None:
    watch.allow(404)
    page = visit("sales_manager")
    customer = create(page, "/customers/customer/new/", {"客户名称": "雅安蒙顶酒业有限公司"})
    page.get_by_label("更多", exact=True).first.click()
    page.locator("details[open] .drop").get_by_text("删除", exact=True).click()
    window = in_window(page)
    expect(window).to_contain_text("雅安蒙顶酒业有限公司")
    reason = window.get_by_label(re.compile("原因"))
    if reason.count():
        reason.fill("重复录入")
    window.get_by_role("button", name="删除").click()
    page.wait_for_url(re.compile("/approvals/pendingaction/"))
    expect(page.locator("main")).to_contain_text("重复录入")
    page.goto("/customers/customer/?q=蒙顶")
    expect(page.locator("#list")).to_contain_text("雅安蒙顶酒业有限公司")
    # Who asks is the sales manager herself: her superior decides.
    boss = visit("general_manager", "/workflow/workitem/?view=waiting")
    boss.get_by_role("link", name="雅安蒙顶酒业有限公司").first.click()
    expect(boss.locator("main")).to_contain_text("可以执行")
    boss.get_by_role("link", name="批准", exact=True).click()
    with boss.expect_navigation():
        in_window(boss).get_by_role("button", name="批准").click()
    page.goto("/customers/customer/?q=蒙顶")
    expect(page.locator("#list")).to_contain_text("没有找到")
    page.goto("/customers/customer/bin/")
    row = page.get_by_role("row").filter(has_text="雅安蒙顶酒业有限公司")
    row.get_by_role("link", name="恢复").click()
    with page.expect_navigation():
        in_window(page).get_by_role("button", name="恢复").click()
    page.goto(customer)
    expect(page.get_by_role("heading", level=1)).to_have_text("雅安蒙顶酒业有限公司")
