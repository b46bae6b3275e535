"""The door of this room: what rooms above may use."""

from guanxi.rooms.sales.actions import install_pipeline
from guanxi.rooms.sales.models import Contract, ContractState, Level
from guanxi.rooms.sales.models.plans import parts_of

__all__ = ["Contract", "ContractState", "Level", "install_pipeline", "parts_of"]
