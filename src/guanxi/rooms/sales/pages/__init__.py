"""How contracts and opportunities are drawn."""

from guanxi.rooms.sales.pages import contracts, opportunities

__all__ = ["contracts", "opportunities"]
