"""Processes and what they spend: CPU and memory of a tree of them, a server to visit, a visitor."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SERVER_READY_SECONDS = 60


@dataclass(frozen=True)
class Figure:
    """One line of the table: median wall time and CPU of the answering processes and the database, in ms each."""

    name: str
    wall_ms: float
    cpu_ms: float
    database_ms: float = 0.0
    goal: str = ""
    note: str = ""

    @property
    def both_ms(self) -> float:
        """CPU of the server and of the database together."""
        return self.cpu_ms + self.database_ms


# ---- Processes -----------------------------------------------------------------------------------------------------


def tree(root: int) -> dict[int, int]:
    """A process and everything below it: the id, and the clock ticks it has used, those of its ended children too."""
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
    found, waiting = {}, [root]
    while waiting:
        process = waiting.pop()
        found[process] = times.get(process, 0)
        waiting += below.get(process, [])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of a process and everything below it; nothing for 0, which stands for no process."""
    return sum(tree(root).values()) / TICKS_PER_SECOND if root else 0.0


def memory_mib(root: int) -> float:
    """The proportional share of memory of a process and everything below it."""
    total = 0
    for process in tree(root):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


@contextmanager
def serving(command: list[str], port: int) -> Iterator[int]:
    """A server of ours on a port of the loopback address; yields its process id when it answers."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        end = time.monotonic() + SERVER_READY_SECONDS
        while True:
            try:
                Visitor(port).knock()
                break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    sys.exit(f"the server did not start: {command}")
                time.sleep(0.02)
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

    def knock(self) -> None:
        """Ask for anything; OSError while nobody answers."""
        self._send("GET", "/healthz")

    def carry(self, cookies: dict[str, str]) -> None:
        """Come with these cookies."""
        self._cookies.update(cookies)

    def post(self, path: str, form: dict[str, str], accepted: tuple[int, ...] = (302, 303)) -> str:
        """Send a form and return where it leads; a RuntimeError when it is refused."""
        status, location, body = self._send("POST", path, urlencode(form))
        if status not in accepted:
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


# ---- Measuring -----------------------------------------------------------------------------------------------------


def measure_requests(
    name: str, act: Callable[[int], object], times: int, server: int, database: int = 0, goal: str = ""
) -> Figure:
    """Median wall time and mean CPU of server and database over so many requests, after three that warm up."""
    for number in range(3):
        act(-1 - number)
    walls, before, base = [], cpu_seconds(server), cpu_seconds(database)
    for number in range(times):
        start = time.perf_counter()
        act(number)
        walls.append((time.perf_counter() - start) * 1000)
    spent = (cpu_seconds(server) - before) * 1000 / times
    return Figure(name, statistics.median(walls), spent, (cpu_seconds(database) - base) * 1000 / times, goal)


def measure_here(name: str, act: Callable[[], object], times: int = 1, database: int = 0, goal: str = "") -> Figure:
    """The same for something done in this process and those it starts; once means without warming up."""
    if times > 1:
        act()
    walls, before, base = [], cpu_seconds(os.getpid()), cpu_seconds(database)
    for _time in range(times):
        start = time.perf_counter()
        act()
        walls.append((time.perf_counter() - start) * 1000)
    spent = (cpu_seconds(os.getpid()) - before) * 1000 / times
    return Figure(name, statistics.median(walls), spent, (cpu_seconds(database) - base) * 1000 / times, goal)
