"""What is on sale, and what it costs."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.rooms.catalog.models import PriceBook, PriceBookEntry, Product


def is_on_sale(product: Product, on: datetime.date) -> bool:
    """Whether a product may be sold on that day: active, not deleted, within its sales dates."""
    started = product.sales_start is None or product.sales_start <= on
    ended = product.sales_end is not None and product.sales_end < on
    return product.active and product.deleted_at is None and started and not ended


def on_sale(products: QuerySet[Product], on: datetime.date) -> QuerySet[Product]:
    """Those of the products that may be sold on that day; the same judgement as `is_on_sale`, for many."""
    started = Q(sales_start=None) | Q(sales_start__lte=on)
    not_ended = Q(sales_end=None) | Q(sales_end__gte=on)
    return products.filter(started, not_ended, active=True, deleted_at=None)


def is_in_force(price_book: PriceBook, on: datetime.date) -> bool:
    """Whether the prices of a price book hold on that day."""
    started = price_book.valid_from is None or price_book.valid_from <= on
    ended = price_book.valid_until is not None and price_book.valid_until < on
    return price_book.active and price_book.deleted_at is None and started and not ended


def price_of(product: Product, price_book: PriceBook | None, on: datetime.date) -> Decimal:
    """The price of one unit on that day: the price book's, if it is in force and lists the product, else the standard.

    In the currency of the price book, or in yuan for the standard price.
    """
    return prices_of([product], price_book, on)[product.pk]


def prices_of(products: Iterable[Product], price_book: PriceBook | None, on: datetime.date) -> dict[UUID, Decimal]:
    """The same for many products in one query, by product id."""
    prices = {product.pk: product.standard_price for product in products}
    if price_book is not None and is_in_force(price_book, on):
        listed = PriceBookEntry.objects.filter(price_book=price_book, product__in=list(prices)).order_by()
        prices |= {entry.product_id: entry.price for entry in listed}
    return prices


def listed_products(price_book: PriceBook) -> dict[UUID, Decimal]:
    """The products that stand in a price book, by id, with their price there."""
    entries = PriceBookEntry.objects.filter(price_book=price_book).order_by().only("product_id", "price")
    return {entry.product_id: entry.price for entry in entries}
