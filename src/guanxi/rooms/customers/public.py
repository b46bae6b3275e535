"""The door of this room: what rooms above may use."""

from guanxi.rooms.customers.models import Contact, Contribution, Customer
from guanxi.rooms.customers.queries import completeness, known_as, refresh_figures, touched_customers
from guanxi.rooms.customers.sources import (
    ContactSource,
    Dealing,
    DealingSource,
    Figure,
    FigureSource,
    NextStep,
    NextStepSource,
    TimelineEntry,
    TimelineSource,
    contact_sources,
    dealing_sources,
    figure_sources,
    next_step_sources,
    timeline_sources,
)

__all__ = [
    "Contact",
    "ContactSource",
    "Contribution",
    "Customer",
    "Dealing",
    "DealingSource",
    "Figure",
    "FigureSource",
    "NextStep",
    "NextStepSource",
    "TimelineEntry",
    "TimelineSource",
    "completeness",
    "contact_sources",
    "dealing_sources",
    "figure_sources",
    "known_as",
    "next_step_sources",
    "refresh_figures",
    "timeline_sources",
    "touched_customers",
]
