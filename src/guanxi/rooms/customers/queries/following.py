"""Who follows a customer."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.scoped import Scoped
from guanxi.rooms.customers.models import Customer, Following

FOLLOWING, CUSTOMER = "customers.following", "customers.customer"


def followers(customer: uuid.UUID, at: datetime.datetime) -> list[Person]:
    """Who follows a customer, wants to be told, and sees its archive at that moment (ARC-35)."""
    people = Person.objects.filter(pk__in=_told_of(customer), is_active=True, deleted_at=None)
    return [
        person
        for person in people.order_by("name_pinyin", "pk")
        if Context.of(person, source="system", now=at).search(CUSTOMER).filter(pk=customer).exists()
    ]


def _told_of(customer: uuid.UUID) -> Any:
    return Following.objects.filter(customer=customer, is_told=True, deleted_at=None).values("owner")


_MINE = Scoped(lambda ctx, customer, owner: ctx.search(FOLLOWING).filter(customer=customer, owner=owner))


def followed(ctx: Context, customer: Customer) -> Any:
    """The person's own following of a customer; None where he does not follow it."""
    return _MINE.first(ctx, customer=customer.pk, owner=ctx.actor.pk)
