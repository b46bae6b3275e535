"""From a draft to a filed document: confirming, signing, filing; and what may still be done to it afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Refused
from guanxi.platform import calendar
from guanxi.platform.files.models import StoredFile
from guanxi.platform.people.models import Person
from guanxi.platform.people.queries import deputies_of, superior_of
from guanxi.platform.policy.values import value_of
from guanxi.records import registry
from guanxi.records.actions import Action
from guanxi.records.approvals import asking
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.standard import DELETE, EDIT, PURGE, create
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.actions.links import revoke_open_links
from guanxi.rooms.dossiers.actions.taking_in import tell_contributor
from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass, Volume, VolumeState
from guanxi.rooms.dossiers.policies import KEPT_MONTHS
from guanxi.rooms.dossiers.queries.filing import next_leaf, original_of, signatures_on

DOCUMENT, VOLUME = "dossiers.document", "dossiers.volume"


# ---- Confirming and signing ------------------------------------------------------------------------------------------


def _confirmed_by_handler(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    return rules.must_confirm_truth(bool(values["is_true"]), document.owner_id == ctx.actor.pk)


def _perform_submit(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    document.confirmed_by, document.confirmed_at = ctx.actor, ctx.now


SUBMIT_DOCUMENT = Action(
    name="submit_document",
    label=_("Confirm and submit"),
    icon="signature",
    tone="ink",
    inputs=(
        asked(
            "is_true",
            _("I have checked this document; it is true and accurate"),
            models.BooleanField(default=False),
        ),
    ),
    rules=(_confirmed_by_handler,),
    states=(DocumentState.DRAFT,),
    to_state=DocumentState.SUBMITTED,
    perform=_perform_submit,
    undoable=False,
)


def _shows_signature(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    has_scan = values.get("customer_page") is not None
    return rules.must_show_signed_page(has_scan, has_scan or original_of(document) is not None)


def _perform_note_signature(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    document.customer_signer = values["customer_signer"]
    document.customer_signed_on = values["customer_signed_on"]
    document.customer_page = values.get("customer_page")


NOTE_CUSTOMER_SIGNATURE = Action(
    name="note_customer_signature",
    label=_("Note the customer's signature"),
    icon="writing-sign",
    inputs=(
        asked("customer_signer", _("signed for the customer by"), models.CharField(max_length=80), required=True),
        asked("customer_signed_on", _("signed on"), models.DateField(), required=True),
        asked(
            "customer_page",
            _("scan of the signed page"),
            models.ForeignKey(StoredFile, models.PROTECT, null=True),
            help=_("Not needed where the signed paper original is entered."),
        ),
    ),
    rules=(_shows_signature,),
    states=(DocumentState.SUBMITTED,),
    fits=lambda document: document.customer_id is not None and not document.customer_signer,
    perform=_perform_note_signature,
    undoable=False,
)


def _by_the_superior(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    superior = superior_of(document.owner) if document.owner_id else None
    superiors: set[Any] = set()
    if superior is not None:
        superiors = {superior.pk, *deputies_of(superior, ctx.today).values_list("pk", flat=True)}
    return rules.may_approve(ctx.actor.pk, document.owner_id, frozenset(superiors))


def _perform_approve(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    document.approved_by, document.approved_at = ctx.actor, ctx.now


APPROVE_DOCUMENT = Action(
    name="approve_document",
    label=_("Approve for filing"),
    icon="rubber-stamp",
    tone="ink",
    rules=(_by_the_superior,),
    states=(DocumentState.SUBMITTED,),
    fits=lambda document: document.approved_by_id is None,
    perform=_perform_approve,
    undoable=False,
)


def _perform_take_back(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    document.confirmed_by = document.confirmed_at = document.approved_by = document.approved_at = None
    document.customer_signer, document.customer_signed_on, document.customer_page = "", None, None
    revoke_open_links(ctx, document)


TAKE_BACK = Action(
    name="take_back",
    label=_("Take back to prepare"),
    icon="arrow-back-up",
    confirm=_("Take the document back? Every signature on it is void then."),
    states=(DocumentState.SUBMITTED,),
    to_state=DocumentState.DRAFT,
    perform=_perform_take_back,
    rare=True,
    undoable=False,
)


# ---- Filing ----------------------------------------------------------------------------------------------------------


def _ready_to_file(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    has_customer = document.customer_id is not None
    original = original_of(document)
    return (
        rules.must_have_class(document.dossier_class)
        & rules.must_belong_to_customer(document.dossier_class, has_customer)
        & rules.must_be_dated(document.dossier_class == DossierClass.CONTRACTS, document.signed_on)
        & rules.must_bear_signatures(signatures_on(document), has_customer)
        & rules.must_be_on_paper(
            document.legally_effective,
            original.paper_number if original else "",
            original.place if original else "",
        )
    )


def _right_place(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    behind = values.get("behind")
    if behind is None:
        return Decision.allow()
    volume = behind.volume
    same = (
        volume is not None and volume.dossier_class == document.dossier_class and volume.owner_id == document.owner_id
    )
    decision = rules.lies_beside(same)
    return decision & rules.takes_leaves(volume.state == VolumeState.OPEN, volume.number) if same else decision


def _open_volume(ctx: Context, document: Document) -> Volume:
    """The manager's open volume of the class, locked; begun if there is none."""
    # Two who file the first document of a manager wait for each other here, so that only one begins a volume.
    assert document.owner_id is not None  # who handles it has confirmed it
    handler = Person.objects.select_for_update().get(pk=document.owner_id)
    volumes = Volume.objects.select_for_update().filter(deleted_at=None, state=VolumeState.OPEN)
    found = volumes.filter(dossier_class=document.dossier_class, owner=handler).first()
    if found is not None:
        return found
    begun: Volume = create(ctx, VOLUME, dossier_class=document.dossier_class, owner=handler, year=ctx.today.year)
    return begun


