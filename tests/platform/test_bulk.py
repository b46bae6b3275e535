"""Many rows at once are stored exactly as one by one."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from guanxi.platform import bulk
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.bulk import MANY, insert_many, new_rows, opening, partial_rows, stored_columns, update_many
from guanxi.platform.calendar import now
from tests.people import World
from tests.room.models import Thing

ROWS = MANY + 10


def things(world: World, count: int = ROWS) -> list[Thing]:
    rows = new_rows(Thing, count)
    for number, row in enumerate(rows):
        row.name = f'Box "{number}" 川\t\\N ; DROP'
        row.price = Decimal("0.05") * number if number % 3 else None
        row.colour = ("red", "green", "")[number % 3]
        row.made_on = datetime.date(2026, 1, 1) + datetime.timedelta(days=number) if number % 2 else None
        row.colours, row.tags = ("red", "blue"), ("a",) if number % 2 else ()
        row.owner, row.created_at, row.changed_at = world["li_wei"], now(), now()
    return rows


def columns(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
def test_what_comes_back_is_what_went_in_however_many(world: World) -> None:
    many = things(world)
    insert_many(Thing, many)
    few = things(world, 3)
    insert_many(Thing, few)
    stored = Thing.objects.in_bulk([row.pk for row in (*many, *few)])
    assert len(stored) == ROWS + 3
    for row in (*many, *few):
        assert columns(stored[row.pk]) == columns(row)
        assert not row._state.adding


@pytest.mark.django_db
def test_new_rows_are_like_made_ones_and_share_nothing(world: World) -> None:
    first, second, *_rest = new_rows(Thing, ROWS)
    made = columns(Thing())
    assert {name for name, value in columns(first).items() if value != made[name]} <= {"id"}
    assert first.pk != second.pk and first._state is not second._state
    assert first.__dict__ is not second.__dict__


@pytest.mark.django_db
def test_new_rows_have_in_common_what_is_given_and_nothing_else(world: World) -> None:
    owner, other = world["li_wei"], world["wang_fang"]
    first, second, *_rest = new_rows(Thing, ROWS, name="Box", owner=owner)
    assert (first.name, first.owner, second.owner_id, second.owner) == ("Box", owner, owner.pk, owner)
    first.owner, first.name = other, "Crate"
    assert (second.owner, second.name, first.owner_id) == (owner, "Box", other.pk)
    assert [row.name for row in new_rows(Thing, 2, name="Box")] == ["Box", "Box"]
    key = uuid.uuid4()
    assert {row.pk for row in new_rows(Thing, ROWS, id=key)} == {key}


@pytest.mark.django_db
def test_rows_of_one_long_statement_are_stored_like_any_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_VALUES", 4 * len(Thing._meta.concrete_fields) + 1)
    rows = things(world)
    insert_many(Thing, rows, at_once=True)
    stored = Thing.objects.in_bulk([row.pk for row in rows])
    assert [columns(stored[row.pk]) for row in rows] == [columns(row) for row in rows]


@pytest.mark.django_db
def test_all_are_written_or_none(world: World) -> None:
    rows = things(world)
    rows[-1].id = rows[0].id
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(Thing, rows)
    assert not Thing.objects.exists()


@pytest.mark.django_db
def test_rows_whose_id_the_database_gives(world: World) -> None:
    batch = uuid.uuid4()
    entries = [
        AuditEntry(at=now(), actor=world["li_wei"], source="import", action="create", changes={"n": [None, number]},
                   decision=None if number % 2 else {"reasons": []}, batch=batch)
        for number in range(ROWS)
    ]  # fmt: skip
    insert_many(AuditEntry, entries)
    stored = list(AuditEntry.objects.filter(batch=batch).order_by("id"))
    assert [row.changes["n"][1] for row in stored] == list(range(ROWS))
    assert {row.decision is None for row in stored[::2]} == {False}
    assert AuditEntry.objects.filter(batch=batch, decision__isnull=True).count() == ROWS // 2


@pytest.mark.django_db
def test_documents_that_are_equal_and_not_alike_are_stored_each_as_it_is(world: World) -> None:
    batch = uuid.uuid4()
    told = [{"n": [None, value]} for value in (1, True, 1.0, Decimal("1.0"), now().date())] * MANY
    entries = new_rows(AuditEntry, len(told), at=now(), actor=world["li_wei"], source="import", batch=batch)
    for entry, entry.changes in zip(entries, told, strict=True):
        assert entry.decision is None
    insert_many(AuditEntry, entries)
    stored = [entry.changes["n"][1] for entry in AuditEntry.objects.filter(batch=batch).order_by("id")]
    assert [repr(value) for value in stored] == ["1", "True", "1.0", "'1.0'", repr(now().date().isoformat())] * MANY


@pytest.mark.django_db
def test_columns_of_many_rows_are_changed_and_no_others(world: World) -> None:
    rows = things(world)
    insert_many(Thing, rows)
    for number, row in enumerate(rows):
        row.name, row.price, row.colour = f'New "{number}", {{\\}}', Decimal(number) if number % 2 else None, "blue"
        row.colours, row.custom, row.owner = ("red", "blue") if number % 2 else (), {"given": [number, "川"]}, None
    update_many(Thing, rows, ["name", "price", "colours", "custom", "owner"])
    update_many(Thing, [], ["name"])
    stored = Thing.objects.in_bulk([row.pk for row in rows])
    written = ("name", "price", "colours", "custom", "owner")
    assert all(getattr(stored[row.pk], name) == getattr(row, name) for row in rows for name in written)
    assert "blue" not in {row.colour for row in stored.values()}


@pytest.mark.django_db
def test_what_is_too_long_for_its_column_is_refused_not_cut(world: World) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the embedded database knows no lengths")
    rows = things(world)
    insert_many(Thing, rows)
    rows[3].name = "长" * 1000
    with pytest.raises(DataError), transaction.atomic():
        update_many(Thing, rows, ["name"])
    assert Thing.objects.get(pk=rows[3].pk).name == things(world)[3].name


@pytest.mark.django_db
def test_columns_that_are_read_as_they_are_stored_mean_what_the_records_hold(world: World, django_assert_num_queries):
    rows = things(world)
    insert_many(Thing, rows)
    keys = [rows[2].pk, uuid.uuid4(), rows[0].pk, rows[1].pk]
    names = [field.attname for field in Thing._meta.concrete_fields]
    with django_assert_num_queries(1):
        found, stored = stored_columns(Thing, names, keys)
    assert found == [keys[0], *keys[2:]]
    held = {name: list(map(opening(Thing, name) or (lambda value: value), stored[name])) for name in names}
    records = Thing.objects.in_bulk(found)
    assert held == {name: [getattr(records[key], name) for key in found] for name in names}
    assert stored_columns(Thing, ["name"], [uuid.uuid4()])[0] == []


@pytest.mark.django_db
def test_a_row_of_some_columns_fetches_the_others(world: World, django_assert_num_queries):
    rows = things(world)
    insert_many(Thing, rows)
    (row,) = partial_rows(Thing, [rows[1].pk], {"name": [rows[1].name]})
    with django_assert_num_queries(0):
        assert (row.pk, row.name) == (rows[1].pk, rows[1].name)
    with django_assert_num_queries(1):
        assert row.price == rows[1].price
    row.version += 1
    row.save()
    assert Thing.objects.get(pk=row.pk).version == row.version
