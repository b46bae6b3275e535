"""The door of the catalogue: what other rooms may use."""

from guanxi.rooms.catalog.models import Currency, PriceBook, PriceBookEntry, Product, Vendor
from guanxi.rooms.catalog.queries import is_in_force, is_on_sale, on_sale, price_of, prices_of

__all__ = [
    "Currency",
    "PriceBook",
    "PriceBookEntry",
    "Product",
    "Vendor",
    "is_in_force",
    "is_on_sale",
    "on_sale",
    "price_of",
    "prices_of",
]
