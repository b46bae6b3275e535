"""The page of the backups: for the system administrator alone, downloads only after confirming, and on record."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.test import Client

from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.backups import shelf
from guanxi.platform.backups.sealing import SealingWriter
from guanxi.platform.backups.shelf import Proof
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import Job, Quarantine
from tests.digest import digest

PATH = "/administration/backups/"
PASSWORD = "confirm-me-2026"


@pytest.fixture
def browser(world):
    """`browser("system_admin")`: a client just logged in as that person."""

    def logged_in(username: str) -> Client:
        person = world[username]
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def kept(world, settings, tmp_path) -> Path:
    """One backup on the shelf, tried out yesterday."""
    settings.BACKUP_FOLDER = str(tmp_path)
    path = shelf.new_path(world.now - datetime.timedelta(hours=8))
    with path.open("wb") as target:
        head = {"made_at": (world.now - datetime.timedelta(hours=8)).isoformat(), "version": "1", "vendor": "sqlite"}
        SealingWriter(target, b"k" * 40, head).finish()
    shelf.prove(path, Proof(world.now, True, "All 20 checks hold.", 4.2))
    return path


def test_the_system_administrator_sees_what_there_is(browser, kept, world):
    text = browser("system_admin").get(PATH).content.decode()
    assert "8 小时" in text and "成功" in text and kept.name in text
    Quarantine.objects.create(since=world.now, backup_made_at=world.now)
    assert "暂不对外发送" in browser("system_admin").get(PATH).content.decode()
    assert PATH in browser("system_admin").get("/administration/").content.decode()


@pytest.mark.parametrize("username", ["security_admin", "audit_admin", "general_manager", "sales_manager", "clerk"])
def test_nobody_else_gets_near_them(browser, kept, username):
    client, before = browser(username), digest()
    for path in (PATH, f"{PATH}{kept.name}/download/"):
        assert client.get(path).status_code == 403
    for path in (f"{PATH}make/", f"{PATH}{kept.name}/try/"):
        assert client.post(path).status_code == 403
    assert digest() == before
    assert PATH not in client.get("/administration/", follow=True).content.decode()


def test_making_and_trying_out_are_jobs_of_who_asked(browser, kept, world):
    client = browser("system_admin")
    for path, kind in ((f"{PATH}make/", "backups.make"), (f"{PATH}{kept.name}/try/", "backups.try")):
        answer = client.post(path)
        job = Job.objects.get(kind=kind)
        assert answer["Location"] == f"/jobs/{job.pk}/" and job.actor == world["system_admin"]
        assert client.get(path).status_code == 405
    assert client.post(f"{PATH}guanxi-20200101T000000Z.guanxi/try/").status_code == 404


def test_a_download_is_confirmed_first_and_stands_in_the_trail(browser, kept, world):
    address = f"{PATH}{kept.name}/download/"
    client = browser("system_admin")
    # Signing in counts as showing who it is, for a while.
    with clock_at(world.now + datetime.timedelta(minutes=11)):
        asked = client.get(address)
        assert "Content-Disposition" not in asked and "gx-confirm-password" in asked.content.decode()
        assert not AuditEntry.objects.filter(action="download_backup").exists()
        answer = client.post("/confirm/", {"gx-confirm-asked": "1", "gx-confirm-password": PASSWORD, "next": address})
        assert answer["Location"] == address
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == kept.read_bytes()
    assert kept.name in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="download_backup")
    assert entry.actor == world["system_admin"] and entry.changes["backup"] == [None, kept.name]
    answer.close()
