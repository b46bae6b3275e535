"""Processes: starting one, moving one on, and the inbox of somebody for whom 5,000 pieces of work wait."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

from django.db import connection, connections, transaction

from guanxi.demo import PASSWORD
from guanxi.platform import calendar
from guanxi.platform.bulk import insert_many, new_rows
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import versions
from guanxi.platform.workflow.models import ProcessInstance, WorkItem
from tools.bench.measuring import Figure, Visitor, measure_requests, serving
from tools.postgres import free_port

#: Drafted, reviewed twice, issued: four people, two decisions, copies.
PROCESS, DRAFT = "plan.review", "draft"
STARTER, BUSY = "wang_fang", "sales_manager"
WAITING = 5000
SUBJECT = "测速"


def workflow(times: int, database: int) -> Iterator[Figure]:
    """What the server spends on a form that starts a process, on one that moves it on, and on the inbox."""
    _load(WAITING)
    connections.close_all()
    port = free_port()
    command = [sys.executable, "-m", "guanxi.config.cli", "serve", "--workers", "1", "--port", str(port)]
    with serving(command, port) as server:
        visitor = Visitor(port)
        visitor.log_in(STARTER, PASSWORD)

        def start(number: int) -> None:
            visitor.post("/processes/start/", {"process": PROCESS, "subject": f"{SUBJECT} {number}"})

        yield measure_requests("start a process", start, times, server, database, "≤ 25 ms")
        mine = WorkItem.objects.filter(owner__username=STARTER, node=DRAFT, state=WorkItem.State.OPEN)
        keys = list(mine.filter(instance__subject__startswith=SUBJECT).values_list("pk", flat=True))

        def advance(_number: int) -> None:
            visitor.post(f"/workflow/workitem/{keys.pop()}/do/complete/", {"comment": "好"}, accepted=(200, 302, 303))

        yield measure_requests("move a process on", advance, min(times, len(keys) - 3), server, database, "≤ 25 ms")
        visitor = Visitor(port)
        visitor.log_in(BUSY, PASSWORD)
        customers = measure_requests(
            "list of customers", lambda _n: visitor.get("/customers/customer/"), times, server, database
        )  # fmt: skip
        inbox = measure_requests(
            f"inbox with {WAITING:,} waiting", lambda _n: visitor.get("/workflow/workitem/?view=waiting"), times,
            server, database, f"≤ {2 * customers.both_ms:.0f} ms",
        )  # fmt: skip
        yield replace(inbox, note=f"a list of customers in the same run: {customers.both_ms:.1f} ms CPU")


def _load(count: int) -> None:
    """So many processes that wait for one person, as starting them would write them, but for their tokens."""
    busy = Person.objects.get(username=BUSY)
    standing = WorkItem.objects.filter(owner=busy, state=WorkItem.State.OPEN).count()
    version, starter, now = versions.in_use(PROCESS), Person.objects.get(username=STARTER), calendar.now()
    step = versions.diagram_of(version).step("review")
    alike = {"created_at": now, "changed_at": now, "department": busy.department}
    instances = new_rows(ProcessInstance, max(0, count - standing), process=version, owner=starter, **alike)
    items = new_rows(
        WorkItem, len(instances), node=step.id, step=step.name, step_en=step.name_en, process=version.title,
        process_en=version.title_en, starter=starter, owner=busy, **alike,
    )  # fmt: skip
    for number, (instance, item) in enumerate(zip(instances, items, strict=True)):
        instance.subject = item.subject = f"年度方案 {number:05}"
        item.instance, item.round = instance, uuid4()
        item.due_on = now.date() + datetime.timedelta(days=number % 60 - 20)
    with transaction.atomic():
        insert_many(ProcessInstance, instances)
        insert_many(WorkItem, items)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
