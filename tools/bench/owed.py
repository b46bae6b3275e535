"""Duties in great number: how long it takes to open many, and to scan all that are open for what is due."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from django.db import connection, transaction

from guanxi.platform import calendar
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.obligations import keeping
from guanxi.platform.obligations.duties import Duty
from guanxi.platform.obligations.keeping import Opening
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.obligations.upkeep import open_recurring
from guanxi.platform.owing import upkeep
from guanxi.platform.people.models import Person
from tools.bench.measuring import Figure, measure_here

DUTIES = 1_000_000
ROUND = 100_000
CHUNK = 20_000
#: Over so many days the duties fall due: each day has its share to be reminded of and to be escalated.
DAYS = 60
KINDS = tuple(Duty(f"bench.kind_{number}", label=f"义务{number}") for number in range(4))


def owed(database: int) -> Iterator[Figure]:
    """Opening a round for 100,000 customers; a day's scan of a million, one with nothing to do, one after a break."""
    people = list(Person.objects.filter(is_active=True).order_by("pk"))
    now = calendar.now()
    opened = measure_here(
        f"opening {ROUND:,} duties",
        lambda: keeping.open_many(KINDS[0], _openings(people, now.date()), now),
        1,
        database,
    )
    yield replace(opened, note=f"{ROUND / opened.wall_ms * 1000:,.0f} rows/s, {keeping.SLICE:,} in a transaction")
    _load(people, now)
    for told, at in (
        ("a day’s", now),
        ("nothing left to do", now + datetime.timedelta(minutes=5)),
        ("all overdue at once", now + datetime.timedelta(days=DAYS + 30)),
    ):
        before = _written()
        scan = measure_here(f"scan of {DUTIES:,} open duties: {told}", partial(_scan, at), 1, database, goal="≤ 30 s")
        reminded, escalated = (after - earlier for after, earlier in zip(_written(), before, strict=True))
        yield replace(scan, note=f"{reminded:,} called to mind, {escalated:,} told above")


def _openings(people: list[Person], today: datetime.date) -> Iterator[Opening]:
    due = today + datetime.timedelta(days=DAYS)
    for number in range(ROUND):
        yield Opening(str(number), people[number % len(people)], f"客户{number}", due)


def _load(people: list[Person], now: datetime.datetime) -> None:
    """Rows as `open_many` writes them, so many that they stand over all days around today."""
    today, standing = calendar.local(now).date(), Obligation.objects.filter(duty__startswith="bench.").count()
    for start in range(standing, DUTIES, CHUNK):
        rows = new_rows(Obligation, min(CHUNK, DUTIES - start), clause="WF-10", opened_at=now, created_at=now)
        for place, row in enumerate(rows, start):
            duty, owner = KINDS[place % len(KINDS)], people[place // len(KINDS) % len(people)]
            due = today + datetime.timedelta(days=place % (DAYS + 1) - 1)
            row.duty, row.key, row.subject, row.due_on = duty.name, f"load/{place}", f"客户{place}", due
            row.owner_id, row.department_id = owner.pk, owner.department_id
            row.remind_on, row.escalate_on = due - datetime.timedelta(days=1), due + datetime.timedelta(days=1)
        with transaction.atomic():
            insert_many(Obligation, rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _scan(at: datetime.datetime) -> None:
    upkeep.remind(at)
    upkeep.escalate(at)
    upkeep.hand_over_from_leavers(at)
    open_recurring(at)


def _written() -> tuple[int, int]:
    rows = Obligation.objects.filter(state=State.OPEN)
    return rows.exclude(reminded_at=None).count(), rows.exclude(escalated_at=None).count()
