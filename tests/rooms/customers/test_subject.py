"""A person may know what we keep of him, and have it erased: everything, of nobody else, for nobody to read."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Stale, Unconfirmed
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.audit.verification import verify
from guanxi.platform.files.storage import store
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.sessions import CONFIRMED
from guanxi.records import exporting, history, registry
from guanxi.records.actions import run
from guanxi.records.context import Context
from guanxi.records.listing import Query, selected
from guanxi.records.models import DuplicateKey, SearchEntry
from guanxi.records.standard import EDIT, edit
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.actions import ERASE_SUBJECT, SUBJECT_REPORT
from guanxi.rooms.customers.models import Contact
from tests.digest import digest
from tests.people import NOW

CONTACT = "customers.contact"
REASON = "本人 2026-11-20 书面要求"

#: One value for each column in which something of the person can stand.
CANARIES = {
    "name": "甄迹一", "post": "迹二主任", "office": "迹三部", "mobile": "13900010004", "phone": "02389000105",
    "email": "ji6@example.com", "wechat": "ji7wx", "birthday": "1987-06-08", "personality": "迹九爽快",
    "interests": "迹十书法", "hobbies": "迹十一钓鱼", "family": "迹十二两子", "education": "迹十三大学", "age": "54",
    "ability": "迹十五谈判", "career": "迹十六供销社", "remarks": "迹十七备注",
}  # fmt: skip
#: As they stand in a report: days and numbers as they are stored.
TRACES = {key: value for key, value in CANARIES.items() if key not in ("age",)}


@pytest.fixture
def person(world: Any, new: Callable[..., Any], yuzhong: Any) -> Any:
    """A contact of whom something is kept in every place there is."""
    contact = new("li_wei", CONTACT, customer=yuzhong, roles=["manager"], **CANARIES)
    edit(world.ctx("li_wei"), CONTACT, contact, post="迹十八副总", remarks="迹十九改过")
    contact.refresh_from_db()
    new(
        "li_wei", "customers.consent", contact=contact, statement="given", channel="sms",
        stated_at=NOW - datetime.timedelta(days=1), remarks="迹二十口头", text_version="迹二十一版",
    )  # fmt: skip
    new(
        "li_wei", "engagement.followup", customer=yuzhong, contact=contact, happened_at=NOW,
        content="迹二十二谈返利",
    )  # fmt: skip
    notify([world["li_wei"]], "迹二十四通知", "迹二十五正文", CONTACT, contact.pk, at=NOW)
    store(b"%PDF-1.4 scan", "迹二十六身份证.pdf", world["li_wei"], NOW, module=CONTACT, record_id=contact.pk)
    return contact


@pytest.fixture
def another(new: Callable[..., Any], yuzhong: Any) -> Any:
    """Somebody else at the same customer, who is none of the person's business."""
    return new("li_wei", CONTACT, customer=yuzhong, name="旁人丙", mobile="13900099999", remarks="旁人的备注")


def test_the_report_holds_everything_of_the_person_and_nothing_of_anybody_else(world, person, another):
    told = run(SUBJECT_REPORT, world.ctx("archivist").because(REASON), CONTACT, person)
    text = json.dumps(told, ensure_ascii=False)
    for name, trace in {**TRACES, "edited": "迹十八副总", "noted": "迹十九改过"}.items():
        assert trace in text, name
    for trace in ("迹二十口头", "迹二十一版", "迹二十四通知", "迹二十五正文", "迹二十六身份证"):
        assert trace in text
    for stranger in ("旁人丙", "13900099999", "旁人的备注"):
        assert stranger not in text
    noted = AuditEntry.objects.get(action="subject_report")
    assert (noted.actor, noted.reason, noted.record_id) == (world["archivist"], REASON, person.pk)


def test_who_serves_a_subject_gives_a_reason_and_has_just_shown_who_he_is(world, person):
    before = digest()
    for action in (SUBJECT_REPORT, ERASE_SUBJECT):
        with pytest.raises(Invalid):
            run(action, world.ctx("archivist"), CONTACT, person)
        for other in ("li_wei", "sales_manager", "security_admin", "clerk", "zhang_min"):
            with pytest.raises((NotAllowed, NotFound)):
                run(action, world.ctx(other).because(REASON), CONTACT, person)
        with pytest.raises(Unconfirmed):
            run(action, _unconfirmed(world).because(REASON), CONTACT, person)
    assert digest() == before


def _unconfirmed(world: Any) -> Context:
    return Context.of(world["archivist"], now=NOW)


