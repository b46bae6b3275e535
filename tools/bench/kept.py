"""The compliance board of a large company: a year of figures of everybody under every clause."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from django.db import connection, transaction

from guanxi.kernel import clauses
from guanxi.platform.bulk import insert_many
from guanxi.platform.people.models import Department, Person
from guanxi.records.context import Context
from guanxi.rooms.compliance import counting
from guanxi.rooms.compliance.models import COUNTS, DayFigures, FiguresState, MonthFigures
from guanxi.rooms.compliance.queries import figures
from guanxi.rooms.compliance.queries.figures import Period, Wanted
from tools.bench.measuring import measure_here

if TYPE_CHECKING:
    from tools.bench.measuring import Figure

#: Of a hundred pairs of person and clause so many have something to count on a day.
SHARE = 30
DAYS = 365
GOAL = "≤ 500 ms"


def board(database: int, times: int = 5) -> Iterator[Figure]:
    """What the page of the board asks of the database for a year, and counting on after five minutes."""
    boss = Context.of(Person.objects.get(username="general_manager"))
    rows = _load(boss.today)
    year = Wanted(Period(boss.today - datetime.timedelta(days=DAYS - 1), boss.today))

    def read() -> None:
        for column in ("clause", "person_id", "department_id"):
            figures.sums_by(boss, year, column)
        figures.sums_over_time(boss, year)

    told = f"{rows:,} rows of days, {MonthFigures.objects.count():,} of months"
    yield replace(measure_here("figures of the compliance board, a year", read, times, database, goal=GOAL), note=told)
    FiguresState.objects.update_or_create(pk=1, defaults={"looked_at": boss.now, "entry": 0})
    later = boss.now + datetime.timedelta(minutes=5)
    yield measure_here("counting on after five minutes", lambda: counting.bring_up_to_date(later), 1, database)


def _load(today: datetime.date) -> int:
    """Figures as counting writes them, by chance, in place of those that stood."""
    chance = Random(1)  # noqa: S311 - always the same load
    people = list(Person.objects.filter(is_active=True).order_by("pk").values_list("pk", "department_id"))
    units = list(Department.objects.values_list("pk", flat=True))
    named = [clause.id for clause in clauses.declared()]
    DayFigures.objects.all().delete()
    MonthFigures.objects.all().delete()
    total = 0
    for back in range(DAYS):
        day = today - datetime.timedelta(days=back)
        rows = [
            DayFigures(day=day, clause=clause, person_id=person, department_id=unit or units[0],
                       **{name: chance.randrange(4) for name in COUNTS})
            for person, unit in people
            for clause in named
            if chance.randrange(100) < SHARE
        ]  # fmt: skip
        with transaction.atomic():
            insert_many(DayFigures, rows)
        total += len(rows)
    for month, _last in counting.months_between(today - datetime.timedelta(days=DAYS - 1), today):
        counting.add_up(month.replace(day=1))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return total
