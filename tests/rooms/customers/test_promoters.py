"""Promoters: schemes by date, sales credited, commission to the 分, the report by month (ARC-17)."""

import datetime
from decimal import Decimal

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.pages.reports import REPORTS
from guanxi.rooms.customers.queries import earned_by_month
from guanxi.rooms.customers.rules import commission_of
from guanxi.web.reports import totals
from tests.digest import digest

PROMOTER, SCHEME, SALE = "customers.promoter", "customers.commissionscheme", "customers.promotedsale"


def day(month: int, number: int) -> datetime.date:
    return datetime.date(2026, month, number)


@pytest.fixture
def zhou(new):
    """An outside promoter."""
    return new("marketing", PROMOTER, name="周桂兰", side="external", phone="13900001234",
               identity_number="11010519491231002X")  # fmt: skip


@pytest.fixture
def li(world, new):
    """One of us who promotes."""
    return new("marketing", PROMOTER, name="李伟", side="internal", person=world["li_wei"])


@pytest.fixture
def schemes(new):
    """3.5 % for outsiders in the first half of the year and 4.25 % since; 1.2 % for staff all year."""
    return [
        new("marketing", SCHEME, name=name, side=side, rate=rate, begins_on=begins, ends_on=ends)
        for name, side, rate, begins, ends in (
            ("上半年外促方案", "external", "3.5", day(1, 1), day(6, 30)),
            ("下半年外促方案", "external", "4.25", day(7, 1), None),
            ("内部促销方案", "internal", "1.2", day(1, 1), day(12, 31)),
        )
    ]


@pytest.mark.parametrize(
    ("amount", "rate", "due"),
    [
        ("1234.57", "3.5", "43.21"),  # 43.20995
        ("100.00", "4.255", "4.26"),  # 4.255: half a 分 goes up
        ("0.10", "5", "0.01"),  # 0.005
        ("-100.00", "4.255", "-4.26"),  # taken back as it was given
        ("100.00", "0", "0.00"),
        ("88888888.88", "12.34", "10968888.89"),  # 10 968 888.887792
    ],
)
@pytest.mark.clause("ARC-17")
def test_commission_is_rounded_to_the_fen(amount, rate, due):
    assert commission_of(Decimal(amount), Decimal(rate)) == Decimal(due)


@pytest.mark.clause("ARC-17")
def test_a_sale_earns_by_the_scheme_of_its_day_and_keeps_its_rate(world, new, yuzhong, zhou, li, schemes):
    """30 June: 12 345.67 × 3.5 % = 432.09845 → 432.10; 1 July × 4.25 % = 524.690975 → 524.69; staff 1.2 % = 148.15."""
    given = {"customer": yuzhong, "amount": "12345.67"}
    june = new("li_wei", SALE, promoter=zhou, sold_on=day(6, 30), **given)
    july = new("li_wei", SALE, promoter=zhou, sold_on=day(7, 1), **given)
    ours = new("li_wei", SALE, promoter=li, sold_on=day(7, 1), **given)
    assert [(sale.scheme, sale.rate, sale.commission) for sale in (june, july, ours)] == [
        (schemes[0], Decimal("3.5"), Decimal("432.10")),
        (schemes[1], Decimal("4.25"), Decimal("524.69")),
        (schemes[2], Decimal("1.2"), Decimal("148.15")),
    ]
    edit(world.ctx("marketing"), SCHEME, schemes[1], rate="9")
    edit(world.ctx("li_wei"), SALE, july, remarks="首单")
    july.refresh_from_db()
    assert (july.rate, july.commission) == (Decimal("4.25"), Decimal("524.69"))
    edit(world.ctx("li_wei"), SALE, july, amount="10000")  # put right: still the rate it was credited at
    july.refresh_from_db()
    assert (july.rate, july.commission) == (Decimal("4.25"), Decimal("425.00"))
    edit(world.ctx("li_wei"), SALE, july, sold_on=day(6, 29))  # another day, another scheme
    july.refresh_from_db()
    assert (july.scheme, july.commission) == (schemes[0], Decimal("350.00"))


@pytest.mark.clause("ARC-17")
def test_sales_and_commission_are_listed_per_promoter_and_month_within_reach(
    world, new, yuzhong, xihu, zhou, li, schemes
):
    """周桂兰: October 1 000 + 2 500.50 at 4.25 % = 42.50 + 106.27; November 300 = 12.75. 李伟: November 5 000 = 60."""
    for username, customer, promoter, sold_on, amount in (
        ("li_wei", yuzhong, zhou, day(10, 5), "1000"),
        ("li_wei", yuzhong, zhou, day(10, 31), "2500.50"),
        ("zhang_min", xihu, zhou, day(11, 1), "300"),
        ("li_wei", yuzhong, li, day(11, 20), "5000"),
    ):
        new(username, SALE, customer=customer, promoter=promoter, sold_on=sold_on, amount=amount)
    listed = [
        (row.month, row.promoter, row.side, row.sales, row.amount, row.commission)
        for row in earned_by_month(world.ctx("sales_manager"))
    ]
    assert listed == [
        (day(11, 1), "周桂兰", "external", 1, Decimal(300), Decimal("12.75")),
        (day(11, 1), "李伟", "internal", 1, Decimal(5000), Decimal(60)),
        (day(10, 1), "周桂兰", "external", 2, Decimal("3500.50"), Decimal("148.77")),
    ]
    seen = [(row.month, row.promoter, row.amount) for row in earned_by_month(world.ctx("zhang_min"))]
    assert seen == [(day(11, 1), "周桂兰", Decimal(300))]


