"""The statistics of tickets agree with their list, within what the person sees (CRM-41). Counted by hand."""

from __future__ import annotations

import datetime
import html
import re

import pytest

from guanxi.platform.audit.models import AuditEntry
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.service.actions import CLOSE_TICKET, TAKE_TICKET
from guanxi.rooms.service.queries import tallies
from tests.digest import digest

TICKET = "service.ticket"
FIRST, LAST = datetime.date(2025, 12, 1), datetime.date(2026, 11, 21)


@pytest.fixture
def tickets(world):
    """Of 李伟's customer 甲 乙 丙, of 张敏's customer 丁; 戊 was reported two years ago.

    甲: high, damage, due 24 November, settled on 1 December, late. 乙: high, damage, being worked on, due 24 November.
    丙: normal, of no category, nobody works on it, reported in October: due 27 October, overdue.
    丁: low, invoice, settled today in time.
    """
    own = create(world.ctx("li_wei"), "customers.customer", confirmed=True, name="重庆渝中糖酒有限公司")
    other = create(world.ctx("zhang_min"), "customers.customer", confirmed=True, name="杭州西湖酒业有限公司")
    desk = world.ctx("service")

    def made(customer, name, **more):
        return create(desk, TICKET, customer_name=customer.name, name=name, **more)

    found = {
        "甲": made(own, "甲", priority="high", category="damage"),
        "乙": made(own, "乙", priority="high", category="damage"),
        "丙": made(own, "丙", reported_on="2026-10-20"),
        "丁": made(other, "丁", priority="low", category="invoice"),
        "戊": made(own, "戊", reported_on="2024-11-20"),
    }
    late = world.ctx("service", now=world.now + datetime.timedelta(days=10))
    run(CLOSE_TICKET, late, TICKET, found["甲"], {"solution": "已补发"})
    run(TAKE_TICKET, desk, TICKET, found["乙"])
    run(CLOSE_TICKET, desk, TICKET, found["丁"], {"solution": "已重开"})
    return found


def counted(ctx, by):
    """By group: tickets, unsettled, overdue, settled, settled late."""
    found = tallies(ctx, by, FIRST, LAST)
    return {one.key: (one.tickets, one.unsettled, one.overdue, one.settled, one.late) for one in found}


@pytest.mark.clause("CRM-41")
def test_tickets_are_counted_by_state_category_and_priority(world, tickets):
    ctx = world.ctx("service")
    assert counted(ctx, "state") == {"open": (1, 1, 1, 0, 0), "progress": (1, 1, 0, 0, 0), "closed": (2, 0, 0, 2, 1)}
    assert counted(ctx, "priority") == {"high": (2, 1, 0, 1, 1), "normal": (1, 1, 1, 0, 0), "low": (1, 0, 0, 1, 0)}
    assert counted(ctx, "category") == {"damage": (2, 1, 0, 1, 1), "invoice": (1, 0, 0, 1, 0), "": (1, 1, 1, 0, 0)}
    assert counted(ctx, "owner") == {str(world["service"].pk): (4, 2, 1, 2, 1)}
    assert counted(ctx, "month") == {"2026-10-01": (1, 1, 1, 0, 0), "2026-11-01": (3, 1, 0, 2, 1)}


@pytest.mark.clause("CRM-41")
def test_everybody_counts_what_he_sees_and_without_tickets_there_is_no_page(world, client, tickets):
    assert counted(world.ctx("zhang_min"), "state") == {"closed": (1, 0, 0, 1, 0)}
    assert counted(world.ctx("li_wei"), "state")["closed"] == (1, 0, 0, 1, 1)
    assert counted(world.ctx("clerk"), "state") == {}
    before = digest()
    client.force_login(world["clerk"])
    for place in ("", "export/"):
        assert client.get(f"/service/statistics/{place}").status_code == 403, place
    assert digest() == before


@pytest.mark.clause("CRM-41")
@pytest.mark.parametrize("by", ["state", "priority", "category", "severity", "owner", "month"])
def test_each_figure_leads_to_the_tickets_it_counts(world, client, tickets, by):
    client.force_login(world["service"])
    assert f'href="/service/statistics/?by={by}"' in client.get("/service/ticket/").content.decode() or by == "severity"
    page = client.get("/service/statistics/", {"by": by}).content.decode()
    links = re.findall(r'href="(/service/ticket/\?[^"]*)">(\d+)</a>', page.split("<tbody>")[1])
    assert sum(int(count) for _href, count in links) == 4 + 2 + 1 + 2 + 1
    for href, count in links:
        assert f"{count} 条记录" in client.get(html.unescape(href)).content.decode(), href


@pytest.mark.clause("CRM-41")
def test_the_statistics_are_taken_out_for_a_purpose_on_record(world, client, tickets):
    client.force_login(world["service"])
    session = client.session
    place = "/service/statistics/export/?by=state"
    assert client.post(place, {"format": "csv"}).status_code == 422  # without saying what for
    session.save()
    answer = client.post(place, {"format": "csv", "reason": "服务月报"})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "待处理,1,1,1,0,0," in text and "已办结,2,0,0,2,1,50" in text
    assert AuditEntry.objects.filter(action="export", module=TICKET, reason="服务月报").exists()


@pytest.mark.clause("CRM-41")
def test_a_wrong_time_is_told_and_nothing_counted(world, client, tickets):
    client.force_login(world["service"])
    answer = client.get("/service/statistics/", {"from": "2026-11-02", "until": "2026-11-01"})
    assert answer.status_code == 422 and "<tbody>" not in answer.content.decode()
