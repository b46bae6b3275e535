"""Verbs of the catalogue, and how priced documents are completed."""

from guanxi.rooms.catalog.actions.documents import (
    ADDRESS_CLASSES,
    ADDRESS_SECTION,
    PRICE_SECTION,
    complete,
    offer,
    priced_lines,
)
from guanxi.rooms.catalog.actions.price_books import ADD_PRODUCTS, ENTRIES

__all__ = [
    "ADDRESS_CLASSES",
    "ADDRESS_SECTION",
    "ADD_PRODUCTS",
    "ENTRIES",
    "PRICE_SECTION",
    "complete",
    "offer",
    "priced_lines",
]
