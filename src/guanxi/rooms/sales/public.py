"""The door of this room: what rooms above may use."""

from guanxi.rooms.sales.actions import install_pipeline
from guanxi.rooms.sales.models import (
    Contract,
    ContractState,
    Level,
    OrderState,
    Quote,
    QuoteState,
    SalesOrder,
    SalesOrderLine,
)
from guanxi.rooms.sales.models.plans import parts_of

__all__ = [
    "Contract",
    "ContractState",
    "Level",
    "OrderState",
    "Quote",
    "QuoteState",
    "SalesOrder",
    "SalesOrderLine",
    "install_pipeline",
    "parts_of",
]
