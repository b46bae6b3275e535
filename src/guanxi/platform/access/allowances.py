"""How many calls a person's programs may make now: a bucket in the database, shared by every process and server.

It fills steadily and holds a minute's calls. A process does not ask for each call: it takes a handful out of the bucket
and counts that down by itself, so that a busy program costs a write for every so many calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from guanxi.platform.access.models import CallAllowance

MINUTE = timedelta(minutes=1)
_ROUNDING = 1e-4  # of a call: moments are kept to the microsecond


@dataclass(frozen=True)
class Taken:
    """What came out of the bucket: so many calls, or, where it was empty, in how many seconds there will be one."""

    calls: int
    seconds: float = 0.0


def take(person_id: UUID, per_minute: int, wanted: int, at: datetime, *, returned: int = 0) -> Taken:
    """Take up to `wanted` calls out of a person's bucket, in a transaction of its own.

    `returned`: what a process took before and did not use; it goes back first.
    """
    each = MINUTE / per_minute
    with transaction.atomic():
        CallAllowance.objects.get_or_create(person_id=person_id, defaults={"full_at": at})
        bucket = CallAllowance.objects.select_for_update().get(person_id=person_id)
        lacking = max(timedelta(0), bucket.full_at - returned * each - at)
        held = (MINUTE - lacking) / each
        taken = min(wanted, int(held + _ROUNDING))
        if taken > 0:
            bucket.full_at = at + lacking + taken * each
            bucket.save(update_fields=["full_at"])
            return Taken(taken)
    return Taken(0, ((1 - held) * each).total_seconds())