def _perform_file(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    volume = _open_volume(ctx, document)
    behind = values.get("behind")
    if behind is not None and behind.volume_id != volume.pk:
        # It was bound since the rules looked.
        raise Refused(rules.takes_leaves(is_open=False, number=behind.volume.number))
    leaf = next_leaf(volume, behind, ctx.today)
    document.volume, document.leaf = volume, leaf
    document.number = f"{volume.number}/{leaf}"
    document.filed_by, document.filed_on = ctx.actor, ctx.today
    tell_contributor(ctx, document)


FILE_DOCUMENT = Action(
    name="file_document",
    label=_("File in the volume"),
    icon="archive",
    tone="ink",
    inputs=(
        asked(
            "behind",
            _("insert behind"),
            models.ForeignKey(Document, models.PROTECT, null=True),
            help=_("Only to insert it between documents that are filed already; otherwise it becomes the last leaf."),
        ),
    ),
    rules=(_ready_to_file, _right_place),
    states=(DocumentState.DRAFT, DocumentState.SUBMITTED),
    to_state=DocumentState.FILED,
    perform=_perform_file,
    undoable=False,
)


# ---- What is filed ---------------------------------------------------------------------------------------------------


def _consented(clause: str, action: str) -> Any:
    """A rule of an action: on a filed document it is done with consent, and where nobody is asked, not at all."""

    def rule(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
        if document is None or not document.is_filed or ctx.unbounded:
            return Decision.allow()
        known = registry.entry(DOCUMENT)
        verb = known.actions[action]
        return rules.changes_by_approval(clause, asking.asks(ctx, known, verb, document))

    return rule


#: The standard verbs, which on a filed document ask for the sales manager's consent (ARC-24, ARC-25).
EDIT_DOCUMENT = dataclasses.replace(EDIT, rules=(_consented("ARC-24", "edit"),))
DELETE_DOCUMENT = dataclasses.replace(DELETE, rules=(_consented("ARC-25", "delete"),))


def _kept_long_enough(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    if not document.is_filed:
        return Decision.allow()  # never was in the archive
    deleted_on = calendar.local(document.deleted_at).date()
    return rules.may_purge(deleted_on, ctx.today, value_of(KEPT_MONTHS, ctx.today), bool(values["for_good"]))


PURGE_DOCUMENT = dataclasses.replace(
    PURGE,
    inputs=(asked("for_good", _("destroy it for good; nobody can bring it back"), models.BooleanField(default=False)),),
    rules=(_kept_long_enough,),
    bulk=False,
    confirm="",
)
