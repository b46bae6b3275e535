"""The one pipeline: each step keeps and refuses, and what is refused leaves no trace but the audit."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, Stale
from guanxi.platform.access.models import AccessGrant
from guanxi.platform.audit.models import AuditEntry
from guanxi.records import registry, search
from guanxi.records.actions import Item, run, run_many
from guanxi.records.events import RecordsWritten, _listeners, subscribe
from guanxi.records.models import DuplicateKey, SearchEntry
from guanxi.records.standard import ASSIGN, CREATE, DELETE, EDIT, PURGE, RESTORE, create, edit
from tests.digest import digest
from tests.people import NOW, World
from tests.room.models import Crumb, Thing
from tests.room.module import FINISH

THING = "room.thing"


def messages(problem: Invalid) -> dict[str, list[str]]:
    return {name: [str(message) for message in found] for name, found in problem.errors.items()}


def test_a_record_is_created_with_number_owner_department_and_audit(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle", price="1,234.50")
    stored = Thing.objects.get(pk=thing.pk)
    assert stored.number == "T-2026-001"
    assert stored.owner == world["li_wei"]
    assert stored.department == world.departments["southwest"]
    assert stored.price == Decimal("1234.50")
    assert (stored.version, stored.created_at, stored.created_by) == (1, NOW, world["li_wei"])
    entry = AuditEntry.objects.get(record_id=thing.pk)
    assert (entry.action, entry.outcome, entry.actor, entry.record_label) == (
        "create",
        "done",
        world["li_wei"],
        "Bottle",
    )
    assert entry.changes["name"] == [None, "Bottle"]
    assert entry.changes["price"] == [None, "1234.50"]


def test_what_is_wrong_is_named_field_by_field_and_nothing_is_saved(world: World) -> None:
    before = digest()
    with pytest.raises(Invalid) as caught:
        create(
            world.ctx("li_wei"),
            THING,
            pieces="-1",
            price="1.234",
            made_on="2026-02-30",
            colour="purple",
            email="nobody",
            fragile="perhaps",
            version="9",
            phone="12",
            weight="abc",
        )
    found = messages(caught.value)
    assert set(found) == {
        "name",
        "pieces",
        "price",
        "made_on",
        "colour",
        "email",
        "fragile",
        "version",
        "phone",
        "weight",
    }
    assert found["name"] == ["name must be filled in."]
    assert digest() == before
    assert create(world.ctx("li_wei"), THING, name="Bottle", pieces="1", price="1.23", colour="Red").colour == "red"


@pytest.mark.parametrize(
    "field", ["id", "owner_id", "version", "created_by", "deleted_at", "number", "department", "state"]
)
def test_only_declared_form_fields_are_accepted(world: World, field: str) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    before = digest()
    for attempt in (
        lambda: create(world.ctx("li_wei"), THING, **{"name": "Other", field: "1"}),
        lambda: run(EDIT, world.ctx("li_wei"), THING, thing, {field: "1"}),
    ):
        with pytest.raises(Invalid) as caught:
            attempt()
        assert set(caught.value.errors) == {field}
    assert digest() == before


def test_an_edit_raises_the_version_and_keeps_old_and_new(world: World) -> None:
    ctx = world.ctx("li_wei")
    parent = create(ctx, THING, name="Box")
    thing = create(ctx, THING, name="Bottle", part_of=parent)
    changed = edit(ctx, THING, thing, version=1, name="Flask", part_of="")
    assert changed.version == 2
    entry = AuditEntry.objects.filter(record_id=thing.pk, action="edit").get()
    assert entry.changes == {"name": ["Bottle", "Flask"], "part_of": [{"id": str(parent.pk), "title": "Box"}, None]}


def test_an_edit_that_changes_nothing_leaves_no_trace(world: World) -> None:
    ctx = world.ctx("li_wei")
    thing = create(ctx, THING, name="Bottle", price="5")
    before = digest(audit=True)
    assert edit(ctx, THING, thing, name="Bottle", price="5.00").version == 1
    assert digest(audit=True) == before


def test_a_stale_version_is_refused_and_says_what_others_changed(world: World) -> None:
    ctx = world.ctx("li_wei")
    thing = create(ctx, THING, name="Bottle", price="5")
    edit(world.ctx("sales_manager"), THING, thing, version=1, name="Flask")
    before = digest()
    with pytest.raises(Stale) as caught:
        edit(ctx, THING, thing, version=1, name="Jar", price="5")
    assert caught.value.current_version == 2
    assert caught.value.changes == {"name": ("Jar", "Flask")}
    assert digest() == before
    assert edit(ctx, THING, thing, version=2, name="Jar").name == "Jar"


def test_what_one_may_not_see_does_not_exist(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    before = digest()
    for action in (EDIT, DELETE, FINISH, ASSIGN):
        with pytest.raises((NotFound, NotAllowed)):
            run(action, world.ctx("wang_fang"), THING, thing, {"name": "Mine"} if action is EDIT else {})
    with pytest.raises(NotFound):
        edit(world.ctx("wang_fang"), THING, thing, name="Mine")
    assert digest() == before


def test_a_grant_reaches_one_record_for_its_time(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    other = create(world.ctx("li_wei"), THING, name="Jar")
    AccessGrant.objects.create(
        person=world["wang_fang"],
        module=THING,
        record_id=thing.pk,
        actions="view",
        valid_from=NOW,
        valid_until=NOW.replace(day=22),
        reason="meeting",
    )
    assert list(world.ctx("wang_fang").search(THING)) == [thing]
    assert not world.ctx("wang_fang", now=NOW.replace(day=22)).search(THING).exists()
    with pytest.raises(NotAllowed):
        edit(world.ctx("wang_fang"), THING, thing, name="Mine")
    with pytest.raises(NotFound):
        edit(world.ctx("wang_fang"), THING, other, name="Mine")


def test_one_cannot_write_what_then_is_outside_ones_reach(world: World) -> None:
    ctx = world.ctx("li_wei")
    thing = create(ctx, THING, name="Bottle")
    before = digest()
    with pytest.raises(NotAllowed):
        create(ctx, THING, name="Jar", owner=world["wang_fang"])
    with pytest.raises(Invalid):
        edit(ctx, THING, thing, owner=world["wang_fang"])
    assert digest() == before


def test_assigning_is_a_right_of_its_own_and_moves_the_department(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    with pytest.raises(NotAllowed):
        run(ASSIGN, world.ctx("li_wei"), THING, thing, {"owner": world["zhang_min"]})
    run(ASSIGN, world.ctx("sales_manager"), THING, thing, {"owner": "张敏"})
    thing.refresh_from_db()
    assert (thing.owner, thing.department) == (world["zhang_min"], world.departments["east"])


def test_links_accept_id_number_or_name_within_ones_scope(world: World) -> None:
    ctx = world.ctx("li_wei")
    box = create(ctx, THING, name="Box")
    create(world.ctx("wang_fang"), THING, name="Secret")
    for n, given in enumerate((box, box.pk, str(box.pk), "Box", "T-2026-001")):
        thing = create(ctx, THING, name=f"In {n}", part_of=given)
        assert thing.part_of == box
    secret = Thing.objects.get(name="Secret")
    for foreign in ("Secret", secret.pk, secret):
        with pytest.raises(Invalid) as caught:
            create(ctx, THING, name="Thief", part_of=foreign)
        assert set(caught.value.errors) == {"part_of"}
    create(ctx, THING, name="Twin")
    create(ctx, THING, name="Twin", confirmed=True)
    with pytest.raises(Invalid) as caught:
        create(ctx, THING, name="Whose", part_of="Twin")
    assert "2" in messages(caught.value)["part_of"][0]


def test_a_rule_refuses_with_clause_and_numbers_or_warns_until_confirmed(world: World) -> None:
    ctx = world.ctx("li_wei")
    before = digest()
    with pytest.raises(Refused) as caught:
        create(ctx, THING, name="Heap", pieces="1001", confirmed=True)
    assert not caught.value.decision.allowed
    assert caught.value.decision.clauses == ("X-01",)
    assert "1001" in str(caught.value)
    with pytest.raises(Refused) as caught:
        create(ctx, THING, name="Pile", pieces="101")
    assert caught.value.decision.allowed and caught.value.decision.warnings
    assert digest() == before
    thing = create(ctx, THING, name="Pile", pieces="101", confirmed=True)
    stored = AuditEntry.objects.get(record_id=thing.pk, outcome="done")
    assert stored.decision["reasons"][0]["clause"] == "X-02"
    assert AuditEntry.objects.filter(outcome="refused").count() == 2


def test_an_action_asks_for_its_input_moves_the_state_and_only_from_the_right_one(world: World) -> None:
    ctx = world.system
    thing = create(ctx, THING, name="Bottle", owner=world["li_wei"])
    with pytest.raises(Invalid) as caught:
        run(FINISH, ctx, THING, thing, {})
    assert set(caught.value.errors) == {"remark"}
    run(FINISH, ctx, THING, thing, {"remark": "well done"})
    thing.refresh_from_db()
    assert (thing.state, thing.notes, thing.version) == ("done", "well done", 2)
    with pytest.raises(Conflict):
        run(FINISH, ctx, THING, thing, {"remark": "again"})
    with pytest.raises(Conflict):
        edit(ctx, THING, thing, name="Changed")


def test_the_bin_takes_along_what_lives_with_the_record_and_gives_it_back(world: World) -> None:
    ctx = world.ctx("archivist")
    thing = create(ctx, THING, name="Loaf", email="loaf@example.com")
    crumb = create(ctx, "room.crumb", name="Crumb", thing=thing)
    gone_before = create(ctx, "room.crumb", name="Old", thing=thing)
    run(DELETE, ctx.at(NOW.replace(hour=1)), "room.crumb", gone_before)
    run(DELETE, ctx, THING, thing)
    assert not ctx.search(THING).exists()
    assert not ctx.search("room.crumb").exists()
    with pytest.raises(NotFound):
        edit(ctx, THING, thing, name="Ghost")
    # What is binned blocks nothing: its strict key is free again.
    second = create(ctx, THING, name="Loaf", email="loaf@example.com")
    run(DELETE, ctx, THING, second)
    run(RESTORE, ctx, THING, thing)
    assert list(ctx.search("room.crumb")) == [crumb]
    assert ctx.get(THING, thing.pk).deleted_by is None
    assert [entry.action for entry in AuditEntry.objects.filter(record_id=thing.pk).order_by("id")] == [
        "create",
        "delete",
        "restore",
    ]


def test_deleting_for_good_needs_its_right_and_nothing_that_still_refers(world: World) -> None:
    ctx = world.ctx("archivist")
    box = create(ctx, THING, name="Box")
    part = create(ctx, THING, name="Part", part_of=box)
    run(DELETE, ctx, THING, box)
    with pytest.raises(NotAllowed):
        run(PURGE, world.ctx("sales_manager"), THING, box)
    with pytest.raises(Conflict) as caught:
        run(PURGE, ctx, THING, box)
    assert "Part" in str(caught.value)
    edit(ctx, THING, part, part_of="")
    run(PURGE, ctx, THING, box)
    assert not Thing.objects.filter(pk=box.pk).exists()


def test_lines_are_written_with_the_record_and_their_changes_are_on_record(world: World) -> None:
    ctx = world.ctx("li_wei")
    thing = create(ctx, THING, name="Box", lines=[{"label": "a", "amount": "1.50"}, {"label": "b"}])
    first, _second = thing.lines.order_by("label")
    edit(ctx, THING, thing, lines=[{"id": str(first.pk), "label": "a", "amount": "2"}, {"label": "c"}])
    assert [(line.label, line.amount) for line in thing.lines.order_by("label")] == [("a", Decimal(2)), ("c", None)]
    assert thing.lines.get(label="a").pk == first.pk
    before = digest()
    for wrong in (
        [{"label": ""}],
        [{"label": "a"}, {"label": "a"}],
        [{"label": "a", "amount": "x"}],
        "a",
        [["a"]],
        [{"thing": "1"}],
    ):
        with pytest.raises(Invalid) as caught:
            edit(ctx, THING, thing, lines=wrong)
        assert set(caught.value.errors) == {"lines"}
    assert digest() == before


def test_a_unique_value_is_refused_before_the_database_does(world: World) -> None:
    ctx = world.ctx("li_wei")
    create(ctx, THING, name="A", code="X1")
    other = create(ctx, THING, name="B", code="X2")
    for attempt in (lambda: create(ctx, THING, name="C", code="X1"), lambda: edit(ctx, THING, other, code="X1")):
        with pytest.raises(Invalid) as caught:
            attempt()
        assert set(caught.value.errors) == {"code"}
    assert edit(ctx, THING, other, code="X2", name="B2").name == "B2"


def test_many_good_rows_go_on_while_bad_ones_carry_their_problem(world: World) -> None:
    ctx = world.ctx("li_wei")
    create(ctx, THING, name="Taken", email="taken@example.com")
    rows = [
        {"name": "One"},
        {"name": ""},
        {"name": "Three", "pieces": "1001"},
        {"name": "Four", "email": "taken@example.com"},
        {"name": "Five", "owner": world["wang_fang"]},
        {"name": "Six"},
    ]
    works = run_many(CREATE, ctx, THING, [Item(data=row, confirmed=True) for row in rows], keep_good=True)
    assert [type(work.problem).__name__ for work in works] == [
        "NoneType",
        "Invalid",
        "Refused",
        "Refused",
        "NotAllowed",
        "NoneType",
    ]
    assert set(Thing.objects.values_list("name", flat=True)) == {"Taken", "One", "Six"}
    assert sorted(Thing.objects.values_list("number", flat=True)) == ["T-2026-001", "T-2026-002", "T-2026-003"]
    before = digest()
    with pytest.raises(Invalid):
        run_many(CREATE, ctx, THING, [Item(data=row) for row in rows])
    assert digest() == before


def test_a_set_costs_a_handful_of_statements_not_one_per_row(world: World) -> None:
    ctx = world.ctx("li_wei")
    _ = ctx.rights

    def statements(action: Any, items: list[Item]) -> int:
        with CaptureQueriesContext(connection) as captured:
            run_many(action, ctx, THING, items)
        return len(captured)

    few = statements(CREATE, [Item(data={"name": f"few {n}"}) for n in range(3)])
    many = statements(CREATE, [Item(data={"name": f"many {n}"}) for n in range(60)])
    assert many <= few + 2
    things = list(Thing.objects.all())
    edit_few = statements(EDIT, [Item(thing, {"pieces": "3"}) for thing in things[:3]])
    edit_many = statements(EDIT, [Item(thing, {"pieces": "4"}) for thing in things])
    assert edit_many <= edit_few + 3


def test_events_are_told_after_the_commit_and_never_of_what_was_rolled_back(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[RecordsWritten] = []
    subscribe(RecordsWritten, heard.append)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            thing = create(world.ctx("li_wei"), THING, name="Bottle")
            with pytest.raises(Invalid):
                create(world.ctx("li_wei"), THING, name="")
            assert heard == []
        assert [(event.module, event.action, event.records) for event in heard] == [(THING, "create", (thing.pk,))]
    finally:
        _listeners[RecordsWritten].remove(heard.append)


def test_a_person_without_any_right_is_refused_everything(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    before = digest()
    for name in ("clerk", "finance", "system_admin", "security_admin", "audit_admin"):
        ctx = world.ctx(name)
        assert not ctx.search(THING).exists()
        with pytest.raises(NotAllowed):
            create(ctx, THING, name="Mine")
        with pytest.raises((NotAllowed, NotFound)):
            edit(ctx, THING, thing, name="Mine")
    assert digest() == before


def test_every_kind_survives_being_written_and_read(world: World) -> None:
    ctx = world.ctx("li_wei")
    given = {
        "name": "全部",
        "notes": "一行\n二行",
        "size": "large",
        "colour": "Green",
        "colours": "Red、blue",
        "pieces": "7",
        "weight": "1.250",
        "price": "￥1,000",
        "discount": "12.5%",
        "made_on": "2026年1月2日",
        "seen_at": "2026-01-02 03:04",
        "fragile": "是",
        "phone": "138-0013-8000",
        "email": "a@b.cn",
        "address": "成都市 武侯区",
        "keeper": "li_wei",
        "tags": "甲，乙",
    }
    thing = Thing.objects.get(pk=create(ctx, THING, **given).pk)
    known = registry.entry(THING)
    assert {name: known.field(name).text(thing) for name in given} == {
        "name": "全部",
        "notes": "一行\n二行",
        "size": "large",
        "colour": "Green",
        "colours": "Red, Blue",
        "pieces": "7",
        "weight": "1.25",
        "price": "¥1,000.00",
        "discount": "12.5%",
        "made_on": "2026-01-02",
        "seen_at": "2026-01-02 03:04",
        "fragile": "Yes",
        "phone": "138 0013 8000",
        "email": "a@b.cn",
        "address": "成都市 武侯区",
        "keeper": "李伟",
        "tags": "甲, 乙",
    }
    assert isinstance(Thing._meta.get_field("keeper"), models.ForeignKey)
    assert Crumb.objects.count() == 0


def test_purging_takes_what_lives_with_the_record_in_every_room_and_enters_it(world: World) -> None:
    ctx = world.ctx("archivist")
    customer = create(world.ctx("li_wei"), "customers.customer", name="川兴酒业有限公司")
    talk = create(
        world.ctx("li_wei"),
        "engagement.followup",
        customer=customer,
        happened_at="2026-11-20 10:00",
        content="电话沟通",
    )
    run(DELETE, ctx, "customers.customer", customer)
    talk.refresh_from_db()
    assert talk.deleted_at is not None
    assert not search.find(ctx, "川兴")
    run(RESTORE, ctx, "customers.customer", customer)
    talk.refresh_from_db()
    assert talk.deleted_at is None
    run(DELETE, ctx, "customers.customer", customer)
    run(PURGE, ctx, "customers.customer", customer)
    assert not type(talk).objects.filter(pk=talk.pk).exists()
    assert AuditEntry.objects.filter(record_id=talk.pk, action="purge").count() == 1
    gone = [customer.pk, talk.pk]
    assert not SearchEntry.objects.filter(record_id__in=gone).exists()
    assert not DuplicateKey.objects.filter(record_id__in=gone).exists()


def test_giving_a_record_away_on_the_edit_form_needs_the_right_to_assign(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    before = digest()
    with pytest.raises(Invalid) as caught:
        edit(world.ctx("archivist"), THING, thing, owner=world["wang_fang"])
    assert set(caught.value.errors) == {"owner"}
    assert digest() == before
    assert edit(world.ctx("archivist"), THING, thing, owner=world["li_wei"], name="Jar").name == "Jar"
    assert edit(world.ctx("sales_manager"), THING, thing, owner=world["wang_fang"]).owner == world["wang_fang"]


def test_a_refused_attempt_names_its_record_even_in_a_set(world: World) -> None:
    thing = create(world.ctx("li_wei"), THING, name="Bottle")
    with pytest.raises(NotAllowed):
        run(PURGE, world.ctx("sales_manager"), THING, thing)
    works = run_many(
        CREATE, world.ctx("li_wei"), THING, [Item(data={"name": "Heap", "pieces": "1001"})], keep_good=True
    )
    assert isinstance(works[0].problem, Refused)
    refused = list(AuditEntry.objects.filter(outcome="refused").order_by("id").values_list("action", "record_id"))
    assert refused == [("purge", thing.pk), ("create", None)]


def test_assigning_many_costs_no_statement_per_record(world: World) -> None:
    ctx = world.ctx("sales_manager")
    _ = ctx.rights
    things = [create(world.ctx("li_wei"), THING, name=f"Bottle {n}") for n in range(24)]

    def statements(chosen: list[Thing]) -> int:
        with CaptureQueriesContext(connection) as captured:
            run_many(ASSIGN, ctx, THING, [Item(thing, {"owner": world["zhang_min"]}) for thing in chosen])
        return len(captured)

    assert statements(things[4:]) <= statements(things[:4]) + 2


def test_a_moment_of_any_length_is_answered_at_once(world: World) -> None:
    started = time.perf_counter()
    for text in ("T" * 200_000, "2026-01-02\n10:00x", " T" * 50_000):
        with pytest.raises(Invalid):
            create(world.ctx("li_wei"), THING, name="Bottle", seen_at=text)
    assert time.perf_counter() - started < 5
