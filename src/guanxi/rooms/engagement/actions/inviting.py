"""Opening a meeting or an event to those who are asked to it, and closing it to those who no longer are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from uuid import UUID

from guanxi.platform.access.grants import end_grants, give_grant
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.people.models import Person
from guanxi.records.context import Context


def asked_already(module: str, record_id: UUID) -> set[UUID]:
    """The ids of the people to whom the record was opened."""
    grants = AccessGrant.objects.filter(module=module, record_id=record_id, deleted_at=None)
    return set(grants.values_list("person", flat=True))


def open_to(
    ctx: Context, module: str, record_id: UUID, people: Iterable[Person], ends: datetime.datetime, reason: str
) -> list[Person]:
    """Let the people open the record until `ends`; returns those who could not before."""
    known = asked_already(module, record_id)
    new = [person for person in people if person.pk not in known]
    for person in new:
        give_grant(
            person=person, module=module, record_id=record_id, actions=("view",), begins=ctx.now, ends=ends,
            reason=reason, by=ctx.actor,
        )  # fmt: skip
    return new


def close_to_others(ctx: Context, module: str, record_id: UUID, people: Iterable[Person]) -> list[Person]:
    """End the sight of whoever is not among the people any more; returns whom."""
    gone = Person.objects.filter(pk__in=asked_already(module, record_id) - {person.pk for person in people})
    for person in gone:
        end_grants(person, module, record_id, ctx.actor, ctx.now)
    return list(gone)
