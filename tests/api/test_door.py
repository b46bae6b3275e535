"""Who is let in, and that everything is answered in JSON."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from guanxi.api import pace
from guanxi.api.calls import Call
from guanxi.platform.access.models import AccessToken
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.accounts import deactivate
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import action_of
from tests.api.conftest import Program
from tests.digest import digest
from tests.makers import make
from tests.people import NOW

CUSTOMER = "customers/customer"
PROBLEM = "application/problem+json"


def test_nobody_gets_in_without_saying_who_he_is(program, world):
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer gx_x"}, {"Authorization": ""}):
        for path in ("/api/v1/me", "/api/v1/customers/customer", "/api/", "/api/v1/no/such", "/api/v2/me"):
            answer = Client().get(path, headers=headers)
            assert answer.status_code == 401, (path, headers)
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer["Content-Type"] == PROBLEM and answer.json()["code"] == "unauthenticated"
    secret = program("li_wei").headers["Authorization"].removeprefix("Bearer ")
    assert Client().get(f"/api/v1/me?token={secret}").status_code == 401


def test_a_token_acts_as_its_owner_and_its_use_is_noted(program, world):
    api = program("li_wei")
    assert api.get("me").json() == {
        "id": str(world["li_wei"].pk), "name": "李伟", "username": "li_wei", "department": "西南大区",
        "language": "zh-hans", "token": "Test",
    }  # fmt: skip
    token = AccessToken.objects.get()
    assert (token.last_used_at, token.last_used_from) == (NOW, "127.0.0.1")
    made = api.post(CUSTOMER, {"name": "蜀都酒行"}).json()
    entry = AuditEntry.objects.get(record_id=made["id"])
    assert (entry.actor, entry.source, entry.address) == (world["li_wei"], "api", "127.0.0.1")


def test_a_token_ends_by_itself_by_revocation_and_with_its_owner(program, world):
    api = program("li_wei", expires_on="2026-11-22")
    with clock_at(NOW + datetime.timedelta(days=2)):
        assert api.get("me").status_code == 401
    assert api.get("me").status_code == 200
    revoke = action_of(registry.module("access.accesstoken"), "revoke")
    run(revoke, world.ctx("security_admin"), "access.accesstoken", AccessToken.objects.get())
    assert api.get("me").status_code == 401
    hers = program("wang_fang")
    assert hers.get("me").status_code == 200
    deactivate(world["wang_fang"])
    assert hers.get("me").status_code == 401
    elsewhere = program("clerk", addresses="203.0.113.0/24")
    assert elsewhere.get("me").status_code == 401


def test_a_narrow_token_does_less_than_its_owner(program, world):
    customer = make(world.system, "customers.customer", world["li_wei"])
    path = f"{CUSTOMER}/{customer.pk}"
    reader, contacts = program("li_wei", read_only="yes"), program("li_wei", modules="customers.contact")
    creator = program("li_wei", actions="create")
    before = digest()
    assert reader.get(path).status_code == 200
    for refused in (
        reader.post(CUSTOMER, {"name": "X"}), reader.patch(path, {"name": "X"}, 1), reader.delete(path, 1),
        reader.post(f"{CUSTOMER}/export", {}), contacts.get(CUSTOMER), contacts.get(path), creator.delete(path, 1),
        reader.post("access/accesstoken", {"name": "X", "expires_on": "2027-01-01"}),
        creator.post("access/accesstoken", {"name": "X", "expires_on": "2027-01-01"}),
    ):  # fmt: skip
        assert refused.status_code == 403, refused.content
    assert digest() == before
    assert contacts.get("customers/contact").status_code == 200
    assert [module["key"] for module in contacts.get("modules").json()["items"]] == ["customers.contact"]
    assert creator.post(CUSTOMER, {"name": "X"}).status_code == 201


def test_a_browser_reads_with_its_cookie_and_writes_only_from_our_pages(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["li_wei"])
    assert client.get("/api/v1/me").json()["token"] is None
    before = digest()
    refused = client.post("/api/v1/customers/customer", {"name": "X"}, content_type="application/json")
    assert refused.status_code == 403 and refused["Content-Type"] == PROBLEM
    assert digest() == before
    client.get("/settings/")
    mark = client.cookies["csrftoken"].value
    made = client.post(
        "/api/v1/customers/customer", {"name": "X"}, content_type="application/json", headers={"X-CSRFToken": mark}
    )
    assert made.status_code == 201, made.content
    client.logout()
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "no/such", 404), ("GET", "", 404), ("GET", "customers/customer/x/y/z", 404),
        ("GET", "customers/customer/not-an-id", 404), ("PUT", "customers/customer", 405), ("TRACE", "me", 405),
        ("DELETE", "me", 405), ("POST", "customers/customer/count", 405), ("GET", "/api/v2/me", 404),
        ("GET", "/api/v1/../../settings", 404), ("GET", "jobs/x", 404), ("GET", "files/x", 404),
        ("GET", "modules/no.such", 404), ("GET", "search?limit=0", 422), ("PATCH", "customers/customer/x", 404),
    ],
)  # fmt: skip
def test_whatever_is_asked_the_answer_is_a_problem_in_json(program, method, path, status):
    answer = program("li_wei").call(method, path)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]
    assert problem["type"] == f"urn:guanxi:problem:{problem['code']}"
    if status == 405:
        assert answer["Allow"]


def test_other_content_types_are_not_taken(program):
    api = program("li_wei")
    answer = api.client.post("/api/v1/customers/customer", {"name": "X"}, headers=api.headers)
    assert answer.status_code == 415


def test_a_defect_is_told_by_a_reference_only(program, monkeypatch, caplog):
    def broken(*arguments: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Call, "asked", broken)
    answer = program("li_wei").get("me")
    assert answer.status_code == 500 and answer["Content-Type"] == PROBLEM
    assert "secret detail" not in answer.content.decode() and "Traceback" not in answer.content.decode()
    assert answer.json()["reference"] in caplog.text and "secret detail" in caplog.text


def test_it_speaks_the_language_that_was_asked_for(program, world):
    api = program("li_wei")
    secret = api.headers["Authorization"].removeprefix("Bearer ")
    said = {
        language: Program(secret, language).get("no/such").json()["detail"]
        for language in ("en", "zh-CN,zh;q=0.9", "fr", "en-GB,en;q=0.8", "x" * 900)
    }
    assert said["en"] == said["en-GB,en;q=0.8"] == "There is nothing at this address."
    assert said["zh-CN,zh;q=0.9"] == said["fr"] == "这个地址没有内容。"
    assert api.get("no/such")["Content-Language"] == "en"


def test_who_calls_too_often_waits(program, monkeypatch, world):
    monkeypatch.undo()
    monkeypatch.setattr(pace, "_rate", lambda ctx: 60)
    monkeypatch.setattr(pace, "_held", {})
    api, other = program("li_wei"), program("wang_fang")
    assert [api.get("me").status_code for _call in range(61)] == [200] * 60 + [429]
    answer = api.get("me")
    assert (answer["Retry-After"], answer.json()["code"]) == ("1", "too_many_calls")
    assert other.get("me").status_code == 200
    with clock_at(NOW + datetime.timedelta(seconds=2)):
        assert [api.get("me").status_code for _call in range(3)] == [200, 200, 429]


def test_the_pace_is_one_for_all_processes(program, monkeypatch, world):
    monkeypatch.undo()
    monkeypatch.setattr(pace, "_rate", lambda ctx: 60)
    api, processes = program("li_wei"), [{} for _process in range(5)]

    def let_through(calls):
        """How many of these calls pass, each in the next process, which knows nothing of the others."""
        passed = 0
        for number in range(calls):
            monkeypatch.setattr(pace, "_held", processes[number % len(processes)])
            passed += api.get("me").status_code == 200
        return passed

    assert let_through(100) == 60
    with clock_at(NOW + datetime.timedelta(seconds=5)):
        assert let_through(40) == 5
    # What a process holds goes back: a slow program is not stopped because others hold what it needs.
    for minute in range(1, 4):
        for second in range(0, 60, 2):
            with clock_at(NOW + datetime.timedelta(minutes=minute, seconds=second)):
                assert let_through(1) == 1
    with clock_at(NOW + datetime.timedelta(minutes=9)):
        assert 60 <= let_through(200) <= 60 + 5 * 3


def test_a_call_in_many_costs_a_statement_for_its_pace(program, monkeypatch, world):
    monkeypatch.undo()
    monkeypatch.setattr(pace, "_rate", lambda ctx: 600)
    monkeypatch.setattr(pace, "_held", {})
    api, asked = program("li_wei"), []
    monkeypatch.setattr(
        pace.allowances,
        "take",
        lambda *given, take=pace.allowances.take, **more: (asked.append(given), take(*given, **more))[1],
    )
    assert {api.get("me").status_code for _call in range(90)} == {200}
    assert len(asked) == 3


def test_a_refusal_names_the_clause_and_what_would_lift_it(program, world):
    plain, mine = program("security_admin"), program("security_admin", elevated="yes")
    person = world["security_admin"]
    role = world["security_admin"].roles.filter(role__code="security_admin").get().role
    before = digest()
    unconfirmed = plain.do(f"people/person/{person.pk}", "give_role", {"role": str(role.pk)})
    assert unconfirmed.status_code == 403 and unconfirmed.json()["code"] == "unconfirmed"
    answer = mine.do(f"people/person/{person.pk}", "give_role", {"role": str(role.pk)})
    assert answer.status_code == 409 and answer.json()["code"] == "refused"
    reason = answer.json()["decision"]["reasons"][0]
    assert reason["clause"] == "SEC-04" and reason["blocking"] and reason["remedy"] and reason["message"]
    assert digest() == before


def test_a_warning_is_confirmed_by_saying_so(program, world):
    api = program("li_wei")
    assert api.post(CUSTOMER, {"name": "蜀都酒行"}).status_code == 201
    warned = api.post(CUSTOMER, {"name": "蜀都酒行"})
    assert warned.status_code == 409 and warned.json()["code"] == "needs_confirmation"
    assert warned.json()["decision"]["allowed"] is True
    assert api.post(CUSTOMER, {"name": "蜀都酒行", "_confirmed": True}).status_code == 201


def test_what_is_told_once_is_told_once(program, world):
    client = Client()
    client.force_login(world["li_wei"])
    sent = {"name": "Shop", "expires_on": "2027-01-31"}
    answers = [
        client.post(
            "/api/v1/access/accesstoken", sent, content_type="application/json", headers={"Idempotency-Key": "t"}
        ).json()
        for _time in range(2)
    ]
    secret = answers[0]["_told"][0]["secret"]
    assert secret.startswith("gx_") and Program(secret).get("me").status_code == 200
    assert answers[1]["_told"][0]["secret"] is None and answers[1]["id"] == answers[0]["id"]
    assert "digest" not in answers[0]


def test_even_a_call_for_another_host_is_answered_in_json(db):
    answer = Client().get("/api/v1/me", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400 and answer["Content-Type"] == PROBLEM
    page = Client().get("/login/", headers={"host": "elsewhere.example"})
    assert page.status_code == 400 and page["Content-Type"].startswith("text/html")
