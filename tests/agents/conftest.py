from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from django.conf import settings
from django.db import connection
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from guanxi.platform.calendar import clock_at, now
from guanxi.records import standard
from tests.people import World, build_world

Work = Callable[[Client], Awaitable[None]]


@pytest.fixture
def company(transactional_db: None) -> Iterator[World]:
    """The company in a database that another process sees, at the present moment: that process has its own clock."""
    moment = now()
    with clock_at(moment):
        world = build_world()
        world.now = moment
        yield world


def token_of(world: World, username: str, **values: Any) -> str:
    """An access token of somebody's, valid for a day."""
    ctx = world.ctx(username)
    day = ctx.today.isoformat()
    standard.create(ctx, "access.accesstoken", **{"name": "Agent", "expires_on": day, "read_only": False, **values})
    return ctx.told[0].secret


def server(secret: str, *words: str) -> StdioServerParameters:
    """The real command, on the test's database."""
    database = connection.settings_dict
    environment = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "GUANXI_DATA": str(settings.DATA),
        "GUANXI_ACCESS_TOKEN": secret,
        "PYTHONWARNINGS": "default",
        "LANG": "en_GB.UTF-8",
    }
    if connection.vendor == "sqlite":
        environment["GUANXI_SQLITE"] = str(database["NAME"])
    else:
        url = os.environ["GUANXI_DATABASE_URL"]
        environment["GUANXI_DATABASE_URL"] = f"{url.rpartition('/')[0]}/{database['NAME']}"
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "guanxi.config.cli", "mcp", *words],
        env=environment,
        cwd=Path(__file__).parents[2],
    )


def converse(parameters: StdioServerParameters, work: Work) -> None:
    """Start the server, let the client do the work, end the server."""

    async def main() -> None:
        with anyio.fail_after(60):
            async with Client(parameters) as client:
                await work(client)

    anyio.run(main)
