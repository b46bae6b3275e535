"""Programs of the company's people, each with an access token."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from guanxi.api import pace
from guanxi.records.standard import create
from tests.people import World

BASE = "/api/v1"


class Program:
    """A program that calls the interface: with a token, or (None) without saying who it is."""

    def __init__(self, secret: str | None, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; `If_Match` in the keywords is the header If-Match."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        content = (
            b""
            if body is None
            else body
            if isinstance(body, bytes)
            else json.dumps(body, cls=DjangoJSONEncoder).encode()
        )
        address = path if path.startswith("/api") else f"{BASE}/{path}"
        return self.client.generic(method, address, content, "application/json", headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, version: int | str = "*", **headers: str) -> Any:
        return self.call("PATCH", path, body, If_Match=_etag(version), **headers)

    def delete(self, path: str, version: int | str = "*", **headers: str) -> Any:
        return self.call("DELETE", path, If_Match=_etag(version), **headers)

    def do(self, path: str, name: str, body: Any = None, version: int | str = "*", **headers: str) -> Any:
        return self.call("POST", f"{path}/actions/{name}", body, If_Match=_etag(version), **headers)


def _etag(version: int | str) -> str:
    return version if isinstance(version, str) else f'"{version}"'


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call faster than programs may, on a clock that stands still."""
    cache.clear()
    monkeypatch.setattr(pace, "_held", {})
    monkeypatch.setattr(pace, "admit", lambda ctx: None)


@pytest.fixture
def program(world: World) -> Callable[..., Program]:
    """`program("li_wei")`: a program with his token; `read_only="yes"`, `modules=…` narrow it."""

    def made(username: str | None, **values: Any) -> Program:
        if username is None:
            return Program(None)
        ctx = world.ctx(username)
        given = {"name": "Test", "expires_on": "2027-01-31", "read_only": "no", **values}
        create(ctx, "access.accesstoken", **given)
        return Program(ctx.told[-1].secret)

    return made
