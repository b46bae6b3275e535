"""Writing and reading who was shown what: one row for each look, beside the audit trail of what was done."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet

from guanxi.platform.access.tokens import UsedToken
from guanxi.platform.audit.models import Disclosure, Outcome, Sight, Source
from guanxi.platform.people.models import Person
from guanxi.platform.prepared import again


def note(
    actor: Person,
    at: datetime,
    kind: Sight,
    *,
    source: str = Source.PAGE,
    module: str = "",
    record_id: UUID | None = None,
    label: str = "",
    detail: dict[str, Any] | None = None,
    reason: str = "",
    refused: bool = False,
    address: str = "",
    token: UsedToken | None = None,
) -> None:
    """Enter one look, in one statement; raises when it cannot be kept, and then nothing may be shown."""
    entry = Disclosure(
        at=at, actor=actor, actor_name=actor.name, kind=kind, source=source, module=module, record_id=record_id,
        record_label=label, detail=detail or {}, reason=reason, address=address,
        token=token.id if token else None, token_name=token.name if token else None,
        outcome=Outcome.REFUSED if refused else Outcome.DONE,
    )  # fmt: skip
    for name in ("actor_name", "record_label", "address"):
        column = Disclosure._meta.get_field(name)
        assert isinstance(column, models.CharField)
        setattr(entry, name, getattr(entry, name).replace("\x00", "")[: column.max_length])
    _insert(entry)


def _insert(entry: Disclosure) -> None:
    """Enter it with a statement that is made once: this stands before each look, where Django would build it anew."""
    statement, columns = _insertion()
    values = [column.get_db_prep_save(column.pre_save(entry, add=True), connection) for column in columns]
    with transaction.mark_for_rollback_on_error(using=connection.alias), again(connection) as cursor:
        cursor.execute(statement, values)


@cache
def _insertion() -> tuple[str, tuple[Any, ...]]:
    columns = tuple(column for column in Disclosure._meta.concrete_fields if not column.primary_key)
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    holes = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {Disclosure._meta.db_table} ({names}) VALUES ({holes})", columns  # noqa: S608 - our own names


def of_record(record_id: UUID) -> QuerySet[Disclosure]:
    """Who looked at one record, and how; the newest first."""
    return Disclosure.objects.filter(record_id=record_id).order_by("-id")


def forget_before(moment: datetime, limit: int = 10_000) -> int:
    """Delete what is older, at most `limit` rows at once; returns how many. The database refuses what is too young."""
    old = Disclosure.objects.filter(at__lt=moment).order_by("id").values_list("pk", flat=True)[:limit]
    deleted, _by_model = Disclosure.objects.filter(pk__in=list(old)).delete()
    return deleted
