"""The customer signs by the link that he was given."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.access.tokens import UsedToken
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.records.actions import Action, run
from guanxi.records.context import Context, system_context
from guanxi.records.fields import asked
from guanxi.records.standard import ENTERED
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.actions.filing import NOTE_CUSTOMER_SIGNATURE
from guanxi.rooms.dossiers.models import Document, LinkState, SigningLink
from guanxi.rooms.dossiers.queries.signing import standing_of

DOCUMENT = "dossiers.document"


def _by_the_customer(ctx: Context, link: Any, values: Mapping[str, Any]) -> Decision:
    if not ctx.unbounded:
        # Whoever is given the right by mistake: an employee never signs for the customer.
        raise NotAllowed(Message("Only the customer signs with a link."))
    document = Document.objects.select_for_update().get(pk=link.document_id)
    return rules.still_to_be_signed(**standing_of(link, document, ctx.now)) & rules.must_sign_knowingly(
        bool(values["is_read"]), values["name"] or ""
    )


def _perform_sign(ctx: Context, link: Any, values: dict[str, Any]) -> None:
    name = values["name"].strip()
    link.signed_name, link.signed_at = name, ctx.now
    link.signed_from, link.signed_with = ctx.address, values["browser"] or ""
    given = {"customer_signer": name, "customer_signed_on": ctx.today, "customer_page": values["page"]}
    run(NOTE_CUSTOMER_SIGNATURE, ctx, DOCUMENT, link.document_id, given)
    title = Message("%(name)s has signed: %(title)s", name=name, title=link.document.title)
    notify([link.owner], title, "", DOCUMENT, link.document_id, "signature", at=ctx.now)


SIGN_BY_LINK = Action(
    name="sign_by_link",
    label=_("Sign by the link"),
    icon="writing-sign",
    inputs=(
        asked("name", _("full name"), models.CharField(max_length=80), required=True),
        asked("is_read", _("has read it"), models.BooleanField(default=False)),
        asked("page", _("page signed by the customer"), models.ForeignKey(StoredFile, models.PROTECT), required=True),
        asked("browser", _("with the browser"), models.CharField(max_length=200, blank=True)),
    ),
    rules=(_by_the_customer,),
    states=(LinkState.OPEN,),
    to_state=LinkState.USED,
    perform=_perform_sign,
    undoable=False,
)
#: No verb of people: who has the link signs, and nobody else.
ENTERED[SIGN_BY_LINK.name] = SIGN_BY_LINK.label


def signing_context(link: SigningLink, at: datetime.datetime, address: str) -> Context:
    """In whose name what comes through the link is written: who handed it out, through the link, from that address."""
    assert link.owner is not None
    through = UsedToken(link.pk, f"{SigningLink._meta.verbose_name} · {link.signer}")
    return dataclasses.replace(system_context(link.owner, now=at), address=address, token=through)
