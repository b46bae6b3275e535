"""Log in, search, palette, notices, settings, export, import."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.platform.jobs.models import Job
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from tests.room.models import Thing
from tests.web.conftest import text_of

PASSWORD = "a short sentence is easy"


@pytest.fixture
def with_password(world):
    person = world["li_wei"]
    person.set_password(PASSWORD)
    person.save()
    return person


def test_log_in_leads_back_but_never_elsewhere(with_password):
    client = Client()
    wrong = client.post("/login/", {"username": "li_wei", "password": "no"})
    assert wrong.status_code == 422 and "用户名或密码错误" in text_of(wrong) and 'value="li_wei"' in text_of(wrong)
    right = client.post("/login/", {"username": "li_wei", "password": PASSWORD, "next": "/settings/?a=1"})
    assert right["Location"] == "/settings/?a=1"
    for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert Client().post("/login/", {"username": "li_wei", "password": PASSWORD, "next": evil})["Location"] == "/"
    client.post("/logout/")
    assert client.get("/settings/").status_code == 302


def test_too_many_attempts_lock_for_a_while(with_password):
    client = Client()
    statuses = [client.post("/login/", {"username": "li_wei", "password": "no"}).status_code for _try in range(6)]
    assert statuses[0] == 422 and statuses[-1] == 429
    answer = client.post("/login/", {"username": "li_wei", "password": PASSWORD})
    assert answer.status_code == 429 and "15 分钟" in text_of(answer)


def test_language_is_switched_and_kept(browser, world):
    client = Client()
    assert 'lang="zh-Hans"' in text_of(client.get("/login/"))
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert "Log in" in text_of(client.get("/login/"))
    person = browser("li_wei")
    assert person.post("/language/", {"language": "zh-hans", "next": "//evil.example"})["Location"] == "/"
    assert Person.objects.get(username="li_wei").language == "zh-hans"
    person.post("/language/", {"language": "xx"})
    assert Person.objects.get(username="li_wei").language == "zh-hans"


def test_sent_forms_need_the_token(with_password):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "li_wei", "password": PASSWORD})
    assert answer.status_code == 403


def test_search_and_palette_find_by_pinyin_and_mark_hits(browser, make_thing):
    thing = make_thing("四川川兴酒业")
    client = browser("li_wei")
    page = text_of(client.get("/search/?q=川兴"))
    assert f"/room/thing/{thing.pk}/" in page and "<mark>川兴</mark>" in page
    assert f"/room/thing/{thing.pk}/" in text_of(client.get("/palette/?q=cxjy"))
    commands = text_of(client.get("/palette/?q=thing"))
    assert 'href="/room/thing/new/"' in commands and 'href="/room/thing/"' in commands
    assert "&lt;b&gt;" in text_of(client.get("/search/?q=<b>"))


def test_the_picker_finds_people_by_initials(browser, world):
    page = text_of(browser("li_wei").get("/people/person/pick/?q=wf"))
    assert "王芳" in page and "张敏" not in page


def test_notices_are_read_by_their_recipient_only(browser, world, make_thing):
    thing = make_thing("Box")
    notice = notify([world["li_wei"]], "Look", "please", module="room.thing", record_id=thing.pk)[0]
    stranger = browser("wang_fang")
    assert "Look" not in text_of(stranger.get("/notices/"))
    stranger.post("/notices/read/", {"notice": str(notice.pk)})
    notice.refresh_from_db()
    assert notice.read_at is None
    client = browser("li_wei")
    assert "Look" in text_of(client.get("/notices/"))
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.post("/notices/read/", {"notice": str(notice.pk)})["Location"] == f"/room/thing/{thing.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_password_is_changed_with_the_old_one(with_password):
    client, other = Client(), Client()
    for each in (client, other):
        each.post("/login/", {"username": "li_wei", "password": PASSWORD})
    new = "another sentence, longer"
    assert client.post("/settings/password/", {"old": "no", "password": new, "again": new}).status_code == 422
    assert client.post("/settings/password/", {"old": PASSWORD, "password": new, "again": "x"}).status_code == 422
    assert (
        client.post("/settings/password/", {"old": PASSWORD, "password": "short", "again": "short"}).status_code == 422
    )
    assert client.post("/settings/password/", {"old": PASSWORD, "password": new, "again": new}).status_code == 302
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302
    assert Person.objects.get(username="li_wei").check_password(new)


def test_export_needs_the_right_and_becomes_a_job(browser, make_thing):
    make_thing("Box")
    client = browser("general_manager")
    assert client.get("/room/thing/export/").status_code == 200
    assert client.post("/room/thing/export/", {"go": "1", "format": "pdf", "rows": "found"}).status_code == 422
    unreasoned = client.post("/room/thing/export/", {"go": "1", "format": "csv", "rows": "found", "columns": "every"})
    assert unreasoned.status_code == 422
    kept = unreasoned.content.decode()
    assert 'value="every" checked' in kept and 'value="csv" checked' in kept
    answer = client.post(
        "/room/thing/export/", {"go": "1", "format": "csv", "rows": "found", "columns": "visible", "reason": "对账"}
    )
    job = Job.objects.get(kind="records.export")
    assert answer["Location"] == f"/jobs/{job.pk}/" and job.payload["columns"][0] == "name"
    assert client.get(answer["Location"]).status_code == 200
    assert browser("sales_manager").get(answer["Location"]).status_code == 404
    assert browser("storekeeper").get("/room/thing/export/").status_code == 403


def test_import_goes_from_upload_to_check(browser, world):
    client = browser("general_manager")
    assert client.get("/room/thing/import/").status_code == 200
    assert client.post("/room/thing/import/", {}).status_code == 422
    rubbish = SimpleUploadedFile("a.xlsx", b"not a workbook")
    assert client.post("/room/thing/import/", {"file": rubbish}).status_code in (413, 422)
    table = SimpleUploadedFile("things.csv", "物品名称,price\nBox,5\nCrate,much\n".encode())
    answer = client.post("/room/thing/import/", {"file": table})
    address = answer["Location"]
    assert address.endswith("/columns/")
    page = text_of(client.get(address))
    assert '<option value="name" selected>' in page and '<option value="price" selected>' in page
    assert client.post(address, {"col-0": "", "col-1": "price"}).status_code == 422
    started = client.post(address, {"col-0": "name", "col-1": "price"})
    assert started.status_code == 302
    assert client.get(started["Location"]).status_code == 200
    assert browser("sales_manager").get(started["Location"]).status_code == 404
    assert not Thing.objects.exists()


def test_health_is_public(db):
    assert Client().get("/healthz").content == b"ok"
