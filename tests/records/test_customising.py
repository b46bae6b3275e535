"""Fields that the company adds are fields like any other: entered, refused, filtered, sorted, exported, remembered."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from guanxi.kernel.errors import Invalid
from guanxi.records import customising, history, listing, registry
from guanxi.records.conditions import met
from guanxi.records.context import Context
from guanxi.records.listing import Query
from guanxi.records.models import CustomField
from guanxi.records.standard import create, edit
from tests.digest import digest
from tests.makers import make
from tests.people import World

THING = "room.thing"
#: kind → a value as entered, as held, a second one that sorts behind it, and one that is refused
KINDS: dict[str, tuple[Any, Any, Any, Any]] = {
    "text": ("  甲  等 ", "甲 等", "辛 等", "x" * 300),
    "long_text": ("第一行\r\n第二行", "第一行\n第二行", "z", "x" * 30_000),
    "choice": ("Sweet", "sweet", "tart", "bitter"),
    "multi_choice": ("Sweet, Tart", ("sweet", "tart"), "Tart", "bitter"),
    "integer": ("7", 7, "12", "7.5"),
    "number": ("7.125", Decimal("7.125"), "12.5", "many"),
    "money": ("1.5万", Decimal("15000.00"), "20000.01", "dear"),
    "percent": ("7.5%", Decimal("7.5"), "12", "7.555"),
    "date": ("2026-03-01", datetime.date(2026, 3, 1), "2026-11-02", "31.31.2026"),
    "moment": (
        "2026-03-01 08:30",
        datetime.datetime(2026, 3, 1, 0, 30, tzinfo=datetime.UTC),
        "2026-11-02 07:00",
        "2026-03-01 99:00",
    ),
    "boolean": ("是", True, None, "perhaps"),
    "phone": ("138 0013 8000", "13800138000", "13900139000", "12"),
    "email": ("a@example.com", "a@example.com", "b@example.com", "a at b"),
    "address": ("成都市锦江区 1 号", "成都市锦江区 1 号", "重庆市", "x" * 400),
    "tags": ("甲, 乙", ("甲", "乙"), "丙", ["x" * 700]),
}


@pytest.fixture
def admin(world: World) -> Context:
    return world.ctx("system_admin")


@pytest.fixture
def add(admin: Context) -> Any:
    """Adds a field to a record type, as the system administrator does."""

    def added(kind: str = "text", module: str = THING, **more: Any) -> CustomField:
        if kind in ("choice", "multi_choice"):
            more.setdefault(
                "lines", [{"label_zh": "sweet", "label_en": "Sweet"}, {"label_zh": "tart", "label_en": "Tart"}]
            )
        values = {"module": module, "kind": kind, "label_zh": f"新{kind}", "label_en": f"New {kind}", **more}
        row = create(admin, "records.customfield", **values)
        customising.forget()
        return row

    return added


def _spec(name: str, module: str = THING) -> Any:
    return registry.entry(module).field(name)


@pytest.mark.parametrize("module", [THING, "customers.customer"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_entered_changed_found_sorted_and_remembered(
    kind: str, module: str, add: Any, world: World
) -> None:
    entered, held, later, wrong = KINDS[kind]
    name = add(kind, module).name
    ctx = world.ctx("sales_manager") if module != THING else world.system
    first = make(ctx, module, world["li_wei"], **{name: entered})
    record = ctx.get(module, first.pk)
    spec = _spec(name, module)
    assert spec.value(record) == held
    assert record.custom[name] is not None

    before = digest()
    with pytest.raises(Invalid) as refused:
        edit(ctx, module, record, **{name: wrong})
    assert name in refused.value.errors
    assert digest() == before

    empty = make(ctx, module, world["li_wei"])
    if kind == "boolean":
        assert _found(ctx, module, name, "is", "1") == {record}
        assert empty in _found(ctx, module, name, "is", "0")
        return
    assert _found(ctx, module, name, "filled") == {record}
    assert empty in _found(ctx, module, name, "empty")

    second = make(ctx, module, world["li_wei"], **{name: later})
    if spec.kind.sortable:
        for sort, order in ((name, [record, second]), (f"-{name}", [second, record])):
            assert [row for row in _walk(ctx, module, sort) if row != empty] == order

    edit(ctx, module, record, **{name: later})
    changed = history.of(ctx, registry.entry(module), record)[0].changes[0]
    assert str(changed.label) == str(spec.label)
    assert (changed.old, changed.new) == (spec.kind.text(spec, held), spec.text(second))
    edit(ctx, module, record, **{name: ""})
    assert name not in ctx.get(module, record.pk).custom


def _found(ctx: Context, module: str, name: str, operator: str, *value: Any) -> set[Any]:
    tree = {"field": name, "op": operator, **({"value": value[0]} if value else {})}
    return set(listing.selected(ctx, registry.module(module), Query(filters=tree)))


def _walk(ctx: Context, module: str, sort: str) -> list[Any]:
    """Every row of the list in that order, one page of one row after the other."""
    found, cursor = [], ""
    for _turn in range(10):
        page = listing.page(ctx, registry.module(module), Query(sort=sort, cursor=cursor, size=1))
        found += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    return found


FILTERS: list[tuple[str, str, Any, bool]] = [
    ("text", "contains", "甲", True),
    ("text", "not_contains", "甲", False),
    ("text", "starts", "甲 ", True),
    ("text", "equals", "甲 等", True),
    ("choice", "in", ["sweet"], True),
    ("choice", "not_in", ["sweet"], False),
    ("multi_choice", "in", ["tart"], True),
    ("tags", "in", ["乙"], True),
    ("integer", "at_least", "7", True),
    ("integer", "at_most", "6", False),
    ("number", "between", ["7", "7.2"], True),
    ("number", "equals", "7.125", True),
    ("money", "at_least", "14999.99", True),
    ("money", "at_most", "2000", False),
    ("percent", "at_least", "10", False),
    ("date", "on", "2026-03-01", True),
    ("date", "within", "this_year", True),
    ("date", "older_than", "10", True),
    ("moment", "on", "2026-03-01", True),
    ("moment", "from", "2026-03-02", False),
    ("phone", "contains", "138 0013", True),
]


@pytest.mark.parametrize(("kind", "operator", "value", "hit"), FILTERS)
def test_filters_compare_by_kind(kind: str, operator: str, value: Any, hit: bool, add: Any, world: World) -> None:
    name = add(kind).name
    ctx = world.system
    record = make(ctx, THING, **{name: KINDS[kind][0]})
    assert (record in _found(ctx, THING, name, operator, value)) is hit
    # The same question asked of the record in memory, as dependent fields ask it.
    tree = {"field": name, "op": operator, "value": value}
    known = registry.entry(THING)
    assert met(ctx, known.fields, tree, lambda field: known.field(field).value(record)) is hit
