"""What this room keeps: leads; opportunities and the stages they pass; plans and talks on them; contracts and texts."""

from guanxi.rooms.sales.models.contracts import Contract, ContractState, ContractText
from guanxi.rooms.sales.models.leads import Channel, Lead, LeadState, Rating
from guanxi.rooms.sales.models.opportunities import Opportunity, Outcome, Pipeline, Stage, StageMove
from guanxi.rooms.sales.models.plans import Level, PlanState, PlanTarget, SalesPlan, TargetTalk

__all__ = [
    "Channel", "Contract", "ContractState", "ContractText", "Lead", "LeadState", "Level", "Opportunity", "Outcome",
    "Pipeline", "PlanState", "PlanTarget", "Rating", "SalesPlan", "Stage", "StageMove", "TargetTalk",
]  # fmt: skip
