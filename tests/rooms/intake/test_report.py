"""The report of information files per salesperson and region, counted by hand (WF-06, WF-10).

The files are of Friday 23 October 2026, so due on Tuesday the 27th; the report stands on Saturday 21 November.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.intake.actions import ENTER_FILE
from guanxi.rooms.intake.queries import FILE, Collected, collected_between
from tests.people import World
from tests.rooms.intake.conftest import shanghai

FIRST, LAST = shanghai(10, 1).date(), shanghai(10, 31).date()


@pytest.fixture
def files(world: World, collect: Callable[..., Any], review: Callable[..., Any]) -> dict[str, Any]:
    """Li Wei: 甲 entered in time, 乙 entered late, 丙 never; 丁 of Chongqing in time. Zhang Min: 戊, a draft."""
    found: dict[str, Any] = {}
    for name, province, entered in (
        ("甲", "四川", shanghai(10, 27, 9)), ("乙", "四川省", shanghai(10, 28, 9)), ("丙", "四川", None),
        ("丁", "重庆市", shanghai(10, 26, 9)),
    ):  # fmt: skip
        file = review(collect(name=f"{name}字号酒业有限公司", province=province))
        if entered is not None:
            run(ENTER_FILE, world.ctx("li_wei", now=entered), FILE, file, confirmed=True)
        found[name] = file
    found["戊"] = collect("zhang_min", name="戊字号酒业有限公司", province="浙江")
    collect("li_wei", shanghai(11, 2), name="己字号酒业有限公司", province="四川")  # of another month
    create(world.ctx("li_wei"), "intake.filenote", file=found["丙"], noted_on=shanghai(11, 3).date(), content="仍在谈")
    return found


def counts(rows: list[Collected]) -> dict[tuple[str, str], tuple[int, ...]]:
    return {(r.owner, r.province): (r.files, r.entered, r.late, r.overdue, r.notes) for r in rows}


def table(page: str) -> list[list[tuple[str, str]]]:
    """The cells of the report as the page draws them: text, and where it leads."""
    _head, _tag, body = page.partition("<tbody>")
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)
    return [
        [
            (re.sub(r"<[^>]*>", "", cell).strip(), html.unescape("".join(re.findall(r'href="([^"]*)"', cell))))
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        ]
        for row in rows
    ]


@pytest.mark.clause("WF-06", "WF-10")
def test_files_are_counted_per_salesperson_and_region_in_time_and_late(world: World, files: dict[str, Any]) -> None:
    assert counts(collected_between(world.ctx("sales_manager"), FIRST, LAST)) == {
        ("李伟", "四川"): (3, 2, 1, 1, 1),
        ("李伟", "重庆"): (1, 1, 0, 0, 0),
        ("张敏", "浙江"): (1, 0, 0, 1, 0),
    }
    # Whoever sees his own files counts his own.
    assert counts(collected_between(world.ctx("zhang_min"), FIRST, LAST)) == {("张敏", "浙江"): (1, 0, 0, 1, 0)}
    assert collected_between(world.ctx("finance"), FIRST, LAST) == []


@pytest.mark.clause("WF-10")
def test_the_page_adds_up_and_each_figure_leads_to_its_files(
    world: World, files: dict[str, Any], client: Client
) -> None:
    client.force_login(world["sales_manager"])
    with clock_at(world.now):
        page = client.get("/intake/report/?from=2026-10-01&until=2026-10-31").content.decode()
        rows = table(page)
        assert [[text for text, _href in row] for row in rows] == [
            ["张敏", "华东大区", "浙江", "1", "—", "—", "—", "1", "—", "—"],
            ["李伟", "西南大区", "四川", "3", "2", "1", "50%", "1", "—", "1"],
            ["李伟", "西南大区", "重庆", "1", "1", "—", "100%", "—", "—", "—"],
            ["李伟小计", "", "", "4", "3", "1", "66%", "1", "", "1"],
            ["合计", "", "", "5", "3", "1", "66%", "2", "", "1"],
        ]
        for column, names in ((3, "甲乙丙"), (4, "甲乙"), (5, "乙"), (7, "丙")):
            shown = client.get(rows[1][column][1]).content.decode()
            assert {name for name in "甲乙丙丁戊己" if f"{name}字号酒业" in shown} == set(names)
        by_region = table(client.get("/intake/report/?from=2026-10-01&until=2026-10-31&by=region").content.decode())
        assert [row[0][0] for row in by_region] == ["四川", "浙江", "重庆", "合计"]
        wrong = client.get("/intake/report/?from=2026-11-01&until=2026-10-31").content.decode()
        assert table(wrong) == [] and "结束日期不能早于开始日期" in wrong


@pytest.mark.clause("WF-06")
def test_the_report_goes_out_as_workbook_text_and_paper_on_record_and_for_nobody_else(
    world: World, files: dict[str, Any], client: Client
) -> None:
    address = "/intake/report/export/?from=2026-10-01&until=2026-10-31"
    client.force_login(world["sales_manager"])
    assert client.post(address, {"format": "csv", "reason": ""}).status_code == 422
    reply = client.post(address, {"format": "csv", "reason": "月度例会"})
    lines = list(csv.reader(io.StringIO(b"".join(reply.streaming_content).decode("utf-8-sig"))))
    assert lines[0][:4] == ["业务员", "部门", "客户所在区域", "收集份数"] and lines[-1][:1] + lines[-1][3:6] == [
        "李伟小计", "4", "3", "1",
    ]  # fmt: skip
    for form, sign in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        content = b"".join(client.post(address, {"format": form, "reason": "月度例会"}).streaming_content)
        assert content.startswith(sign)
    entries = AuditEntry.objects.filter(action="export", module=FILE)
    assert entries.count() == 3 and {entry.reason for entry in entries} == {"月度例会"}
    for username in ("finance", "clerk", "security_admin"):
        client.force_login(world[username])
        assert client.get("/intake/report/").status_code == 403
        assert client.post(address, {"format": "csv", "reason": "看看"}).status_code == 403
    assert AuditEntry.objects.filter(action="export", module=FILE).count() == 3
