"""Telling other systems: a delivery is written with what it tells of, sent by the worker, and its outcome noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from guanxi.kernel.errors import Conflict, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local, now
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.outbox import retry_delay
from guanxi.platform.jobs.registry import Attempt, Later, scheduled, sender
from guanxi.platform.notices.notify import notify
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import run
from guanxi.records.context import system_context
from guanxi.records.events import RecordsWritten
from guanxi.rooms.integrations.actions import KIND, MAX_RECORDS, SWITCH_OFF, WEBHOOK, queue
from guanxi.rooms.integrations.models import Delivery, Webhook, WebhookState
from guanxi.rooms.integrations.policies import DELIVERIES_KEPT, FAILURES_TO_SWITCH_OFF
from guanxi.rooms.integrations.queries import SIGNATURE_HEADER, body_of, listening, secret_of, signature

State = OutboxMessage.State

_ERROR_LENGTH = 500
_OWN = WEBHOOK.partition(".")[0]
_PURGE = "purge"


def note(event: RecordsWritten) -> None:
    """Write a delivery down for each webhook that listens, in the transaction of the action itself."""
    if event.module.startswith(f"{_OWN}.") or event.action == _PURGE or not event.records:
        return
    at = now()
    for hook in listening(event.module, event.action):
        for start in range(0, len(event.records), MAX_RECORDS):
            keys = [str(key) for key in event.records[start : start + MAX_RECORDS]]
            queue(hook, event.module, event.action, keys, at)


def hear(payload: dict[str, Any], attempt: Attempt) -> None:
    """Note on the delivery how an attempt ended, and on the webhook whether the other system can be reached."""
    delivery = Delivery.objects.select_related("webhook").filter(pk=payload["delivery"]).first()
    if delivery is None:
        return
    is_sent = attempt.state == State.SENT
    Delivery.objects.filter(pk=delivery.pk).update(
        state=attempt.state,
        attempts=attempt.attempts,
        next_try_at=attempt.next_try_at,
        sent_at=attempt.at if is_sent else None,
        error=attempt.error[:_ERROR_LENGTH],
        changed_at=attempt.at,
    )
    hook = delivery.webhook
    if hook.state != WebhookState.ACTIVE or attempt.state == State.WAITING:
        return
    rows = Webhook.objects.filter(pk=hook.pk)
    if is_sent:
        if delivery.answer is not None:  # else the owner may see none of it, and nobody was spoken to
            rows.update(failures=0, paused_until=None, last_error="", last_sent_at=attempt.at)
        return
    rows.update(
        failures=F("failures") + 1,
        paused_until=attempt.at + retry_delay(hook.failures + 1),
        last_error=attempt.error[:_ERROR_LENGTH],
    )
    if hook.failures + 1 >= value_of(FAILURES_TO_SWITCH_OFF, local(attempt.at).date()):
        _switch_off(hook, hook.failures + 1, attempt)


def _switch_off(hook: Webhook, failures: int, attempt: Attempt) -> None:
    assert hook.owner is not None
    why = Message("%(count)s attempts in a row failed; the last one: %(error)s", count=failures, error=attempt.error)
    ctx = system_context(hook.owner, now=attempt.at).because(str(why))
    run(SWITCH_OFF, ctx, WEBHOOK, hook.pk)
    people = [person for person in (hook.owner, hook.created_by) if person is not None]
    title = Message("Webhook “%(name)s” was switched off", name=hook.name)
    notify(people, title, why, module=WEBHOOK, record_id=hook.pk, kind="integrations.switched_off", at=attempt.at)


@sender(KIND, repeatable=True, told=hear)
def deliver(payload: dict[str, Any]) -> None:
    """Send one delivery with what the webhook's owner may see now.

    Raises Conflict (for good) when the webhook no longer sends, Later while its other side is given time to recover,
    Unreachable when this attempt failed. The other system sees the id of the delivery again when it is repeated.
    """
    from guanxi.platform.outgoing.client import send
    from guanxi.platform.outgoing.trusting import Unreachable

    delivery = Delivery.objects.select_related("webhook__owner").filter(pk=payload["delivery"]).first()
    if delivery is None:
        raise NotFound
    hook, at = delivery.webhook, now()
    owner = hook.owner
    if hook.state != WebhookState.ACTIVE or hook.deleted_at is not None:
        raise Conflict(Message("This webhook is switched off."))
    if owner is None or not owner.is_active or owner.deleted_at is not None:
        raise Conflict(Message("The owner of this webhook no longer works here."))
    if hook.paused_until is not None and hook.paused_until > at:
        raise Later(hook.paused_until)
    body, told = body_of(hook, delivery, at)
    noted = Delivery.objects.filter(pk=delivery.pk)
    noted.update(answer=None, told=told)
    if delivery.records and not told:
        return
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Guanxi-Event": delivery.event,
        "Guanxi-Delivery": str(delivery.pk),
        SIGNATURE_HEADER: signature(secret_of(hook), at, body),
    }
    answer = send("POST", hook.url, content=body, headers=headers)
    noted.update(answer=answer.status)
    if not answer.is_good:
        raise Unreachable(f"HTTP {answer.status}")


@scheduled("integrations.forget_deliveries", daily_at="03:40")
def forget_deliveries(at: datetime) -> None:
    """Drop the deliveries that are older than the list reaches back, and their messages."""
    kept = timedelta(days=value_of(DELIVERIES_KEPT, local(at).date()))
    old = Delivery.objects.filter(created_at__lt=at - kept)
    OutboxMessage.objects.filter(pk__in=old.values("message")).delete()
    old.delete()
