"""What this room knows: leads, opportunities, their stages; plans, and what was sold and is expected against them."""

from guanxi.rooms.sales.queries.keeping import what_keeps
from guanxi.rooms.sales.queries.leads import (
    CONTACT,
    CUSTOMER,
    LEAD,
    LEADS,
    SCORED,
    TO_LEADS,
    facts_of,
    known_of,
    points_of,
    what_counts,
)
from guanxi.rooms.sales.queries.opportunities import (
    CARDS,
    OPPORTUNITIES,
    OPPORTUNITY,
    PIPELINE,
    STAGE,
    Column,
    columns_of,
    end_of,
    first_stage,
    moves_of,
    on_board,
    stages_of,
    uses_of,
)
from guanxi.rooms.sales.queries.orders import ORDER, ORDERS, QUOTE
from guanxi.rooms.sales.queries.person import leads_of

__all__ = [
    "leads_of",
    "what_keeps",
    "what_counts",
    "points_of",
    "known_of",
    "facts_of",
    "SCORED",
    "LEADS",
    "TO_LEADS",
    "LEAD",
    "CUSTOMER",
    "CONTACT",
    "CARDS",
    "OPPORTUNITIES",
    "OPPORTUNITY",
    "ORDER",
    "ORDERS",
    "PIPELINE",
    "QUOTE",
    "STAGE",
    "Column",
    "columns_of",
    "end_of",
    "first_stage",
    "moves_of",
    "on_board",
    "stages_of",
    "uses_of",
]
