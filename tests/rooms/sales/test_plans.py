"""Plans, targets and what was achieved; talks about them (SAL-01 to SAL-03, SAL-08). Figures worked out by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.dates import Period, month_of
from guanxi.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from guanxi.platform.notices.models import Notice
from guanxi.platform.people.models import Department, DepartmentKind
from guanxi.records.actions import run
from guanxi.records.standard import create, edit
from guanxi.rooms.catalog.models import Product
from guanxi.rooms.sales.actions import install_pipeline
from guanxi.rooms.sales.actions.orders import APPROVE_ORDER, CANCEL_ORDER
from guanxi.rooms.sales.actions.plans import AGREE_PLAN, BREAK_DOWN, REVISE_PLAN
from guanxi.rooms.sales.models import Level, SalesPlan
from guanxi.rooms.sales.models.plans import parts_of, period_of
from guanxi.rooms.sales.pages.plans import plan_figures
from guanxi.rooms.sales.queries import OPPORTUNITY, ORDER
from guanxi.rooms.sales.queries.plans import PLAN, TALK, Ledger, selling, without_talk
from guanxi.rooms.sales.queries.plans import sales as sales_in
from tests.digest import digest
from tests.people import World

DAY = datetime.date
NOVEMBER = month_of(DAY(2026, 11, 1))


@pytest.fixture
def areas(world: World) -> World:
    """The sales organisation: 西南 led by 李伟, with 王芳; 华东 led by 张敏."""
    for code, head in (("sales", "sales_manager"), ("southwest", "li_wei"), ("east", "zhang_min")):
        Department.objects.filter(code=code).update(kind=DepartmentKind.SALES_ORGANISATION, head=world[head])
    install_pipeline(world.now)
    return world


def area(code: str) -> Department:
    return Department.objects.get(code=code)


def planned(
    world: World, level: str = "month", day: str = "2026-11-20", who: str = "sales_manager", **more: Any
) -> Any:
    return create(world.ctx(who), PLAN, level=level, begins_on=day, **more)


def _product(name: str, category: str) -> Product:
    return Product.objects.create(
        name=name, code=name, unit="bottle", category=category, standard_price=Decimal(1), tax_rate=Decimal(13)
    )


def sold(world: World, who: str, amount: str, category: str = "", day: int = 0) -> Any:
    """An approved order of somebody's, ordered so many days from today."""
    ctx = world.ctx(who, now=world.now + datetime.timedelta(days=day))
    customer = create(ctx, "customers.customer", confirmed=True, name=f"{who}{amount}{category}{day}有限公司")
    product = _product(f"品{who}{amount}{category}{day}", category)
    made = create(
        ctx, ORDER, customer=customer, name="单", ordered_on=ctx.today, promised_on=ctx.today,
        lines=[{"product": product, "quantity": 1, "unit_price": amount}],
    )  # fmt: skip
    return run(APPROVE_ORDER, world.ctx("sales_manager"), ORDER, made, {})


def of(world: World, plan: SalesPlan, who: str = "sales_manager") -> Any:
    """The tables below a plan, by title."""
    plan = world.ctx(who).get(PLAN, plan.pk)
    return {table.title: table for table in plan_figures(world.ctx(who), plan)["plan_tables"]}


# ---- Times -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-03")
def test_weeks_end_with_their_month_so_that_they_add_up_to_it() -> None:
    # 1 November 2026 is a Sunday, 30 November a Monday.
    weeks = parts_of(Level.MONTH, NOVEMBER)
    assert [(week.start.day, week.end.day) for week in weeks] == [
        (1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30)
    ]  # fmt: skip
    assert period_of(Level.WEEK, DAY(2026, 11, 21)) == Period(DAY(2026, 11, 16), DAY(2026, 11, 22))
    assert [part.key for part in parts_of(Level.YEAR, Period(DAY(2026, 1, 1), DAY(2026, 12, 31)))] == [
        "2026Q1", "2026Q2", "2026Q3", "2026Q4"
    ]  # fmt: skip


# ---- Plans of three levels (SAL-02) ----------------------------------------------------------------------------------


