"""Reports over a million rows: the groups of two fields, the second a month, worked out by the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from django.db import connection

from guanxi.platform.people.models import Person
from guanxi.records.context import Context
from guanxi.records.reporting.definition import Definition, read
from guanxi.records.reporting.running import run
from guanxi.rooms.engagement.models import FollowUp
from tools.bench.measuring import Figure, measure_here

FOLLOW_UP = "engagement.followup"
GOAL = {"postgresql": "≤ 2 s", "sqlite": "≤ 4 s"}


def reports(times: int, database: int) -> Iterator[Figure]:
    """Follow-ups by person and month for who sees all, and for who sees his own customers' only."""
    definition = read({"module": FOLLOW_UP, "groups": [{"field": "owner"}, {"field": "happened_at", "by": "month"}]})
    rows = FollowUp.objects.count()
    for told, username in (("all", "general_manager"), ("own", "li_wei")):
        person = Person.objects.get(username=username)
        figure = measure_here(
            f"report by person and month of {rows:,} follow-ups, {told}", partial(_worked_out, person, definition),
            max(1, min(times, 3)), database, goal=GOAL[connection.vendor],
        )  # fmt: skip
        yield replace(figure, note=f"{_worked_out(person, definition):,} rows in reach")


def _worked_out(person: Person, definition: Definition) -> int:
    return run(Context.of(person), definition).rows
