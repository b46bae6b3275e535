"""How fast the product is on many customers: `python tools/bench.py --customers 100000 [--write]`.

Everything is measured in one run on one machine, beside the bare query and the bare framework, because only the ratios
mean anything elsewhere. CPU seconds are read from /proc, for wall time carries the noise of other work. `--write` puts
the table into docs/quality.md.
"""

import argparse
import csv
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "quality.md"
MARKS = ("<!-- bench: begin -->", "<!-- bench: end -->")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
IMPORTED_ROWS = 10_000
DEEP_PAGE = 1000
SERVER_READY_SECONDS = 60
sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Figure:
    """One line of the table: median wall time and CPU of the answering processes, in milliseconds for one request."""

    name: str
    wall_ms: float
    cpu_ms: float
    note: str = ""


# ---- Processes -----------------------------------------------------------------------------------------------------


def cpu_seconds(root: int) -> float:
    """User and system time of a process and everything below it, of ended children too."""
    below: dict[int, list[int]] = {}
    times: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        below.setdefault(int(fields[1]), []).append(int(entry.name))
        times[int(entry.name)] = sum(int(field) for field in fields[11:15])
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += times.get(process, 0)
        waiting += below.get(process, [])
    return total / TICKS_PER_SECOND


@contextmanager
def serving(command: list[str], port: int) -> Iterator[int]:
    """A server of ours on a port of the loopback address; yields its process id when it answers."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        end = time.monotonic() + SERVER_READY_SECONDS
        while True:
            try:
                Visitor(port).get("/login/")
                break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    sys.exit(f"the server did not start: {command}")
                time.sleep(0.3)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


class Visitor:
    """A browser with cookies, one kept-alive connection and nothing else."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """The page of an address; a RuntimeError when it is not answered with 200."""
        status, _location, body = self._send("GET", path)
        if status not in (200, 404):
            raise RuntimeError(f"GET {path}: {status}")
        return body

    def post(self, path: str, form: dict[str, str]) -> str:
        """Send a form and return where it leads; a RuntimeError when it is refused."""
        status, location, body = self._send("POST", path, urlencode(form))
        if status not in (302, 303):
            shown = re.sub(r"<[^>]+>|\s+", " ", body)
            raise RuntimeError(f"POST {path}: {status} {shown[:600]}")
        return location

    def _send(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sign, rest = value.partition("=")
                self._cookies[key] = rest.split(";")[0]
        return answer.status, answer.getheader("Location") or "", text

    def log_in(self, username: str, password: str) -> None:
        """Come in as one of the demo's people."""
        self.get("/login/")
        self.post("/login/", {"username": username, "password": password})


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    from tools.postgres import free_port as found

    return found()


# ---- Measuring -----------------------------------------------------------------------------------------------------


def measure_requests(name: str, act: Callable[[int], object], times: int, server: int, note: str = "") -> Figure:
    """Median wall time and mean CPU of the server over so many requests, after three that warm up."""
    for number in range(3):
        act(-1 - number)
    walls, before = [], cpu_seconds(server)
    for number in range(times):
        start = time.perf_counter()
        act(number)
        walls.append((time.perf_counter() - start) * 1000)
    spent = (cpu_seconds(server) - before) * 1000 / times
    return Figure(name, statistics.median(walls), spent, note)


def measure_here(name: str, act: Callable[[], object], times: int, note: str = "") -> Figure:
    """The same for something done in this process."""
    act()
    walls, before = [], time.process_time()
    for _time in range(times):
        start = time.perf_counter()
        act()
        walls.append((time.perf_counter() - start) * 1000)
    return Figure(name, statistics.median(walls), (time.process_time() - before) * 1000 / times, note)


