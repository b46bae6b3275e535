"""Opening single records to a person for a time. They change and return; the audited action around them is a room's."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from guanxi.platform.access.models import AccessGrant
from guanxi.platform.people.models import Person


def give_grant(
    *,
    person: Person,
    module: str,
    record_id: UUID,
    actions: Iterable[str],
    begins: datetime,
    ends: datetime,
    reason: str,
    by: Person,
) -> AccessGrant:
    """From `begins` until before `ends` (aware) the person may do the actions with this one record of the module."""
    length = AccessGrant._meta.get_field("reason").max_length
    return AccessGrant.objects.create(
        person=person, module=module, record_id=record_id, actions=",".join(actions), valid_from=begins,
        valid_until=ends, reason=reason[:length], created_at=begins, created_by=by, changed_at=begins, changed_by=by,
    )  # fmt: skip


def end_grants(person: Person, module: str, record_id: UUID, by: Person, at: datetime) -> int:
    """What was granted to the person on this record holds no more from this moment on; returns how many grants.

    That they were given stays on record.
    """
    live = AccessGrant.objects.filter(
        person=person, module=module, record_id=record_id, valid_until__gt=at, deleted_at__isnull=True
    )
    return live.update(deleted_at=at, deleted_by=by)
