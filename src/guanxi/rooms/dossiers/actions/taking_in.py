"""What others hand in becomes a document of a dossier: papers of the day (ARC-28), contributions of anybody (ARC-23).

The document's handler is who looks after the customer; he confirms it and has it signed like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.notices.notify import notify
from guanxi.records import attachments, registry
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import PicklistField, asked
from guanxi.records.standard import ENTERED, create
from guanxi.rooms.customers.public import TAKE_UP_CONTRIBUTION, Contribution, Customer
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass
from guanxi.rooms.dossiers.picklists import PAPER_KIND

DOCUMENT, CONTRIBUTION = "dossiers.document", "customers.contribution"
TITLE_LENGTH = 160


def take_in(ctx: Context, source: Any, customer: Customer | None, **values: Any) -> Document:
    """Begin a document out of what somebody handed in, with its file."""
    handler = customer.owner if customer is not None and customer.owner is not None else source.owner
    # The file is somebody else's: who sorts in may use it without having given it.
    named = ctx.as_program()
    begun: Document = create(
        named, DOCUMENT, customer=customer, file=source.file, content=source.content, owner=handler or ctx.actor,
        **values,
    )  # fmt: skip
    attachments.hand_on(source.file, registry.entry(DOCUMENT), begun)
    return begun


# ---- Papers of the day -----------------------------------------------------------------------------------------------


def _is_important(ctx: Context, paper: Any, values: Mapping[str, Any]) -> Decision:
    return rules.must_be_important(paper.important, paper.document_id is not None) & _belongs(ctx, paper, values)


def _belongs(ctx: Context, source: Any, values: Mapping[str, Any]) -> Decision:
    return rules.must_belong_to_customer(values["dossier_class"] or "", _customer(values) is not None)


def _customer(values: Mapping[str, Any]) -> Customer | None:
    """The customer who was chosen, else the one the contributor named."""
    contribution = values.get("contribution")
    chosen: Customer | None = values.get("customer") or (contribution.customer if contribution is not None else None)
    return chosen


def _perform_assign(ctx: Context, paper: Any, values: dict[str, Any]) -> None:
    paper.document = take_in(
        ctx, paper, values.get("customer"), dossier_class=values["dossier_class"], title=paper.title,
        signed_on=paper.dated_on,
    )  # fmt: skip


_CUSTOMER = asked("customer", _("customer"), models.ForeignKey(Customer, models.CASCADE, null=True))
_CLASS = asked("dossier_class", _("class"), models.CharField(max_length=1, choices=DossierClass.choices), required=True)
ASSIGN_TO_DOSSIER = Action(
    name="assign_to_dossier",
    label=_("Put into a dossier"),
    icon="folder-plus",
    tone="ink",
    inputs=(_CUSTOMER, _CLASS),
    rules=(_is_important,),
    fits=lambda paper: paper.important and paper.document_id is None,
    perform=_perform_assign,
    undoable=False,
)


# ---- Contributions ---------------------------------------------------------------------------------------------------


def _note_origin(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    document.contribution = values["contribution"]


_CONTRIBUTION = asked("contribution", _("contribution"), models.ForeignKey(Contribution, models.CASCADE), required=True)
#: The document's part of a contribution's being put into a dossier.
NOTE_ORIGIN = Action(
    name="note_origin",
    label=_("Came from a contribution"),
    icon="inbox",
    inputs=(_CONTRIBUTION,),
    states=(DocumentState.DRAFT,),
    perform=_note_origin,
    undoable=False,
)
#: Part of taking it, not done by itself.
ENTERED[NOTE_ORIGIN.name] = NOTE_ORIGIN.label


def _perform_take(ctx: Context, record: Any, values: dict[str, Any]) -> Document:
    contribution, customer = values["contribution"], _customer(values)
    title = (values["title"] or contribution.content.strip().splitlines()[0])[:TITLE_LENGTH]
    begun = take_in(
        ctx, contribution, customer, dossier_class=values["dossier_class"], kind=values["kind"], title=title,
        signed_on=contribution.collected_on,
    )  # fmt: skip
    named = ctx.as_program()
    run(NOTE_ORIGIN, named, DOCUMENT, begun, {"contribution": contribution})
    settled = {"customer": customer, "answer": values["answer"] or gettext("Taken into the dossier.")}
    run(TAKE_UP_CONTRIBUTION, named, CONTRIBUTION, contribution, settled)
    return begun


TAKE_CONTRIBUTION = Action(
    name="take_contribution",
    label=_("Take in a contribution"),
    icon="folder-plus",
    on_record=False,
    inputs=(
        _CONTRIBUTION,
        asked(
            "customer",
            _("customer"),
            models.ForeignKey(Customer, models.CASCADE, null=True),
            help=_("Only if the contribution does not already lead to the right customer."),
        ),
        _CLASS,
        asked("kind", _("kind of paper"), PicklistField(picklist=PAPER_KIND, default="other")),
        asked("title", _("title"), models.CharField(max_length=TITLE_LENGTH, blank=True, default="")),
        asked("answer", _("answer to who contributed"), models.TextField(blank=True, default="")),
    ),
    rules=(_belongs,),
    perform=_perform_take,
    undoable=False,
)


def tell_contributor(ctx: Context, document: Document) -> None:
    """Who handed in what has now been filed hears where it lies, not whose dossier it is (ARC-23)."""
    contribution = document.contribution
    if contribution is not None and contribution.owner not in (None, ctx.actor):
        title = Message("What you contributed lies in the archive under %(number)s: %(content)s",
                        number=document.number, content=contribution.content[:60])  # fmt: skip
        notify([contribution.owner], title, "", CONTRIBUTION, contribution.pk, "contribution", at=ctx.now)