def measure(customers: int, times: int) -> list[Figure]:
    """Build, serve and measure; the figures in the order of the table."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    from guanxi.demo import PASSWORD, build
    from guanxi.kernel.chinese.pinyin import initials
    from guanxi.platform.people.models import Person
    from guanxi.records.context import Context
    from guanxi.rooms.customers.public import Customer

    call_command("migrate", interactive=False, verbosity=0)
    figures = []
    if not Person.objects.exists():
        start, cpu = time.perf_counter(), time.process_time()
        built = build(customers, seed=1, tell=print)
        spent = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
        note = f"{built.actions:,} actions, {built.actions / (spent[1] / 1000):,.0f} per CPU second"
        figures.append(Figure(f"build {built.customers:,} customers with a contact each", *spent, note))

    newest = Customer.objects.filter(deleted_at=None).order_by("-changed_at", "-id")
    sql, parameters = newest[:50].query.sql_with_params()

    def bare_query() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.fetchall()

    figures.append(measure_here("bare query: 50 customers", bare_query, times * 5))
    some = newest[1]
    word = some.short_name[:2]
    manager = Context.of(Person.objects.get(username="general_manager"))
    deep = deep_cursor(manager)
    connections.close_all()

    port = free_port()
    with serving([sys.executable, str(ROOT / "tools" / "bench_bare.py"), str(port)], port) as server:
        visitor = Visitor(port)
        figures.append(measure_requests("bare Django view: the same rows", lambda _n: visitor.get("/"), times, server))
    port = free_port()
    command = [sys.executable, "-m", "guanxi.config.cli", "serve", "--workers", "1", "--port", str(port)]
    with serving(command, port) as server:
        visitor = Visitor(port)
        visitor.log_in("general_manager", PASSWORD)

        def page(path: str) -> Callable[[int], object]:
            return lambda _number: visitor.get(path)

        def create(number: int) -> None:
            name = f"成都测速{time.time_ns()}号酒业有限公司"
            visitor.post("/customers/customer/new/", {"name": name, "kind": "organisation", "status": "prospect"})

        listing = "/customers/customer/"
        for name, act in (
            ("list, page 1", page(listing)),
            (f"list, page {deep[1]:,}", page(f"{listing}?cursor={deep[0]}")),
            (f"search “{word}” (2 characters) in the list", page(f"{listing}?q={quote(word)}")),
            (f"search “{initials(word)}” (initials) in the list", page(f"{listing}?q={initials(word)}")),
            (f"search “{word}” over everything", page(f"/search/?q={quote(word)}")),
            ("customer page", page(f"{listing}{some.pk}/")),
            ("create a customer", create),
        ):
            figures.append(measure_requests(name, act, times, server))
    figures.append(import_figure(manager))
    return figures


def deep_cursor(ctx: Any) -> tuple[str, int]:
    """The cursor of page 1,000 of the list of customers, or of the last one where there are fewer, and its number."""
    from guanxi.records import listing, registry

    cursor, number = "", 1
    while number < DEEP_PAGE:
        found = listing.page(ctx, registry.module("customers.customer"), listing.Query(cursor=cursor, size=50))
        if not found.next_cursor:
            break
        cursor, number = found.next_cursor, number + 1
    return cursor, number


def import_figure(ctx: Any) -> Figure:
    """The import of a file of 10,000 new customers, from the upload to the last record."""
    from random import Random

    from guanxi.demo.company_names import Companies
    from guanxi.records.importing.running import import_file

    made = Companies(Random(99))  # noqa: S311 - repeatable, not secret
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["客户名称", "统一社会信用代码", "省份", "城市", "地址", "经营范围"])
            for _row in range(IMPORTED_ROWS):
                one = made.company()
                where = one.place
                writer.writerow(
                    [f"{one.name[:-4]}进口{one.name[-4:]}", one.credit_code, where.province, where.city,
                     where.address(made._chance), one.trade.scope]
                )  # fmt: skip
        start, cpu = time.perf_counter(), time.process_time()
        run = import_file(ctx, "customers.customer", path, duplicates="create")
        wall, spent = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
    rate = IMPORTED_ROWS / (wall / 1000)
    return Figure(f"import of {IMPORTED_ROWS:,} rows", wall, spent, f"{rate:,.0f} rows/s by the clock; {run.summary}")


# ---- Telling -------------------------------------------------------------------------------------------------------


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table, with ratios to the bare query and the bare view."""
    query = next(figure for figure in figures if figure.name.startswith("bare query"))
    view = next(figure for figure in figures if figure.name.startswith("bare Django"))
    lines = ["| what | wall ms | CPU ms | × query | × bare view | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for figure in figures:
        whole = figure.name.startswith(("build", "import"))
        ratios = ("", "") if whole else (f"{figure.cpu_ms / query.cpu_ms:.1f}", f"{figure.cpu_ms / view.cpu_ms:.1f}")
        cells = (figure.name, f"{figure.wall_ms:,.1f}", f"{figure.cpu_ms:,.1f}", *ratios, figure.note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def section(figures: list[Figure]) -> str:
    """What docs/quality.md says of this run."""
    from django.db import connection

    from guanxi.platform.calendar import today
    from guanxi.rooms.customers.public import Customer

    known = Customer.objects.count()
    return (
        f"{MARKS[0]}\n## Speed\n\n"
        f"Measured on {today():%Y-%m-%d} with {known:,} customers on {connection.vendor}, "
        f"{os.cpu_count()} cores, load average {os.getloadavg()[1]:.1f}, one server process, one visitor. CPU is "
        "that of the answering process; the ratios compare CPU within this run. The list and the pages are what the "
        f"general manager gets, layout, rights, counts and tabs included.\n\n{table(figures)}\n{MARKS[1]}\n"
    )


def write(text: str) -> None:
    """Put the section into docs/quality.md, in place of the one that stands there."""
    before = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else "# Quality\n\n"
    pattern = re.compile(re.escape(MARKS[0]) + ".*" + re.escape(MARKS[1]) + "\n", re.DOTALL)
    after = pattern.sub(lambda _found: text, before) if pattern.search(before) else before + text
    DOCUMENT.write_text(after, "utf-8")


def main(arguments: list[str]) -> int:
    """Runs the whole measurement in a temporary data folder, or in `--data` to go on with what was built there."""
    parser = argparse.ArgumentParser(description="Measure the product on many customers.")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="of each kind")
    parser.add_argument("--data", help="a data folder to keep, or to use again")
    parser.add_argument("--write", action="store_true", help="write the table into docs/quality.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as folder:
        os.environ["GUANXI_DATA"] = options.data or folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
        figures = measure(options.customers, options.requests)
        text = section(figures)
        print(text)
        if options.write:
            write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