@pytest.mark.clause("SAL-02")
def test_the_sum_of_months_and_quarters_is_compared_with_the_plan_above(areas) -> None:
    year = planned(areas, "year", amount="12000000", area=area("east"))
    quarter = planned(areas, "quarter", amount="3000000", area=area("east"))
    for day, amount in (("2026-10-05", "900000"), ("2026-11-05", "1000000"), ("2026-12-05", "950000")):
        planned(areas, "month", day, amount=amount, area=area("east"))
    planned(areas, "month", "2026-11-05", amount="77", area=area("southwest"))  # of another area: not counted
    assert (quarter.begins_on, quarter.ends_on) == (DAY(2026, 10, 1), DAY(2026, 12, 31))
    tables = list(of(areas, quarter).values())
    months = next(table for table in tables if len(table.rows) == 3)
    assert (months.total, months.difference) == (Decimal(2_850_000), Decimal(-150_000))
    below_year = of(areas, year)
    by_size = {len(table.rows): table for table in below_year.values()}
    assert (by_size[4].total, by_size[4].difference) == (Decimal(3_000_000), Decimal(-9_000_000))
    assert (by_size[12].total, by_size[12].difference) == (Decimal(2_850_000), Decimal(-9_150_000))


@pytest.mark.clause("SAL-02")
def test_for_one_time_there_is_one_plan(areas) -> None:
    first = planned(areas, amount="100", area=area("east"))
    planned(areas, amount="100")  # the company's
    planned(areas, person=areas["zhang_min"])
    before = digest()
    for more in ({"area": area("east")}, {}, {"person": areas["zhang_min"]}):
        with pytest.raises(Refused) as refused:
            planned(areas, day="2026-11-01", **more)
        assert refused.value.decision.reasons[0].clause == "SAL-02"
    assert digest() == before
    edit(areas.ctx("sales_manager"), PLAN, first, begins_on="2026-12-01")
    assert planned(areas, area=area("east")).begins_on == DAY(2026, 11, 1)


@pytest.mark.clause("SAL-02", "SAL-08")
def test_a_plan_is_agreed_by_the_superior_and_then_locked(areas) -> None:
    plan = planned(areas, person=areas["li_wei"])
    assert plan.owner == areas["li_wei"] and plan.area == area("southwest")
    with pytest.raises(Refused):  # no figure yet
        run(AGREE_PLAN, areas.ctx("sales_manager"), PLAN, plan)
    edit(areas.ctx("li_wei"), PLAN, plan, amount="500000", lines=[{"category": "goods", "amount": "500001"}])
    with pytest.raises(Refused) as refused:  # the parts are more than the whole
        run(AGREE_PLAN, areas.ctx("sales_manager"), PLAN, plan)
    assert "500001" in str(refused.value).replace(",", "")
    edit(areas.ctx("li_wei"), PLAN, plan, lines=[{"category": "goods", "amount": "400000"}])
    with pytest.raises(NotAllowed):
        run(AGREE_PLAN, areas.ctx("li_wei"), PLAN, plan)
    run(AGREE_PLAN, areas.ctx("sales_manager"), PLAN, plan)
    plan.refresh_from_db()
    assert (plan.state, plan.agreed_by, plan.agreed_on) == ("agreed", areas["sales_manager"], DAY(2026, 11, 21))
    before = digest()
    with pytest.raises(Conflict):
        edit(areas.ctx("li_wei"), PLAN, plan, amount="1")
    assert digest() == before
    run(REVISE_PLAN, areas.ctx("sales_manager").because("市场变化"), PLAN, plan)
    edit(areas.ctx("li_wei"), PLAN, plan, amount="450000")


def test_who_sees_which_plans(areas) -> None:
    plan = planned(areas, person=areas["li_wei"], amount="1")
    assert areas.ctx("li_wei").get(PLAN, plan.pk) == plan
    for stranger in ("zhang_min", "clerk", "finance"):
        with pytest.raises(NotFound):
            areas.ctx(stranger).get(PLAN, plan.pk)
    with pytest.raises((NotAllowed, NotFound)):
        planned(areas, day="2026-12-01", who="li_wei", person=areas["zhang_min"])


