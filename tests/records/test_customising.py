"""Fields that the company adds are fields like any other: entered, refused, filtered, sorted, exported, remembered."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from guanxi.kernel.errors import Invalid, NotAllowed, Refused
from guanxi.platform.access.models import RoleRight
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.records import customising, history, listing, registry, search
from guanxi.records.actions import run, run_many
from guanxi.records.conditions import met
from guanxi.records.context import Context
from guanxi.records.exporting import export_file
from guanxi.records.importing.running import import_file
from guanxi.records.listing import Query
from guanxi.records.models import CustomField
from guanxi.records.reading import one
from guanxi.records.standard import DELETE, PURGE, RESTORE, action_of, create, edit
from guanxi.records.work import Item
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


# ---- Links, uniqueness, defaults, personal fields --------------------------------------------------------------------


def test_a_link_leads_somewhere_and_can_be_asked_through(add: Any, world: World) -> None:
    name = add("link", target=THING).name
    ctx = world.system
    whole = make(ctx, THING, name="整机", colour="red")
    part = make(ctx, THING, **{name: "整机"})
    fresh = ctx.get(THING, part.pk)
    assert _spec(name).value(fresh) == whole
    assert one(ctx, THING, fresh)[name] == {"id": str(whole.pk), "title": "整机"}
    assert _found(ctx, THING, name, "in", [str(whole.pk)]) == {part}
    assert _found(ctx, THING, f"{name}.colour", "in", ["red"]) == {part}
    assert _found(ctx, THING, f"{name}.colour", "in", ["blue"]) == set()
    assert listing.page(ctx, registry.module(THING), Query(columns=("name", name))).rows


def test_a_person_is_chosen(add: Any, world: World) -> None:
    name = add("person").name
    ctx = world.system
    record = make(ctx, THING, **{name: "zhang_min"})
    assert _spec(name).text(ctx.get(THING, record.pk)) == "张敏"
    assert _found(world.ctx("zhang_min", unbounded=True), THING, name, "in", ["me"]) == {record}


def test_no_two_records_alike(add: Any, world: World) -> None:
    name = add("text", is_unique=True).name
    ctx = world.system
    make(ctx, THING, **{name: "户号 1"})
    before = digest()
    with pytest.raises(Invalid) as refused:
        make(ctx, THING, **{name: "户号 1"})
    assert name in refused.value.errors
    assert digest() == before


def test_bounds_default_and_mandatory(add: Any, world: World) -> None:
    name = add("integer", minimum="2", maximum="9", default_value="3", required=True).name
    ctx = world.system
    record = create(ctx, THING, name="x")
    assert _spec(name).value(record) == 3
    for wrong in ("1", "10", ""):
        with pytest.raises(Invalid) as refused:
            edit(ctx, THING, record, **{name: wrong})
        assert name in refused.value.errors


def test_a_personal_field_is_masked_for_whom_reveal_does_not_reach(add: Any, world: World) -> None:
    customer = "customers.customer"
    name = add("phone", customer, personal=True).name
    made = make(world.system, customer, world["li_wei"], **{name: "13800138000"})
    RoleRight.objects.filter(action="reveal", role__code="sales_manager").delete()
    shown = {
        username: one(world.ctx(username), customer, world.ctx(username).get(customer, made.pk))[name]
        for username in ("li_wei", "sales_manager")
    }
    assert shown["li_wei"] == "13800138000"
    assert "0013" not in str(shown["sales_manager"])


def test_what_is_searchable_is_found(add: Any, world: World) -> None:
    name = add("text", searchable=True).name
    ctx = world.system
    record = make(ctx, THING, **{name: "玄武湖畔"})
    assert [hit.record_id for hit in search.find(ctx, "武湖", modules=[registry.module(THING)])] == [record.pk]
    edit(ctx, THING, record, **{name: "长江"})
    assert search.find(ctx, "武湖", modules=[registry.module(THING)]) == []


# ---- Dependence ------------------------------------------------------------------------------------------------------


@pytest.fixture
def dependent(add: Any, admin: Context) -> str:
    """A field asked for on red things only, mandatory for large ones among them."""
    row = add("text", label_zh="漆号", label_en="paint")
    run(
        action_of(registry.module("records.customfield"), "set_conditions"),  # type: ignore[arg-type]
        admin,
        "records.customfield",
        row,
        {
            "shown_when": {"all": [{"field": "colour", "op": "in", "value": ["red"]}]},
            "required_when": {"all": [{"field": "size", "op": "in", "value": ["l"]}]},
        },
    )
    customising.forget()
    return row.name


def test_a_dependent_field_is_asked_for_only_where_its_condition_holds(dependent: str, world: World) -> None:
    ctx = world.system
    assert make(ctx, THING, colour="red", **{dependent: "R7"}).custom == {dependent: "R7"}
    before = digest()
    with pytest.raises(Invalid) as refused:
        make(ctx, THING, colour="blue", **{dependent: "B2"})
    assert list(refused.value.errors) == [dependent]
    assert digest() == before


def test_a_dependent_field_becomes_mandatory_with_what_it_depends_on(dependent: str, world: World) -> None:
    ctx = world.system
    with pytest.raises(Invalid):
        make(ctx, THING, colour="red", size="l")
    small = make(ctx, THING, colour="red", size="s")
    with pytest.raises(Invalid) as refused:
        edit(ctx, THING, small, size="l")
    assert list(refused.value.errors) == [dependent]
    assert edit(ctx, THING, small, size="l", **{dependent: "R9"}).custom == {dependent: "R9"}
    # What does not apply any more stays in the record, out of sight, and stands in nobody's way.
    assert edit(ctx, THING, small, colour="blue").custom == {dependent: "R9"}
    assert make(ctx, THING, colour="blue", size="l").custom == {}


# ---- The fields themselves -------------------------------------------------------------------------------------------


def test_a_retired_field_disappears_and_comes_back_with_its_values(add: Any, admin: Context, world: World) -> None:
    row = add("text")
    ctx = world.system
    record = make(ctx, THING, **{row.name: "留存"})
    run_many(DELETE, admin, "records.customfield", [Item(row)])
    customising.forget()
    assert row.name not in registry.entry(THING).fields
    with pytest.raises(Invalid):
        edit(ctx, THING, record, **{row.name: "neu"})
    edit(ctx, THING, record, notes="anders")
    with pytest.raises(Refused):
        run_many(PURGE, world.system, "records.customfield", [Item(row)])
    run_many(RESTORE, admin, "records.customfield", [Item(row)])
    customising.forget()
    assert _spec(row.name).value(ctx.get(THING, record.pk)) == "留存"


def test_the_kind_stays_once_somebody_has_filled_it_in(add: Any, admin: Context, world: World) -> None:
    row = add("text")
    edit(admin, "records.customfield", row, kind="integer")
    customising.forget()
    make(world.system, THING, **{row.name: "5"})
    before = digest()
    with pytest.raises(Invalid) as refused:
        edit(admin, "records.customfield", row, kind="text")
    assert list(refused.value.errors) == ["kind"]
    assert digest() == before


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"kind": "link"}, "target"),
        ({"kind": "text", "minimum": "3"}, "minimum"),
        ({"kind": "integer", "minimum": "3", "maximum": "2"}, "maximum"),
        ({"kind": "date", "is_unique": True}, "is_unique"),
        ({"kind": "money", "searchable": True}, "searchable"),
        ({"kind": "integer", "default_value": "viel"}, "default_value"),
        ({"kind": "text", "module": "people.person"}, "module"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(wrong: dict[str, Any], where: str, add: Any) -> None:
    before = digest()
    with pytest.raises(Invalid) as refused:
        add(**wrong)
    assert where in refused.value.errors
    assert digest() == before


def test_names_are_made_of_letters_and_never_given_twice(add: Any) -> None:
    assert [add("text", label_zh="经销等级", label_en="").name for _turn in range(2)] == [
        "x_jingxiaodengji",
        "x_jingxiaodengji_2",
    ]


@pytest.mark.parametrize("username", ["li_wei", "general_manager", "security_admin", "audit_admin"])
def test_only_the_system_administrator_adds_fields(username: str, world: World) -> None:
    with pytest.raises(NotAllowed):
        create(world.ctx(username), "records.customfield", module=THING, kind="text", label_zh="字段")


# ---- Shipped fields --------------------------------------------------------------------------------------------------


def test_a_shipped_field_is_renamed_moved_and_made_stricter(admin: Context, world: World) -> None:
    create(
        admin, "records.fieldsetting", module=THING, field="notes", label_zh="说明书", label_en="manual",
        section="State", position=5, required=True,
    )  # fmt: skip
    customising.forget()
    known = registry.entry(THING)
    with translation.override("zh-hans"):
        assert str(known.field("notes").label) == "说明书"
    assert known.sections[1].fields == ("notes", "state")
    with pytest.raises(Invalid) as refused:
        create(world.system, THING, name="x")
    assert "notes" in refused.value.errors


@pytest.mark.parametrize("change", [{"hidden": True}, {"read_only": True}])
def test_what_must_be_filled_in_stays_on_the_form(change: dict[str, Any], admin: Context) -> None:
    with pytest.raises(Invalid):
        create(admin, "records.fieldsetting", module=THING, field="name", **change)


def test_the_description_costs_one_query_until_something_changes(add: Any, django_assert_num_queries: Any) -> None:
    add("text")
    assert registry.entry(THING).fields
    customising.renew()
    with django_assert_num_queries(1):
        assert registry.entry(THING).fields
        assert registry.entry("customers.customer").fields


def test_export_and_import_give_the_same_values(add: Any, world: World, tmp_path: Path) -> None:
    names = {kind: add(kind).name for kind in KINDS}
    ctx = world.system
    made = make(ctx, THING, **{name: KINDS[kind][0] for kind, name in names.items()})
    held = {name: _spec(name).value(made) for name in names.values()}
    path = tmp_path / "things.xlsx"
    export_file(ctx.because("for the auditor"), THING, path)
    run_many(DELETE, ctx, THING, [Item(made)])
    done = import_file(ctx, THING, path)
    assert done.summary == {"created": 1}
    again = ctx.search(THING).get()
    assert {name: _spec(name).value(again) for name in names.values()} == held


def test_what_becomes_searchable_is_entered_in_the_search_by_a_job(add: Any, admin: Context, world: World) -> None:
    row = add("text")
    ctx = world.system
    record = make(ctx, THING, **{row.name: "玄武湖畔"})
    thing = registry.module(THING)
    assert search.find(ctx, "武湖", modules=[thing]) == []
    edit(admin, "records.customfield", row, searchable=True)
    assert run_job(Job.objects.get(kind="records.reindex").pk)
    assert [hit.record_id for hit in search.find(ctx, "武湖", modules=[thing])] == [record.pk]
    run_many(DELETE, admin, "records.customfield", [Item(row)])
    assert run_job(Job.objects.filter(kind="records.reindex", state=Job.State.QUEUED).get().pk)
    assert search.find(ctx, "武湖", modules=[thing]) == []
