"""Links by which customers sign, as the engine knows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Module, Section, View
from guanxi.rooms.dossiers import actions
from guanxi.rooms.dossiers.models import LinkState, SigningLink

SIGNING_LINK = Module(
    model=SigningLink,
    icon="link",
    data_class=DataClass.C2,
    profile="dossier",
    title="signer",
    scope_through="document",
    columns=("signer", "document", "state", "expires_at", "signed_name", "signed_at", "owner"),
    sections=(
        Section(_("Signing link"), ("document", "signer", "expires_at", "state", "owner")),
        Section(_("Evidence"), ("signed_name", "signed_at", "signed_from", "signed_with", "fingerprint")),
    ),
    hidden=("digest",),
    filters=("state", "owner", "expires_at"),
    lifecycle=Lifecycle("state", "open", locked=tuple(LinkState.values)),
    actions=(actions.HAND_OUT, actions.REVOKE_LINK),
    views=(View("open", _("Handed out"), {"field": "state", "op": "in", "value": ["open"]}),),
    without=("import_rows", "merge", "copy", "inline_edit", "create", "edit", "delete", "assign", "search"),
)
