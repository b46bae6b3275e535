"""Products, vendors and price books: made, found, changed, deleted, priced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from guanxi.kernel.errors import Invalid, NotAllowed, Refused, Stale
from guanxi.records import links, listing, registry, standard
from guanxi.records.actions import run
from guanxi.rooms.catalog.public import (
    PriceBook,
    PriceBookEntry,
    Product,
    Vendor,
    is_on_sale,
    on_sale,
    price_of,
)

pytestmark = pytest.mark.django_db

PRODUCT, VENDOR, PRICE_BOOK = "catalog.product", "catalog.vendor", "catalog.pricebook"
BODY = "91510100MA6C1B2D3"


@pytest.fixture
def keeper(world):
    return world.ctx("marketing")


def product(ctx, name="川兴大曲", code="CX-52", price="328.00", **more):
    values = {"name": name, "code": code, "unit": "bottle", "standard_price": price, **more}
    return standard.create(ctx, PRODUCT, **values)


def found(ctx, key, text):
    page = listing.page(ctx, registry.module(key), listing.Query(text=text))
    return [row.name for row in page.rows]


def offered(ctx):
    """The products that the picker on a price book's line offers."""
    spec = registry.entry(PRICE_BOOK).line_fields["product"]
    return set(links.candidates(ctx, spec).values_list("code", flat=True))


@pytest.mark.clause("CRM-08", "CRM-09")
def test_a_product_is_made_found_edited_deleted(world, keeper):
    made = product(keeper, specification="52度 500ml×6", category="goods", brand="川兴")
    product(keeper, name="川兴特曲", code="CX-38", price="168")
    assert made.number == "CP-00001"
    assert found(keeper, PRODUCT, "大曲") == ["川兴大曲"]
    assert found(keeper, PRODUCT, "cxdq") == ["川兴大曲"]
    assert found(keeper, PRODUCT, "茅台") == []
    assert sorted(found(keeper, PRODUCT, "")) == ["川兴大曲", "川兴特曲"]
    standard.edit(keeper, PRODUCT, made, standard_price="¥338")
    assert Product.objects.get(pk=made.pk).standard_price == Decimal("338.00")
    assert offered(world.ctx("li_wei")) == {"CX-52", "CX-38"}
    with pytest.raises(NotAllowed):
        run(standard.DELETE, world.ctx("li_wei"), PRODUCT, made)
    run(standard.DELETE, keeper, PRODUCT, made)
    assert found(keeper, PRODUCT, "大曲") == []
    assert offered(world.ctx("li_wei")) == {"CX-38"}


@pytest.mark.clause("CRM-09")
def test_what_a_product_must_have(world, keeper):
    with pytest.raises(Invalid) as refused:
        standard.create(keeper, PRODUCT, name="川兴大曲")
    assert set(refused.value.errors) == {"code", "unit", "standard_price"}
    with pytest.raises(Invalid) as refused:
        product(keeper, price="-1", tax_rate="101", shelf_life_days="-3")
    assert set(refused.value.errors) == {"standard_price", "tax_rate", "shelf_life_days"}
    with pytest.raises(Invalid) as refused:
        product(keeper, sales_start="2026-12-01", sales_end="2026-11-30")
    assert set(refused.value.errors) == {"sales_end"}
    with pytest.raises(NotAllowed):
        product(world.ctx("li_wei"))
    assert not Product.objects.exists()


def test_a_code_stands_for_one_live_product(keeper):
    first = product(keeper)
    with pytest.raises(Refused):
        product(keeper, name="另一款", code="ｃｘ-52 ")  # the same code, typed full-width
    run(standard.DELETE, keeper, PRODUCT, first)
    second = product(keeper, name="另一款")
    assert second.code == "CX-52"
    with transaction.atomic(), pytest.raises(IntegrityError):
        Product.objects.filter(pk=first.pk).update(deleted_at=None)


