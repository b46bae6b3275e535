"""The door of the catalogue: what other rooms may use."""

from guanxi.rooms.catalog.actions import ADDRESS_CLASSES, ADDRESS_SECTION, PRICE_SECTION, priced_lines
from guanxi.rooms.catalog.models import (
    PRODUCT_CATEGORY,
    Currency,
    PriceBook,
    PriceBookEntry,
    PricedDocument,
    PricedLine,
    Product,
    Vendor,
)
from guanxi.rooms.catalog.queries import is_in_force, is_on_sale, on_sale, price_of, prices_of

__all__ = [
    "ADDRESS_CLASSES",
    "ADDRESS_SECTION",
    "PRICE_SECTION",
    "PRODUCT_CATEGORY",
    "Currency",
    "PriceBook",
    "PriceBookEntry",
    "PricedDocument",
    "PricedLine",
    "Product",
    "Vendor",
    "is_in_force",
    "is_on_sale",
    "on_sale",
    "price_of",
    "priced_lines",
    "prices_of",
]
