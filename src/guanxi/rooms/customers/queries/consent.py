"""Whether we may contact a person by a channel for a purpose, and what a person has said so far."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.kernel.decision import Decision
from guanxi.platform.calendar import local
from guanxi.records.context import Context
from guanxi.rooms.customers.models import Consent, Contact
from guanxi.rooms.customers.models.consent import Channel, Purpose
from guanxi.rooms.customers.rules import ConsentFact, contact_permitted


@dataclass(frozen=True)
class ConsentState:
    """What holds for one channel and purpose of a person, and since when; `said` is None where nothing was said."""

    channel: Channel
    purpose: Purpose
    decision: Decision
    said: Consent | None


def may_contact(contact: Contact, channel: str, purpose: str, at: datetime.datetime) -> Decision:
    """Whether the person may be contacted by this channel for this purpose at that moment (PIPL art. 13 to 16).

    For whoever sends anything: mail, campaigns, surveys. Unknown people are never sent marketing.
    """
    return may_contact_many([contact.pk], channel, purpose, at)[contact.pk]


def may_contact_many(
    contacts: Iterable[uuid.UUID], channel: str, purpose: str, at: datetime.datetime
) -> dict[uuid.UUID, Decision]:
    """The same for many people in one statement."""
    ids = list(contacts)
    facts: dict[uuid.UUID, list[ConsentFact]] = {pk: [] for pk in ids}
    for start in range(0, len(ids), 500):
        said = Consent.objects.filter(
            contact__in=ids[start : start + 500], channel=channel, purpose=purpose, deleted_at=None
        )
        for row in said:
            facts[row.contact_id].append(_fact(row))
    return {pk: contact_permitted(rows, purpose, at, local(at).date()) for pk, rows in facts.items()}


def consent_states(ctx: Context, contact: Contact) -> list[ConsentState]:
    """What holds now for every channel and purpose of a person whom the caller may see."""
    said: dict[tuple[str, str], list[Consent]] = {}
    for row in ctx.search("customers.consent").filter(contact=contact).order_by("stated_at", "created_at"):
        said.setdefault((row.channel, row.purpose), []).append(row)
    states = []
    for channel in Channel:
        for purpose in Purpose:
            rows = said.get((channel.value, purpose.value), [])
            decision = contact_permitted([_fact(row) for row in rows], purpose, ctx.now, ctx.today)
            states.append(ConsentState(channel, purpose, decision, rows[-1] if rows else None))
    return states


def _fact(row: Consent) -> ConsentFact:
    return ConsentFact(row.statement, row.stated_at, row.valid_until)
