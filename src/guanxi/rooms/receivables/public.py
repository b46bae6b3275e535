"""The door of this room: what rooms above may use."""

from guanxi.rooms.receivables.actions import invoice_order
from guanxi.rooms.receivables.models import Invoice, InvoiceState
from guanxi.rooms.receivables.queries import held_of_order, open_receivables
from guanxi.rooms.receivables.sources import Ordered, bases

__all__ = ["Invoice", "InvoiceState", "Ordered", "bases", "held_of_order", "invoice_order", "open_receivables"]
