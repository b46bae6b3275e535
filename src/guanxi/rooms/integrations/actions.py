"""Verbs of webhooks: asking for consent, agreeing, switching on and off, a new secret, a test, sending again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.jobs.outbox import post, send_again
from guanxi.platform.notices.notify import notify
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, EDIT
from guanxi.records.work import Work
from guanxi.rooms.integrations import rules
from guanxi.rooms.integrations.models import Delivery, Webhook, WebhookState
from guanxi.rooms.integrations.queries import PING, secret_of

WEBHOOK = "integrations.webhook"
KIND = "webhook"
#: One delivery tells of at most so many records; an import of more is told in several.
MAX_RECORDS = 200


def queue(hook: Webhook, module: str, action: str, records: list[str], at: datetime) -> Delivery:
    """Write a delivery down, and a message that sends it once the transaction has committed."""
    delivery = Delivery(
        webhook=hook, happened_at=at, module=module, action=action, records=records, next_try_at=at,
        created_at=at, changed_at=at,
    )  # fmt: skip
    delivery.message = post(KIND, {"delivery": delivery.pk}, at)
    delivery.save(force_insert=True)
    return delivery


# ---- Making and changing ---------------------------------------------------------------------------------------------


def _tell_secret(ctx: Context, hook: Webhook) -> None:
    ctx.tell(
        Message("This is the secret with which “%(name)s” is signed. It is shown only now.", name=hook.name),
        secret_of(hook),
    )


def _ask_owner(ctx: Context, hook: Webhook) -> None:
    if hook.owner is not None:
        notify(
            [hook.owner],
            Message("Webhook “%(name)s” waits for your consent", name=hook.name),
            Message("It would tell %(url)s what you may see. Agree on its page, or leave it.", url=hook.url),
            module=WEBHOOK,
            record_id=hook.pk,
            kind="integrations.consent",
            at=ctx.now,
        )


def _execute_create(ctx: Context, known: Registered, works: list[Work]) -> None:
    assert CREATE.execute is not None
    CREATE.execute(ctx, known, works)
    for work in works:
        _tell_secret(ctx, work.result)
        _ask_owner(ctx, work.result)


def _execute_edit(ctx: Context, known: Registered, works: list[Work]) -> None:
    """What the owner agreed to has changed: it is silent until he agrees again."""
    assert EDIT.execute is not None
    for work in works:
        if any(known.field(name).value(work.record) != work.values[name] for name in rules.AGREED & work.values.keys()):
            work.values["state"] = WebhookState.WAITING
    EDIT.execute(ctx, known, works)
    for work in works:
        if "state" in work.changes:
            _ask_owner(ctx, work.record)


CREATE_WEBHOOK = dataclasses.replace(CREATE, execute=_execute_create)
EDIT_WEBHOOK = dataclasses.replace(EDIT, execute=_execute_edit)


# ---- On, off, secret, test -------------------------------------------------------------------------------------------


def _by_owner(ctx: Context, hook: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_agree(ctx.actor.pk, hook.owner_id)


def _perform_agree(ctx: Context, hook: Webhook, values: dict[str, Any]) -> None:
    _begin_anew(hook)


def _perform_switch_on(ctx: Context, hook: Webhook, values: dict[str, Any]) -> None:
    _begin_anew(hook)
    _ask_owner(ctx, hook)


def _begin_anew(hook: Webhook) -> None:
    """Forget former failures."""
    hook.failures, hook.paused_until, hook.last_error = 0, None, ""


def _perform_new_secret(ctx: Context, hook: Webhook, values: dict[str, Any]) -> None:
    # A hidden column is no field of the record: the pipeline neither saves nor audits what it holds.
    hook.secret_number += 1
    hook.save(update_fields=["secret_number"])
    _tell_secret(ctx, hook)


def _perform_ping(ctx: Context, hook: Webhook, values: dict[str, Any]) -> None:
    if hook.state != WebhookState.ACTIVE:
        raise Conflict(Message("Only an active webhook sends anything."))
    queue(hook, "", PING, [], ctx.now)


AGREE = Action(
    name="agree",
    label=_("Agree"),
    icon="check",
    states=(WebhookState.WAITING,),
    to_state=WebhookState.ACTIVE,
    confirm=_("From now on the other system is told what you may see of these records. Continue?"),
    rules=(_by_owner,),
    perform=_perform_agree,
)
SWITCH_OFF = Action(
    name="switch_off",
    label=_("Switch off"),
    icon="plug-off",
    tone="danger",
    states=(WebhookState.WAITING, WebhookState.ACTIVE),
    to_state=WebhookState.OFF,
    asks_reason=True,
)
SWITCH_ON = Action(
    name="switch_on",
    label=_("Switch on"),
    icon="plug",
    states=(WebhookState.OFF,),
    to_state=WebhookState.WAITING,
    confirm=_("The owner is asked to agree; then it begins again. Continue?"),
    perform=_perform_switch_on,
)
NEW_SECRET = Action(
    name="new_secret",
    label=_("New secret"),
    icon="key",
    confirm=_("The present secret stops working at once. Continue?"),
    perform=_perform_new_secret,
)
SEND_TEST = Action(
    name="ping",
    label=_("Send a test"),
    icon="send",
    states=(WebhookState.ACTIVE,),
    perform=_perform_ping,
)


# ---- Sending again ---------------------------------------------------------------------------------------------------


def _perform_send_again(ctx: Context, delivery: Delivery, values: dict[str, Any]) -> None:
    messages = OutboxMessage.objects.filter(pk__in=[key for key in (delivery.message_id,) if key])
    if not send_again(messages, ctx.now):
        raise Conflict(Message("This delivery is still on its way."))
    delivery.state, delivery.next_try_at = OutboxMessage.State.WAITING, ctx.now


SEND_AGAIN = Action(
    name="send_again",
    label=_("Send again"),
    icon="refresh",
    bulk=True,
    perform=_perform_send_again,
)
