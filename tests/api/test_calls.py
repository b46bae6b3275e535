"""Lists, records, verbs: as on the pages, in JSON."""

from __future__ import annotations

import pytest

from guanxi.records.standard import create
from tests.digest import digest
from tests.makers import make
from tests.room.models import Thing

THING = "room/thing"


@pytest.fixture
def thing(world):
    return create(
        world.system, "room.thing", confirmed=True, name="Box", owner=world["li_wei"], price="1234.5",
        made_on="2026-11-20", seen_at="2026-11-20 09:30", colours="red,green", tags="a,b",
        lines=[{"label": "first", "amount": "2"}],
    )  # fmt: skip


def test_a_record_is_read_with_its_version(program, thing, world):
    answer = program("li_wei").get(f"{THING}/{thing.pk}")
    assert answer.status_code == 200, answer.content
    data = answer.json()
    assert answer["ETag"] == '"1"' and data["version"] == 1
    assert answer["Cache-Control"] == "no-store"
    assert data["price"] == "1234.50"
    assert data["made_on"] == "2026-11-20"
    assert data["seen_at"] == "2026-11-20T01:30:00+00:00"
    assert data["owner"] == {"id": str(world["li_wei"].pk), "title": "李伟"}
    assert data["lines"][0]["amount"] == "2.00"
    assert program("li_wei").get(f"{THING}/{thing.pk}", If_None_Match='"1"').status_code == 304
    assert program("wang_fang").get(f"{THING}/{thing.pk}").status_code == 404
    assert program("system_admin").get(f"{THING}/{thing.pk}").status_code == 403
    assert program(None).get(f"{THING}/{thing.pk}").status_code == 401


def test_what_was_read_can_be_sent_back(program, thing):
    api = program("li_wei")
    data = api.get(f"{THING}/{thing.pk}").json()
    names = ("name", "price", "made_on", "seen_at", "colours", "tags", "colour", "size", "pieces", "weight", "fragile")
    answer = api.patch(f"{THING}/{thing.pk}", {name: data[name] for name in names}, 1)
    assert answer.status_code == 200, answer.content
    assert answer["ETag"] == '"1"', "nothing has changed"


def test_creating_editing_and_the_bin(program, world):
    api = program("li_wei")
    made = api.post(THING, {"name": "Chest", "price": 12.5, "lines": [{"label": "x", "amount": "1"}]})
    assert made.status_code == 201, made.content
    assert made["Location"] == f"/api/v1/room/thing/{made.json()['id']}"
    path = f"{THING}/{made.json()['id']}"
    assert Thing.objects.get().owner == world["li_wei"]
    changed = api.patch(path, {"name": "Trunk"}, 1)
    assert (changed.status_code, changed.json()["name"], changed["ETag"]) == (200, "Trunk", '"2"')
    assert api.patch(path, {"name": "Case"}, 1).status_code == 412
    assert api.call("PATCH", path, {"name": "Case"}).status_code == 428
    assert api.patch(path, {"name": "Case"}, '"nonsense"').status_code == 412
    assert api.delete(path, 1).status_code == 412
    gone = api.delete(path, 2)
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.get(path).status_code == 404
    assert api.get(f"{path}?binned=true")["ETag"] == '"3"'
    back = api.do(path, "restore", version=3)
    assert back.status_code == 200 and back.json()["record"]["name"] == "Trunk"
    assert [past["action"] for past in api.get(f"{path}/history").json()["items"]] == [
        "restore", "delete", "edit", "create",
    ]  # fmt: skip


def test_a_stale_change_tells_what_stands_now(program, thing):
    api = program("li_wei")
    api.patch(f"{THING}/{thing.pk}", {"name": "Mine"}, 1)
    answer = api.patch(f"{THING}/{thing.pk}", {"name": "Yours"}, 1)
    assert answer.status_code == 412 and answer["ETag"] == '"2"'
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "stale" and problem["current_version"] == 2
    assert problem["changes"] == {"name": {"yours": "Yours", "current": "Mine"}}


def test_only_declared_fields_are_taken(program, thing):
    api, before = program("li_wei"), digest()
    for name in ("version", "created_by", "deleted_at", "state", "department", "id", "nonsense", "_x"):
        answer = api.patch(f"{THING}/{thing.pk}", {name: "1"}, 1)
        assert answer.status_code == 422, name
        assert name in answer.json()["errors"], answer.content
        assert api.post(THING, {"name": "X", name: "1"}).status_code == 422
    assert digest() == before