@pytest.mark.clause("ARC-17")
def test_without_a_scheme_in_force_nothing_is_credited(world, new, yuzhong, zhou, schemes):
    before = digest()
    with pytest.raises(Invalid) as wrong:
        create(world.ctx("li_wei"), SALE, customer=yuzhong, promoter=zhou, sold_on=datetime.date(2025, 12, 31),
               amount="100")  # fmt: skip
    assert wrong.value.errors["sold_on"][0].plain.startswith("No commission scheme for")
    with pytest.raises((NotAllowed, Invalid)):  # somebody else's customer
        create(world.ctx("zhang_min"), SALE, customer=yuzhong, promoter=zhou, sold_on=day(7, 1), amount="100")
    assert digest() == before


@pytest.mark.clause("ARC-17")
def test_schemes_of_one_side_do_not_overlap(world, new, schemes):
    before = digest()
    for begins, ends in ((day(6, 30), day(6, 30)), (day(5, 1), None), (day(12, 1), day(12, 31))):
        with pytest.raises(Refused) as refused:
            create(world.ctx("marketing"), SCHEME, name="又一个", side="external", rate="5", begins_on=begins,
                   ends_on=ends)  # fmt: skip
        assert refused.value.decision.reasons[0].clause == "ARC-17"
    with pytest.raises(Invalid):
        create(world.ctx("marketing"), SCHEME, name="过高", side="internal", rate="101",
               begins_on=datetime.date(2027, 1, 1))  # fmt: skip
    with pytest.raises(NotAllowed):
        edit(world.ctx("li_wei"), SCHEME, schemes[0], rate="99")
    assert digest() == before
    new("marketing", SCHEME, name="明年内部", side="internal", rate="2", begins_on=datetime.date(2027, 1, 1))


@pytest.mark.clause("ARC-17")
def test_an_internal_promoter_is_staff_and_an_external_one_is_not(world, new, li):
    before = digest()
    for values in ({"side": "internal"}, {"side": "external", "person": world["clerk"]}):
        with pytest.raises(Refused) as refused:
            create(world.ctx("marketing"), PROMOTER, name="某人", **values)
        assert refused.value.decision.reasons[0].clause == "ARC-17"
    with pytest.raises(Conflict):
        create(world.ctx("marketing"), PROMOTER, confirmed=True, name="李伟", side="internal", person=world["li_wei"])
    assert digest() == before


def test_the_identity_number_of_a_promoter_is_masked_and_sealed(world, client, zhou):
    client.force_login(world["li_wei"])
    shown = client.get(f"/customers/promoter/{zhou.pk}/").content.decode()
    assert "11010519491231002X" not in shown and "13900001234" not in shown
    zhou.refresh_from_db()
    assert zhou.identity_number.stored.startswith("sealed") or "11010519491231002X" not in zhou.identity_number.stored


@pytest.mark.clause("ARC-17")
def test_the_report_adds_up_each_promoter_and_each_side_once(world, client):
    manager = world.ctx("sales_manager")
    customer = create(world.ctx("li_wei"), "customers.customer", name="重庆渝中糖酒有限公司")
    for side, rate in (("external", "4"), ("internal", "1")):
        create(manager, "customers.commissionscheme", name=side, side=side, rate=rate, begins_on="2026-01-01")
    first, second = (create(manager, "customers.promoter", name=name, side="external") for name in ("甲", "乙"))
    staff = create(manager, "customers.promoter", side="internal", person=world["clerk"], name="何小雨")
    for promoter, day, amount in (
        (first, "2026-10-05", "1000"), (first, "2026-11-05", "500"), (second, "2026-11-06", "200"),
        (staff, "2026-11-07", "300"),
    ):  # fmt: skip
        create(manager, "customers.promotedsale", customer=customer, promoter=promoter, sold_on=day, amount=amount)
    rows = [[cell.value for cell in row] for row in REPORTS["commission"].rows(manager)]
    told = {row[0]: (row[3], row[4], row[5]) for row in rows if row[1] is None}
    assert told == {
        "甲小计": (2, Decimal(1500), Decimal(60)),
        "外部促销人员合计": (3, Decimal(1700), Decimal(68)),
        "内部员工合计": (1, Decimal(300), Decimal(3)),
    }
    columns = REPORTS["commission"].columns
    last = totals(columns, REPORTS["commission"].rows(manager))
    assert last is not None and [cell.value for cell in last[3:]] == [4, Decimal(2000), Decimal(71)]
