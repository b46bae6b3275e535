"""Grave things are confirmed first: nothing happens before, nothing typed is lost, and it goes on from there."""

from __future__ import annotations

import datetime
import re

import pytest

from guanxi.kernel.errors import NotAllowed, Unconfirmed
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import Job
from guanxi.platform.people.sign_in import Session
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.standard import STANDARD
from tests.digest import digest
from tests.people import NOW
from tests.web.conftest import text_of

pytestmark = pytest.mark.clause("SEC-04")

PASSWORD = "a short sentence is easy"
GIVE = registry.entry("people.person").actions["give_role"]
LATER = NOW + datetime.timedelta(minutes=11)


@pytest.fixture
def security(world, browser):
    """The security administrator's browser, eleven minutes after signing in."""
    person = world["security_admin"]
    person.set_password(PASSWORD)
    person.save()
    client = browser("security_admin")
    with clock_at(LATER):
        yield client


@pytest.fixture
def give(world):
    return f"/people/person/{world['clerk'].pk}/do/give_role/", {"role": str(Role.objects.get(code="finance").pk)}


def holds(world, role="finance"):
    return PersonRole.objects.filter(person=world["clerk"], role__code=role, deleted_at=None).exists()


def test_a_page_asks_keeps_what_was_sent_and_goes_on(security, give, world):
    path, data = give
    before = digest()
    asked = security.post(path, {**data, "reason": "für 月底结账"})
    page = text_of(asked)
    assert asked.status_code == 401 and not holds(world) and digest() == before
    assert f'action="{path}"' in page and 'name="role"' in page and "für 月底结账" in page
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    kept.pop("csrfmiddlewaretoken", None)
    wrong = security.post(path, {**kept, "gx-confirm-password": "no"})
    assert wrong.status_code == 422 and "present password" in text_of(wrong) and not holds(world) and digest() == before
    key = security.session.session_key
    done = security.post(path, {**kept, "gx-confirm-password": PASSWORD})
    assert done.status_code == 302 and holds(world)
    assert security.session.session_key != key and not Session.objects.filter(pk=key).exists()
    entries = AuditEntry.objects.filter(action="confirm").order_by("id")
    assert list(entries.values_list("outcome", flat=True)) == ["refused", "done"]
    # From now on ten minutes are free, and no longer.
    take = path.replace("give_role", "take_role")
    assert security.post(take, data).status_code == 302 and not holds(world)
    with clock_at(LATER + datetime.timedelta(minutes=11)):
        assert security.post(path, data).status_code == 401 and not holds(world)


def test_a_script_is_told_to_ask_and_repeats_the_request(security, give, world):
    path, data = give
    headers = {"HX-Request": "true"}
    asked = security.post(path, data, headers=headers)
    assert asked.status_code == 401 and asked["Gx-Confirm"] == "/confirm/" and not holds(world)
    part = text_of(security.get("/confirm/", headers=headers))
    assert "gx-confirm-password" in part and "<html" not in part
    assert security.post("/confirm/", {"gx-confirm-password": "no"}, headers=headers).status_code == 422
    assert security.post("/confirm/", {"gx-confirm-password": PASSWORD}, headers=headers).status_code == 204
    assert security.post(path, data, headers=headers).status_code == 204 and holds(world)


def test_five_wrong_answers_shut_it_for_a_quarter_of_an_hour(security):
    statuses = [security.post("/confirm/", {"gx-confirm-password": "no"}).status_code for _try in range(6)]
    assert statuses[0] == 422 and statuses[-1] == 429
    assert security.post("/confirm/", {"gx-confirm-password": PASSWORD}).status_code == 429
    with clock_at(LATER + datetime.timedelta(minutes=16)):
        assert security.post("/confirm/", {"gx-confirm-password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "/\\evil", "javascript:x()", "\t//x"])
def test_the_way_on_stays_in_the_house(security, evil):
    answer = security.post("/confirm/", {"gx-confirm-password": PASSWORD, "next": evil})
    assert answer["Location"] == "/"


def test_an_export_is_confirmed_before_its_job_is_there(world, browser, make_thing):
    make_thing()
    client = browser("sales_manager")
    data = {"go": "1", "rows": "everything", "columns": "every", "format": "csv", "reason": "stock-taking"}
    with clock_at(LATER):
        assert client.post("/room/thing/export/", data).status_code == 401
    assert not Job.objects.filter(kind="records.export").exists()
    assert client.post("/room/thing/export/", data).status_code == 302
    assert Job.objects.filter(kind="records.export").exists()


def test_the_engine_asks_where_somebody_sits_and_nowhere_else(world):
    role = Role.objects.get(code="finance")
    person = world["security_admin"]
    for source in ("page", "api"):
        for confirmed in (None, NOW - datetime.timedelta(minutes=11)):
            ctx = Context.of(person, source=source, now=NOW, confirmed_at=confirmed)
            with pytest.raises(Unconfirmed):
                run(GIVE, ctx, "people.person", world["clerk"], {"role": role})
    assert not holds(world)
    run(GIVE, Context.of(person, source="api", now=NOW, elevated=True), "people.person", world["clerk"], {"role": role})
    assert holds(world)
    take = registry.entry("people.person").actions["take_role"]
    run(take, Context.of(person, source="cli", now=NOW), "people.person", world["clerk"], {"role": role})
    assert not holds(world)
    # Who has no right is told so, and not asked for a password first.
    with pytest.raises(NotAllowed):
        run(GIVE, Context.of(world["clerk"], now=NOW), "people.person", world["li_wei"], {"role": role})


def test_what_is_grave_is_marked(world):
    people, roles = registry.entry("people.person").actions, registry.entry("access.role").actions
    assert STANDARD["purge"].step_up
    assert all(people[name].step_up for name in ("give_role", "take_role", "reset_password"))
    assert all(roles[name].step_up for name in ("create", "edit", "delete"))