def test_wrong_forms_are_named(program, thing):
    api, before = program("li_wei"), digest()
    wrong = {
        "name": 5, "price": "much", "made_on": "31.31.2026", "seen_at": True, "pieces": 10**30, "weight": "1e400",
        "fragile": "perhaps", "colours": "red", "tags": [1], "part_of": {"id": None}, "size": "xl", "phone": ["1"],
        "lines": "x",
    }  # fmt: skip
    for name, value in wrong.items():
        answer = api.patch(f"{THING}/{thing.pk}", {name: value}, 1)
        assert answer.status_code == 422, (name, answer.content)
        assert list(answer.json()["errors"]) == [name]
    assert digest() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"\xff\xfe", 400), (b'{"a": NaN}', 400), (b"[" * 100_000, 400), (b'{"name": "\\ud800"}', 400),
        (b"9" * 5000, 400), (b"[]", 422), (b"1", 422), (b'{"name": "a\\u0000b"}', 422),
        (b'{"_reason": 1, "name": "x"}', 422),
        (b'{"_confirmed": "yes", "name": "x"}', 422), (b'{"name": "' + b"x" * 100 + b'"}', 422),
        (b'{"name": "' + b"x" * (11 * 1024 * 1024) + b'"}', 413),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(program, body, status):
    api, before = program("li_wei"), digest()
    answer = api.post(THING, body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert digest() == before


def test_pages_of_a_list_hold_every_record_once(program, world):
    for number in range(23):
        create(
            world.system, "room.thing", confirmed=True, name=f"Thing {number:02}", owner=world["li_wei"],
            price=None if number % 5 == 0 else str(number % 3),
        )  # fmt: skip
    create(world.system, "room.thing", name="Hers", owner=world["wang_fang"])
    api = program("li_wei")
    everything = {str(pk) for pk in Thing.objects.filter(owner=world["li_wei"]).values_list("pk", flat=True)}
    for sort in ("name", "-name", "price", "-price", "owner", "-changed_at"):
        found, cursor = [], ""
        while cursor is not None:
            page = api.get(f"{THING}?limit=5&sort={sort}&columns=price&cursor={cursor}").json()
            assert len(page["items"]) <= 5
            found += [item["id"] for item in page["items"]]
            last, cursor = page, page["next"]
        assert len(found) == 23 and set(found) == everything, sort
        back = api.get(f"{THING}?limit=5&sort={sort}&cursor={last['previous']}").json()["items"]
        assert [item["id"] for item in back] == found[15:20], sort
    assert api.get(f"{THING}/count").json() == {"count": 23, "more": False}
    assert set(api.get(f"{THING}?columns=name&limit=1").json()["items"][0]) == {"id", "version", "name"}


def test_filters_find_and_nonsense_is_named(program, world, thing):
    api = program("li_wei")
    good = '{"all": [{"field": "name", "op": "contains", "value": "ox"}]}'
    assert len(api.get(f"{THING}?filter={good}").json()["items"]) == 1
    assert api.get(f"{THING}?q=Nothing").json()["items"] == []
    for query in (
        "filter=[]", "filter=7", "filter={", "filter=%00", "filter={\"field\":\"owner.password\",\"op\":\"equals\"}",
        "filter={\"field\":\"name\",\"op\":\"drop\"}", "sort=password", "sort=--name", "sort=owner__password",
        "limit=0", "limit=201", "limit=x", "limit=-1", "limit=1e9", "limit=٣", "cursor=AAAA", "cursor=x%00",
        "view=none",
        "columns=password", "columns=owner.password", "binned=1", "page=2", "q=a&q=b", "q=%00",
        "filter={\"field\":\"price\",\"op\":\"equals\",\"value\":\"1e999999\"}",
        "filter={\"field\":\"pieces\",\"op\":\"equals\",\"value\":" + "9" * 200 + "}",
        "filter={\"field\":\"made_on\",\"op\":\"between\",\"value\":[\"0001-01-01\",\"9999-12-31\"]}",
        "filter={\"field\":\"name\",\"op\":\"in\",\"value\":{\"a\":1}}", "filter=" + "[" * 3000,
    ):  # fmt: skip
        answer = api.get(f"{THING}?{query}")
        assert answer.status_code == 422, (query, answer.content)
        assert answer["Content-Type"] == "application/problem+json"


def test_links_are_chosen_by_id_or_name_and_hidden_ones_stay_hidden(program, world):
    customer = make(world.system, "customers.customer", world["li_wei"], name="蜀都酒行")
    made = program("li_wei").post("customers/contact", {"name": "单立人", "customer": "蜀都酒行"})
    assert made.status_code == 201, made.content
    assert made.json()["customer"] == {"id": str(customer.pk), "title": "蜀都酒行"}
    hers = program("wang_fang")
    before = digest()
    other = hers.post("customers/contact", {"name": "单立人", "customer": str(customer.pk)})
    assert other.status_code == 422 and list(other.json()["errors"]) == ["customer"]
    assert digest() == before
    narrow = program("li_wei", modules="customers.contact").get(f"customers/contact/{made.json()['id']}").json()
    assert narrow["owner"] is None or narrow["owner"] == {"id": None, "title": None, "hidden": True}


def test_a_masked_value_is_not_written_back(program, world):
    contact = make(world.system, "customers.contact", world["li_wei"], name="单立人", email="zhang@example.com")
    api = program("li_wei")
    before = digest()
    answer = api.patch(f"customers/contact/{contact.pk}", {"email": "zh***@example.com"}, 1)
    assert answer.status_code == 422 and list(answer.json()["errors"]) == ["email"]
    assert digest() == before


def test_a_merged_record_says_where_it_went_to_who_may_see_that(program, world, thing):
    api = program("li_wei")
    crate = api.post(THING, {"name": "Crate"}).json()["id"]
    done = api.do(f"{THING}/{thing.pk}", "merge", {"others": [crate], "confirmed": True})
    assert done.status_code == 200, done.content
    path = f"/api/v1/{THING}/{thing.pk}"
    for answer in (
        api.get(f"{THING}/{crate}"), api.get(f"{THING}/{crate}/history"), api.delete(f"{THING}/{crate}"),
        api.patch(f"{THING}/{crate}", {"name": "Cage"}),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["code"], answer["Location"]) == (410, "merged", path)
        assert answer.json()["merged_into"] == {"id": str(thing.pk), "href": path}
    assert program("wang_fang").get(f"{THING}/{crate}").status_code == 404
    assert api.do(f"{THING}/{thing.pk}", "unmerge", {}).status_code == 200
    assert api.get(f"{THING}/{crate}").json()["name"] == "Crate"
