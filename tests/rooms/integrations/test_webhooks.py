"""Webhooks: made by an administrator, agreed to by their owner, telling what he may see and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.notices.models import Notice
from guanxi.platform.outgoing import addresses
from guanxi.platform.policy.values import set_value
from guanxi.records import reading
from guanxi.records.actions import run
from guanxi.records.standard import ASSIGN, DELETE, PURGE, create, edit
from guanxi.rooms.integrations.models import Delivery, Webhook
from guanxi.rooms.integrations.policies import FAILURES_TO_SWITCH_OFF
from guanxi.rooms.integrations.queries import signature
from guanxi.rooms.integrations.upkeep import forget_deliveries
from tests.digest import digest
from tests.people import NOW, World
from tests.platform.outgoing.canary import Canary
from tests.rooms.integrations.conftest import HOOK, agreed, deliver, do, proposed

ROOT = Path(__file__).resolve().parents[3]
CUSTOMER = "customers.customer"
DELIVERY = "integrations.delivery"


def body(receiver: Canary, number: int = -1) -> dict[str, Any]:
    return json.loads(receiver.requests[number][3])


def failing_limit(world: World, count: int) -> None:
    set_value(FAILURES_TO_SWITCH_OFF, str(count), NOW.date(), world["general_manager"], "test", NOW)


# ---- Consent and secret ----------------------------------------------------------------------------------------------


def test_the_secret_is_told_once_and_kept_nowhere(world: World) -> None:
    hook, secret = proposed(world)
    assert secret.startswith("gxwh_") and len(secret) == 69
    stored = json.dumps([str(row) for row in Webhook.objects.filter(pk=hook.pk).values()], default=str)
    trail = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert secret not in stored and secret[5:] not in stored and secret[5:] not in trail
    told = reading.one(world.ctx("system_admin"), HOOK, hook)
    assert "secret_number" not in told and secret not in str(told)
    ctx = world.ctx("system_admin")
    do("new_secret", ctx, hook)
    assert ctx.told[0].secret.startswith("gxwh_") and ctx.told[0].secret != secret


@pytest.mark.clause("SEC-04")
def test_only_the_owner_agrees_to_what_his_rights_would_tell(world: World, receiver: Canary) -> None:
    hook, _secret = proposed(world, port=receiver.port)
    assert hook.state == "waiting"
    assert Notice.objects.filter(person=world["li_wei"], record_id=hook.pk, kind="integrations.consent").count() == 1
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    assert not Delivery.objects.exists()
    before = digest()
    for username, problem in (
        ("system_admin", NotAllowed), ("security_admin", NotAllowed), ("audit_admin", NotAllowed),
        ("wang_fang", NotFound),
    ):  # fmt: skip
        with pytest.raises(problem):
            do("agree", world.ctx(username), hook)
    with pytest.raises(Refused):
        do("agree", world.system, hook)
    assert digest() == before
    do("agree", world.ctx("li_wei"), hook)
    create(world.ctx("li_wei"), CUSTOMER, name="锦江酒店")
    assert deliver() == 1 and len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"name": "Other name"}, "active"),
        ({"url": "https://hooks.example.com/elsewhere"}, "waiting"),
        ({"modules": [CUSTOMER]}, "waiting"),
        ({"actions": ["create"]}, "waiting"),
        ({"url": "https://hooks.example.com/in"}, "active"),
    ],
)
def test_what_the_owner_agreed_to_cannot_be_changed_behind_his_back(
    world: World, change: dict[str, Any], state: str
) -> None:
    hook, _secret = agreed(world)
    edit(world.ctx("system_admin"), HOOK, hook, **change)
    assert Webhook.objects.get(pk=hook.pk).state == state
    asked = Notice.objects.filter(person=world["li_wei"], record_id=hook.pk, kind="integrations.consent").count()
    assert asked == (2 if state == "waiting" else 1)


def test_it_cannot_be_given_to_somebody_with_more_rights(world: World) -> None:
    hook, _secret = agreed(world)
    before = digest()
    with pytest.raises(Invalid):
        edit(world.ctx("system_admin"), HOOK, hook, owner=world["general_manager"])
    assert digest() == before
    edit(world.system, HOOK, hook, owner=world["general_manager"])
    assert Webhook.objects.get(pk=hook.pk).state == "waiting"


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example.com/", "https://hooks.example.com:8443/", "http://127.0.0.1/", "http://0x7f000001/",
        "http://[::ffff:10.0.0.1]/", "http://localhost/", "file:///etc/passwd", "https://u:p@hooks.example.com/",
        "gopher://hooks.example.com/", "https://hooks.example.com@127.0.0.1/", "hooks.example.com",
    ],
)  # fmt: skip
def test_an_address_that_nothing_may_be_sent_to_is_not_saved(world: World, url: str) -> None:
    hook, _secret = proposed(world)
    before = digest()
    for attempt in (lambda: proposed(world, url=url), lambda: edit(world.ctx("system_admin"), HOOK, hook, url=url)):
        with pytest.raises(Invalid) as problem:
            attempt()
        assert set(problem.value.errors) == {"url"}
    assert digest() == before


# ---- What is told ----------------------------------------------------------------------------------------------------


def test_a_delivery_is_signed_and_tells_what_the_owner_may_see(world: World, receiver: Canary) -> None:
    hook, secret = agreed(world, port=receiver.port)
    customer = create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    assert deliver() == 1
    ((method, path, headers, content),) = receiver.requests
    delivery = Delivery.objects.get()
    assert (method, path) == ("POST", "/in?x=1")
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert (headers["Guanxi-Event"], headers["Guanxi-Delivery"]) == (f"{CUSTOMER}.create", str(delivery.pk))
    # As the other side would check it, from the header alone.
    parts = dict(part.split("=") for part in headers["Guanxi-Signature"].split(","))
    mac = hmac.new(secret.encode(), f"{parts['t']}.".encode() + content, hashlib.sha256).hexdigest()
    assert parts == {"t": str(int(NOW.timestamp())), "v1": mac}
    told = json.loads(content)
    assert told | {"records": []} == {
        "id": str(delivery.pk), "time": "2026-11-21T02:24:00+00:00", "event": f"{CUSTOMER}.create", "module": CUSTOMER,
        "action": "create", "records": [],
    }  # fmt: skip
    li_wei = world.ctx("li_wei")
    assert told["records"] == [reading.one(li_wei, CUSTOMER, li_wei.get(CUSTOMER, customer.pk))]
    assert (delivery.state, delivery.attempts, delivery.answer, delivery.told) == ("sent", 1, 200, 1)
    assert Webhook.objects.get(pk=hook.pk).last_sent_at == NOW


@pytest.mark.parametrize("page", ["webhooks.md", "webhooks.zh-CN.md"])
def test_the_check_in_the_documentation_works(page: str) -> None:
    code = (ROOT / "docs" / "operations" / page).read_text().partition("```python\n")[2].partition("```")[0]
    given: dict[str, Any] = {}
    exec(code, given)  # noqa: S102 - our own documentation
    header = signature("gxwh_x", NOW, b"{}")
    is_genuine, at = given["is_genuine"], NOW.timestamp()
    assert is_genuine("gxwh_x", header, b"{}", at)
    assert not is_genuine("gxwh_y", header, b"{}", at)
    assert not is_genuine("gxwh_x", header, b"{ }", at)
    assert not is_genuine("gxwh_x", header, b"{}", at + 301)


def test_of_other_peoples_records_not_even_the_id(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port)
    create(world.ctx("wang_fang"), CUSTOMER, name="秘密酒业有限公司")
    assert deliver() == 1
    assert receiver.connections == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.told, delivery.answer) == ("sent", 0, None)


def test_the_rights_are_those_of_the_moment_of_sending(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port)
    customer = create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    run(ASSIGN, world.ctx("sales_manager"), CUSTOMER, customer, {"owner": world["wang_fang"]})
    assert deliver() == 2
    assert receiver.connections == 0


def test_linked_records_that_the_owner_may_not_see_stay_hidden(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port, modules=["room.thing"], actions=["edit"])
    secret = create(world.ctx("wang_fang"), "room.thing", name="SECRET-BOX")
    thing = create(world.ctx("li_wei"), "room.thing", name="Bottle")
    edit(world.ctx("sales_manager"), "room.thing", thing, part_of=secret)
    assert deliver() == 1
    assert body(receiver)["records"][0]["part_of"] == {"id": None, "title": None, "hidden": True}
    assert (
        "SECRET-BOX" not in receiver.requests[0][3].decode() and str(secret.pk) not in receiver.requests[0][3].decode()
    )


def test_it_hears_what_it_listens_to(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port, modules=["room.thing"], actions=["create", "finish"])
    thing = create(world.ctx("li_wei"), "room.thing", name="Bottle")
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    edit(world.ctx("li_wei"), "room.thing", thing, notes="x")
    do("finish", world.system, thing, "room.thing", data={"remark": "ok"})
    assert list(Delivery.objects.order_by("pk").values_list("action", flat=True)) == ["create", "finish"]


def test_a_record_in_the_bin_is_told_as_such_and_one_deleted_for_good_not_at_all(
    world: World, receiver: Canary
) -> None:
    agreed(world, "archivist", port=receiver.port, modules=["room.thing"], actions=["delete"])
    thing = create(world.ctx("li_wei"), "room.thing", name="Bottle")
    run(DELETE, world.ctx("li_wei"), "room.thing", thing)
    assert deliver() == 1
    assert body(receiver)["records"] == [{"id": str(thing.pk), "version": 2, "deleted": True}]
    run(PURGE, world.ctx("archivist"), "room.thing", thing)
    assert Delivery.objects.count() == 1


def test_nothing_is_told_of_what_was_refused_nor_of_webhooks_themselves(world: World, receiver: Canary) -> None:
    hook, _secret = agreed(world, "general_manager", port=receiver.port)
    with pytest.raises(Refused):
        create(world.ctx("li_wei"), "room.thing", name="Crate", pieces="5000")
    edit(world.ctx("system_admin"), HOOK, hook, name="Other")
    assert not Delivery.objects.exists() and not OutboxMessage.objects.filter(kind="webhook").exists()


def test_many_records_are_told_in_several_deliveries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.records.events import RecordsWritten, publish

    agreed(world)
    publish(RecordsWritten(CUSTOMER, "edit", tuple(uuid.uuid4() for _ in range(450)), world["li_wei"].pk))
    assert sorted(len(each.records) for each in Delivery.objects.all()) == [50, 200, 200]


# ---- When the other side does not answer -----------------------------------------------------------------------------


def test_a_failing_receiver_is_asked_ever_later_and_by_one_delivery_at_a_time(world: World, receiver: Canary) -> None:
    hook, _secret = agreed(world, port=receiver.port)
    receiver.answer = (503, {}, b"")
    for name in ("A有限公司", "B有限公司", "C有限公司"):
        create(world.ctx("li_wei"), CUSTOMER, name=name)
    assert deliver() == 3
    assert len(receiver.requests) == 1  # the other two wait until it has recovered
    failed = Delivery.objects.get(state="failed")
    assert (failed.attempts, failed.answer, failed.error) == (1, 503, "Unreachable: HTTP 503")
    assert failed.next_try_at == NOW + timedelta(seconds=30)
    assert Webhook.objects.get(pk=hook.pk).failures == 1
    assert deliver(timedelta(seconds=29)) == 0
    receiver.answer = (204, {}, b"")
    assert deliver(timedelta(seconds=30)) == 3
    assert len(receiver.requests) == 4
    assert set(Delivery.objects.values_list("state", "answer")) == {("sent", 204)}
    recovered = Webhook.objects.get(pk=hook.pk)
    assert (recovered.failures, recovered.paused_until, recovered.last_error) == (0, None, "")


def test_after_eight_attempts_a_delivery_is_parked_and_can_be_sent_again(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port)
    receiver.answer = (500, {}, b"")
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    for hour in range(12):
        deliver(timedelta(hours=hour))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.next_try_at) == ("parked", 8, None)
    assert len(receiver.requests) == 8
    first = {json.loads(content)["id"] for _method, _path, _headers, content in receiver.requests}
    assert first == {str(delivery.pk)}  # the other side can tell that it is the same
    before = digest()
    with pytest.raises(NotFound):
        do("send_again", world.ctx("wang_fang"), delivery, DELIVERY)
    assert digest() == before
    receiver.answer = (200, {}, b"")
    with clock_at(NOW + timedelta(days=1)):
        do("send_again", world.ctx("li_wei", now=NOW + timedelta(days=1)), delivery, DELIVERY)
    with pytest.raises(Conflict):
        do("send_again", world.ctx("li_wei"), delivery, DELIVERY)
    deliver(timedelta(days=1))
    assert Delivery.objects.get().state == "sent"


def test_one_that_keeps_failing_is_switched_off_and_its_owner_told(world: World, receiver: Canary) -> None:
    hook, _secret = agreed(world, port=receiver.port)
    failing_limit(world, 3)
    receiver.answer = (404, {}, b"")
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    for minute in (0, 1, 3, 10, 20):
        deliver(timedelta(minutes=minute))
    off = Webhook.objects.get(pk=hook.pk)
    assert (off.state, off.failures, len(receiver.requests)) == ("off", 3, 3)
    assert Delivery.objects.get().state == "parked"
    told = Notice.objects.filter(kind="integrations.switched_off", record_id=hook.pk)
    assert {notice.person.username for notice in told} == {"li_wei", "system_admin"}
    entry = AuditEntry.objects.get(module=HOOK, action="switch_off")
    assert entry.source == "system" and "HTTP 404" in entry.reason
    do("switch_on", world.ctx("system_admin"), off)
    assert Webhook.objects.get(pk=hook.pk).state == "waiting"
    do("agree", world.ctx("li_wei"), off)
    again = Webhook.objects.get(pk=hook.pk)
    assert (again.state, again.failures, again.paused_until) == ("active", 0, None)


def test_a_name_that_leads_inside_by_now_is_not_spoken_to(
    world: World, receiver: Canary, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(world, port=receiver.port)
    settings.OUTGOING_NETWORKS = []
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    assert [str(address) for address in addresses.lookup("hooks.example.com", 80)] == ["127.0.0.1"]
    deliver()
    assert (Delivery.objects.get().state, receiver.connections) == ("parked", 0)
    assert "public address" in Delivery.objects.get().error


def test_nothing_is_sent_for_somebody_who_left(world: World, receiver: Canary) -> None:
    agreed(world, port=receiver.port)
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    person = world["li_wei"]
    person.is_active = False
    person.save()
    deliver()
    assert (Delivery.objects.get().state, receiver.connections) == ("parked", 0)


def test_a_test_message(world: World, receiver: Canary) -> None:
    hook, secret = agreed(world, port=receiver.port)
    do("ping", world.ctx("system_admin"), hook)
    deliver()
    assert body(receiver) | {"id": ""} == {
        "id": "", "time": "2026-11-21T02:24:00+00:00", "event": "ping", "module": "", "action": "ping", "records": [],
    }  # fmt: skip
    assert receiver.requests[0][2]["Guanxi-Signature"] == signature(secret, NOW, receiver.requests[0][3])
    do("switch_off", world.ctx("li_wei").because("too much"), hook)
    with pytest.raises(Conflict):
        do("ping", world.ctx("system_admin"), hook)


# ---- The list of deliveries ------------------------------------------------------------------------------------------


def test_old_deliveries_go(world: World) -> None:
    hook, _secret = agreed(world)
    do("ping", world.ctx("system_admin"), hook)
    forget_deliveries(NOW + timedelta(days=89))
    assert Delivery.objects.count() == 1
    forget_deliveries(NOW + timedelta(days=91))
    assert not Delivery.objects.exists() and not OutboxMessage.objects.filter(kind="webhook").exists()


def test_pages(world: World, client: Client, receiver: Canary) -> None:
    hook, secret = agreed(world, port=receiver.port, modules=[CUSTOMER], actions=["create"])
    create(world.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    deliver()
    delivery = Delivery.objects.get()
    for username, status in (("system_admin", 200), ("li_wei", 200), ("wang_fang", 404)):
        client.force_login(world[username])
        for path in (f"/integrations/webhook/{hook.pk}/", f"/integrations/delivery/{delivery.pk}/"):
            page = client.get(path)
            assert page.status_code == status, (username, path)
            assert secret not in page.content.decode()
    client.force_login(world["system_admin"])
    shown = client.get(f"/integrations/webhook/{hook.pk}/").content.decode()
    assert "/do/ping/" in shown and "/do/edit/" not in shown  # its own way of editing is not offered twice
    assert "/do/new_secret/" in shown
    listed = client.get("/integrations/delivery/").content.decode()
    assert "200" in listed and "川兴" not in listed  # an administrator reads how it went, not what was told
    assert "/integrations/webhook/" in client.get("/administration/").content.decode()
    client.force_login(world["li_wei"])
    assert 'href="/integrations/webhook/"' not in client.get("/").content.decode()
