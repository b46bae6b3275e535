"""What is sold, bought and at which prices; and what a priced document is made of, for the rooms that have one."""

from guanxi.rooms.catalog.models.documents import PricedDocument, PricedLine
from guanxi.rooms.catalog.models.products import (
    NO_LESS_THAN_NOTHING,
    PRODUCT_CATEGORY,
    Currency,
    PriceBook,
    PriceBookEntry,
    Product,
    Vendor,
)

__all__ = [
    "PRODUCT_CATEGORY",
    "NO_LESS_THAN_NOTHING",
    "Currency",
    "PriceBook",
    "PriceBookEntry",
    "PricedDocument",
    "PricedLine",
    "Product",
    "Vendor",
]
