"""What the dossiers do by themselves: rounds of revision at their interval, and the yearly binding as a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.platform.jobs.registry import job, scheduled
from guanxi.platform.people.models import Person
from guanxi.records.context import Context, system_context
from guanxi.rooms.dossiers.actions import rounds


@scheduled("dossiers.rounds", daily_at="03:40")
def begin_rounds(at: datetime) -> None:
    """Begin a round of revision on the day it is due (ARC-33)."""
    rounds.begin_round_if_due(at)


@job(rounds.LISTING, title=_("Listing the dossiers to be revised"))
def list_round(progress: Any, /, review_round: str) -> dict[str, Any]:
    """Enter every customer into the round; repeated, it goes on where it stopped."""
    keeper = rounds.keeper()
    assert keeper is not None  # the round was begun in his name
    return {"listed": rounds.list_customers(system_context(keeper, source="job"), review_round, progress)}


@job(rounds.BINDING, title=_("Binding the volumes of a class"))
def bind_year(progress: Any, /, dossier_class: str, actor: str, handed_on: dict[str, Any]) -> dict[str, Any]:
    """Bind every open volume of the class with the rights of who asked for it."""
    ctx = Context.taken_up(Person.objects.get(pk=actor), handed_on, source="job")
    return {"bound": rounds.bind_all(ctx, dossier_class, progress)}
