"""What this room keeps: contracts and their texts; opportunities and the stages they pass; plans and talks on them."""

from guanxi.rooms.sales.models.contracts import Contract, ContractState, ContractText
from guanxi.rooms.sales.models.opportunities import Opportunity, Outcome, Pipeline, Stage, StageMove
from guanxi.rooms.sales.models.plans import Level, PlanState, PlanTarget, SalesPlan, TargetTalk

__all__ = [
    "Contract", "ContractState", "ContractText", "Level", "Opportunity", "Outcome", "Pipeline", "PlanState",
    "PlanTarget", "SalesPlan", "Stage", "StageMove", "TargetTalk",
]  # fmt: skip
