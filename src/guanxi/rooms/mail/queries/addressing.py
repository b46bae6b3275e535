"""To whom a mail goes, what a template may say of him, and whom an address belongs to."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import formats

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records.context import Context
from guanxi.rooms.customers.public import Contact, Customer
from guanxi.rooms.mail.models import Letter
from guanxi.rooms.mail.sources import source_of

_BETWEEN = re.compile(r"[,;，；\s]+")
MOST_COPIES = 20


def others_of(text: str, field: str) -> list[str]:
    """The addresses in a line of copies. Raises Invalid for one that is none, and for too many."""
    found = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(found) > MOST_COPIES:
        raise Invalid({field: [Message("At most %(count)s copies.", count=MOST_COPIES)]})
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise Invalid({field: [Message("“%(value)s” is not an e-mail address.", value=address[:80])]}) from None
    return found


def values_for(ctx: Context, letter: Letter) -> dict[str, str]:
    """What a template says of this addressee, by its names."""
    contact, customer = letter.contact, letter.customer
    name, company, number = letter.to_address, "", ""
    if letter.source_id is not None and (source := source_of(letter.source)):
        found = source.addressee(ctx, letter.source_id)
        if found is not None:
            name, company, number = found.name, found.company, found.number
    elif contact is not None:
        name, number = contact.name, contact.number
    elif customer is not None:
        name, number = customer.name, customer.number
    actor = ctx.actor
    return {
        "name": name,
        "title": contact.get_gender_display() if contact is not None and contact.gender else "",
        "company": company or (customer.name if customer is not None else ""),
        "number": number,
        "today": formats.date_format(ctx.today, "DATE_FORMAT"),
        "sender": actor.name,
        "sender_phone": actor.phone,
        "sender_post": str(actor.position or ""),
        "material": letter.material.name if letter.material is not None else "",
    }


class Whose(NamedTuple):
    """Whom an address belongs to."""

    contact: Contact | None
    customer: Customer | None


def found_by_address(address: str) -> Whose:
    """The contact or customer with this address; nobody where it is on file of more than one customer."""
    contacts: list[Any] = list(
        Contact.objects.filter(email__iexact=address, deleted_at=None, customer__deleted_at=None)
        .select_related("customer")
        .order_by("-primary", "created_at")[:20]
    )
    if contacts:
        is_one = len({contact.customer_id for contact in contacts}) == 1
        return Whose(contacts[0], contacts[0].customer) if is_one else Whose(None, None)
    customers = list(Customer.objects.filter(email__iexact=address, deleted_at=None)[:2])
    return Whose(None, customers[0]) if len(customers) == 1 else Whose(None, None)