@pytest.mark.clause("CRM-11", "CRM-12", "CRM-13")
def test_a_vendor_is_made_first_found_edited_deleted(world, keeper):
    assert not Product.objects.exists()
    made = standard.create(keeper, VENDOR, name="泸州玻璃制品有限公司", contact_person="何师傅", phone="0830-2398888")
    assert made.number == "GYS-00001"
    assert found(keeper, VENDOR, "玻璃") == ["泸州玻璃制品有限公司"]
    assert found(keeper, VENDOR, "何师傅") == ["泸州玻璃制品有限公司"]
    standard.edit(keeper, VENDOR, made, contact_person="何建")
    assert Vendor.objects.get(pk=made.pk).contact_person == "何建"
    assert product(keeper, vendor="泸州玻璃制品有限公司").vendor == made
    with pytest.raises(Invalid) as refused:
        standard.create(keeper, VENDOR, contact_person="无名")
    assert set(refused.value.errors) == {"name"}
    with pytest.raises(Invalid) as refused:
        standard.create(keeper, VENDOR, name="甲公司", credit_code="91510100MA6C1B2D39")
    assert set(refused.value.errors) == {"credit_code"}
    run(standard.DELETE, keeper, VENDOR, made)
    assert found(keeper, VENDOR, "玻璃") == []


def test_the_same_vendor_twice_is_asked_about(keeper):
    standard.create(keeper, VENDOR, name="泸州玻璃制品有限公司")
    with pytest.raises(Refused) as refused:
        standard.create(keeper, VENDOR, name="泸州玻璃制品有限责任公司")
    assert refused.value.decision.warnings and not refused.value.decision.blocking
    standard.create(keeper, VENDOR, name="泸州玻璃制品有限责任公司", confirmed=True)
    assert Vendor.objects.count() == 2


@pytest.mark.clause("CRM-14", "CRM-15")
def test_a_price_book_is_made_edited_deleted(keeper):
    daqu = product(keeper)
    with pytest.raises(Invalid) as refused:
        standard.create(keeper, PRICE_BOOK, description="无名")
    assert set(refused.value.errors) == {"name"}
    book = standard.create(keeper, PRICE_BOOK, name="经销商价", lines=[{"product": str(daqu.pk), "price": "268.50"}])
    assert (book.number, book.currency) == ("JGD-0001", "CNY")
    standard.edit(keeper, PRICE_BOOK, book, name="经销商价 2026")
    assert PriceBook.objects.get().name == "经销商价 2026"
    assert PriceBookEntry.objects.get().price == Decimal("268.50")
    with pytest.raises(Invalid):
        standard.edit(keeper, PRICE_BOOK, book, lines=[{"product": "CX-52", "price": "-0.01"}])
    with pytest.raises(Invalid):
        standard.edit(keeper, PRICE_BOOK, book, lines=[{"product": "CX-52", "price": "1"}] * 2)
    run(standard.DELETE, keeper, PRICE_BOOK, book)
    assert found(keeper, PRICE_BOOK, "") == []


def test_a_line_keeps_a_product_that_can_no_longer_be_chosen(keeper):
    daqu, tequ = product(keeper), product(keeper, name="川兴特曲", code="CX-38")
    book = standard.create(keeper, PRICE_BOOK, name="经销商价", lines=[{"product": daqu.pk, "price": "268"}])
    line = PriceBookEntry.objects.get()
    run(standard.DELETE, keeper, PRODUCT, daqu)
    run(standard.DELETE, keeper, PRODUCT, tequ)
    kept = {"id": str(line.pk), "product": str(daqu.pk), "price": "258"}
    standard.edit(keeper, PRICE_BOOK, book, lines=[kept])
    assert PriceBookEntry.objects.get().price == Decimal("258.00")
    with pytest.raises(Invalid):
        standard.edit(keeper, PRICE_BOOK, book, lines=[{**kept, "product": str(tequ.pk)}])
    with pytest.raises(Invalid):
        standard.edit(keeper, PRICE_BOOK, book, lines=[{"product": str(daqu.pk), "price": "258"}])