# ---- Breaking down (SAL-03) ------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-03")
def test_the_months_plan_makes_plans_of_the_areas_that_refer_to_it(areas) -> None:
    month = planned(areas, amount="1000000")
    run(BREAK_DOWN, areas.ctx("sales_manager"), PLAN, month, {"by": "areas"})
    parts = {part.area.code: part for part in SalesPlan.objects.filter(parent=month)}
    assert set(parts) == {"southwest", "east"}
    assert (parts["east"].owner, parts["east"].amount, parts["east"].begins_on) == (
        areas["zhang_min"], None, DAY(2026, 11, 1)
    )  # fmt: skip
    assert Notice.objects.filter(person=areas["zhang_min"], record_id=parts["east"].pk).exists()
    edit(areas.ctx("zhang_min"), PLAN, parts["east"], amount="600000")
    table = next(table for table in of(areas, month).values() if table.unplanned)
    assert "西南大区" in table.unplanned and "华东大区" not in table.unplanned
    assert (table.total, table.difference) == (Decimal(600_000), Decimal(-400_000))
    # The area divides its month into weeks, which add up to it.
    run(BREAK_DOWN, areas.ctx("sales_manager"), PLAN, parts["east"], {"by": "times"})
    weeks = list(SalesPlan.objects.filter(level="week", area=area("east")).order_by("begins_on"))
    assert len(weeks) == 6 and weeks[0].ends_on == DAY(2026, 11, 1) and weeks[0].owner == areas["zhang_min"]
    for week in weeks:
        edit(areas.ctx("zhang_min"), PLAN, week, amount="100000")
    weekly = next(table for table in of(areas, parts["east"]).values() if len(table.rows) == 6)
    assert (weekly.total, weekly.difference) == (Decimal(600_000), Decimal(0))


@pytest.mark.clause("SAL-03")
def test_breaking_down_twice_or_along_what_it_has_not_is_refused(areas) -> None:
    month = planned(areas, amount="1000000")
    run(BREAK_DOWN, areas.ctx("sales_manager"), PLAN, month, {"by": "areas"})
    east = SalesPlan.objects.get(area=area("east"))
    before = digest()
    for plan, by in ((month, "areas"), (month, "people"), (east, "areas")):
        with pytest.raises(Refused) as refused:
            run(BREAK_DOWN, areas.ctx("sales_manager"), PLAN, plan, {"by": by})
        assert refused.value.decision.reasons[0].clause == "SAL-03"
    other = planned(areas, day="2026-12-01", amount="5")
    with pytest.raises(Refused):  # another month
        edit(areas.ctx("sales_manager"), PLAN, east, parent=other)
    with pytest.raises(Refused):  # the whole is no part of an area's
        edit(areas.ctx("sales_manager"), PLAN, month, parent=east)
    assert SalesPlan.objects.count() == 4 and digest() != before
    run(BREAK_DOWN, areas.ctx("sales_manager"), PLAN, east, {"by": "people"})
    assert SalesPlan.objects.get(person=areas["zhang_min"]).parent == east


# ---- Achievement (SAL-01) --------------------------------------------------------------------------------------------


@pytest.fixture
def sales(areas) -> World:
    """Sold in November: 李伟 goods 200,000 and service 40,000, 王芳 goods 90,000, 张敏 300,000 of no category.

    李伟 sold 1,000,000 in December. 王芳 has one open, 100,000 at 10 %, expected on 31 December.
    """
    sold(areas, "li_wei", "200000", "goods")
    sold(areas, "li_wei", "40000", "service")
    sold(areas, "wang_fang", "90000", "goods")
    sold(areas, "zhang_min", "300000")
    sold(areas, "li_wei", "1000000", "goods", day=15)
    ctx = areas.ctx("wang_fang")
    customer = create(ctx, "customers.customer", confirmed=True, name="在谈客户有限公司")
    create(ctx, OPPORTUNITY, customer=customer, name="在谈", amount="100000", expected_on="2026-12-31")
    return areas


@pytest.mark.clause("SAL-01")
def test_achievement_is_measured_by_person_area_and_product_category(sales) -> None:
    ledger = Ledger(NOVEMBER, selling())

    def told(target: int | None, **scope: Any) -> Any:
        found = ledger.figures(None if target is None else Decimal(target), NOVEMBER, **scope)
        return found.sold, found.percent, found.gap

    assert told(320_000, person=sales["li_wei"]) == (240_000, 75, 80_000)
    assert told(250_000, person=sales["li_wei"], category="goods") == (200_000, 80, 50_000)
    assert told(70_000, person=sales["li_wei"], category="service") == (40_000, 57, 30_000)  # 57.1 %
    assert told(300_000, area=area("southwest")) == (330_000, 110, -30_000)
    assert told(None, area=area("east")) == (300_000, None, None)
    assert told(0, person=sales["li_wei"]) == (240_000, None, -240_000)
    assert told(1_000_000) == (630_000, 63, 370_000)
    december = Ledger(month_of(DAY(2026, 12, 1)), selling())
    figures = december.figures(Decimal(50_000), month_of(DAY(2026, 12, 1)), person=sales["wang_fang"])
    assert (figures.sold, figures.expected) == (0, 10_000)  # 10 % of 100,000


