"""The regulation at work in the browser: from a card to a destroyed paper, a duty that is late."""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from guanxi.platform.calendar import now
from tests.e2e.acting import UUID, box, create, enter, from_menu, in_window, record_page, save, wait_saved
from tests.e2e.conftest import PHONE, Visit
from tests.e2e.installation import Installation
from tests.e2e.watching import Watch

COMPANY = "成都锦里春酒业有限公司"


def press(page: Page, verb: str, values: Mapping[str, str | Path] | None = None, *, reason: str = "") -> None:
    """Presses a verb of the page's head, fills its window and confirms; what is refused leaves the window open."""
    head = page.locator(".head")
    shown = head.get_by_role("link", name=verb, exact=True).and_(head.locator(":visible"))
    if shown.count():
        shown.first.click()
    else:
        from_menu(page, "更多", verb)
    window = in_window(page)
    confirm = window.get_by_role("button", name=verb, exact=True)
    expect(confirm).to_be_visible()
    for label, value in (values or {}).items():
        control = box(window, label)
        if isinstance(value, Path):
            control.set_input_files(value)
        elif control.get_attribute("type") == "checkbox":
            control.check()
        else:
            control.fill(value)
    if reason:
        window.locator("[name=reason]").fill(reason)
    confirm.click()


def done(page: Page, word: str) -> None:
    """Until the head of the page says that state."""
    expect(page.locator(".head")).to_contain_text(word)


def decide(page: Page, subject: str, verb: str, comment: str = "") -> None:
    """Opens what waits in the inbox about that subject, and decides it."""
    page.goto("/workflow/workitem/?view=waiting")
    page.get_by_role("link").filter(has_text=subject).first.click()
    page.wait_for_url(re.compile(rf"/workitem/{UUID}/"))
    press(page, verb, {"意见": comment} if comment else None)
    done(page, "已完成")


def refused(page: Page, clause: str) -> None:
    """The window says no and names the clause; it is closed, and nothing was done."""
    window = in_window(page)
    expect(window.get_by_role("alert")).to_contain_text(clause)
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()


def in_bin(page: Page, title: str, verb: str, values: Mapping[str, str] | None = None) -> None:
    """Does something to what lies in the recycle bin of dossier documents."""
    page.goto("/dossiers/document/bin/")
    page.get_by_role("row").filter(has_text=title).get_by_role("link", name=verb, exact=True).click()
    window = in_window(page)
    confirm = window.get_by_role("button", name=verb, exact=True)
    expect(confirm).to_be_visible()
    for label in values or {}:
        box(window, label).check()
    confirm.click()


def delete_with_consent(asker: Page, manager: Page, paper: str, title: str) -> None:
    """The manager asks to delete the document, the sales manager consents."""
    asker.goto(paper)
    press(asker, "删除", reason="客户已退网，协议作废")
    asker.wait_for_url(re.compile(record_page("approvals", "pendingaction")))
    decide(manager, title, "批准")


def a_month_passes(installation: Installation, title: str) -> None:
    """What was deleted just now was deleted forty days ago."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40)
    with sqlite3.connect(installation.folder / "guanxi.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE dossiers_document SET deleted_at = ? WHERE title = ?", [then.strftime("%Y-%m-%d %H:%M:%S"), title]
        )


@pytest.mark.clause("WF-09", "WF-10", "ARC-21", "ARC-22", "ARC-24", "ARC-25", "ARC-26")
def test_from_a_business_card_to_a_destroyed_paper(
    visit: Visit, watch: Watch, installation: Installation, tmp_path: Path, picture: Callable[..., None]
) -> None:
    watch.allow(409)
    seller = visit("wang_fang")
    card = create(
        seller, "/intake/informationfile/new/",
        {"公司名称": COMPANY, "接洽人": "罗晓峰", "电话": "13981112233", "省份": "四川", "城市": "成都"},
    )  # fmt: skip
    press(seller, "提交审核")
    done(seller, "待经理审核")

    manager = visit("sales_manager", viewport=PHONE)
    decide(manager, COMPANY, "批准")
    picture(manager, "reviewed-phone")

    seller.goto(card)
    press(seller, "录入为客户")
    done(seller, "已录入")
    expect(seller.locator("main")).to_contain_text(re.compile(r"逾期录入\s*否"))
    customer = seller.get_by_role("link", name=COMPANY).first.get_attribute("href")
    assert customer is not None

    title = "锦里春经销合同"
    today = now().date().isoformat()
    paper = create(
        seller, f"/dossiers/document/new/?customer={customer.strip('/').split('/')[-1]}",
        {"标题": title, "类别": "二类 合同协议", "资料种类": "合同或协议", "签订日期": today},
    )  # fmt: skip
    archivist = visit("archivist", paper)
    press(archivist, "归入卷册")
    refused(archivist, "ARC-22")

    press(seller, "确认并提交")
    refused(seller, "ARC-21")
    press(seller, "确认并提交", {"本人已审核、校对本件，确认真实准确": ""})
    done(seller, "待签字")

    scan = tmp_path / "signed.png"
    Image.new("RGB", (60, 80), "white").save(scan)
    press(seller, "登记客户签名", {"客户签字人": "罗晓峰", "签字日期": today, "签字页扫描件": scan})
    expect(seller.locator("main")).to_contain_text("罗晓峰")
    superior = visit("li_wei", paper)
    press(superior, "同意入档")
    expect(superior.locator("main")).to_contain_text("李伟")
    archivist.goto(paper)
    press(archivist, "归入卷册")
    done(archivist, "已归档")
    picture(archivist, "filed-document")

    ends = (now().date() + datetime.timedelta(days=365)).isoformat()
    seller.goto(f"{paper}edit/")
    enter(seller, {"失效日期": ends})
    seller.locator("[name=reason]").fill("合同终止日漏填")
    save(seller)
    wait_saved(seller, record_page("approvals", "pendingaction"))
    decide(manager, title, "批准")
    seller.goto(paper)
    expect(seller.locator("main")).to_contain_text(ends)
    seller.goto(f"{paper}history/")
    expect(seller.locator("main")).to_contain_text("合同终止日漏填")

    delete_with_consent(seller, manager, paper, title)
    in_bin(archivist, title, "恢复")
    archivist.wait_for_url(re.compile(re.escape(paper)))
    done(archivist, "已归档")

    delete_with_consent(seller, manager, paper, title)
    in_bin(archivist, title, "彻底删除", {"确认彻底销毁，任何人都无法恢复": ""})
    refused(archivist, "ARC-26")
    a_month_passes(installation, title)
    in_bin(archivist, title, "彻底删除")
    refused(archivist, "ARC-26")
    in_bin(archivist, title, "彻底删除", {"确认彻底销毁，任何人都无法恢复": ""})
    expect(archivist.locator("main")).not_to_contain_text(title)


@pytest.mark.clause("WF-17")
def test_a_late_duty_reaches_the_superior_and_the_board_tells_it(visit: Visit, picture: Callable[..., None]) -> None:
    late = "与新客户沟通"
    manager = visit("sales_manager", "/obligations/obligation/?view=overdue")
    row = manager.get_by_role("row").filter(has_text=late).filter(has_text="李伟").first
    expect(row).to_contain_text("已逾期")
    manager.goto("/notices/")
    expect(manager.get_by_role("main")).to_contain_text(re.compile(rf"李伟 .*逾期未处理.*{late}"))

    head = visit("general_manager", "/regulation/board/")
    line = head.get_by_role("row").filter(has_text="WF-17")
    expect(line).to_be_visible()
    picture(head, "board")
