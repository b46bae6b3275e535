"""The place of webhooks in the menu, and how their states are drawn."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.platform.access.models import Scope
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.rooms.integrations.actions import WEBHOOK
from guanxi.web import looks, menu


def sees_all(ctx: Context) -> bool:
    """The menu is for those who look after webhooks; an owner comes to his by a notice."""
    return ctx.scope(registry.module(WEBHOOK)) is Scope.ALL


menu.add(
    menu.Entry(
        "webhooks",
        _("Webhooks"),
        "/integrations/webhook/",
        "webhook",
        group="administration",
        order=60,
        may=sees_all,
    )
)
looks.declare(WEBHOOK, "state", tones={"waiting": "amber", "active": "green", "off": "red"})
looks.declare(
    "integrations.delivery",
    "state",
    tones={"waiting": "blue", "sending": "blue", "sent": "green", "failed": "amber", "parked": "red"},
)
