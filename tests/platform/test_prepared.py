"""Queries that are built once answer as if they were built each time."""

from __future__ import annotations

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import connection, connections, transaction

from guanxi.platform import prepared
from guanxi.platform.prepared import Prepared
from tests.people import NOW, World
from tests.room.models import Thing

pytestmark = pytest.mark.django_db


class Counting:
    """A builder that counts how often it was asked."""

    def __init__(self, build: Any) -> None:
        self.build, self.times = build, 0

    def __call__(self, *form: Any, **values: Any) -> Any:
        self.times += 1
        return self.build(*form, **values)


@pytest.fixture
def things(world: World) -> list[Thing]:
    return [
        Thing.objects.create(
            name=f"thing {number}", owner=world["li_wei" if number % 2 else "wang_fang"],
            made_on=datetime.date(2026, 1, 1 + number), created_at=NOW + datetime.timedelta(hours=number),
            changed_at=NOW,
        )
        for number in range(6)
    ]  # fmt: skip


def names(rows: list[Any]) -> list[str]:
    return [row.name for row in rows]


def test_it_is_built_once_and_answers_for_each_value(world: World, things: list[Thing]) -> None:
    build = Counting(lambda owner: Thing.objects.filter(owner=owner).select_related("owner").order_by("name"))
    query = Prepared(build)
    for username in ("li_wei", "wang_fang", "li_wei", "clerk"):
        person = world[username]
        found = query.rows(owner=person.pk)
        assert names(found) == names(list(Thing.objects.filter(owner=person).order_by("name")))
        assert all(row.owner == person and "owner" in row._state.fields_cache for row in found)
        assert query.count(owner=person.pk) == len(found)
    assert build.times == 2  # once for the rows, once for their number


def test_days_moments_texts_and_lists_are_values_none_and_positions_are_not(world: World, things: list[Thing]) -> None:
    build = Counting(
        lambda limit, day, moment, name, ids: (
            Thing.objects.filter(made_on__gte=day, created_at__gte=moment, pk__in=ids)
            .exclude(name=name)
            .order_by("name")
            .values_list("name", flat=True)[:limit]
        )
    )
    query, every = Prepared(build), [thing.pk for thing in things]
    given = {"day": datetime.date(2026, 1, 2), "moment": NOW + datetime.timedelta(hours=2), "name": "thing 3"}
    assert query.rows(5, **given, ids=every) == ["thing 2", "thing 4", "thing 5"]
    assert query.rows(5, **{**given, "name": "thing 4"}, ids=every[:5]) == ["thing 2", "thing 3"]
    assert build.times == 1, "five and six ids are one form"
    assert query.rows(1, **given, ids=every) == ["thing 2"]
    assert query.rows(5, **given, ids=every[4:5]) == ["thing 4"]
    assert query.rows(5, **given, ids=[]) == []
    unowned = Prepared(lambda owner: Thing.objects.filter(owner=owner))
    assert unowned.rows(owner=None) == list(Thing.objects.filter(owner=None))
    assert names(unowned.rows(owner=world["li_wei"].pk)) == names(list(Thing.objects.filter(owner=world["li_wei"])))


def test_a_number_of_rows_counts_up_to_the_cut(things: list[Thing]) -> None:
    query = Prepared(lambda cut: Thing.objects.order_by("name")[:cut])
    assert [query.count(cut) for cut in (4, 100)] == [4, 6]


@pytest.mark.parametrize(
    ("build", "values"),
    [
        (lambda name: Thing.objects.filter(name__contains=name), {"name": "thing"}),
        (lambda name: Thing.objects.all(), {"name": "thing"}),
        (lambda owner: Thing.objects.filter(owner=owner).prefetch_related("owner"), {"owner": uuid.uuid4()}),
    ],
    ids=["a value that is changed on its way", "a value that is not used", "what is fetched afterwards"],
)
def test_what_cannot_be_put_in_anew_is_not_built(build: Any, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"stand in the statement|afterwards"):
        Prepared(build).rows(**values)


def test_when_too_many_are_kept_it_begins_anew(monkeypatch: Any, things: list[Thing]) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    query = Prepared(lambda cut: Thing.objects.order_by("name")[:cut])
    assert [len(query.rows(cut)) for cut in (1, 2, 3, 4, 5, 1)] == [1, 2, 3, 4, 5, 1]
    assert len(prepared._kept) <= 3


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection(things: list[Thing]) -> None:
    query, found = Prepared(lambda: Thing.objects.order_by("name")), []

    def ask() -> None:
        found.append(names(query.rows()))
        connections.close_all()

    query.rows()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [names(things)]


# ---- What the database server keeps ----------------------------------------------------------------------------------

on_server = pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded database plans nothing ahead")


def kept_by_server() -> list[str]:
    """The statements about things that the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%room_thing%'")
        return [text for (text,) in cursor.fetchall()]


@on_server
def test_the_server_keeps_what_comes_again_and_one_statement_for_lists_of_any_length(things: list[Thing]) -> None:
    query = Prepared(lambda day, ids: Thing.objects.filter(made_on__gte=day, pk__in=ids, name__startswith="thing"))
    every = [thing.pk for thing in things]
    for count in (1, 2, 3, 5, 6, 4):
        assert {row.pk for row in query.rows(day=datetime.date(2026, 1, 1), ids=every[:count])} == set(every[:count])
    (text,) = kept_by_server()
    assert "= ANY($2)" in text and "$3" not in text, "the list is one value"
    assert "'thing%'" in text, "what is the same each time stands in the statement"


@on_server
def test_signs_of_a_place_inside_a_text_are_text(things: list[Thing]) -> None:
    odd = Thing.objects.create(name="100%s %% of ($1)", owner=things[0].owner, created_at=NOW, changed_at=NOW)
    by_name = Prepared(lambda name: Thing.objects.filter(name=name))
    by_form = Prepared(lambda name, owner: Thing.objects.filter(name=name, owner=owner))
    for _time in range(4):
        assert by_name.rows(name=odd.name) == [odd]
        assert by_form.rows(odd.name, owner=odd.owner_id) == [odd]
        assert by_form.rows("100%", owner=odd.owner_id) == []


@on_server
def test_after_a_rollback_it_is_asked_as_if_for_the_first_time(things: list[Thing]) -> None:
    query = Prepared(lambda owner: Thing.objects.filter(owner=owner))
    expected = list(Thing.objects.filter(owner=things[0].owner))
    for _time in range(3):
        for _again in range(4):
            assert query.rows(owner=things[0].owner_id) == expected
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            query.rows(owner=things[0].owner_id)
            raise ZeroDivisionError
