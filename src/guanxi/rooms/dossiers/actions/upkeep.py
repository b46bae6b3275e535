"""Binding volumes, sorting daily papers into dossiers, verifying dossiers in a round of revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import create
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import DossierClass, ReviewState, VolumeState

DOCUMENT = "dossiers.document"


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


# ---- The daily archive -----------------------------------------------------------------------------------------------


def _is_important(ctx: Context, paper: Any, values: Mapping[str, Any]) -> Decision:
    customer = values.get("customer")
    return rules.must_be_important(paper.important, paper.document_id is not None) & rules.must_belong_to_customer(
        values["dossier_class"] or "", customer is not None
    )


def _perform_assign(ctx: Context, paper: Any, values: dict[str, Any]) -> None:
    customer = values.get("customer")
    handler = customer.owner if customer is not None and customer.owner is not None else paper.owner
    paper.document = create(
        ctx, DOCUMENT, customer=customer, dossier_class=values["dossier_class"], title=paper.title,
        signed_on=paper.dated_on, content=paper.content, file=paper.file, owner=handler or ctx.actor,
    )  # fmt: skip


ASSIGN_TO_DOSSIER = Action(
    name="assign_to_dossier",
    label=_("Put into a dossier"),
    icon="folder-plus",
    tone="ink",
    inputs=(
        asked("customer", _("customer"), models.ForeignKey(Customer, models.CASCADE, null=True)),
        asked(
            "dossier_class", _("class"), models.CharField(max_length=1, choices=DossierClass.choices), required=True
        ),
    ),
    rules=(_is_important,),
    fits=lambda paper: paper.important and paper.document_id is None,
    perform=_perform_assign,
    undoable=False,
)  # fmt: skip


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
