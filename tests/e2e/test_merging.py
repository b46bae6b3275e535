"""Merging and changing many, as somebody at a desk and somebody with a phone sees it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.acting import create, enter, record_page, save, wait_saved
from tests.e2e.conftest import DESK, PHONE, Visit
from tests.e2e.watching import Watch

LIST = "/customers/customer/"


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.locator("table[data-gx-rows] tbody tr", has_text=name).locator("input[name=pk]").check()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_two_customers_become_one_and_two_again(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("sales_manager")
    create(page, f"{LIST}new/", {"客户名称": "宜宾叙府酒业有限公司", "城市": "宜宾", "电话": "08312345678"})
    create(page, f"{LIST}new/", {"客户名称": "叙府老窖宜宾公司", "城市": "宜宾市", "地址": "翠屏区流杯池路 9 号"})
    page.goto(f"{LIST}?q=叙府")
    choose(page, "宜宾叙府酒业有限公司", "叙府老窖宜宾公司")
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合并")
    page.locator("th", has_text="宜宾叙府酒业有限公司").get_by_role("radio").check()
    page.get_by_label("城市: 叙府老窖宜宾公司").check()
    page.get_by_label("客户名称: 宜宾叙府酒业有限公司").check()
    assert fits(page)
    picture(page, "merge")
    page.get_by_role("button", name=re.compile("合并 2 条")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("宜宾叙府酒业有限公司")
    expect(page.locator("main")).to_contain_text("宜宾市")
    expect(page.locator("main")).to_contain_text("翠屏区流杯池路 9 号")
    picture(page, "merged")
    page.goto(f"{LIST}?q=叙府")
    expect(page.locator("table[data-gx-rows] tbody tr")).to_have_count(1)
    page.go_back()
    page.goto(page.url + "history/")
    expect(page.locator("main")).to_contain_text("取自 叙府老窖宜宾公司")
    picture(page, "merge-history")
    page.go_back()
    page.goto(page.url.split("?")[0] + "do/unmerge/")
    page.get_by_role("button", name="撤销合并").click()
    expect(page).not_to_have_url(re.compile("unmerge"))
    page.goto(f"{LIST}?q=叙府")
    expect(page.locator("table[data-gx-rows] tbody tr")).to_have_count(2)


def test_the_comparison_reads_well_on_a_phone_and_in_english(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("general_manager", LIST)
    keys = page.locator("table[data-gx-rows] tbody input[name=pk]").evaluate_all(
        "all => all.slice(0, 3).map(b => b.value)"
    )
    address = f"{LIST}merge/?" + "&".join(f"pk={key}" for key in keys)
    for language in ("zh", "en"):
        for name, viewport in (("desk", None), ("phone", PHONE)):
            given = {"viewport": viewport} if viewport else {}
            page = visit("general_manager", address, language=language, **given)
            expect(page.locator("table.compare")).to_be_visible()
            assert fits(page), (language, name)
            picture(page, f"merge-{language}-{name}")
    visit("general_manager", "/", language="zh")


def test_several_fields_are_changed_for_many_and_taken_back(visit: Visit, picture: Callable[..., None]) -> None:
    page = visit("sales_manager")
    for name in ("广安邓家甲酒业有限公司", "广安邓家乙酒业有限公司"):
        create(page, f"{LIST}new/", {"客户名称": name, "城市": "广安"})
    page.goto(f"{LIST}?q=邓家")
    page.locator("[data-gx-select-all]").check()
    page.get_by_role("button", name="修改字段").click()
    page.locator("#f-field").select_option(label="城市")
    expect(page.locator("[name=set-city]")).to_be_visible()
    page.locator("[name=set-city]").fill("广安市")
    page.locator("#f-field").select_option(label="省份")
    expect(page.locator("[name=set-province]")).to_be_visible()
    expect(page.locator("[name=set-city]")).to_have_value("广安市")
    page.locator("[name=set-province]").fill("四川")
    page.get_by_role("button", name="预演").click()
    expect(page.locator("main")).to_contain_text("将完成 2 条")
    assert fits(page)
    picture(page, "bulk-edit")
    page.get_by_role("button", name=re.compile("修改字段")).click()
    page.wait_for_url(re.compile(r"q="))
    expect(page.locator("td[data-label=城市]").first).to_have_text("广安市")
    picture(page, "bulk-done")
    page.locator(".flash").get_by_role("button", name="撤销").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    picture(page, "batch")
    page.goto(f"{LIST}?q=邓家")
    assert page.locator("td[data-label=城市]").all_inner_texts() == ["广安", "广安"]


def test_likely_duplicates_are_looked_through(visit: Visit, picture: Callable[..., None], watch: Watch) -> None:
    watch.allow(409)
    page = visit("sales_manager")
    create(page, f"{LIST}new/", {"客户名称": "乐山嘉州酒业有限公司", "电话": "08332345678"})
    page.goto(f"{LIST}new/")
    enter(page, {"客户名称": "嘉州商贸", "电话": "08332345678"})
    save(page)
    page.get_by_role("button", name=re.compile("仍")).click()
    wait_saved(page, record_page("customers", "customer"))
    for language in ("zh", "en"):
        for name, viewport in (("desk", DESK), ("phone", PHONE)):
            page = visit("sales_manager", f"{LIST}same/", language=language, viewport=viewport)
            expect(page.locator("main")).to_contain_text("嘉州商贸")
            assert fits(page), (language, name)
            picture(page, f"same-{language}-{name}")
    page = visit("sales_manager", f"{LIST}same/", language="zh")
    page.locator("section", has_text="嘉州商贸").get_by_role("button", name="不是同一个").click()
    expect(page.locator("main")).not_to_contain_text("嘉州商贸")
