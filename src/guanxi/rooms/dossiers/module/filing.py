"""Dossier documents and volumes, as the engine knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.records.module import Lifecycle, Menu, Module, Related, Section, View
from guanxi.rooms.dossiers import actions, rules
from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass, Volume


def _in_state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


def _keeps_its_place(ctx: Context, document: Any, changed: frozenset[str]) -> Decision:
    return rules.keeps_its_place(document.is_filed and "dossier_class" in changed)


def _keeps_its_day(ctx: Context, document: Any, changed: frozenset[str]) -> Decision:
    is_contract = document.is_filed and document.dossier_class == DossierClass.CONTRACTS
    return rules.must_be_dated(is_contract, document.signed_on)


def _of_a_year_so_far(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A volume holds papers of a year that has begun; those of this century are kept in it."""
    if "year" in values and values["year"] and not 2000 <= values["year"] <= ctx.today.year:
        raise Invalid({"year": [Message("A year from 2000 to %(year)s.", year=str(ctx.today.year))]})
    return values


def _days_in_order(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """A document is not in effect until a day before it comes into effect."""
    first = values.get("effective_on", getattr(record, "effective_on", None))
    last = values.get("expires_on", getattr(record, "expires_on", None))
    if first and last and last < first:
        raise Invalid({"expires_on": [Message("The last day cannot be before the first day, %(start)s.", start=first)]})
    return values


DOCUMENT = Module(
    model=Document,
    icon="file-certificate",
    data_class=DataClass.C2,
    profile="dossier",
    title="title",
    scope_through="customer",
    columns=("number", "title", "kind", "customer", "dossier_class", "signed_on", "state", "owner"),
    sections=(
        Section(
            _("Dossier document"),
            ("title", "customer", "dossier_class", "kind", "signed_on", "effective_on", "expires_on", "owner"),
        ),
        Section(_("Content"), ("file", "content", "legally_effective", "important", "remarks", "contribution")),
        Section(
            _("Signatures"),
            (
                "state", "confirmed_by", "confirmed_at", "customer_signer", "customer_signed_on", "customer_page",
                "approved_by", "approved_at",
            ),
        ),
        Section(_("Place in the archive"), ("volume", "leaf", "filed_on", "filed_by")),
    ),
    filters=("state", "dossier_class", "kind", "customer", "owner", "volume", "signed_on"),
    search=("customer",),
    related=(
        Related("dossiers.original", "document", columns=("paper_number", "place", "state", "owner")),
        Related("dossiers.signinglink", "document", columns=("signer", "state", "expires_at", "signed_name")),
    ),
    lifecycle=Lifecycle("state", DocumentState.DRAFT, locked=(DocumentState.SUBMITTED,)),
    prepare=_days_in_order,
    rules=(_keeps_its_place, _keeps_its_day),
    actions=(
        actions.SUBMIT_DOCUMENT, actions.NOTE_CUSTOMER_SIGNATURE, actions.ASK_SIGNATURE, actions.APPROVE_DOCUMENT,
        actions.FILE_DOCUMENT, actions.TAKE_BACK, actions.TAKE_CONTRIBUTION,
        actions.EDIT_DOCUMENT, actions.DELETE_DOCUMENT, actions.PURGE_DOCUMENT,
    ),
    menu=Menu("dossiers", 20),
    views=(
        View("draft", _("Being prepared"), _in_state("draft")),
        View("signing", _("Waiting for signatures"), _in_state("submitted")),
        View("filed", _("Filed"), _in_state("filed")),
    ),
    without=("merge",),
)  # fmt: skip

VOLUME = Module(
    model=Volume,
    icon="books",
    data_class=DataClass.C1,
    profile="shelf",
    title="number",
    sort="number",
    columns=("number", "dossier_class", "owner", "year", "place", "state", "bound_on"),
    sections=(Section(_("Volume"), ("dossier_class", "owner", "year", "place", "state", "bound_on")),),
    filters=("dossier_class", "owner", "year", "state"),
    starts=lambda ctx: {"year": ctx.today.year},
    prepare=_of_a_year_so_far,
    related=(Related("dossiers.document", "volume", columns=("number", "title", "customer", "signed_on", "filed_on")),),
    lifecycle=Lifecycle("state", "open", locked=("bound",)),
    actions=(actions.BIND_VOLUME, actions.BIND_YEAR),
    menu=Menu("dossiers", 22, create=False),
    views=(
        View("open", _("Open volumes"), _in_state("open")),
        View("bound", _("Bound volumes"), _in_state("bound")),
    ),
    without=("import_rows", "merge", "copy", "inline_edit"),
)
