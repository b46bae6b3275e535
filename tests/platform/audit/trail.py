"""A small sealed and anchored trail, and hands that change it behind the program's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from guanxi.platform.audit import triggers
from guanxi.platform.audit.chain import anchor, seal_pending
from guanxi.platform.audit.entries import write
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RECORD = UUID("01930000-0000-7000-8000-000000000001")
TOKEN = UUID("01930000-0000-7000-8000-00000000000a")


def entry(number: int | None = None, **fields: object) -> AuditEntry:
    values: dict[str, object] = {
        "at": BEGIN, "actor_name": "王丽", "source": "page", "action": "update", "module": "customers.customer",
        "record_id": RECORD, "record_label": "川兴酒业", "changes": {"limit": [Decimal("1.10"), None]},
    }  # fmt: skip
    return AuditEntry(**({"id": number} if number else {}), **{**values, **fields})


def sealed_trail(early: int, late: int) -> list[int]:
    """Entries 10, 20, 30 …, the first `early` sealed two hours before the others; the head is anchored. Their ids."""
    actor = Person.objects.create(username="actor", name="王丽")
    numbers = [10 * place for place in range(1, early + late + 1)]
    for moment, part in ((BEGIN, numbers[:early]), (BEGIN + timedelta(hours=2), numbers[early:])):
        with clock_at(moment):
            with transaction.atomic():
                write([entry(number, actor=actor, reason=f"r{number}", **through(number)) for number in part])
            assert seal_pending() == len(part)
    assert anchor()
    return numbers


def through(number: int) -> dict[str, object]:
    """Every other entry came through an access token."""
    return {"token": TOKEN, "token_name": "官网"} if number % 20 else {}


@contextmanager
def tampering() -> Iterator[None]:
    """Within the block the triggers are off; afterwards everything done in it is undone."""
    with transaction.atomic():
        connection.check_constraints()
        triggers.remove(connection)
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
