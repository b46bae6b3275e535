"""The link by which a person ends advertising by mail: signed, without an account, for one person and purpose."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from guanxi.rooms.customers.public import Contact, Purpose

_SALT = "mail.unsubscribe"


def unsubscribe_address(contact: Contact, purpose: str) -> str:
    """The full address that a mail for that purpose to that person carries."""
    token = signing.dumps([str(contact.pk), purpose], salt=_SALT, compress=False)
    return f"{settings.BASE_URL}{reverse('mail:unsubscribe', args=[token])}"


def contact_of(token: str) -> tuple[Contact, str] | None:
    """The person and the purpose that a link means; None for one that we never gave, or whose person is gone."""
    try:
        told: Any = signing.loads(token, salt=_SALT)
        key, purpose = uuid.UUID(str(told[0])), Purpose(str(told[1]))
    except (signing.BadSignature, ValueError, TypeError, IndexError, KeyError):
        return None
    contact = Contact.objects.select_related("customer").filter(pk=key, deleted_at=None).first()
    return (contact, purpose.value) if contact is not None else None