@pytest.mark.clause("SAL-01")
def test_only_approved_orders_count_line_by_line_and_a_cancelled_one_no_more(areas) -> None:
    ctx, manager = areas.ctx("li_wei"), areas.ctx("sales_manager")
    customer = create(ctx, "customers.customer", confirmed=True, name="两类商行有限公司")
    products = [_product(name, category) for name, category in (("酒", "goods"), ("送货", "service"))]
    order = create(
        ctx, ORDER, customer=customer, name="两类", ordered_on=ctx.today, promised_on=ctx.today, discount="10",
        freight="0.01",
        lines=[{"product": each, "quantity": 1, "unit_price": price}
               for each, price in zip(products, ("200", "100"), strict=True)],
    )  # fmt: skip
    assert sales_in(NOVEMBER) == []  # not approved yet
    run(APPROVE_ORDER, manager, ORDER, order, {})
    # 300 less 10 % and 0.01 freight: 270.01, two to one.
    told = {(sale.category, sale.amount, sale.customer, sale.order) for sale in sales_in(NOVEMBER)}
    assert told == {
        ("goods", Decimal("180.01"), customer.pk, order.pk), ("service", Decimal("90.00"), customer.pk, order.pk),
    }  # fmt: skip
    order.refresh_from_db()
    run(CANCEL_ORDER, manager.because("客户撤单"), ORDER, order, {})
    assert sales_in(NOVEMBER) == []


@pytest.mark.clause("SAL-01", "SAL-03")
def test_the_page_shows_what_is_in_reach(sales, client: Client) -> None:
    planned(sales, person=sales["li_wei"], amount="320000", lines=[{"category": "goods", "amount": "250000"}])
    planned(sales, area=area("southwest"), amount="300000")
    client.force_login(sales["sales_manager"])
    by_area = client.get("/sales/targets/").content.decode()
    assert "110%" in by_area and "630,000.00" in by_area
    assert by_area.count("华东大区") == 2  # in the table, and among those without plan
    goods = client.get("/sales/targets/?by=categories").content.decode()
    assert "80%" in goods and "75%" in goods and "250,000.00" in goods
    client.force_login(sales["li_wei"])
    own = client.get("/sales/targets/").content.decode()
    assert "75%" in own and "张敏" not in own and "王芳" not in own
    assert client.get(f"/sales/targets/person/?who={sales['zhang_min'].pk}").status_code == 404
    assert client.get("/sales/targets/?day=2026-13-01").status_code == 422
    client.force_login(sales["clerk"])
    assert client.get("/sales/targets/").status_code == 403


# ---- Talks (SAL-08) --------------------------------------------------------------------------------------------------


@pytest.mark.clause("SAL-08")
def test_target_actual_and_talks_stand_on_one_page(sales, client: Client) -> None:
    planned(sales, person=sales["li_wei"], amount="320000")
    talk = create(
        sales.ctx("sales_manager"), TALK, person=sales["li_wei"], held_on="2026-11-18", expected="多开两家门店"
    )
    assert (talk.owner, talk.led_by) == (sales["li_wei"], sales["sales_manager"])
    edit(sales.ctx("li_wei"), TALK, talk, answer="需要样酒")
    client.force_login(sales["li_wei"])
    page = client.get("/sales/targets/person/").content.decode()
    for told in ("多开两家门店", "需要样酒", "320,000.00", "240,000.00", "75%"):
        assert told in page
    with pytest.raises(NotFound):
        sales.ctx("zhang_min").get(TALK, talk.pk)


@pytest.mark.clause("SAL-08")
def test_who_was_not_talked_with_in_the_period_is_listed(areas) -> None:
    ctx, people = areas.ctx("sales_manager"), selling().people

    def silent() -> dict[str, Any]:
        return {person.username: last for person, last in without_talk(ctx, people)}

    assert silent() == {"li_wei": None, "wang_fang": None, "zhang_min": None}
    # Thirty days before 21 November is 22 October: that day is in time, the day before is not.
    create(ctx, TALK, person=areas["li_wei"], held_on="2026-10-22", expected="一")
    create(ctx, TALK, person=areas["wang_fang"], held_on="2026-10-21", expected="二")
    assert silent() == {"wang_fang": DAY(2026, 10, 21), "zhang_min": None}
    before = digest()
    with pytest.raises(Refused) as refused:
        create(ctx, TALK, person=areas["zhang_min"], held_on="2026-11-22", expected="三")
    assert refused.value.decision.reasons[0].clause == "SAL-08" and digest() == before
