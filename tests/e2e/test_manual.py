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
    expect(page.get_by_role("heading", level=1)).to_contain_text(entry)
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


@pytest.mark.clause("CRM-39", "CRM-40", "CRM-41", "CRM-42")
def test_experiment_10_service_centre(visit: Visit) -> None:
    page = visit("sales_manager")
    to_list(page, "故障单", EXPORT)
    page.locator(".head").get_by_role("link", name="新建故障单", exact=True).click()
    enter(page, {"标题": "实训瓶盖松动", "情况描述": "一箱六瓶，两瓶渗漏。"})
    page.get_by_role("button", name="选择客户").first.click()
    in_window(page).locator("tbody tr").first.click()
    save(page)
    wait_saved(page, record_page("service", "ticket"))
    to_list(page, "故障单")
    assert find(page, "实训瓶盖") == ["实训瓶盖松动"]
    page.locator("main").get_by_role("link", name=re.compile("按优先级")).first.click()
    expect(page.locator("main table").first).to_contain_text("合计")
    page.go_back()
    page.locator("main").get_by_role("link", name="常见问答", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("常见问答")
    new(page, "新建常见问答", {"问题": "实训：开瓶后存多久？", "答复": "密封避光，三个月内饮用。"}, "service", "faq")
    to_list(page, "常见问答")
    assert find(page, "实训：开瓶后") == ["实训：开瓶后存多久？"]
    edited_and_deleted(page, "实训：开瓶后存多久？", {"问题": "实训：开瓶后可存多久？"})


@pytest.mark.clause("CRM-48", "CRM-53")
def test_experiment_12_memos_and_the_calendar(visit: Visit) -> None:
    page = visit("sales_manager")
    to_list(page, "备忘录", EXPORT)
    new(page, "新建备忘录", {"主题": "实训备忘", "内容": "带样酒"}, "engagement", "memo")
    head = page.locator(".head")
    for function in ("编辑", "复制", "删除"):
        expect(head.get_by_text(function, exact=True).first).to_be_attached()
    to_list(page, "备忘录")
    assert find(page, "实训备忘") == ["实训备忘"]
    edited_and_deleted(page, "实训备忘", {"主题": "实训备忘二"})
    to_list(page, "日历")
    for view in ("日", "周", "月"):
        page.locator("main").get_by_role("link", name=view, exact=True).first.click()
        expect(page.locator("main").get_by_role("link", name=view, exact=True).first).to_have_attribute(
            "aria-current", re.compile("page|true")
        )


@pytest.mark.clause("CRM-43", "CRM-44", "CRM-45", "CRM-46", "CRM-47")
def test_experiment_11_reports(visit: Visit) -> None:
    page = visit("sales_manager")
    create(page, "/reports/folder/new/", {"报表文件夹": "实训报表"})
    to_list(page, "报表", "新建报表")
    page.locator(".head").get_by_role("link", name="新建报表").click()
    related = page.locator("#related")
    expect(related).not_to_contain_text("销售机会来源")
    before = related.inner_text()
    box(page, "主模块").select_option(label="销售机会")
    expect(related).not_to_have_text(before)
    related.get_by_label(re.compile("^客户")).first.check()
    page.get_by_role("button", name="继续").click()
    for heading in ("报表类型", "列", "分组", "计算", "筛选条件", "图表"):
        expect(page.locator("#wizard summary", has_text=heading).first).to_be_visible()
    page.locator("select[name=group0]").select_option(label="销售阶段")
    page.locator("#wizard summary", has_text="计算").first.click()
    page.locator("select[name=how0]").select_option(label="合计")
    page.locator("select[name=of0]").select_option(label="预计金额")
    page.get_by_role("button", name="保存并执行").first.click()
    window = in_window(page)
    enter(window, {"报表名称": "实训：各阶段金额", "说明": "实训数据小结", "报表文件夹": "实训报表"})
    window.get_by_role("button", name="保存并执行").click()
    wait_saved(page, record_page("reports", "report"))
    expect(page.get_by_role("heading", level=1)).to_have_text("实训：各阶段金额")
    expect(page.locator("main table").last).to_contain_text("合计")
    to_list(page, "报表")
    folder = page.locator("main section", has_text="实训报表").first
    expect(folder).to_contain_text("实训：各阶段金额")


@pytest.mark.clause("CRM-24", "CRM-25", "CRM-49", "CRM-50", "CRM-51", "CRM-52")
def test_experiments_5_and_12_leads_and_mail_to_them(visit: Visit, watch: Watch) -> None:
    watch.allow(422)
    page = visit("sales_manager")
    to_list(page, "销售线索", IMPORT, EXPORT)
    lead = {"公司": "实训宴会酒店", "联系人姓名": "唐实训", "电子邮箱": "tang@shixun.example", "线索来源": "公司网站"}
    new(page, "新建销售线索", lead, "sales", "lead")
    to_list(page, "销售线索")
    assert find(page, "实训宴会") == ["实训宴会酒店"]
    to_list(page, "邮件", EXPORT)
    page.locator(".head").get_by_role("link", name="新建邮件", exact=True).click()
    enter(page, {"收件人类型": "销售线索", "销售线索": "没有这条线索", "主题": "实训样酒", "正文": "附上资料。"})
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("销售线索")
    enter(page, {"销售线索": "实训宴会酒店"})
    save(page)
    wait_saved(page, record_page("mail", "letter"))
    expect(page.locator("main")).to_contain_text("草稿")
    expect(page.locator("main")).to_contain_text("唐实训")
    to_list(page, "销售线索")
    find(page, "实训宴会")
    edited_and_deleted(page, "实训宴会酒店", {"联系人姓名": "唐实习"})


@pytest.mark.clause("CRM-26", "CRM-27", "CRM-28")
def test_experiment_6_activities(visit: Visit) -> None:
    page = visit("sales_manager")
    create(page, "/engagement/task/new/", {"主题": "实训任务"})
    to_list(page, "销售活动", EXPORT)
    box(page, "查找").fill("实训任务")
    page.get_by_role("button", name="查询").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("任务")
    row.get_by_role("link", name="编辑").click()
    enter(page, {"主题": "实训任务二"})
    with page.expect_navigation():
        save(page)


def with_lines(page: Page, customer: str) -> None:
    """Chooses the customer and a product by their windows, enters quantity and price."""
    pick(page, "客户", customer)
    page.get_by_role("button", name="选择产品").first.click()
    window = in_window(page)
    window.locator("tbody tr").first.click()
    expect(window).to_be_hidden()
    page.locator("[name=line-0-quantity]").fill("12")
    page.locator("[name=line-0-unit_price]").fill("46.50")


@pytest.mark.clause("CRM-37", "CRM-38")
def test_experiment_9_invoices(visit: Visit) -> None:
    page = visit("sales_manager")
    create(page, "/customers/customer/new/", {"客户名称": "实训开票商行"})
    to_list(page, "发票", EXPORT)
    page.locator(".head").get_by_role("link", name="新建发票", exact=True).click()
    enter(page, {"主题": "实训发票", "发票抬头": "实训抬头"})
    with_lines(page, "实训开票商行")
    save(page)
    wait_saved(page, record_page("receivables", "invoice"))
    expect(page.locator("main")).to_contain_text("558.00")
    expect(page.locator("main")).to_contain_text("实训抬头")
    to_list(page, "发票")
    find(page, "实训发票")
    edited_and_deleted(page, "实训发票", {"主题": "实训发票二"})


@pytest.mark.clause("CRM-29", "CRM-30", "CRM-31", "CRM-32", "CRM-33", "CRM-34", "CRM-35", "CRM-36")
def test_experiments_7_and_8_quotes_and_orders(visit: Visit) -> None:
    page = visit("sales_manager")
    create(page, "/customers/customer/new/", {"客户名称": "实训烟酒行"})
    to_list(page, "报价单", EXPORT)
    page.locator(".head").get_by_role("link", name="新建报价单", exact=True).click()
    enter(page, {"主题": "实训报价"})
    with_lines(page, "实训烟酒行")
    save(page)
    wait_saved(page, record_page("sales", "quote"))
    expect(page.locator("main")).to_contain_text("558.00")
    to_list(page, "报价单")
    find(page, "实训报价")
    edited_and_deleted(page, "实训报价", {"主题": "实训报价二"})

    to_list(page, "采购订单")
    tabs = page.locator("main")
    tabs.get_by_role("link", name="销售订单", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("销售订单")
    page.locator(".head").get_by_role("link", name="新建销售订单", exact=True).click()
    enter(page, {"主题": "实训订单", "承诺交货日期": "2027-01-15", "付款地址": "成都市锦江区一号"})
    with_lines(page, "实训烟酒行")
    page.get_by_role("button", name="左侧复制到右侧").click()
    expect(box(page, "收货地址")).to_have_value("成都市锦江区一号")
    save(page)
    wait_saved(page, record_page("sales", "salesorder"))
    expect(page.locator("main")).to_contain_text("558.00")
    to_list(page, "采购订单")
    page.locator(".head").get_by_role("link", name="新建采购订单", exact=True).click()
    expect(box(page, "供应商")).to_be_visible()
    for address in ("付款地址", "收货地址"):
        expect(box(page, address)).to_be_visible()
