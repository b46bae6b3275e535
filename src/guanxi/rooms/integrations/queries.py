"""Who is to be told of an event, what exactly, and how it is signed."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from guanxi.platform import keys
from guanxi.platform.access.rights import Limits
from guanxi.platform.prepared import Prepared
from guanxi.records import reading, registry
from guanxi.records.context import Context
from guanxi.records.masking import REVEAL
from guanxi.records.module import Module
from guanxi.rooms.integrations.models import Delivery, Webhook, WebhookState

SIGNATURE_HEADER = "Guanxi-Signature"
SECRET_PREFIX = "gxwh_"  # noqa: S105 - what the secret begins with
PING = "ping"


_ACTIVE = Prepared(
    lambda: Webhook.objects.filter(state=WebhookState.ACTIVE, deleted_at=None).only("pk", "modules", "actions")
)


def listening(module: str, action: str) -> list[Webhook]:
    """The active webhooks that are to hear of such an event."""
    return [
        hook
        for hook in _ACTIVE.rows()
        if (not hook.modules or module in hook.modules) and (not hook.actions or action in hook.actions)
    ]


def owner_context(hook: Webhook, now: datetime) -> Context:
    """The webhook's owner reading, with the rights he has now: personal columns as far as he may read them clear."""
    assert hook.owner is not None
    return Context.of(hook.owner, source="job", now=now, limits=Limits(actions=frozenset({"view", REVEAL})))


def body_of(hook: Webhook, delivery: Delivery, now: datetime) -> tuple[bytes, int]:
    """What the other system is told, as JSON, and how many records are in it: those that the owner may see now."""
    module = registry.find(delivery.module)
    told = _records(owner_context(hook, now), module, delivery.records) if module is not None else []
    body = {
        "id": str(delivery.pk),
        "time": delivery.happened_at.isoformat(),
        "event": delivery.event,
        "module": delivery.module,
        "action": delivery.action,
        "records": told,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), len(told)


def _records(ctx: Context, module: Module, named: Sequence[str]) -> list[dict[str, Any]]:
    """The live ones in full; of those in the bin that they are there."""
    wanted = [uuid.UUID(each) for each in named]
    live = ctx.search(module).in_bulk(wanted)
    told = {uuid.UUID(data["id"]): data for data in reading.as_data(ctx, module, live.values())}
    for key, version in ctx.search(module, binned=True).filter(pk__in=wanted).values_list("pk", "version"):
        told[key] = {"id": str(key), "version": version, "deleted": True}
    return [told[key] for key in wanted if key in told]


def secret_of(hook: Webhook) -> str:
    """The secret shared with the other system: worked out from a key that is not in the database, stored nowhere."""
    made = hmac.new(keys.key("webhook"), f"{hook.pk}:{hook.secret_number}".encode(), sha256)
    return SECRET_PREFIX + made.hexdigest()


def signature(secret: str, at: datetime, body: bytes) -> str:
    """The header by which the other system knows that it is us, and that it is now: t=seconds,v1=HMAC-SHA256."""
    seconds = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256)
    return f"t={seconds},v1={made.hexdigest()}"
