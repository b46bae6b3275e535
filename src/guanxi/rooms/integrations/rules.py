"""Judgements on webhooks: pure."""

from __future__ import annotations

from uuid import UUID

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message

SEPARATION = "SEC-04"

#: What the owner has agreed to: when one of these changes, he is asked again.
AGREED = frozenset({"url", "modules", "actions", "owner"})


def may_agree(actor: UUID, owner: UUID | None) -> Decision:
    """Only the person with whose rights it tells may agree to it: else its administrator could read what he may not."""
    if actor == owner:
        return Decision.allow()
    return refuse(
        SEPARATION,
        Message("What this webhook tells goes by the rights of its owner; only he can agree to that."),
        remedy=Message("Ask the owner to agree on the webhook's page."),
    )
