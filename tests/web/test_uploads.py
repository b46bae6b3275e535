"""Files that come with what is sent once are looked through before the database is held for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from guanxi.platform.files import storage
from guanxi.platform.files.models import StoredFile
from guanxi.rooms.customers.models import Consent
from tests.makers import make
from tests.people import build_world

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a transaction was open each time a file was looked through."""
    seen: list[bool] = []
    monkeypatch.setattr(storage, "scan", lambda path: seen.append(connection.in_atomic_block))
    return seen


def browser(username: str) -> Client:
    world = build_world()
    client = Client()
    client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
    client.world = world  # type: ignore[attr-defined]
    return client


def test_a_form_with_a_file(held: list[bool]) -> None:
    client: Any = browser("li_wei")
    contact = make(client.world.system, "customers.contact", client.world["li_wei"])
    given = {
        "form_token": "once-1", "contact": str(contact.pk), "statement": "given", "channel": "sms",
        "purpose": "marketing", "stated_at": "2026-11-20T10:00", "source": "paper",
        "evidence": SimpleUploadedFile("consent.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    answer = client.post("/customers/consent/new/", given)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert Consent.objects.get().evidence.name == "consent.pdf"
    assert held == [False]


def test_a_call_of_the_interface_with_a_key(held: list[bool]) -> None:
    client: Any = browser("li_wei")
    for _again in range(2):
        answer = client.post(
            "/api/v1/files", {"file": SimpleUploadedFile("scan.pdf", PDF, "application/pdf")},
            headers={"Idempotency-Key": "once-2"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
    assert held == [False, False]
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert StoredFile.objects.filter(name="scan.pdf").count() == 2  # the second, unused, goes at night
