"""Finding a customer: two characters, initials, a piece of the phone; the palette waits for the input method."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import create, names, total
from tests.e2e.conftest import Visit

NAME = "泸州龙泉井酒业有限公司"


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The address of the customer that is looked for, once it is there."""
    return {}


@pytest.fixture
def page(visit: Visit, known: dict[str, str]) -> Page:
    opened = visit("sales_manager", "/customers/customer/")
    if not known:
        known["url"] = create(opened, "/customers/customer/new/", {"客户名称": NAME, "电话": "0830-3196644"})
        opened.goto("/customers/customer/")
    return opened


@pytest.mark.parametrize("text", ["龙泉", "lqj", "LQJJY", "3196644", "196644"])
def test_the_palette_finds_by_any_piece(page: Page, known: dict[str, str], text: str) -> None:
    page.keyboard.press("Control+k")
    palette = page.locator("dialog#gx-palette")
    expect(palette).to_be_visible()
    page.keyboard.type(text, delay=15)
    expect(palette.get_by_role("option").filter(has_text=NAME).first).to_be_visible()
    palette.get_by_role("option").filter(has_text=NAME).first.click()
    expect(page).to_have_url(re.compile(re.escape(known["url"].rsplit("/", 2)[1])))
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_the_palette_is_worked_by_keys_and_knows_places(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("备忘录")
    palette = page.locator("dialog#gx-palette")
    expect(palette.get_by_role("option").first).to_contain_text("备忘录")
    page.keyboard.press("ArrowDown")
    expect(palette.locator("[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_no_search_in_the_middle_of_a_composition(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/palette/" in request.url else None)
    page.keyboard.press("Control+k")
    palette = page.locator("dialog#gx-palette")
    expect(palette.get_by_role("option").first).to_be_visible()
    asked.clear()
    box = palette.get_by_role("combobox")
    # What an input method sends while "long'quan" is being spelt, before a character is chosen.
    box.evaluate(
        """(input) => {
          input.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
          for (const text of ['l', 'lo', 'long', "long'q", "long'quan"]) {
            input.value = text;
            input.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true, data: text}));
          }
        }"""
    )
    page.wait_for_timeout(500)
    assert asked == []
    # The Enter that picks the characters is the input method's, not ours.
    box.evaluate("i => i.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, isComposing: true}))")
    expect(palette).to_be_visible()
    box.evaluate(
        """(input) => {
          input.value = '龙泉';
          input.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '龙泉'}));
        }"""
    )
    expect(palette.get_by_role("option").filter(has_text=NAME).first).to_be_visible()
    assert len(asked) == 1


@pytest.mark.clause("CRM-05", "CRM-17")
def test_the_search_area_of_the_list(page: Page) -> None:
    everything = total(page)
    search = page.get_by_role("searchbox", name="在本列表中搜索")
    search.fill("龙泉")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".head .sub")).to_contain_text("1 ")
    assert names(page) == [NAME]
    page.get_by_role("searchbox", name="在本列表中搜索").fill("查无此客户")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("#list")).to_contain_text("没有找到")
    page.get_by_role("searchbox", name="在本列表中搜索").fill("")
    page.get_by_role("button", name="查找").click()
    assert total(page) == everything


def test_the_search_page_groups_and_marks_what_it_found(page: Page) -> None:
    page.goto("/search/?q=龙泉")
    expect(page.get_by_role("link", name=re.compile("龙泉")).first).to_be_visible()
    assert "龙泉" in page.locator("mark").all_inner_texts()
