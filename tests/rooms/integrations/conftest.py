from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.outbox import deliver_due
from guanxi.platform.outgoing import addresses
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import action_of, create
from guanxi.rooms.integrations.models import Webhook
from tests.people import NOW, World
from tests.platform.outgoing.canary import Canary, canary

HOOK = "integrations.webhook"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def receiver(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    """The other system: hooks.example.com, which in the test is a server on loopback that the operator has opened."""
    monkeypatch.setattr(addresses, "lookup", lambda host, port: [ipaddress.ip_address("127.0.0.1")])
    with canary() as told:
        settings.OUTGOING = [f"hooks.example.com:{told.port}"]
        settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
        yield told


def do(name: str, ctx: Any, hook: Any, module: str = HOOK, **options: Any) -> Any:
    """One verb of a webhook or a delivery, by its name."""
    action = action_of(registry.module(module), name)
    assert action is not None
    return run(action, ctx, module, hook.pk, options.pop("data", {}), **options)


def proposed(world: World, owner: str = "li_wei", port: int = 0, **values: Any) -> tuple[Webhook, str]:
    """A webhook that the system administrator made for somebody, and its secret."""
    ctx = world.ctx("system_admin")
    url = f"http://hooks.example.com:{port}/in?x=1" if port else "https://hooks.example.com/in"
    hook = create(ctx, HOOK, **{"name": "Shop", "url": url, "owner": world[owner], **values})
    return hook, ctx.told[0].secret


def agreed(world: World, owner: str = "li_wei", **values: Any) -> tuple[Webhook, str]:
    """The same, active."""
    hook, secret = proposed(world, owner, **values)
    do("agree", world.ctx(owner), hook)
    return Webhook.objects.get(pk=hook.pk), secret


def deliver(after: timedelta = timedelta()) -> int:
    """What the worker does so long after the beginning of the test."""
    moment: datetime = NOW + after
    with clock_at(moment):
        return deliver_due(moment)
