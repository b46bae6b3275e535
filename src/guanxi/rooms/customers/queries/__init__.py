"""Figures and lists over customers."""

from guanxi.rooms.customers.queries.archive import (
    BLOCKS,
    BlockState,
    ancestors,
    block_states,
    completeness,
    group_of,
    known_as,
    length_of_dealings,
)
from guanxi.rooms.customers.queries.figures import MarketFlowDealings, has_dealings, refresh_figures
from guanxi.rooms.customers.queries.reports import (
    by_source,
    contributions_by_employee,
    incomplete_books,
    information_sources,
    key_accounts_without_policy_note,
    not_internal,
    sales_ranking,
    won_and_lost,
)
from guanxi.rooms.customers.queries.timeline import Archive, timeline

__all__ = [
    "BLOCKS",
    "Archive",
    "BlockState",
    "MarketFlowDealings",
    "ancestors",
    "block_states",
    "by_source",
    "completeness",
    "contributions_by_employee",
    "group_of",
    "has_dealings",
    "incomplete_books",
    "information_sources",
    "key_accounts_without_policy_note",
    "known_as",
    "length_of_dealings",
    "not_internal",
    "refresh_figures",
    "sales_ranking",
    "timeline",
    "won_and_lost",
]
