"""What a person does with a page, by what can be read on it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

SAVE = re.compile(r"^(保存|Save)$")


def box(page: Page | Locator, label: str) -> Locator:
    """The control with that label (a mandatory field's star is not part of it)."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}\s*\*?$")).first


def enter(page: Page | Locator, values: dict[str, str]) -> None:
    """Types values into the form by their labels; a list of choices is chosen from by what it shows."""
    for label, value in values.items():
        control = box(page, label)
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)


def save(page: Page) -> None:
    """Presses Save of the form."""
    page.get_by_role("button", name=SAVE).click()


def wait_saved(page: Page, address: str) -> None:
    """Until the page of the record that was saved is there."""
    page.wait_for_url(re.compile(address))


UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def record_page(app: str, noun: str) -> str:
    """What the address of a record's page looks like."""
    return rf"/{app}/{noun}/{UUID}/([?#].*)?$"


def names(page: Page) -> list[str]:
    """What the rows of the list are called, from the top."""
    return [text.strip() for text in page.locator("table[data-gx-rows] tbody td.primary").all_inner_texts()]


def all_names(page: Page) -> list[str]:
    """What the rows of the list are called, on all its pages."""
    found = names(page)
    while page.get_by_role("link", name="下一页").count():
        with page.expect_navigation():
            page.get_by_role("link", name="下一页").click()
        found += names(page)
    return found


def total(page: Page) -> int:
    """How many records the head of the list says there are."""
    return int(re.sub(r"\D", "", page.locator(".head .sub").inner_text()))


def create(page: Page, address: str, values: dict[str, str]) -> str:
    """Makes a record through its form and returns the address of its page."""
    page.goto(address)
    enter(page, values)
    save(page)
    app, noun = address.strip("/").split("/")[:2]
    wait_saved(page, record_page(app, noun))
    return re.sub(r"[?#].*", "", page.url)


def unfold(menu: Locator) -> None:
    """Opens every group of the main menu."""
    while menu.locator("details:not([open]) > summary").count():
        menu.locator("details:not([open]) > summary").first.click()


def from_menu(page: Page, menu: str, item: str) -> None:
    """Opens a drop-down of the page and chooses one of its entries."""
    page.get_by_label(menu, exact=True).or_(page.locator("summary", has_text=menu)).first.click()
    page.locator("details[open] .drop").get_by_text(item, exact=True).first.click()


def in_window(page: Page) -> Locator:
    """The window that lies over the page."""
    window = page.locator("dialog[open]")
    expect(window).to_be_visible()
    return window
