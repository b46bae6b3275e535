"""Binding volumes, verifying dossiers in a round of revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import ReviewState, VolumeState

# ---- Volumes ---------------------------------------------------------------------------------------------------------


def _perform_bind(ctx: Context, volume: Any, values: dict[str, Any]) -> None:
    volume.bound_on = ctx.today
    volume.place = values.get("place") or volume.place


BIND_VOLUME = Action(
    name="bind_volume",
    label=_("Bind"),
    icon="book",
    tone="ink",
    confirm=_("Bind the volume? It takes no more leaves then; the next document begins a new one."),
    inputs=(asked("place", _("storage place"), models.CharField(max_length=120, blank=True)),),
    states=(VolumeState.OPEN,),
    to_state=VolumeState.BOUND,
    perform=_perform_bind,
    bulk=True,
    undoable=False,
)


# ---- Rounds of revision ----------------------------------------------------------------------------------------------


def _cause_given(ctx: Context, review: Any, values: Mapping[str, Any]) -> Decision:
    return rules.must_give_cause(review.finding, values["cause"] or "")


def _perform_verify(ctx: Context, review: Any, values: dict[str, Any]) -> None:
    review.cause = values["cause"] or ""
    review.verified_on, review.verified_by = ctx.today, ctx.actor


VERIFY_DOSSIER = Action(
    name="verify_dossier",
    label=_("Verified completely"),
    icon="checks",
    tone="ink",
    inputs=(
        asked(
            "cause",
            _("analysed cause"),
            models.TextField(blank=True, default=""),
            help=_("For a customer who grows fast or is lost: why."),
        ),
    ),
    rules=(_cause_given,),
    states=(ReviewState.OPEN,),
    to_state=ReviewState.VERIFIED,
    perform=_perform_verify,
    undoable=False,
)
