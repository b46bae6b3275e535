"""What is measured: pages and writes of two people, imports and exports, memory, start, and many writers at once."""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection, connections

from guanxi.demo import PASSWORD, build
from guanxi.demo.company_names import Companies
from guanxi.kernel.chinese.pinyin import initials
from guanxi.platform.people.models import Person
from guanxi.records import listing, registry
from guanxi.records.context import Context, system_context
from guanxi.records.exporting import export_file
from guanxi.rooms.customers.public import Customer
from tools.bench.chain import chain
from tools.bench.dataset import Questions, load
from tools.bench.kept import board
from tools.bench.measuring import (
    ROOT,
    Figure,
    Visitor,
    measure_here,
    measure_requests,
    memory_mib,
    serving,
)
from tools.bench.moved import workflow
from tools.bench.owed import owed
from tools.bench.reported import reports
from tools.postgres import free_port

DEEP_PAGE = 1000
LIST = "/customers/customer/"
#: Who measures: sees everything, and sees what is his.
PEOPLE = {"general_manager": "general manager", "wang_fang": "account manager"}
#: A small company to belong to; the customers that count are loaded.
COMPANY = 30
WRITERS, READERS = 32, 8


def prepare(customers: int) -> Questions:
    """Migrate, build the company, load the data set: unless all of it is there already."""
    call_command("migrate", interactive=False, verbosity=0)
    if not Person.objects.exists():
        build(COMPANY, seed=1, tell=print)
    kept = Path(os.environ["GUANXI_DATA"]) / "bench-questions.json"
    if kept.exists() and Customer.objects.count() >= customers:
        return Questions(**json.loads(kept.read_text()))
    asked = load(customers)
    kept.write_text(json.dumps(asked.__dict__))
    with connection.cursor() as cursor:
        # A server tidies up by itself within minutes; in the midst of measuring it would be measured too.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return asked


def database_process() -> int:
    """The process that answers for the database; 0 where that is the server itself."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


# ---- Pages -----------------------------------------------------------------------------------------------------------


def pages(asked: Questions, times: int, database: int) -> Iterator[Figure]:
    """The bare query and view, then the product's pages and writes for both people."""
    newest = Customer.objects.filter(deleted_at=None).select_related("owner").order_by("-changed_at", "-id")
    sql, parameters = newest[: listing.PAGE_SIZE].query.sql_with_params()

    def bare_query() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.fetchall()

    yield measure_here(f"bare query: {listing.PAGE_SIZE} customers", bare_query, times * 5, database)
    session = _session("general_manager")
    connections.close_all()
    port = free_port()
    with serving([sys.executable, str(ROOT / "tools" / "bench" / "bare.py"), str(port)], port) as server:
        visitor = Visitor(port)
        visitor.carry(session)
        yield measure_requests(
            "bare Django list of the same rows", lambda _n: visitor.get("/"), times, server, database
        )
    port = free_port()
    with serving(_serve(port, 1), port) as server:
        for username, shown in PEOPLE.items():
            yield from _pages_of(username, shown, asked, times, server, database, port)


def _serve(port: int, workers: int) -> list[str]:
    return [sys.executable, "-m", "guanxi.config.cli", "serve", "--workers", str(workers), "--port", str(port)]


