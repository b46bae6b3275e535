"""A company's own sheet through the wizard: suggestions, correction, check, import, refused rows, undo; and export."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.acting import UUID, all_names, names, total
from tests.e2e.conftest import Visit
from tests.e2e.sheets import HEADINGS, Sheet, make

LIST = "/customers/customer/"
#: A check or an import of sixty rows, on a busy machine.
JOB_MS = 60_000


def upload(page: Page, name: str, content: bytes) -> None:
    page.goto(LIST)
    page.get_by_role("link", name="导入", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="下一页").or_(page.get_by_role("button", name="下一步")).first.click()
    expect(page).to_have_url(re.compile(rf"/import/{UUID}/columns/$"))


def chosen(page: Page) -> dict[str, str]:
    """Heading → the field that is chosen for it ("" for left out)."""
    found = page.locator("table.mapping select").evaluate_all(
        "all => all.map(s => [s.getAttribute('aria-label').split(': ').pop(),"
        " s.value ? s.selectedOptions[0].text : ''])"
    )
    return dict(found)


def check(page: Page) -> None:
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("button", name="开始导入")).to_be_visible(timeout=JOB_MS)


def undo(page: Page) -> None:
    page.get_by_role("button", name="撤销").click()
    page.locator("dialog[open]").get_by_role("button", name="继续").click()
    expect(page.get_by_role("button", name="撤销")).to_have_count(0, timeout=JOB_MS)
    expect(page.get_by_role("link", name=re.compile("列表")).last).to_be_visible(timeout=JOB_MS)


def rows_told(page: Page) -> dict[int, str]:
    """Line of the file → everything the report says about it."""
    rows = page.locator(".sheet table.list tbody tr").all_inner_texts()
    told = {}
    for text in rows:
        first, _tab, rest = text.partition("\t")
        if first.strip().isdigit():
            told[int(first)] = rest
    return told


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.clause("CRM-06")
def test_a_sheet_comes_in_and_goes_again(visit: Visit, picture: Callable[..., None], tmp_path: Path, kind: str) -> None:
    page = visit("sales_manager", LIST)
    before = total(page)
    mark = {"xlsx": "宜宾甲", "csv": "宜宾乙"}[kind]
    sheet = make(mark, names(page)[:2], series=len(kind))
    if kind == "xlsx":
        upload(page, "客户明细.xlsx", sheet.workbook())
    else:
        upload(page, "客户明细.csv", sheet.text())
        expect(page.locator("summary", has_text="GB18030")).to_be_visible()

    suggested = chosen(page)
    assert list(suggested) == list(HEADINGS)
    right = {heading for heading, field in HEADINGS.items() if suggested[heading] == field}
    assert len(right) >= 27, {heading: suggested[heading] for heading in set(HEADINGS) - right}
    picture(page, f"import-columns-{kind}")
    for heading in set(HEADINGS) - right:
        page.get_by_label(f"导入到: {heading}").select_option(label=HEADINGS[heading])
    # One more, against the suggestion: a person knows better and is obeyed.
    page.get_by_label("导入到: 备注说明").select_option(label="（不导入）")
    check(page)
    assert page.locator("h1").inner_text().startswith("客户明细")
    _told_right(page, sheet)
    picture(page, f"import-check-{kind}")
    page.goto(LIST)
    assert total(page) == before, "a check writes nothing"
    page.go_back()

    page.get_by_label("跳过").check()
    page.get_by_role("button", name="开始导入").click()
    expect(page.locator("progress, .progress, #gx-job").first).to_be_visible()
    expect(page.get_by_role("button", name="撤销")).to_be_visible(timeout=JOB_MS)
    picture(page, f"import-done-{kind}")
    result = page.url
    _refused_rows(page, sheet, tmp_path)

    page.goto(f"{LIST}?q={mark}")
    assert sorted(all_names(page)) == sorted(sheet.good)
    page.goto(f"{LIST}?q={sheet.good[0]}")
    page.get_by_role("link", name=sheet.good[0]).click()
    for text in ("邓光明", "宜宾", "王芳"):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main")).not_to_contain_text("第0号")

    page.goto(result)
    undo(page)
    page.goto(LIST)
    assert total(page) == before


def _told_right(page: Page, sheet: Sheet) -> None:
    told = rows_told(page)
    for line, what in {**sheet.wrong, **sheet.doubles}.items():
        assert what in told[line], (line, what, told.get(line))
    assert set(told) == set(sheet.wrong) | set(sheet.doubles)


def _refused_rows(page: Page, sheet: Sheet, folder: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="下载待更正的行").click()
    path = folder / "refused.xlsx"
    download.value.save_as(path)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert set(HEADINGS) <= {str(cell) for cell in rows[0]}
    assert len(rows) == 1 + len(sheet.wrong)


def exported(page: Page, kind: str, folder: Path) -> list[list[str]]:
    """The rows of an export of all fields, headings first."""
    page.goto(LIST)
    page.get_by_role("link", name="导出", exact=True).click()
    page.get_by_label(re.compile("全部字段|所有字段")).check()
    page.get_by_label(re.compile("XLSX" if kind == "xlsx" else "^CSV")).check()
    page.locator("[name=reason]").fill("与财务对账")
    page.get_by_role("button", name="导出").click()
    link = page.get_by_role("link", name="下载文件")
    expect(link).to_be_visible(timeout=JOB_MS)
    with page.expect_download() as download:
        link.click()
    path = folder / f"customers.{kind}"
    download.value.save_as(path)
    if kind == "xlsx":
        sheet = load_workbook(path).worksheets[0]
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


@pytest.mark.clause("CRM-07", "CRM-17")
def test_what_is_exported_is_what_is_seen(visit: Visit, tmp_path: Path) -> None:
    page = visit("sales_manager", LIST)
    seen = all_names(page)
    of = {kind: exported(page, kind, tmp_path) for kind in ("xlsx", "csv")}
    for rows in of.values():
        head = next(row for row in rows if "客户名称" in row)
        column = head.index("客户名称")
        body = rows[rows.index(head) + 1 :]
        got = [row[column] for row in body if len(row) > column and row[column]]
        assert sorted(name for name in got if name in seen) == sorted(seen)
        assert len(head) >= 50
    other = visit("he_mei", LIST)
    mine = all_names(other)
    few = exported(other, "csv", tmp_path) if other.get_by_role("link", name="导出", exact=True).count() else []
    assert not few or not (set(seen) - set(mine)) & {cell for row in few for cell in row}
