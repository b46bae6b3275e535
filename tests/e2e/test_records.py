"""Memos copied and edited, a price book filled, contributions filed: the ordinary life of records."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import box, create, enter, in_window, names, record_page, save, total, unfold, wait_saved
from tests.e2e.conftest import Visit
from tests.e2e.watching import Watch


def more(page: Page, item: str) -> None:
    """Chooses from the drop-down of the page's head."""
    page.locator(".head .actions").get_by_label("更多", exact=True).click()
    page.locator(".head details[open] .drop").get_by_text(item, exact=True).click()


@pytest.mark.clause("CRM-04", "CRM-48")
def test_editing_a_memo_keeps_one_and_copying_makes_two(visit: Visit) -> None:
    page = visit("wang_fang", "/engagement/memo/")
    before = total(page)
    memo = create(page, "/engagement/memo/new/", {"主题": "春糖会展位", "内容": "三号馆"})
    page.get_by_role("link", name="编辑").first.click()
    enter(page, {"主题": "春糖会展位已定"})
    save(page)
    wait_saved(page, record_page("engagement", "memo"))
    assert page.url.split("?")[0] == memo
    page.goto("/engagement/memo/")
    assert total(page) == before + 1

    page.goto(memo)
    more(page, "复制")
    expect(box(page, "主题")).to_have_value("春糖会展位已定")
    page.get_by_role("link", name="取消").click()
    page.wait_for_load_state()
    page.goto("/engagement/memo/")
    assert total(page) == before + 1

    page.goto(memo)
    more(page, "复制")
    enter(page, {"主题": "秋糖会展位"})
    save(page)
    wait_saved(page, record_page("engagement", "memo"))
    assert page.url.split("?")[0] != memo
    page.goto("/engagement/memo/")
    assert total(page) == before + 2
    page.goto(memo)
    expect(page.get_by_role("heading", level=1)).to_have_text("春糖会展位已定")


@pytest.mark.clause("CRM-14", "CRM-15", "CRM-16")
def test_a_price_book_is_filled_copied_and_deleted(visit: Visit, watch: Watch, picture: Callable[..., None]) -> None:
    watch.allow(422)
    page = visit("sales_manager", "/catalog/pricebook/new/")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("价格单名称")
    enter(page, {"价格单名称": "冬季团购价"})
    save(page)
    wait_saved(page, record_page("catalog", "pricebook"))
    book = page.url.split("?")[0]
    page.goto(f"{book}choose/")
    rows = page.locator("tbody tr")
    chosen = [rows.nth(number) for number in (0, 1, 2)]
    product = [row.locator("td").nth(1).inner_text().split("\n")[0].strip() for row in chosen]
    standard = chosen[0].locator("td.num").first.inner_text()
    for row, price in zip(chosen, ("88.50", "一百元", "66"), strict=True):
        row.get_by_role("checkbox").check()
        row.get_by_role("textbox").fill(price)
    page.get_by_role("button", name="添加到价格单").click()
    wrong = page.locator("tbody tr", has=page.locator("[aria-invalid]"))
    expect(wrong).to_have_count(1)
    expect(wrong.get_by_role("textbox")).to_have_value("一百元")
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(3)
    picture(page, "pricebook-invalid")
    wrong.get_by_role("textbox").fill("100")
    page.get_by_role("button", name="添加到价格单").click()
    wait_saved(page, record_page("catalog", "pricebook"))
    main = page.locator("main")
    for price in ("88.50", "100.00", "66.00"):
        expect(main).to_contain_text(price)
    expect(main.locator("section", has_text="价格").locator("tbody tr")).to_have_count(3)
    page.goto(f"/catalog/product/?q={product[0].split(' ')[0]}")
    expect(page.locator("tbody")).to_contain_text(standard.strip("¥ "))

    page.goto(book)
    more(page, "复制")
    enter(page, {"价格单名称": "冬季团购价（副本）"})
    save(page)
    wait_saved(page, record_page("catalog", "pricebook"))
    expect(page.locator("main")).to_contain_text("88.50")
    more(page, "删除")
    with page.expect_navigation():
        in_window(page).get_by_role("button", name="删除").click()
    page.goto("/catalog/pricebook/?q=冬季团购价")
    assert names(page) == ["冬季团购价"]


def test_anybody_contributes_and_the_archivist_files(visit: Visit, watch: Watch, picture: Callable[..., None]) -> None:
    watch.allow(404, 403)
    manager = visit("li_wei")
    customer = create(manager, "/customers/customer/new/", {"客户名称": "攀枝花金沙酒业有限公司"})

    clerk = visit("clerk", "/")
    menu = clerk.locator(".rail")
    unfold(menu)
    expect(menu.get_by_role("link", name="资料补充")).to_be_visible()
    expect(menu.get_by_role("link", name="客户", exact=True)).to_have_count(0)
    assert clerk.request.get(customer).status in (403, 404)
    clerk.goto("/customers/contribution/new/")
    enter(clerk, {"客户名称或编号": "攀枝花金沙酒业有限公司", "补充内容": "董事长换届，新任董事长黎明远。"})
    save(clerk)
    wait_saved(clerk, record_page("customers", "contribution"))
    handed_in = clerk.url.split("?")[0]
    expect(clerk.locator("main")).to_contain_text("待归档")
    expect(clerk.get_by_role("link", name="归档", exact=True)).to_have_count(0)

    archivist = visit("archivist", handed_in)
    archivist.locator(".head .actions").get_by_role("link", name=re.compile("归档")).first.click()
    window = in_window(archivist)
    window.get_by_label(re.compile("答复")).fill("已核实。")
    picture(archivist, "file-contribution")
    with archivist.expect_navigation():
        window.get_by_role("button", name=re.compile("归档")).click()
    expect(archivist.locator("main")).to_contain_text("已归档")
    expect(archivist.locator("main")).to_contain_text("已核实。")
    clerk.goto(handed_in)
    expect(clerk.locator("main")).to_contain_text("已归档")
