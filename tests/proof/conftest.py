"""One company for a whole module of tests: built once, every request undone by a savepoint."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from guanxi.api import pace
from guanxi.platform.access import tokens
from guanxi.platform.access.models import AccessToken
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person
from guanxi.platform.sealing import vault
from guanxi.records import customising
from tests.people import CAST, NOW, World, build_world

BACKEND = "django.contrib.auth.backends.ModelBackend"
EVIL = {"Origin": "https://evil.example"}


@dataclass
class Company:
    """The people of the tests, each with a browser that is signed in and a program with a token of his."""

    world: World
    browsers: dict[str, Client] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def browser(self, username: str) -> Client:
        """Somebody's browser, signed in, speaking English, having just confirmed who it is."""
        if username not in self.browsers:
            self.browsers[username] = client_of(self.world[username])
        return self.browsers[username]

    def token(self, username: str, *, read_only: bool = False) -> dict[str, str]:
        """The header with which a program says that it acts for somebody."""
        key = f"{username} {read_only}"
        if key not in self.secrets:
            secret = self.secrets[key] = tokens.new_secret()
            AccessToken.objects.create(
                name="Proof", owner=self.world[username], digest=tokens.digest_of(secret),
                hint=tokens.hint_of(secret), expires_on=NOW.date(), read_only=read_only, elevated=not read_only,
                # Just now, from here: else every call would note it anew.
                last_used_at=NOW, last_used_from="127.0.0.1",
            )  # fmt: skip
        return {"Authorization": f"Bearer {self.secrets[key]}"}


def client_of(person: Person | None, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    return client


def marked(person: Person) -> tuple[Client, dict[str, str]]:
    """A browser that is signed in and checks where a request comes from, and the mark that only our pages can send."""
    client = client_of(person, enforce_csrf_checks=True)
    client.get("/settings/")
    return client, {"X-CSRFToken": client.cookies["csrftoken"].value}


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return readable(body)


def readable(body: bytes) -> str:
    """The text of an answer, of a workbook too."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(body)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


@pytest.fixture(scope="module")
def quiet() -> Iterator[None]:
    """Refusals are what is looked for here."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """The company, for all tests of the module; gone with its transaction."""
    customising.forget()
    vault.forget()
    cache.clear()
    patch = pytest.MonkeyPatch()
    # Tests call faster than programs may, on a clock that stands still.
    patch.setattr(pace, "admit", lambda ctx: None)
    around = transaction.atomic()
    # It is the one that a test is wrapped in, and no transaction of the program's: see `platform.files.depot`.
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), clock_at(NOW), around:
        world = build_world()
        made = Company(world)
        for username in CAST:
            made.browser(username)
            made.token(username)
            made.token(username, read_only=True)
        yield made
        transaction.set_rollback(True)
    patch.undo()
    customising.stay_as_shipped()
