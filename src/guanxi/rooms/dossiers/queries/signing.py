"""What a customer is shown to sign, and which link leads there."""

from __future__ import annotations

import datetime
import hashlib
import json

from guanxi.platform.access.tokens import digest_of
from guanxi.rooms.dossiers import rules
from guanxi.rooms.dossiers.models import Document, DocumentState, LinkState, SigningLink


def fingerprint_of(document: Document) -> str:
    """A fingerprint of all that a customer signs: another one as soon as a sign of it is another."""
    shown = [
        str(document.pk), document.title, document.dossier_class, document.kind, str(document.signed_on or ""),
        str(document.effective_on or ""), str(document.expires_on or ""), document.content,
        document.file.sha256 if document.file else "",
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def is_signable(link: SigningLink, document: Document, at: datetime.datetime) -> bool:
    """Whether the customer can sign by this link now."""
    return link.state == LinkState.OPEN and rules.still_to_be_signed(**standing_of(link, document, at)).allowed


def standing_of(link: SigningLink, document: Document, at: datetime.datetime) -> dict[str, bool]:
    """What the rule asks of a link and its document."""
    return {
        "is_submitted": document.state == DocumentState.SUBMITTED and document.deleted_at is None,
        "is_signed": bool(document.customer_signer),
        "is_as_shown": fingerprint_of(document) == link.fingerprint,
        "is_in_time": at < link.expires_at,
    }


def open_link(secret: str, at: datetime.datetime) -> SigningLink | None:
    """The link of this secret if it serves now, with its document.

    None for one that never was, has expired, was used or revoked, or whose document is another by now: whoever tries
    is not told which.
    """
    found = SigningLink.objects.select_related("document__customer", "document__file", "owner")
    link = found.filter(digest=digest_of(secret), deleted_at=None).first()
    return link if link is not None and is_signable(link, link.document, at) else None
