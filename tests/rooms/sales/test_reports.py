"""Sales reports of days to years, their summaries, the daily archive (RPT-05 to RPT-07). Figures worked out by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.dates import Period
from guanxi.kernel.errors import NotAllowed, Refused
from guanxi.platform.obligations.models import Obligation
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import create, edit
from guanxi.rooms.catalog.models import Product
from guanxi.rooms.dossiers.public import DailyPaper
from guanxi.rooms.sales.actions.orders import APPROVE_ORDER, CANCEL_ORDER
from guanxi.rooms.sales.actions.reports import HAND_IN_REPORT, ask_for_summaries, file_reports
from guanxi.rooms.sales.models import PeriodReport
from guanxi.rooms.sales.queries import ORDER
from guanxi.rooms.sales.queries.reports import (
    REPORT,
    Targets,
    grouped,
    parts_reported,
    reported_period,
    sales_seen,
    total,
)
from tests.people import World

DAY = datetime.date


@pytest.fixture
def company(world: World) -> World:
    """A sales organisation, and two products."""
    Department.objects.filter(code="sales").update(kind=DepartmentKind.SALES_ORGANISATION, head=world["sales_manager"])
    for name in ("甲", "乙"):
        Product.objects.create(name=name, code=name, unit="bottle", standard_price=Decimal(1), tax_rate=Decimal(13))
    return world


def sold(world: World, who: str, day: int, **amounts: str) -> Any:
    """An approved order, so many days from today (2026-11-21, a Saturday), with a line of each product."""
    ctx = world.ctx(who, now=world.now + datetime.timedelta(days=day))
    customer = create(ctx, "customers.customer", confirmed=True, name=f"{who}{day}{amounts}有限公司")
    lines = [
        {"product": Product.objects.get(name=name), "quantity": 1, "unit_price": amount}
        for name, amount in amounts.items()
    ]
    made = create(ctx, ORDER, customer=customer, name="单", ordered_on=ctx.today, promised_on=ctx.today, lines=lines)
    return run(APPROVE_ORDER, world.ctx("sales_manager"), ORDER, made, {})


@pytest.fixture
def week(company: World) -> World:
    """Sales of a week: Monday 300 and 50, Friday 1000; on the Sunday before 7."""
    sold(company, "zhang_min", -5, 甲="100", 乙="200")
    sold(company, "li_wei", -5, 甲="50")
    sold(company, "zhang_min", -1, 乙="1000")
    sold(company, "li_wei", -6, 甲="7")
    return company


# ---- Days and weeks (RPT-05) -----------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-05")
def test_a_day_agrees_with_its_orders_by_salesperson_customer_and_product(week) -> None:
    monday = reported_period("day", DAY(2026, 11, 16))
    found = sales_seen(week.ctx("sales_manager"), monday)
    assert total(found) == Decimal(350)
    by_owner = {part.key: (part.amount, part.orders) for part in grouped(found, "owner")}
    assert by_owner == {week["zhang_min"].pk: (Decimal(300), 1), week["li_wei"].pk: (Decimal(50), 1)}
    products = {Product.objects.get(pk=part.key).name: part.amount for part in grouped(found, "product")}
    assert products == {"甲": Decimal(150), "乙": Decimal(200)}
    assert [part.amount for part in grouped(found, "customer")] == [Decimal(300), Decimal(50)]


@pytest.mark.clause("RPT-05")
def test_a_weeks_total_is_the_sum_of_its_days_and_what_is_cancelled_counts_no_more(week) -> None:
    ctx = week.ctx("sales_manager")
    whole = reported_period("week", DAY(2026, 11, 20))
    assert whole == Period(DAY(2026, 11, 16), DAY(2026, 11, 22))  # the Sunday before is of another week
    days = [total(sales_seen(ctx, day)) for _level, day in parts_reported("week", whole)]
    assert days == [Decimal(350), 0, 0, 0, Decimal(1000), 0, 0] and sum(days) == total(sales_seen(ctx, whole)) == 1350
    order = sold(week, "li_wei", -2, 甲="9")
    assert total(sales_seen(ctx, whole)) == 1359
    run(CANCEL_ORDER, ctx.because("退单"), ORDER, order)
    assert total(sales_seen(ctx, whole)) == 1350


@pytest.mark.clause("RPT-05")
def test_a_salesperson_sees_only_his_own(week) -> None:
    whole = reported_period("week", DAY(2026, 11, 20))
    assert total(sales_seen(week.ctx("li_wei"), whole)) == Decimal(50)


@pytest.mark.clause("RPT-05")
def test_days_and_weeks_go_into_the_daily_archive_each_once(week) -> None:
    late = week.now + datetime.timedelta(days=2)  # Monday 23 November
    assert file_reports(late) == 2  # the Sunday and the week that ended with it
    papers = {paper.kind: paper for paper in DailyPaper.objects.all()}
    assert papers["week_report"].dated_on == DAY(2026, 11, 22) and "1,350.00" in papers["week_report"].content
    assert papers["week_report"].file is not None and papers["week_report"].owner == week["sales_manager"]
    assert file_reports(late) == 0
    # Two nights without a worker are made up for.
    assert file_reports(late + datetime.timedelta(days=3)) == 3
    assert DailyPaper.objects.filter(kind="day_report").count() == 4


@pytest.mark.clause("RPT-05")
def test_nothing_is_filed_where_nothing_was_ever_sold(company) -> None:
    assert file_reports(company.now) == 0


# ---- Months, quarters, years (RPT-06) --------------------------------------------------------------------------------


@pytest.mark.clause("RPT-06")
def test_months_add_up_to_quarter_and_year_beside_the_plan(week) -> None:
    sold(week, "zhang_min", -31, 甲="4000")  # 21 October
    sold(week, "zhang_min", -80, 甲="600")  # 2 September
    ctx = week.ctx("sales_manager")
    create(ctx, "sales.salesplan", level="quarter", begins_on="2026-11-01", amount="10000")
    create(ctx, "sales.salesplan", level="month", begins_on="2026-11-01", amount="3000", person=week["li_wei"])
    quarter = reported_period("quarter", DAY(2026, 11, 20))

    def parts(level: str) -> list[Decimal]:
        """What the parts of the current month, quarter or year come to."""
        divided = parts_reported(level, reported_period(level, ctx.today))
        return [total(sales_seen(ctx, each)) for _level, each in divided]

    sums = {level: parts(level) for level in ("month", "quarter", "year")}
    assert sums["quarter"] == [Decimal(4000), Decimal(1357), 0] and sum(sums["month"]) == 1357
    assert sum(sums["year"]) == 5957 and total(sales_seen(ctx, quarter)) == 5357
    assert Targets(ctx, "quarter", [quarter]).of_everybody(quarter) == Decimal(10000)
    month = reported_period("month", DAY(2026, 11, 20))
    own = week.ctx("li_wei")
    assert Targets(own, "month", [month]).of_everybody(month) == Decimal(3000)
    assert Targets(week.ctx("zhang_min"), "month", [month]).people() == set()


@pytest.mark.clause("RPT-06")
def test_a_summary_is_asked_for_once_and_owed_until_it_is_handed_in(company) -> None:
    at = datetime.datetime(2027, 1, 4, 1, tzinfo=datetime.UTC)
    assert ask_for_summaries(at) == 3  # December, the quarter and the year
    assert ask_for_summaries(at) == 0
    report = PeriodReport.objects.get(level="year")
    assert (report.begins_on, report.ends_on) == (DAY(2026, 1, 1), DAY(2026, 12, 31))
    owed = Obligation.objects.get(duty="sales.sum_up", key=str(report.pk))
    assert owed.owner == company["sales_manager"] and owed.due_on == report.due_on and owed.clause == "RPT-06"
    ctx = company.ctx("sales_manager", now=at)
    with pytest.raises(Refused) as refused:  # nothing written
        run(HAND_IN_REPORT, ctx, REPORT, report)
    assert refused.value.decision.reasons[0].clause == "RPT-06"
    edit(ctx, REPORT, report, content="全年完成计划的九成。")
    run(HAND_IN_REPORT, ctx, REPORT, report)
    owed.refresh_from_db()
    report.refresh_from_db()
    assert owed.state == "kept" and report.handed_in_on == DAY(2027, 1, 4) and not report.is_late


# ---- Market analysis reports (RPT-07) --------------------------------------------------------------------------------


def _asked(world: World, **more: Any) -> Any:
    values = {"level": "month", "begins_on": "2026-10-15", "due_on": "2026-11-18", "owner": world["zhang_min"], **more}
    return create(world.ctx("sales_manager"), REPORT, kind="market", subject="白酒", **values)


@pytest.mark.clause("RPT-07")
def test_a_report_has_period_author_and_day_and_late_ones_are_known(company, client: Client) -> None:
    report = _asked(company)
    missing = _asked(company, begins_on="2026-09-01")
    _asked(company, begins_on="2026-11-01", due_on="2026-12-10")  # not due yet
    assert report.begins_on == DAY(2026, 10, 1) and report.owner == company["zhang_min"]
    owed = Obligation.objects.get(duty="sales.analyse_market", key=str(report.pk))
    assert (owed.owner, owed.due_on, owed.clause) == (company["zhang_min"], DAY(2026, 11, 18), "RPT-07")
    ctx = company.ctx("zhang_min")
    edit(ctx, REPORT, report, content="竞品降价。")
    run(HAND_IN_REPORT, ctx, REPORT, report)
    owed.refresh_from_db()
    report.refresh_from_db()
    assert report.is_late and owed.state == "late"
    tree = next(view for view in registry.module(REPORT).views if view.name == "missing").filters(
        company.ctx("sales_manager")
    )
    assert tree["all"][1]["value"] == "2026-11-20" and missing.due_on <= DAY(2026, 11, 20)


@pytest.mark.clause("RPT-07")
def test_who_owes_a_report_does_not_move_its_day(company) -> None:
    report = _asked(company)
    with pytest.raises(Refused) as refused:
        edit(company.ctx("zhang_min"), REPORT, report, due_on="2026-12-31")
    assert refused.value.decision.reasons[0].clause == "RPT-07"
    with pytest.raises(NotAllowed):  # nor asks himself for one
        create(company.ctx("zhang_min"), REPORT, kind="market", begins_on="2026-10-01", due_on="2026-11-18")
    with pytest.raises(Refused):  # asked for already
        _asked(company, due_on="2026-12-01")
    ahead = _asked(company, begins_on="2026-12-01", due_on="2027-01-10")
    edit(company.ctx("zhang_min"), REPORT, ahead, content="先写")
    with pytest.raises(Refused):  # about a time to come
        run(HAND_IN_REPORT, company.ctx("zhang_min"), REPORT, ahead)


# ---- The page --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-05", "RPT-06")
def test_the_page_shows_each_period_counted_each_way(week, client: Client) -> None:
    client.force_login(week["sales_manager"])
    wholes = {"day": "1,000", "week": "1,350", "month": "1,357", "quarter": "1,357", "year": "1,357"}
    for level, whole in wholes.items():
        for by in ("owner", "customer", "product", "time", "orders"):
            answer = client.get("/sales/report/", {"level": level, "by": by, "day": "2026-11-20"})
            assert answer.status_code == 200 and whole in answer.content.decode(), (level, by)
    assert client.get("/sales/report/", {"day": "neverday"}).status_code == 422
    assert client.get("/sales/report/", {"day": "9999-12-31"}).status_code == 422
