"""Links by which customers sign: handing them out and revoking them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.access import tokens
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, create
from guanxi.records.work import Work
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Document, DocumentState, LinkState, SigningLink
from guanxi.rooms.dossiers.policies import LINK_DAYS
from guanxi.rooms.dossiers.queries.signing import fingerprint_of

DOCUMENT, LINK = "dossiers.document", "dossiers.signinglink"


def _execute_hand_out(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    for work in works:
        secret = tokens.new_secret()
        document = work.values["document"]
        work.values |= {"digest": tokens.digest_of(secret), "fingerprint": fingerprint_of(document)}
        address = settings.BASE_URL.rstrip("/") + reverse("dossiers:sign", args=[secret])
        ctx.tell(
            Message(
                "With this link %(signer)s signs “%(title)s”. It is shown only now; give it to nobody else.",
                signer=work.values["signer"], title=document.title,
            ),
            address,
        )  # fmt: skip
    CREATE.execute(ctx, known, works)


#: The standard verb, which makes the secret and tells it once.
HAND_OUT = dataclasses.replace(CREATE, execute=_execute_hand_out)

REVOKE_LINK = Action(
    name="revoke_link",
    label=_("Revoke the link"),
    icon="link-off",
    tone="danger",
    confirm=_("Revoke the link? Nobody can sign with it any more."),
    states=(LinkState.OPEN,),
    to_state=LinkState.REVOKED,
    perform=lambda ctx, link, values: None,
    undoable=False,
)


def revoke_open_links(ctx: Context, document: Document) -> None:
    """Whatever was handed out for the customer to sign this document with serves no more."""
    for link in SigningLink.objects.filter(document=document, state=LinkState.OPEN, deleted_at=None):
        run(REVOKE_LINK, ctx.as_program(), LINK, link)


def _waits_for_customer(ctx: Context, document: Any, values: Mapping[str, Any]) -> Decision:
    return rules.waits_for_customer(document.customer_id is not None, bool(document.customer_signer))


def _perform_ask(ctx: Context, document: Any, values: dict[str, Any]) -> None:
    revoke_open_links(ctx, document)
    until = ctx.now + datetime.timedelta(days=value_of(LINK_DAYS, ctx.today))
    create(ctx.as_program(), LINK, document=document, signer=values["signer"], expires_at=until, owner=ctx.actor)


ASK_SIGNATURE = Action(
    name="ask_signature",
    label=_("Let the customer sign by a link"),
    icon="link",
    inputs=(
        asked(
            "signer",
            _("who signs for the customer"),
            models.CharField(max_length=80),
            required=True,
            help=_("A link handed out before for this document serves no more."),
        ),
    ),
    rules=(_waits_for_customer,),
    states=(DocumentState.SUBMITTED,),
    fits=lambda document: document.customer_id is not None and not document.customer_signer,
    perform=_perform_ask,
    undoable=False,
)
