"""Doing what was sent, once: a double click, an impatient second try, a call repeated after a broken connection."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from guanxi.kernel.errors import Conflict, Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.once.models import Submission
from guanxi.platform.people.models import Person


@dataclass(frozen=True)
class Answer:
    """What is answered: now, or already the first time."""

    value: Any
    replayed: bool = False


class UnderWay(Conflict):
    """The very same is being done at this moment."""

    code = "under_way"
    default = Message("This is being done already. Ask again in a moment.")


class OtherContent(Invalid):
    """The key was used before, for something else."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__({"": [Message("This key was already used for something else. Take a new one.")]})


def once(
    person: Person, key: str, act: Callable[[], Any], at: datetime, *, digest: str = "", wait: bool = True
) -> Answer:
    """Run `act` unless this person already sent this key with success; its answer (JSON) is kept with its effect.

    A Problem of `act` is raised, and leaves the key free: what was refused may be corrected and sent again; what the
    refusal itself left (the audit of it) stays. `digest` tells whether the same was sent: OtherContent where not. Who
    comes while the first is still at it waits for its answer, or gets UnderWay without `wait` (the embedded database
    has one writer at a time: there everybody waits).
    """
    with transaction.atomic():
        if not wait and not _is_free(person, key):
            raise UnderWay
        try:
            with transaction.atomic():
                claim = Submission.objects.create(person=person, key=key, digest=digest, at=at)
        except IntegrityError:
            # The first sending has committed: a second one waits for it at the unique constraint.
            kept = Submission.objects.get(person=person, key=key)
            if kept.digest != digest:
                raise OtherContent from None
            return Answer(kept.answer, replayed=True)
        try:
            value = act()
        except Problem as refused:
            claim.delete()
            problem = refused
        else:
            Submission.objects.filter(pk=claim.pk).update(answer=value)
            return Answer(value)
    raise problem


def _is_free(person: Person, key: str) -> bool:
    """Take the key for this transaction, unless another transaction has it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"once {person.pk} {key}"])
        return bool(cursor.fetchone()[0])
