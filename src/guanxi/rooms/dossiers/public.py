"""The door of this room: what rooms above may use."""

import datetime

from guanxi.records.context import system_context
from guanxi.records.steps import Untold
from guanxi.rooms.dossiers.actions.installing import install_required_papers
from guanxi.rooms.dossiers.actions.rounds import begin_round_if_due, keeper, list_customers
from guanxi.rooms.dossiers.models import DailyPaper, Document, DocumentState, DossierClass, Volume

__all__ = [
    "DailyPaper",
    "Document",
    "DocumentState",
    "DossierClass",
    "Volume",
    "begin_round",
    "install_required_papers",
]


def begin_round(at: datetime.datetime) -> int:
    """Begin a round of revision and list every customer at once, where no worker runs; returns how many."""
    begun, person = begin_round_if_due(at), keeper()
    if begun is None or person is None:
        return 0
    return list_customers(system_context(person, now=at), begun.pk, Untold())
