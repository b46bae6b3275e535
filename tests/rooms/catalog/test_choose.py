"""The page on which products are chosen for a price book."""

from decimal import Decimal

import pytest

from guanxi.records import standard
from guanxi.records.actions import run
from guanxi.rooms.catalog.public import PriceBookEntry, Product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world, client):
    """Three products, one of them in the price book already, and the marketing keeper logged in."""
    ctx = world.ctx("marketing")
    products = [
        standard.create(ctx, "catalog.product", name=name, code=code, unit="bottle", standard_price=price)
        for name, code, price in (("川兴大曲", "CX-52", "328"), ("川兴特曲", "CX-38", "168"), ("小酌", "XZ", "28"))
    ]
    book = standard.create(
        ctx, "catalog.pricebook", name="经销商价", lines=[{"product": products[2].pk, "price": "20"}]
    )
    client.force_login(world.ctx("marketing").actor)
    return products, f"/catalog/pricebook/{book.pk}/choose/"


def texts(answer):
    return answer.content.decode()


@pytest.mark.clause("CRM-16")
def test_several_products_are_ticked_priced_and_added_at_once(shop, client):
    (daqu, tequ, small), address = shop
    shown = texts(client.get(address))
    assert all(name in shown for name in ("川兴大曲", "川兴特曲", "小酌"))
    assert f'value="{daqu.pk}"' in shown and f'value="{small.pk}"' not in shown  # that one stands in the book
    answer = client.post(
        address,
        {"do": "add", "pk": [daqu.pk, tequ.pk], f"price-{daqu.pk}": "268", f"price-{tequ.pk}": "138.5"},
    )
    assert answer.status_code == 302
    assert dict(PriceBookEntry.objects.values_list("product__code", "price")) == {
        "XZ": Decimal("20.00"),
        "CX-52": Decimal("268.00"),
        "CX-38": Decimal("138.50"),
    }
    assert Product.objects.get(pk=daqu.pk).standard_price == Decimal("328.00")


@pytest.mark.clause("CRM-16")
def test_an_invalid_price_is_refused_and_everything_typed_stays(shop, client):
    (daqu, tequ, _small), address = shop
    typed = {"pk": [daqu.pk, tequ.pk], f"price-{daqu.pk}": "二百六", f"price-{tequ.pk}": "138.5"}
    answer = client.post(address, {"do": "add", **typed})
    assert answer.status_code == 422
    shown = texts(answer)
    assert "二百六" in shown and 'value="138.5"' in shown and shown.count(" checked") == 2
    assert f'id="error-{daqu.pk}"' in shown and f'id="error-{tequ.pk}"' not in shown
    assert PriceBookEntry.objects.count() == 1
    # The price of a product that is not ticked is not looked at.
    answer = client.post(address, {"do": "add", **typed, "pk": [tequ.pk]})
    assert answer.status_code == 302
    assert set(PriceBookEntry.objects.values_list("product__code", flat=True)) == {"XZ", "CX-38"}


@pytest.mark.clause("CRM-16")
def test_searching_keeps_what_is_ticked_and_writes_nothing(shop, client):
    (daqu, _tequ, _small), address = shop
    answer = client.post(address, {"do": "search", "q": "特曲", "pk": [daqu.pk], f"price-{daqu.pk}": "268"})
    shown = texts(answer)
    assert answer.status_code == 200
    assert "川兴特曲" in shown and "川兴大曲" in shown and "小酌" not in shown
    assert 'value="268"' in shown and shown.count(" checked") == 1
    assert "小酌" in texts(client.get(address, {"q": "xz"}))
    assert PriceBookEntry.objects.count() == 1


def test_nobody_else_gets_to_the_page(shop, world, client):
    (daqu, _tequ, _small), address = shop
    client.force_login(world.ctx("li_wei").actor)
    assert client.get(address).status_code == 403
    assert client.post(address, {"do": "add", "pk": [daqu.pk], f"price-{daqu.pk}": "1"}).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302
    assert PriceBookEntry.objects.count() == 1


@pytest.mark.clause("CRM-09")
def test_a_deleted_product_is_not_offered(shop, world, client):
    (daqu, _tequ, _small), address = shop
    run(standard.DELETE, world.ctx("marketing"), "catalog.product", daqu)
    assert "川兴大曲" not in texts(client.get(address))
    answer = client.post(address, {"do": "add", "pk": [daqu.pk], f"price-{daqu.pk}": "1"})
    assert answer.status_code == 422


def test_the_page_asks_the_database_little(shop, world, client, django_assert_max_num_queries):
    ctx = world.ctx("marketing")
    for number in range(40):
        standard.create(
            ctx, "catalog.product", name=f"产品{number}", code=f"P{number}", unit="bottle", standard_price="1"
        )
    _products, address = shop
    client.get(address)
    with django_assert_max_num_queries(22):
        client.get(address)
