"""What orders tell this room: the room above registers what can be invoiced; this room never asks it by name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Ordered:
    """What an order comes to: its amount in its currency, the quantity of each product, whether it may be invoiced."""

    number: str
    customer: uuid.UUID
    amount: Decimal
    currency: str
    quantities: Mapping[uuid.UUID, Decimal]
    is_open: bool


class Basis(Protocol):
    """Orders as the basis of invoices."""

    def hold(self, order: uuid.UUID) -> Ordered:
        """What the order comes to, its row locked until the transaction ends: two who invoice it take turns."""

    def told(self, order: uuid.UUID, invoiced: Decimal) -> None:
        """How much of the order has been invoiced by now."""


bases: list[Basis] = []
