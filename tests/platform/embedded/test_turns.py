"""Who writes next: in the order in which they came, across threads and processes, whatever becomes of one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from guanxi.platform.embedded import turns
from guanxi.platform.embedded.base import DatabaseWrapper
from guanxi.platform.embedded.turns import Turns

pytestmark = pytest.mark.skipif(not turns._CAN_QUEUE, reason="locks of open files are Linux's")
SOON = 10.0
HOLDER = """
import sys, time
from pathlib import Path
from guanxi.platform.embedded.turns import Turns
mine = Turns(Path(sys.argv[1]), 60)
assert mine.take()
print("on", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


@contextmanager
def another_process(database: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A process that has the turn for so long."""
    words = [sys.executable, "-c", HOLDER, str(database), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "on\n"
        try:
            yield process
        finally:
            process.kill()


def in_the_background(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def wait_for_number(waiting: Turns) -> None:
    end = time.monotonic() + SOON
    while not waiting.is_waiting_or_on:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_they_write_in_the_order_in_which_they_came(database: Path) -> None:
    order: list[int] = []
    places = [Turns(database, SOON) for _place in range(12)]

    def write(number: int) -> None:
        assert places[number].take()
        order.append(number)
        time.sleep(0.002)
        places[number].end()

    with another_process(database, 0.3):
        threads = []
        for number, place in enumerate(places):
            threads.append(in_the_background(lambda number=number: write(number)))  # type: ignore[misc]
            wait_for_number(place)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == list(range(12))
    for place in places:
        place.close()


def test_the_turn_of_a_process_that_was_killed_passes_on(database: Path) -> None:
    with closing(Turns(database, SOON)) as mine, another_process(database, 60) as process:
        thread = in_the_background(mine.take)
        wait_for_number(mine)
        os.kill(process.pid, signal.SIGKILL)
        thread.join(SOON)
        assert not thread.is_alive() and mine.is_waiting_or_on


def test_who_gives_up_holds_up_nobody(database: Path) -> None:
    first, hasty, last = Turns(database, SOON), Turns(database, 0.05), Turns(database, SOON)
    assert first.take()
    assert not hasty.take() and not hasty.is_waiting_or_on
    thread = in_the_background(last.take)
    wait_for_number(last)
    first.end()
    thread.join(SOON)
    assert not thread.is_alive()
    for place in (first, hasty, last):
        place.close()


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 8])
def test_a_damaged_or_unwritable_queue_stops_nobody(database: Path, content: bytes) -> None:
    Path(f"{database}-turns").write_bytes(content)
    with closing(Turns(database, 0.1)) as mine:
        assert mine.take()
    with closing(Turns(database.parent / "missing" / "some.sqlite3", 0.1)) as lost:
        assert lost.take() and not lost.is_waiting_or_on


@pytest.fixture
def connect(database: Path) -> Iterator[Callable[[], Any]]:
    made: list[DatabaseWrapper] = []

    def connection() -> Any:
        given = {
            "ENGINE": "guanxi.platform.embedded", "NAME": str(database), "AUTOCOMMIT": True, "TIME_ZONE": None,
            "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.2, "init_command": "PRAGMA journal_mode=WAL"},
        }  # fmt: skip
        made.append(DatabaseWrapper(given, f"made{len(made)}"))
        return made[-1]

    yield connection
    for each in made:
        each.close()


def held(connection: Any) -> bool:
    return bool(connection._turns.is_waiting_or_on)


@pytest.mark.django_db  # nothing else lets a test open a connection
def test_a_transaction_has_its_turn_until_it_ends(connect: Callable[[], Any]) -> None:
    writer, other = connect(), connect()
    with writer.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a)")
        cursor.execute("SELECT 1")
        assert not held(writer)
    for end in (writer.commit, writer.rollback, writer.close):
        writer.connect() if writer.connection is None else None
        writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        assert held(writer)
        writer.cursor().execute("INSERT INTO t VALUES (%s)", [1])
        with pytest.raises(OperationalError, match="locked"):
            other.cursor().execute("INSERT INTO t VALUES (2)")
        assert not held(other)
        end()
        assert writer._turns is None or not held(writer)
        if writer.connection is not None:
            writer.set_autocommit(True)
        other.cursor().execute("INSERT INTO t VALUES (2)")  # a statement of its own waits and goes like a transaction
        assert not held(other)
    with pytest.raises(Exception, match="no such table"):
        other.cursor().execute("INSERT INTO missing VALUES (2)")
    other.cursor().executemany("INSERT INTO t VALUES (%s)", [[3], [4]])
    assert not held(other)
    assert sorted(other.cursor().execute("SELECT a FROM t").fetchall()) == [(1,), (2,), (2,), (2,), (3,), (4,)]
