"""Records as plain data: every kind of value, and nothing that the person may not see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.records import describing, reading, registry
from guanxi.records.standard import create, edit
from tests.makers import make
from tests.people import World

THING = "room.thing"
FULL = {
    "name": "Bottle", "code": "B-1", "notes": "two\nlines", "size": "s", "colour": "red", "colours": ["red", "blue"],
    "pieces": "7", "weight": "1.5", "price": "1234.5", "discount": "12.5", "made_on": "2026-02-28",
    "seen_at": "2026-11-20 09:30", "fragile": "yes", "phone": "138 0000 1111", "email": "a@b.cn", "address": "成都",
    "tags": "old, 酒", "lines": [{"label": "first", "amount": "2"}, {"label": "second"}],
}  # fmt: skip
TOLD = {
    "name": "Bottle", "code": "B-1", "notes": "two\nlines", "size": "s", "colour": "red", "colours": ["red", "blue"],
    "pieces": 7, "weight": "1.500", "price": "1234.50", "discount": "12.50", "made_on": "2026-02-28",
    "seen_at": "2026-11-20T01:30:00+00:00", "fragile": True, "phone": "13800001111", "email": "a@b.cn",
    "address": "成都", "tags": ["old", "酒"], "part_of": None, "keeper": None, "picture": None, "state": "new",
    "version": 1, "number": "T-2026-001",
}  # fmt: skip


def test_every_kind_of_value(world: World) -> None:
    ctx = world.ctx("li_wei")
    made = create(ctx, THING, **FULL)
    told = reading.one(ctx, THING, ctx.get(THING, made.pk))
    assert {name: told[name] for name in TOLD} == TOLD
    assert told["id"] == str(made.pk)
    assert told["owner"] == {"id": str(world["li_wei"].pk), "title": "李伟"}
    assert [(line["label"], line["amount"]) for line in told["lines"]] == [("first", "2.00"), ("second", None)]
    assert json.loads(json.dumps(told)) == told
    assert not {"deleted_at", "deleted_by"} & told.keys()


def test_only_what_was_asked_for_and_what_identifies_it(world: World) -> None:
    made = create(world.ctx("li_wei"), THING, **FULL)
    told = reading.as_data(world.ctx("li_wei"), THING, [made], ["price", "name", "no_such_field"])
    assert told == [{"id": str(made.pk), "version": 1, "name": "Bottle", "price": "1234.50"}]


def test_what_a_link_leads_to_is_told_to_whom_it_concerns(world: World) -> None:
    secret = create(world.ctx("wang_fang"), THING, name="SECRET-BOX")
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    edit(world.ctx("sales_manager"), THING, thing, part_of=secret)
    seen = reading.one(world.ctx("sales_manager"), THING, world.ctx("sales_manager").get(THING, thing.pk))
    assert seen["part_of"] == {"id": str(secret.pk), "title": "SECRET-BOX"}
    veiled = reading.one(world.ctx("li_wei"), THING, world.ctx("li_wei").get(THING, thing.pk))
    assert veiled["part_of"] == {"id": None, "title": None, "hidden": True}
    assert "SECRET-BOX" not in json.dumps(veiled) and str(secret.pk) not in json.dumps(veiled)


def test_secrets_are_no_fields(world: World) -> None:
    ctx = world.ctx("system_admin")
    told = reading.one(ctx, "people.person", world["li_wei"])
    assert told["username"] == "li_wei"
    assert not {"password", "epoch", "preferences", "last_login"} & told.keys()


def test_a_hundred_records_cost_as_many_queries_as_one(world: World) -> None:
    ctx = world.ctx("li_wei")
    for number in range(12):
        create(ctx, THING, name=f"N{number}", keeper=world["wang_fang"], lines=[{"label": "x"}])

    def queries(count: int) -> int:
        rows = list(world.ctx("li_wei").search(THING)[:count])
        with CaptureQueriesContext(
            connection,
        ) as found:
            reading.as_data(ctx, THING, rows)
        return len(found)

    queries(1)  # the rights are read once and kept
    assert queries(1) == queries(12)


@pytest.mark.parametrize("key", [module.key for module in registry.modules()])
def test_every_record_type_can_be_told_and_described(world: World, key: str) -> None:
    ctx = world.system
    module = registry.module(key)
    record: Any = (
        make(ctx, module, world["li_wei"])
        if module.can("create")
        else module.model._default_manager.order_by("pk").first()
    )
    told = reading.as_data(ctx, module, [record] if record is not None else [])
    json.dumps(told)
    described = describing.describe(ctx, module)
    json.dumps(described)
    names = {field["name"] for field in described["fields"]} | {figure["name"] for figure in described["computed"]}
    assert all(names >= row.keys() - {"lines"} for row in told)
    assert not names & set(module.hidden)


def test_a_description_names_the_verbs_that_the_person_has(world: World) -> None:
    module = registry.module(THING)
    manager, clerk = (describing.describe(world.ctx(who), module) for who in ("sales_manager", "clerk"))
    assert {"view", "create", "edit", "assign"} <= set(manager["may"])
    assert clerk["may"] == [] and clerk["actions"] == []
    colour = next(field for field in manager["fields"] if field["name"] == "colour")
    assert colour["kind"] == "choice" and [choice["value"] for choice in colour["choices"]] == ["red", "green", "blue"]
    customer = describing.brief(world.ctx("li_wei"), registry.module("customers.customer"))
    assert customer["label"] == {"zh-hans": "客户", "en": "customer"}