def test_the_price_on_a_day(keeper):
    daqu, tequ = product(keeper), product(keeper, name="川兴特曲", code="CX-38", price="168")
    book = standard.create(
        keeper,
        PRICE_BOOK,
        name="节日价",
        valid_from="2026-01-10",
        valid_until="2026-02-20",
        lines=[{"product": "CX-52", "price": "298"}],
    )
    book.refresh_from_db()
    for day, price in (
        (date(2026, 1, 9), "328.00"),
        (date(2026, 1, 10), "298.00"),
        (date(2026, 2, 20), "298.00"),
        (date(2026, 2, 21), "328.00"),
    ):
        assert price_of(daqu, book, day) == Decimal(price), day
    assert price_of(tequ, book, date(2026, 1, 10)) == Decimal("168.00")
    assert price_of(daqu, None, date(2026, 1, 10)) == Decimal("328.00")
    standard.edit(keeper, PRICE_BOOK, book, active=False)
    book.refresh_from_db()
    assert price_of(daqu, book, date(2026, 1, 10)) == Decimal("328.00")


def test_when_a_product_is_on_sale(keeper):
    plain = product(keeper)
    season = product(keeper, name="中秋礼盒", code="ZQ", sales_start="2026-08-01", sales_end="2026-09-30")
    product(keeper, name="停产", code="TC", active=False)
    season.refresh_from_db()
    for day, codes in ((date(2026, 7, 31), {"CX-52"}), (date(2026, 9, 30), {"CX-52", "ZQ"})):
        assert set(on_sale(Product.objects.all(), day).values_list("code", flat=True)) == codes
        assert {each.code for each in Product.objects.all() if is_on_sale(each, day)} == codes
    assert is_on_sale(plain, date(2026, 1, 1))


@pytest.mark.clause("CRM-16")
def test_ticked_products_are_added_with_their_own_price(world, keeper):
    add = registry.entry(PRICE_BOOK).actions["add_products"]
    daqu, tequ = product(keeper), product(keeper, name="川兴特曲", code="CX-38", price="168")
    product(keeper, name="川兴原浆", code="CX-60")
    book = standard.create(keeper, PRICE_BOOK, name="经销商价")
    entries = [{"product": str(daqu.pk), "price": "268"}, {"product": str(tequ.pk), "price": "1.2万"}]
    for wrong, field in (
        ([{**entries[0], "price": "abc"}, entries[1]], str(daqu.pk)),
        ([entries[0], {**entries[1], "price": ""}], str(tequ.pk)),
        ([entries[0], entries[0]], str(daqu.pk)),
        ([], ""),
    ):
        with pytest.raises(Invalid) as refused:
            run(add, keeper, PRICE_BOOK, book, {"entries": wrong})
        assert set(refused.value.errors) == {field}
    with pytest.raises(NotAllowed):
        run(add, world.ctx("li_wei"), PRICE_BOOK, book, {"entries": entries})
    assert not PriceBookEntry.objects.exists()

    run(add, keeper, PRICE_BOOK, book, {"entries": entries}, version=1)
    assert dict(PriceBookEntry.objects.values_list("product__code", "price")) == {
        "CX-52": Decimal("268.00"),
        "CX-38": Decimal("12000.00"),
    }
    daqu.refresh_from_db()
    assert daqu.standard_price == Decimal("328.00")
    with pytest.raises(Invalid):
        run(add, keeper, PRICE_BOOK, book, {"entries": entries[:1]})
    with pytest.raises(Stale):
        other = [{"product": str(Product.objects.get(code="CX-60").pk), "price": "1"}]
        run(add, keeper, PRICE_BOOK, book, {"entries": other}, version=1)
    assert PriceBookEntry.objects.count() == 2
