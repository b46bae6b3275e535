"""The door of this room: what rooms above may use."""

from guanxi.rooms.sales.actions import install_pipeline
from guanxi.rooms.sales.models import Contract, ContractState

__all__ = ["Contract", "ContractState", "install_pipeline"]
