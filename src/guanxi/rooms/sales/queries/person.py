"""Where a lead keeps the data of the person whom it was converted with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guanxi.records import registry
from guanxi.rooms.sales.models import Lead

LEAD = "sales.lead"
#: What of a lead is about the person; the rest is about the company, and stays.
OF_THE_PERSON = frozenset({"person", "post", "mobile", "phone", "email", "address", "content", "closing"})


def leads_of(contact: Any) -> Iterable[tuple[str, Any, frozenset[str]]]:
    """The leads a contact came from, to be erased with it (PIPL art. 47)."""
    kept = frozenset(registry.entry(LEAD).fields) - OF_THE_PERSON
    for lead in Lead.objects.select_for_update().filter(contact=contact.pk):
        yield LEAD, lead, kept
