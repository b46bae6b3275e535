"""The door of this room: what rooms above may use."""

from guanxi.rooms.customers.models import Contact, Contribution, Customer
from guanxi.rooms.customers.queries import completeness, known_as, refresh_figures
from guanxi.rooms.customers.sources import (
    ContactSource,
    Dealing,
    DealingSource,
    Figure,
    FigureSource,
    TimelineEntry,
    TimelineSource,
    contact_sources,
    dealing_sources,
    figure_sources,
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
    "TimelineEntry",
    "TimelineSource",
    "completeness",
    "contact_sources",
    "dealing_sources",
    "figure_sources",
    "known_as",
    "refresh_figures",
    "timeline_sources",
]
