"""The lab manual's experiments from start to end, one test each: what its reader looks for is there, and works."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import box, create, enter, in_window, names, record_page, save, unfold, wait_saved
from tests.e2e.conftest import Visit
from tests.e2e.watching import Watch

IMPORT, EXPORT = "导入", "导出"


def to_list(page: Page, entry: str, *tools: str) -> None:
    """Opens a list from the menu, as the manual's reader does; its search area and its tools are there."""
    menu = page.locator(".rail")
    unfold(menu)
    menu.get_by_role("link", name=entry, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(entry)
    for tool in tools:
        expect(page.locator(".head").get_by_role("link", name=tool, exact=True)).to_be_visible()


def find(page: Page, text: str) -> list[str]:
    """Uses the search area of the list and tells what is found."""
    page.get_by_role("searchbox", name="在本列表中搜索").fill(text)
    with page.expect_navigation():
        page.get_by_role("button", name="查找", exact=True).click()
    return names(page)


def new(page: Page, button: str, values: dict[str, str], app: str, noun: str) -> None:
    """Fills the form of a new record and saves it."""
    page.locator(".head").get_by_role("link", name=button, exact=True).click()
    enter(page, values)
    save(page)
    wait_saved(page, record_page(app, noun))


def of_row(page: Page, name: str, item: str) -> None:
    """Chooses a function of the row of that name."""
    row = page.locator("tbody tr", has=page.get_by_role("link", name=name, exact=True))
    row.locator("td.acts summary").click()
    row.locator("td.acts").get_by_text(item).first.click()


def edited_and_deleted(page: Page, name: str, change: dict[str, str]) -> None:
    """Both functions of the list on a row: what is changed is found changed, what is deleted is not found."""
    address = page.url
    of_row(page, name, "编辑")
    enter(page, change)
    with page.expect_navigation():
        save(page)
    page.goto(address)
    for value in change.values():
        expect(page.locator("tbody")).to_contain_text(value)
    changed = names(page)[0]
    of_row(page, changed, "删除")
    with page.expect_navigation():
        in_window(page).get_by_role("button", name="删除").click()
    page.goto(address)
    assert changed not in names(page)


def pick(page: Page, what: str, name: str) -> None:
    """The icon beside the box opens the window with what there is; a click on one puts it into the form."""
    page.get_by_role("button", name=f"选择{what}").first.click()
    window = in_window(page)
    window.get_by_label("在本列表中搜索").fill(name)
    row = window.get_by_role("row").filter(has_text=name)
    expect(window.locator("tbody tr")).to_have_count(1)
    row.click()
    expect(window).to_be_hidden()
    expect(box(page, what)).to_have_value(name)


@pytest.mark.clause("CRM-08", "CRM-09", "CRM-11", "CRM-12", "CRM-13", "CRM-14", "CRM-15")
def test_experiment_1_products_vendors_price_books(visit: Visit) -> None:
    page = visit("sales_manager")
    to_list(page, "产品", IMPORT, EXPORT)
    product = {"产品名称": "实训光瓶", "产品编码": "SX-01", "计量单位": "瓶", "标准价格": "58.00"}
    new(page, "新建产品", product, "catalog", "product")
    to_list(page, "产品")
    page.locator("main").get_by_role("link", name="供应商", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("供应商")
    new(page, "新建供应商", {"供应商名称": "实训玻璃厂"}, "catalog", "vendor")
    to_list(page, "供应商", IMPORT, EXPORT)
    assert find(page, "实训玻璃") == ["实训玻璃厂"]
    edited_and_deleted(page, "实训玻璃厂", {"供应商名称": "实训玻璃二厂"})
    to_list(page, "价格单")
    new(page, "新建价格单", {"价格单名称": "实训批发价"}, "catalog", "pricebook")
    page.get_by_role("link", name="选择产品").first.click()
    page.locator("main input[name=q]").fill("实训光瓶")
    page.locator("main").get_by_role("button", name="查找", exact=True).click()
    row = page.locator("tbody tr", has_text="实训光瓶")
    row.get_by_role("checkbox").check()
    row.get_by_role("textbox").fill("46.50")
    page.get_by_role("button", name="添加到价格单").click()
    wait_saved(page, record_page("catalog", "pricebook"))
    expect(page.locator("main")).to_contain_text("46.50")
    for function in ("编辑", "复制", "删除"):
        expect(page.locator(".head").get_by_text(function, exact=True).first).to_be_attached()
    to_list(page, "产品")
    assert find(page, "SX-01") == ["实训光瓶"]


@pytest.mark.clause("CRM-17", "CRM-18", "CRM-19", "CRM-20")
def test_experiments_2_and_3_customers_and_contacts(visit: Visit) -> None:
    page = visit("sales_manager")
    to_list(page, "客户", IMPORT, EXPORT)
    new(page, "新建客户", {"客户名称": "实训酒业有限公司"}, "customers", "customer")
    customer = page.url
    page.locator("main").get_by_role("link", name=re.compile("新建联系人|添加联系人|联系人")).first.wait_for()
    to_list(page, "客户")
    assert find(page, "实训酒业") == ["实训酒业有限公司"]
    page.goto(customer)
    to_list(page, "联系人", IMPORT, EXPORT)
    page.locator(".head").get_by_role("link", name="新建联系人", exact=True).click()
    enter(page, {"姓名": "沈实训"})
    pick(page, "客户", "实训酒业有限公司")
    save(page)
    wait_saved(page, record_page("customers", "contact"))
    page.goto(customer)
    page.locator("main").get_by_role("link", name=re.compile("^联系人")).first.click()
    expect(page.locator("main").get_by_role("link", name="沈实训").first).to_be_visible()


@pytest.mark.clause("CRM-21", "CRM-22", "CRM-23")
def test_experiment_4_opportunities(visit: Visit, watch: Watch) -> None:
    watch.allow(422)
    page = visit("sales_manager")
    create(page, "/customers/customer/new/", {"客户名称": "实训商贸有限公司"})
    to_list(page, "销售机会", IMPORT, EXPORT)
    page.locator(".head").get_by_role("link", name="新建销售机会", exact=True).click()
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("客户")
    customer = "实训商贸有限公司"
    enter(page, {"机会名称": "实训商机", "预计成交日期": "2027-03-01"})
    pick(page, "客户", customer)
    save(page)
    wait_saved(page, record_page("sales", "opportunity"))
    to_list(page, "销售机会")
    assert find(page, "实训商机") == ["实训商机"]
    edited_and_deleted(page, "实训商机", {"机会名称": "实训商机二"})
