"""What this room keeps: contracts with customers and their texts; opportunities, and the stages they pass."""

from guanxi.rooms.sales.models.contracts import Contract, ContractState, ContractText
from guanxi.rooms.sales.models.opportunities import Opportunity, Outcome, Pipeline, Stage, StageMove

__all__ = ["Contract", "ContractState", "ContractText", "Opportunity", "Outcome", "Pipeline", "Stage", "StageMove"]
