"""What this room knows: opportunities and their stages; plans, and what was sold and is expected against them."""

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

__all__ = [
    "CARDS",
    "OPPORTUNITIES",
    "OPPORTUNITY",
    "PIPELINE",
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
