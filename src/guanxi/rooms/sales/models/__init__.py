"""What this room keeps: leads, opportunities and stages, plans and talks, quotes and orders, contracts and texts."""

from guanxi.rooms.sales.models.contracts import Contract, ContractState, ContractText
from guanxi.rooms.sales.models.leads import Channel, Lead, LeadState, Rating
from guanxi.rooms.sales.models.opportunities import Opportunity, Outcome, Pipeline, Stage, StageMove
from guanxi.rooms.sales.models.orders import Billing, OrderState, SalesOrder, SalesOrderLine
from guanxi.rooms.sales.models.plans import Level, PlanState, PlanTarget, SalesPlan, TargetTalk
from guanxi.rooms.sales.models.projects import Project, ProjectState
from guanxi.rooms.sales.models.quotes import Quote, QuoteLine, QuoteState
from guanxi.rooms.sales.models.reports import FiledReport, PeriodReport, ReportKind, ReportState
from guanxi.rooms.sales.models.resales import Resale

__all__ = [
    "Billing", "Channel", "Contract", "ContractState", "ContractText", "FiledReport", "Lead", "LeadState", "Level",
    "Opportunity", "OrderState", "Outcome", "PeriodReport", "Pipeline", "PlanState", "PlanTarget", "Project",
    "ProjectState", "Quote", "QuoteLine", "QuoteState", "Rating", "ReportKind", "ReportState", "Resale", "SalesOrder",
    "SalesOrderLine", "SalesPlan", "Stage", "StageMove", "TargetTalk",
]  # fmt: skip