def _session(username: str) -> dict[str, str]:
    """The cookie of somebody who is logged in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(Person.objects.get(username=username))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _pages_of(
    username: str, shown: str, asked: Questions, times: int, server: int, database: int, port: int
) -> Iterator[Figure]:
    visitor = Visitor(port)
    visitor.log_in(username, PASSWORD)
    ctx = Context.of(Person.objects.get(username=username))
    cursor, number = _deep_cursor(ctx)
    own = ctx.search("customers.customer").filter(follow_ups__isnull=False).order_by("pk")[0]
    version = own.version
    connections.close_all()

    def page(path: str) -> Callable[[int], object]:
        return lambda _number: visitor.get(path)

    def edit(_number: int) -> None:
        nonlocal version
        form = {"remarks": "", "city": f"市{time.time_ns()}", "version": str(version)}
        visitor.post(f"{LIST}{own.pk}/field/city/", form, accepted=(200,))
        version += 1

    acts: list[tuple[str, Callable[[int], object], str]] = [
        ("list, page 1", page(LIST), "20"),
        (f"list, page {number:,}", page(f"{LIST}?cursor={cursor}"), "20"),
        ("search of a brand (2 characters, few hits)", page(f"{LIST}?q={quote(asked.brand)}"), "25"),
        ("search of a trade (2 characters, an eighth of all)", page(f"{LIST}?q={quote(asked.trade)}"), "25"),
        ("search by initials", page(f"{LIST}?q={initials(asked.brand + asked.trade)}"), "25"),
        ("search of a phone among contacts", page(f"/customers/contact/?q={asked.phone}"), "25"),
        ("search over everything", page(f"/search/?q={quote(asked.brand)}"), "25"),
        ("customer page", page(f"{LIST}{own.pk}/"), "25"),
        ("create a customer", lambda _number: _enter(visitor, "测速"), "25"),
        ("edit a customer", edit, "20"),
    ]
    for name, act, goal in acts:
        yield measure_requests(f"{shown}: {name}", act, times, server, database, f"≤ {goal} ms")


def _enter(visitor: Visitor, word: str) -> None:
    """Somebody enters a customer that nobody knows yet."""
    name = f"成都{word}{time.time_ns()}号酒业有限公司"
    visitor.post(f"{LIST}new/", {"name": name, "kind": "organisation", "status": "prospect"})


def _deep_cursor(ctx: Context) -> tuple[str, int]:
    """The cursor of page 1,000 of the list of customers, or of the last one where there are fewer, and its number."""
    cursor, number = "", 1
    size = listing.MAX_PAGE_SIZE
    steps = DEEP_PAGE * listing.PAGE_SIZE // size
    for _step in range(steps):
        found = listing.page(ctx, registry.module("customers.customer"), listing.Query(cursor=cursor, size=size))
        if not found.next_cursor:
            break
        cursor, number = found.next_cursor, number + size // listing.PAGE_SIZE
    return cursor, number


# ---- Import and export -----------------------------------------------------------------------------------------------


def imports(sizes: list[int]) -> Iterator[Figure]:
    """Files of new customers, from the upload to the last record, while somebody goes on working."""
    made = Companies(Random(time.time_ns()))  # noqa: S311 - not secret
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, _writing() as waits:
            path = Path(folder) / "customers.csv"
            _file(path, made, size)
            command = [sys.executable, "-m", "tools.bench.bring_in", str(path)]
            told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        median = statistics.median(waits) if waits else 0.0
        yield Figure(
            f"import of {size:,} rows", told["wall"] * 1000, told["cpu"] * 1000, told["database"] * 1000,
            f"≤ {size / 2000:.0f} s",
            f"{size / told['wall']:,.0f} rows/s; {told['summary']}; others' writes {median:.0f} ms median (≤ 100)",
        )  # fmt: skip


def _file(path: Path, made: Companies, size: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["客户名称", "统一社会信用代码", "省份", "城市", "地址", "经营范围"])
        for number in range(size):
            one = made.company()
            where = one.place
            name = f"{one.name[:-4]}进口{number}号{one.name[-4:]}"
            # Of the scope the first part: 100,000 rows then stay below what may be uploaded.
            scope = one.trade.scope.split("；")[0]
            writer.writerow([name, one.credit_code, where.province, where.city, where.address(made._chance), scope])


@contextmanager
def _writing() -> Iterator[list[float]]:
    """Somebody enters a customer every fifth of a second meanwhile; yields how long each took, in ms."""
    waits: list[float] = []
    stop = threading.Event()
    port = free_port()
    with serving(_serve(port, 1), port):
        visitor = Visitor(port)
        visitor.log_in("wang_fang", PASSWORD)

        def write() -> None:
            while not stop.wait(0.2):
                start = time.perf_counter()
                _enter(visitor, "并行")
                waits.append((time.perf_counter() - start) * 1000)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield waits
        finally:
            stop.set()
            thread.join()


def exports(rows: int) -> Iterator[Figure]:
    """The list of customers as a file, as the system: a person would need a second one to agree."""
    everything = system_context(Person.objects.get(username="general_manager"))
    for kind in ("csv", "xlsx"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"customers.{kind}"
            count = 0

            def act(path: Path = path) -> None:
                nonlocal count
                count = export_file(everything, "customers.customer", path)

            figure = measure_here(f"export of {rows:,} customers as {kind}", act, 1, goal="≥ 10,000 rows/s")
            rate = f"{count / (figure.cpu_ms / 1000):,.0f} rows per CPU second"
            yield Figure(figure.name, figure.wall_ms, figure.cpu_ms, 0.0, figure.goal, rate)


# ---- The processes ---------------------------------------------------------------------------------------------------


def processes() -> Iterator[Figure]:
    """How long the server takes to answer at all, and what two of its processes hold."""
    port = free_port()
    start = time.perf_counter()
    with serving(_serve(port, 2), port) as server:
        yield Figure("start to the first answer", (time.perf_counter() - start) * 1000, 0.0, 0.0, "≤ 1,500 ms")
        visitor = Visitor(port)
        visitor.log_in("general_manager", PASSWORD)
        for _time in range(20):
            visitor.get(LIST)
        yield Figure("memory of two workers", 0.0, 0.0, 0.0, "≤ 160 MiB", f"{memory_mib(server):.0f} MiB (PSS)")


def storm(seconds: int) -> Figure:
    """Many write, some read, a file is imported, all at once: nothing may fail."""
    port = free_port()
    took: tuple[list[float], list[float]] = ([], [])
    failures: list[str] = []
    with serving(_serve(port, 2), port):
        end = time.monotonic() + seconds

        def work(number: int, is_writer: bool) -> None:
            visitor = Visitor(port)
            visitor.carry(sessions[number % len(sessions)])
            while (begun := time.monotonic()) < end:
                try:
                    if is_writer:
                        form = {
                            "name": f"风暴{time.time_ns()}号酒业有限公司",
                            "kind": "organisation",
                            "status": "prospect",
                        }
                        visitor.post(f"{LIST}new/", form)
                    else:
                        visitor.get(LIST)
                    took[is_writer].append(time.monotonic() - begun)
                except RuntimeError as error:
                    failures.append(str(error)[:200])

        sessions = [_session(name) for name in PEOPLE]
        for session in sessions:
            session["csrftoken"] = "a" * 32
        connections.close_all()
        threads = [
            threading.Thread(target=work, args=(number, number < WRITERS)) for number in range(WRITERS + READERS)
        ]
        for thread in threads:
            thread.start()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.csv"
            _file(path, Companies(Random(time.time_ns())), 5000)  # noqa: S311
            subprocess.run([sys.executable, "-m", "tools.bench.bring_in", str(path)], cwd=ROOT, check=True)
        for thread in threads:
            thread.join()
    reads, writes = took
    note = (
        f"{len(writes):,} writes ({_spread(writes)}), {len(reads):,} reads ({_spread(reads)}), "
        f"{len(failures)} failures {failures[:1] or ''}"
    )
    return Figure(f"{WRITERS} writers, {READERS} readers, an import", seconds * 1000, 0.0, 0.0, "no failure", note)


def _spread(seconds: list[float]) -> str:
    """How long the middle one, the slowest hundredth and the slowest of them took."""
    if len(seconds) < 2:
        return "too few to tell"
    slowest_hundredth = statistics.quantiles(seconds, n=100)[-1]
    return f"{statistics.median(seconds):.2f} s, 99 % {slowest_hundredth:.2f} s, at most {max(seconds):.2f} s"


#: What can be measured by itself, in the order of the table.
PARTS = (
    "pages",
    "exports",
    "processes",
    "storm",
    "workflow",
    "obligations",
    "compliance",
    "reports",
    "chain",
    "imports",
)


def all_figures(
    customers: int, times: int, import_rows: list[int], storm_seconds: int, parts: Collection[str] = PARTS
) -> Iterator[Figure]:
    """Everything, or some parts of it, in the order of the table; each as soon as it is known."""
    asked = prepare(customers)
    if "pages" in parts:
        yield from pages(asked, times, database_process())
    if "exports" in parts:
        yield from exports(Customer.objects.filter(deleted_at=None).count())
    if "processes" in parts:
        yield from processes()
    if "storm" in parts and storm_seconds:
        yield storm(storm_seconds)
    if "workflow" in parts:
        yield from workflow(times, database_process())
    if "obligations" in parts:
        yield from owed(database_process())
    if "compliance" in parts:
        yield from board(database_process())
    if "reports" in parts:
        yield from reports(times, database_process())
    if "chain" in parts:
        yield from chain(times, database_process())
    if "imports" in parts:  # last: an export takes no more than the 200,000 records that there may be afterwards
        yield from imports(import_rows)
