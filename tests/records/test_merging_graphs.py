"""Random families of customers merged in random ways, then taken apart: everything is as it was.

The oracle reads the tables by SQL of its own and knows nothing of how references are found.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.kernel.errors import Problem
from guanxi.records.actions import run
from guanxi.records.standard import MERGE, UNMERGE, create
from guanxi.rooms.customers.models import Customer
from tests.people import World

CUSTOMER = "customers.customer"
#: What moves with every write, and what the merging itself keeps.
PASSING = {"version", "changed_at", "changed_by_id"}
OWN = {"records_merge", "records_merged", "records_movedreference"}


class Undone(Exception):  # noqa: N818
    """Ends one example: its rows go."""


def contents() -> dict[str, list[str]]:
    """Every business table, row by row, by plain SQL."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table.startswith(("audit_", "django_", "jobs_")) or table in OWN | {"records_searchentry"}:
                continue
            keep = [c.column for c in model._meta.concrete_fields if c.column not in PASSING]
            if table == "records_duplicatekey":
                keep.remove("id")
            columns = ", ".join(connection.ops.quote_name(name) for name in keep)
            cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(repr(row) for row in cursor.fetchall())
    return found


def dangling() -> list[str]:
    """Live rows whose link leads to a customer in the bin, by SQL of its own."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            names = {column.name for column in model._meta.concrete_fields}
            for column in model._meta.concrete_fields:
                if isinstance(column, models.ForeignKey) and column.related_model is Customer:
                    live = " AND t.deleted_at IS NULL" if "deleted_at" in names else ""
                    cursor.execute(
                        f"SELECT COUNT(*) FROM {model._meta.db_table} t JOIN customers_customer c"  # noqa: S608
                        f" ON c.id = t.{column.column} WHERE c.deleted_at IS NOT NULL{live}"
                    )
                    if count := cursor.fetchone()[0]:
                        found.append(f"{model._meta.db_table}.{column.column}: {count}")
    return found


FAMILY = st.lists(
    st.fixed_dictionaries(
        {
            "city": st.sampled_from(["", "成都", "宜宾"]),
            "phone": st.sampled_from(["", "02887654321", "08312345678"]),
            "relations": st.lists(st.sampled_from(["buyer", "supplier", "partner"]), min_size=1, unique=True),
            "parent": st.integers(-3, 5),
            "contacts": st.integers(0, 2),
            "visits": st.integers(0, 2),
            "owner": st.sampled_from(["li_wei", "wang_fang"]),
        }
    ),
    min_size=3,
    max_size=6,
)
MERGES = st.lists(st.tuples(st.integers(0, 5), st.sets(st.integers(0, 5), min_size=1, max_size=3)), max_size=4)


def _grow(world: World, family: list[dict[str, Any]]) -> list[Customer]:
    made: list[Customer] = []
    for number, member in enumerate(family):
        parent = made[member["parent"]] if 0 <= member["parent"] < len(made) else None
        customer = create(
            world.system, CUSTOMER, confirmed=True, name=f"客户{number}", city=member["city"], phone=member["phone"],
            relations=member["relations"], parent=parent, owner=world[member["owner"]],
        )  # fmt: skip
        made.append(customer)
        for place in range(member["contacts"]):
            create(world.system, "customers.contact", confirmed=True, customer=customer, name=f"人{number}{place}")
        for place in range(member["visits"]):
            day = (datetime.date(2026, 10, 1) + datetime.timedelta(days=place)).isoformat()
            create(world.system, "engagement.visitreport", customer=customer, visited_on=day, content="走访")
    return made


@settings(max_examples=15)
@given(family=FAMILY, merges=MERGES)
def test_what_was_merged_and_taken_apart_is_as_it_was(world: World, family: Any, merges: Any) -> None:
    with pytest.raises(Undone), transaction.atomic():
        made = _grow(world, family)
        before = contents()
        done: list[uuid.UUID] = []
        for first, rest in merges:
            survivor = made[first % len(made)].pk
            others = [key for key in dict.fromkeys(made[place % len(made)].pk for place in rest) if key != survivor]
            try:
                with transaction.atomic():
                    run(MERGE, world.system, CUSTOMER, survivor, {"others": others}, confirmed=True)
            except Problem:
                continue  # merged already, nothing to merge, or a circle: refused as a whole
            done.append(survivor)
            assert not dangling()
        for survivor in reversed(done):
            run(UNMERGE, world.system, CUSTOMER, survivor)
        after = contents()
        assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
        raise Undone
