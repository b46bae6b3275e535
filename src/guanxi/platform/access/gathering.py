"""Everything that gives one person rights at one moment, in one statement: every request begins with it.

Nothing of it is kept from one request to the next, so that a right that is taken away is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.platform.access.models import AccessGrant, PersonRole, Role, RoleRight
from guanxi.platform.calendar import local
from guanxi.platform.people.models import Deputy, Person
from guanxi.platform.prepared import asked

RIGHT, GRANT, DEPUTY = "right", "grant", "deputy"

_STATEMENT = f"""
SELECT '{RIGHT}' AS source, granted.module AS module, granted.action AS actions, granted.scope AS scope,
       granted.role_id AS subject
  FROM {RoleRight._meta.db_table} granted
  JOIN {Role._meta.db_table} held ON held.id = granted.role_id AND held.deleted_at IS NULL
  JOIN {PersonRole._meta.db_table} holder ON holder.role_id = held.id AND holder.deleted_at IS NULL
 WHERE holder.person_id = %s AND granted.deleted_at IS NULL
UNION ALL
SELECT '{GRANT}', module, actions, 0, record_id
  FROM {AccessGrant._meta.db_table}
 WHERE person_id = %s AND valid_from <= %s AND valid_until > %s AND deleted_at IS NULL
UNION ALL
SELECT '{DEPUTY}', '', '', 0, person_id
  FROM {Deputy._meta.db_table}
 WHERE deputy_id = %s AND from_date <= %s AND until_date >= %s AND deleted_at IS NULL
"""  # noqa: S608 - the names of our own tables


def gathered(person: Person, at: datetime) -> Iterator[tuple[str, str, str, int, UUID]]:
    """Source (RIGHT, GRANT or DEPUTY), module, actions, scope and subject: the role, the granted record, the absent."""
    key = _stored(Person._meta.pk, person.pk)
    moment = _stored(AccessGrant._meta.get_field("valid_from"), at)
    day = _stored(Deputy._meta.get_field("from_date"), local(at).date())
    values = [key, key, moment, moment, key, day, day]
    for source, module, actions, scope, subject in asked(connection, _STATEMENT, values):
        if source == RIGHT or isinstance(subject, UUID):  # which role gives a right, nobody asks: as it is stored
            yield source, module, actions, scope, subject
        else:
            yield source, module, actions, scope, UUID(subject)


def _stored(field: Any, value: Any) -> Any:
    return field.get_db_prep_value(value, connection)
