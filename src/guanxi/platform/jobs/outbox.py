"""What leaves the system: written down in the transaction that causes it, handed over after the commit."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, QuerySet

from guanxi.kernel.errors import Problem
from guanxi.platform.jobs.models import OutboxMessage, Quarantine
from guanxi.platform.jobs.registry import Attempt, Later, Sender, senders

logger = logging.getLogger(__name__)

ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# Longer than any sender may take: a message still in the middle of sending after this time has lost its worker.
SENDING_LEASE = timedelta(minutes=5)
BATCH = 50

State = OutboxMessage.State


def post(kind: str, payload: Mapping[str, Any], at: datetime) -> OutboxMessage:
    """Write down a message to be sent once the caller's transaction has committed; it vanishes with a rollback.

    `kind`: a registered sender's, else LookupError; `payload`: what the sender needs, JSON-safe; `at`: the earliest
    moment of sending.
    """
    senders.need(kind)
    return OutboxMessage.objects.create(
        kind=kind,
        payload=json.loads(json.dumps(dict(payload), cls=DjangoJSONEncoder)),
        next_try_at=at,
        created_at=at,
        changed_at=at,
    )


def deliver_due(at: datetime) -> int:
    """Send what is due, oldest first, at most 50 at a call; returns how many were tried.

    Each message is claimed by one worker, sent outside any transaction and marked afterwards. Failures are repeated
    after 30 s, 1 min, 2 min … at most an hour apart, and parked after 8 attempts. In quarantine nothing is sent.
    """
    if is_quarantined():
        return 0
    due = OutboxMessage.objects.filter(
        state__in=(State.WAITING, State.FAILED, State.SENDING), next_try_at__lte=at, deleted_at=None
    )
    return sum(_deliver(message, at) for message in due.order_by("next_try_at", "id")[:BATCH])


def is_quarantined() -> bool:
    """Whether this installation was restored from a backup and not released yet: then nothing leaves it."""
    return Quarantine.objects.exists()


def quarantine(backup_made_at: datetime, at: datetime) -> None:
    """From now on nothing leaves this installation until somebody releases it."""
    Quarantine.objects.all().delete()
    Quarantine.objects.create(since=at, backup_made_at=backup_made_at)


def release(at: datetime, *, send_waiting: bool = False) -> int:
    """End the quarantine; returns how many messages were parked.

    What was waiting when the backup was made has most likely left the original since: it is parked for a person to
    look at, unless `send_waiting`.
    """
    with transaction.atomic():
        held = Quarantine.objects.select_for_update().first()
        if held is None:
            return 0
        parked = 0
        if not send_waiting:
            restored = OutboxMessage.objects.filter(
                state__in=(State.WAITING, State.FAILED, State.SENDING), created_at__lte=held.since
            )
            parked = restored.update(state=State.PARKED, last_error=_RESTORED, changed_at=at)
        Quarantine.objects.all().delete()
    return parked


_RESTORED = "restored from a backup: the original has probably sent this message already"


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts."""
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << (attempts - 1)))


def _deliver(message: OutboxMessage, at: datetime) -> bool:
    sender = senders.get(message.kind)
    seen = OutboxMessage.objects.filter(pk=message.pk, state=message.state, attempts=message.attempts)
    if message.state == State.SENDING and not (sender and sender.repeatable):
        # Once handed over, an e-mail cannot be called back: a person decides whether to send it again.
        lost = "the worker stopped while sending: this message may or may not have been sent"
        return _note(message, seen, sender, {"state": State.PARKED, "last_error": lost}, message.attempts, at)
    if not seen.update(state=State.SENDING, attempts=F("attempts") + 1, next_try_at=at + SENDING_LEASE, changed_at=at):
        return False
    attempts = message.attempts + 1
    mine = OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING, attempts=attempts)
    columns = _sent(message, attempts, at)
    _note(message, mine, sender, columns, columns.get("attempts", attempts), at)
    return True


def _note(
    message: OutboxMessage,
    rows: QuerySet[OutboxMessage],
    sender: Sender | None,
    columns: dict[str, Any],
    attempts: int,
    at: datetime,
) -> bool:
    """Write down how an attempt ended and tell the sender; False when the message is somebody else's by now."""
    with transaction.atomic():
        if not rows.update(changed_at=at, **columns):
            return False
        if sender is not None and sender.told is not None:
            attempt = Attempt(at, columns["state"], attempts, columns.get("next_try_at"), columns.get("last_error", ""))
            sender.told(dict(message.payload), attempt)
    return True


def send_again(messages: QuerySet[OutboxMessage], at: datetime) -> int:
    """Give parked messages, and sent ones whose sender allows it, all their attempts again; returns how many."""
    return messages.filter(state__in=(State.PARKED, State.SENT)).update(
        state=State.WAITING, attempts=0, next_try_at=at, last_error="", sent_at=None, changed_at=at
    )


def _sent(message: OutboxMessage, attempts: int, at: datetime) -> dict[str, Any]:
    try:
        senders.need(message.kind).function(dict(message.payload))
    except Later as later:
        return {"state": State.WAITING, "next_try_at": later.at, "attempts": attempts - 1}
    except Problem as problem:
        return {"state": State.PARKED, "last_error": problem.message.plain}
    except Exception as error:
        logger.warning("message %s: attempt %s failed", message.pk, attempts, exc_info=error)
        failed = {"last_error": f"{type(error).__name__}: {error}"}
        if attempts >= ATTEMPTS:
            return {"state": State.PARKED, **failed}
        return {"state": State.FAILED, "next_try_at": at + retry_delay(attempts), **failed}
    return {"state": State.SENT, "sent_at": at, "last_error": ""}