def test_an_erased_person_is_read_nowhere(world, person, another, yuzhong, tmp_path, settings):
    settings.DATA = tmp_path  # anchors of other tests' chains lie elsewhere
    run(ERASE_SUBJECT, world.ctx("archivist").because(REASON), CONTACT, person)
    person.refresh_from_db()
    assert person.name in ("(erased)", "（已删除）")
    assert (person.customer, person.roles) == (yuzhong, ("manager",))  # what the customer is owed keeps its place
    assert {name for name in CANARIES if name != "name" and getattr(person, name) not in ("", None)} == set()
    shown = _walk(world, person, yuzhong, tmp_path)
    for name, trace in {**TRACES, "edited": "迹十八副总", "noted": "迹十九改过", "files": "迹二十六"}.items():
        assert trace not in shown, name
    assert "旁人丙" in shown
    contacts = registry.module(CONTACT)
    for text in ("甄迹一", "zjy", "13900010004"):
        assert not selected(world.ctx("general_manager"), contacts, Query(text=text)).exists()
    assert not SearchEntry.objects.filter(text__contains="13900010004").exists()
    assert not DuplicateKey.objects.filter(record_id=person.pk, rule="mobile").exists()
    # The trail is whole, and still tells that there was something.
    assert verify().problem is None
    assert AuditEntry.objects.filter(record_id=person.pk, action="create").exists()


def _walk(world: Any, person: Any, customer: Any, folder: Path) -> str:
    """What the general manager, who sees everything, and the audit administrator read of the person."""
    known, ctx = registry.entry(CONTACT), world.ctx("general_manager")
    texts = [repr(history.of(ctx, known, person))]
    client = Client()
    for username in ("general_manager", "audit_admin"):
        client.force_login(world[username], backend="django.contrib.auth.backends.ModelBackend")
        for address in (
            f"/customers/contact/{person.pk}/", f"/customers/contact/{person.pk}/history/", "/customers/contact/",
            f"/customers/customer/{customer.pk}/?tab=people", "/customers/consent/", "/administration/audit/",
            "/notices/",
        ):  # fmt: skip
            texts.append(client.get(address).content.decode())
    exporting.export_file(ctx.because("for the auditor"), CONTACT, folder / "contacts.csv")
    texts.append((folder / "contacts.csv").read_text(encoding="utf-8-sig"))
    return "\n".join(texts)


def test_what_must_still_be_kept_is_not_erased(world, person, monkeypatch):
    def dispute(contact: Contact) -> Decision:
        return refuse("", Message("A complaint of this person is still open."))

    monkeypatch.setattr(sources, "erasure_objections", [dispute])
    before = digest()
    with pytest.raises(Refused):
        run(ERASE_SUBJECT, world.ctx("archivist").because(REASON), CONTACT, person)
    assert digest() == before


def test_what_was_erased_does_not_come_back_by_an_edit_of_before(world, person):
    version = person.version
    run(ERASE_SUBJECT, world.ctx("archivist").because(REASON), CONTACT, person)
    with pytest.raises(Stale):
        run(EDIT, world.ctx("li_wei"), CONTACT, person.pk, {"remarks": "迹十七备注"}, version=version)
    person.refresh_from_db()
    assert person.remarks == ""


def test_the_page_asks_why_shows_and_hands_out(world, person, another):
    client = Client()
    client.force_login(world["archivist"], backend="django.contrib.auth.backends.ModelBackend")
    address = f"/customers/contact/{person.pk}/subject/"
    assert "迹十书法" not in client.get(address).content.decode()
    session = client.session
    session[CONFIRMED] = calendar.now().isoformat()
    session.save()
    assert client.post(address, {"reason": ""}).status_code == 422
    shown = client.post(address, {"reason": REASON}).content.decode()
    assert "迹十书法" in shown and "迹十八副总" in shown and "旁人的备注" not in shown
    created = AuditEntry.objects.get(record_id=person.pk, action="create")
    assert shown.count(f"{calendar.local(created.at):%Y-%m-%d %H:%M}") >= 2  # the record's own moment, and the trail's
    assert f"{created.at:%Y-%m-%d %H:%M}" not in shown  # which the database holds in UTC
    file = client.post(address, {"reason": REASON, "as": "json"})
    assert file.headers["Content-Disposition"].startswith("attachment") and "no-store" in file.headers["Cache-Control"]
    assert json.loads(file.content)["record"]["hobbies"] == "迹十一钓鱼"
    client.force_login(world["li_wei"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address, {"reason": REASON}).status_code == 403
