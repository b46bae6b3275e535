"""The list as a tool: views, columns, filters, inline edit, bulk actions, keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.acting import UUID, box, create, in_window, names, total
from tests.e2e.conftest import Visit
from tests.e2e.watching import Watch

LIST = "/customers/customer/"


def open_menu(page: Page, text: str) -> None:
    """Opens a drop-down of the list by its word."""
    page.locator("summary", has_text=re.compile(f"^\\s*{text}")).first.click()
    expect(page.locator("details[open] .drop").first).to_be_visible()


def column_heads(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("table[data-gx-rows] thead th").all_inner_texts() if text.strip()]


def test_a_desk_shows_eighteen_rows(visit: Visit) -> None:
    page = visit("general_manager", LIST)
    rows = page.locator("table[data-gx-rows] tbody tr")
    visible = rows.evaluate_all("all => all.filter(r => r.getBoundingClientRect().bottom <= innerHeight).length")
    assert visible >= 18


def test_filters_and_a_saved_view(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("sales_manager", LIST)
    everything = total(page)
    open_menu(page, "需求等级")
    page.locator("details[open]").get_by_label("B", exact=True).check()
    page.locator("details[open]").get_by_role("button", name="应用").click()
    page.wait_for_url(re.compile("f-demand_level=B"))
    level_b = total(page)
    assert 0 < level_b < everything

    page.get_by_role("link", name="筛选").click()
    expect(page.locator(".condition select").first).to_be_visible()
    page.get_by_label("字段").first.select_option(label="城市")
    page.wait_for_timeout(300)
    page.get_by_label("比较方式").first.select_option(label="包含")
    page.wait_for_timeout(300)
    page.get_by_label("值").first.fill("州")
    page.locator("#conditions").get_by_role("button", name="应用").click()
    page.wait_for_url(re.compile("w0=city"))
    both = total(page)
    assert both < level_b
    picture(page, "list-filtered")

    open_menu(page, "保存视图")
    page.get_by_label("视图名称").fill("州市的B级")
    page.locator("details[open]").get_by_role("button", name="保存视图").click()
    tab = page.get_by_role("navigation", name="视图").get_by_role("link", name=re.compile("州市的B级"))
    expect(tab).to_be_visible()
    page.goto(LIST)
    assert total(page) == everything
    page.get_by_role("navigation", name="视图").get_by_role("link", name=re.compile("州市的B级")).click()
    page.wait_for_load_state()
    assert total(page) == both
    page.get_by_label("此视图").or_(page.locator(".view-tools summary").first).first.click()
    page.get_by_role("button", name="删除此视图").click()
    in_window(page).get_by_role("button", name="继续").click()
    expect(page.get_by_role("navigation", name="视图")).not_to_contain_text("州市的B级")


def test_columns_are_chosen_and_ordered(visit: Visit) -> None:
    page = visit("wang_fang", LIST)
    usual = column_heads(page)
    open_menu(page, "列")
    drop = page.locator("details[open] .drop")
    drop.get_by_label("行业", exact=True).uncheck()
    drop.get_by_label("省份", exact=True).check()
    box_ = drop.get_by_label("城市", exact=True)
    box_.focus()
    for _step in range(3):
        page.keyboard.press("Alt+ArrowUp")
    drop.get_by_role("button", name="应用").click()
    page.wait_for_load_state()
    changed = column_heads(page)
    assert "行业" in usual and "行业" not in changed and "省份" in changed
    assert changed.index("城市") < usual.index("城市")
    page.reload()
    assert column_heads(page) == changed
    open_menu(page, "列")
    page.get_by_role("button", name="恢复默认").click()
    page.wait_for_load_state()
    assert column_heads(page) == usual


def test_sorting_by_a_heading(visit: Visit) -> None:
    page = visit("sales_manager", LIST)
    page.get_by_role("columnheader", name="客户名称").get_by_role("link").click()
    page.wait_for_url(re.compile("sort="))
    up = names(page)
    page.get_by_role("columnheader", name="客户名称").get_by_role("link").click()
    page.wait_for_url(re.compile("sort=-name"))
    assert names(page)[0] != up[0]


def test_a_cell_is_edited_where_it_stands(visit: Visit, watch: Watch) -> None:
    watch.allow(422)
    page = visit("sales_manager")
    create(page, f"{LIST}new/", {"客户名称": "内江甜城酒业有限公司", "城市": "内江"})
    page.goto(f"{LIST}?q=甜城")
    cell = page.locator("td[data-label=城市]")
    cell.dblclick()
    field = cell.get_by_role("textbox")
    field.fill("内江市东兴区")
    field.press("Enter")
    expect(cell.get_by_role("textbox")).to_have_count(0)
    expect(cell).to_have_text("内江市东兴区")
    cell.dblclick()
    cell.get_by_role("textbox").fill("不要这个")
    cell.get_by_role("textbox").press("Escape")
    expect(cell).to_have_text("内江市东兴区")
    page.reload()
    expect(page.locator("td[data-label=城市]")).to_have_text("内江市东兴区")


def test_many_are_assigned_at_once(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("sales_manager")
    for name in ("凉山邛海甲酒业有限公司", "凉山邛海乙酒业有限公司"):
        create(page, f"{LIST}new/", {"客户名称": name})
    page.goto(f"{LIST}?q=邛海")
    page.locator("[data-gx-select-all]").check()
    expect(page.locator("[data-gx-bulk]")).to_contain_text("2")
    picture(page, "list-bulk")
    page.get_by_role("button", name="分配").click()
    expect(page.locator("main")).to_contain_text("凉山邛海甲酒业有限公司")
    enter_link(page, "负责人", "王芳")
    reason = page.get_by_label(re.compile("原因|理由"))
    if reason.count():
        reason.first.fill("片区调整")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("分配")).click()
    page.goto(f"{LIST}?q=邛海")
    assert page.locator("td[data-label=负责人]").all_inner_texts() == ["王芳", "王芳"]


def enter_link(page: Page, label: str, text: str) -> None:
    """Types a name into the box of a link; the server finds whom it means."""
    control = box(page, label) if box(page, label).count() else page.locator("[data-gx-link-text]").first
    control.fill(text)


def test_one_works_with_keys_alone(visit: Visit) -> None:
    page = visit("sales_manager", LIST)
    first, second = names(page)[:2]
    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_contain_text(first)
    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_contain_text(second)
    page.keyboard.press("k")
    expect(page.locator("tr.here")).to_contain_text(first)
    page.keyboard.press("x")
    expect(page.locator("[data-gx-bulk]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-gx-bulk]")).to_be_hidden()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(rf"{UUID}/edit/"))
    expect(box(page, "客户名称")).to_have_value(first)
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    page.goto(LIST)
    page.keyboard.press("/")
    page.keyboard.type("nje")
    expect(page.get_by_role("searchbox", name="在本列表中搜索")).to_have_value("nje")
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/new/$"))
    page.goto(LIST)
    page.keyboard.press("?")
    expect(in_window(page)).to_contain_text("键盘快捷键")
