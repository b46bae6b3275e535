"""The filter language: what it selects, and that nothing else gets through."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.records import registry
from guanxi.records.filters import compile_filter, period
from guanxi.records.standard import create
from tests.people import World

THINGS = (
    {
        "name": "苹果",
        "colour": "red",
        "pieces": "10",
        "price": "1.50",
        "made_on": "2026-11-21",
        "tags": "甜,果",
        "fragile": "yes",
    },
    {"name": "梨", "colour": "green", "pieces": "20", "price": "2", "made_on": "2026-11-01", "phone": "13800138000"},
    {"name": "葡萄酒", "colour": "red", "colours": "red,blue", "made_on": "2025-12-31", "seen_at": "2026-11-20 23:30"},
    {"name": "空"},
)


@pytest.fixture
def things(world: World) -> World:
    for values in THINGS:
        create(world.ctx("li_wei"), "room.thing", **values)
    create(world.ctx("li_wei"), "room.thing", name="套装", part_of="苹果", owner=world["li_wei"])
    return world


def names(world: World, tree: Any) -> set[str]:
    ctx = world.ctx("li_wei")
    module = registry.module("room.thing")
    return set(ctx.search(module).filter(compile_filter(module, tree, ctx)).values_list("name", flat=True))


ALL = {"苹果", "梨", "葡萄酒", "空", "套装"}


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("name", "contains", "果", {"苹果"}),
        ("name", "starts", "葡", {"葡萄酒"}),
        ("name", "equals", "梨", {"梨"}),
        ("name", "not_contains", "果", ALL - {"苹果"}),
        ("colour", "in", ["red"], {"苹果", "葡萄酒"}),
        ("colour", "not_in", ["red"], {"梨", "空", "套装"}),
        ("colour", "empty", None, {"空", "套装"}),
        ("colours", "in", ["blue"], {"葡萄酒"}),
        ("tags", "in", ["甜"], {"苹果"}),
        ("pieces", "at_least", "11", {"梨"}),
        ("pieces", "between", ["5", "15"], {"苹果"}),
        ("price", "at_most", "1.5", {"苹果"}),
        ("price", "filled", None, {"苹果", "梨"}),
        ("made_on", "on", "2026-11-21", {"苹果"}),
        ("made_on", "from", "2026-11-01", {"苹果", "梨"}),
        ("made_on", "until", "2026-11-01", {"梨", "葡萄酒"}),
        ("made_on", "within", "this_month", {"苹果", "梨"}),
        ("made_on", "older_than", 20, {"葡萄酒", "空", "套装"}),
        ("made_on", "older_than", 19, {"梨", "葡萄酒", "空", "套装"}),
        ("seen_at", "on", "2026-11-20", {"葡萄酒"}),
        ("seen_at", "on", "2026-11-21", set()),
        ("fragile", "is", "yes", {"苹果"}),
        ("phone", "contains", "138-0013", {"梨"}),
        ("part_of", "filled", None, {"套装"}),
        ("part_of.colour", "in", ["red"], {"套装"}),
        ("owner", "in", ["me"], ALL),
    ],
)
def test_each_operator_selects_what_it_says(things: World, field: str, op: str, value: Any, expected: set[str]) -> None:
    node = {"field": field, "op": op} | ({} if value is None else {"value": value})
    assert names(things, node) == expected
    assert names(things, {"not": node}) == ALL - expected


def test_conditions_combine(things: World) -> None:
    red, many = {"field": "colour", "op": "in", "value": ["red"]}, {"field": "pieces", "op": "filled"}
    assert names(things, {"all": [red, many]}) == {"苹果"}
    assert names(things, {"any": [red, many]}) == {"苹果", "梨", "葡萄酒"}
    assert names(things, {"all": [red, {"not": many}]}) == {"葡萄酒"}
    assert names(things, {}) == ALL
    assert names(things, None) == ALL


@pytest.mark.parametrize(
    "tree",
    [
        "name",
        ["all"],
        {"all": "x"},
        {"all": [], "any": []},
        {"field": "name"},
        {"field": "name", "op": "contains", "extra": 1},
        {"field": "password", "op": "contains", "value": "x"},
        {"field": "owner__password", "op": "contains", "value": "x"},
        {"field": "owner.password", "op": "starts", "value": "a"},
        {"field": "part_of.part_of.name", "op": "contains", "value": "x"},
        {"field": "name", "op": "regex", "value": "x"},
        {"field": "name", "op": "in", "value": ["x"]},
        {"field": "name", "op": "contains", "value": {"a": 1}},
        {"field": "pieces", "op": "at_least", "value": "many"},
        {"field": "pieces", "op": "between", "value": ["1"]},
        {"field": "made_on", "op": "on", "value": "2026-02-30"},
        {"field": "made_on", "op": "within", "value": "next_century"},
        {"field": "made_on", "op": "older_than", "value": "-1"},
        {"field": "made_on", "op": "older_than", "value": float("inf")},
        {"field": "owner", "op": "in", "value": ["1 OR 1=1"]},
        {"field": "owner", "op": "in", "value": []},
        {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"field": "name", "op": "filled"}}}}}}}},
        {"all": [{"field": "name", "op": "filled"}] * 80},
    ],
)
def test_what_the_language_does_not_allow_is_refused(things: World, tree: Any) -> None:
    with pytest.raises(Invalid):
        names(things, tree)


@settings(max_examples=150)
@given(
    field=st.sampled_from(
        [
            "name",
            "pieces",
            "price",
            "owner",
            "made_on",
            "seen_at",
            "colours",
            "part_of.name",
            "pk",
            "id__in",
            "_connector",
        ]
    )
    | st.text(max_size=12),
    op=st.sampled_from(["contains", "equals", "in", "on", "between", "older_than", "is", "starts", "within"])
    | st.text(max_size=8),
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=3)
    | st.sampled_from(["'; DROP TABLE room_thing; --", "%' OR '1'='1", "\x00", "9" * 400, "me"]),
)
def test_any_input_is_answered_or_refused_and_never_breaks(things: World, field: str, op: str, value: Any) -> None:
    try:
        found = names(things, {"field": field, "op": op, "value": value})
    except Invalid:
        return
    assert found <= ALL


@pytest.mark.parametrize(
    ("name", "first", "after"),
    [
        ("today", "2026-11-21", "2026-11-22"),
        ("this_week", "2026-11-16", "2026-11-23"),
        ("last_month", "2026-10-01", "2026-11-01"),
        ("this_quarter", "2026-10-01", "2027-01-01"),
        ("this_year", "2026-01-01", "2027-01-01"),
        ("last_7_days", "2026-11-15", "2026-11-22"),
    ],
)
def test_periods_seen_from_a_saturday_in_november(name: str, first: str, after: str) -> None:
    day = datetime.date(2026, 11, 21)
    assert [moment.isoformat() for moment in period(name, day)] == [first, after]
