"""Serving pages and doing jobs, in the foreground until Ctrl-C or SIGTERM."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from guanxi.config.commands.database import require_prepared_database
from guanxi.config.commands.demonstration import open_logins, tell_logins
from guanxi.config.memory import OF_JOBS, leave_loaded_alone
from guanxi.kernel.chinese.pinyin import pinyin
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.jobs.worker import run_worker, stop_on_signals

# A page is short and mostly computes: more threads than this in one process only queue for the interpreter.
THREADS_PER_PROCESS = 4
# Beyond two processes the embedded database's single writer is what is waited for.
SQLITE_PROCESSES = 2
GRACE_SECONDS = 20
LOOPBACK = ("127.0.0.1", "localhost", "::1")
RESTART_PAUSE_SECONDS = 3


def serve(options: Namespace) -> int:
    """Serves the pages; with `--with-worker` beside a worker, and neither outlives the other.

    Raises:
        Conflict: the database is not prepared, or the port is taken.
        Invalid: an impossible number of processes.
    """
    processes = processes_for(options.workers)
    if options.ends_with_parent:
        end_with_parent()
    else:
        require_prepared_database()
        require_free_port(options.host, options.port)
        tell_logins()
        print(_("Guanxi listens on %(address)s  (Ctrl-C ends it)") % {"address": address(options)}, flush=True)
        if options.host not in LOOPBACK and open_logins():
            print(_("Everybody who reaches this address can log in with the demo's public password."), file=sys.stderr)
    if options.with_worker:
        place = ["--host", options.host, "--port", str(options.port), "--workers", str(processes)]
        return supervise(server=["serve", *place], companion=["worker"])
    serve_here(options.host, options.port, processes)
    return 0


def work(options: Namespace) -> int:
    """Runs jobs, schedules and the outbox until told to end; a running job is finished first."""
    require_prepared_database()
    if options.ends_with_parent:
        end_with_parent()
    stop = threading.Event()
    stop_on_signals(stop)
    leave_loaded_alone(OF_JOBS)
    run_worker(stop)
    return 0


def address(options: Namespace) -> str:
    """Where a browser on this machine finds the pages."""
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104 (compared, not bound)
    return f"http://{host}:{options.port}/"


def processes_for(wanted: int | None) -> int:
    """How many processes answer requests: as wanted, else one for each core (two at most on SQLite).

    Raises:
        Invalid: fewer than one.
    """
    if wanted is not None:
        if wanted < 1:
            raise Invalid(Message("At least one process must answer."))
        return wanted
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if settings.DATABASE_URL else min(cores, SQLITE_PROCESSES)


def require_free_port(host: str, port: int) -> None:
    """Refuses a port that cannot be listened on.

    Raises:
        Conflict: another program listens there, or this user may not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error).rstrip(".")
            raise Conflict(
                Message(
                    "Nothing can be served on %(host)s port %(port)s: %(reason)s. Choose another with --port.",
                    host=host,
                    port=str(port),
                    reason=reason,
                )
            ) from error


def serve_here(host: str, port: int, processes: int) -> None:
    """Answers requests in this process and its children until a signal ends them."""
    with counting_together():
        load_what_is_shared()
        connections.close_all()  # the children must not share a connection that was opened before they existed
        _serve(host, port, processes)


def load_what_is_shared() -> None:
    """Loads what answering takes before the processes part: once instead of in each, and in memory that they share."""
    import_module("guanxi.config.wsgi")
    import_module(settings.ROOT_URLCONF)
    pinyin("")
    leave_loaded_alone()


@contextmanager
def counting_together() -> Iterator[None]:
    """Where figures are asked for, all answering processes count in files of one folder, which lasts as long as we."""
    if not settings.METRICS:
        yield
        return
    with TemporaryDirectory(prefix="guanxi-figures-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _serve(host: str, port: int, processes: int) -> None:
    Server(
        "guanxi.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS_PER_PROCESS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS // 2,
        log_level=LogLevels.warning,
    ).serve()


def end_with_parent() -> None:
    """From now on this process gets SIGTERM when its parent ends, however the parent ends: the pipe closes."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


class Child:
    """A process of ours that ends with us: `words` is its command line after `guanxi`."""

    def __init__(self, words: Sequence[str]) -> None:
        self.command = [sys.executable, "-m", "guanxi.config.cli", *words, "--ends-with-parent"]
        self.start()

    def start(self) -> None:
        """Starts it in a session of its own, so that Ctrl-C reaches only us and we decide the order of ending."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self.process.poll()

    def end(self) -> None:
        """Asks it to end and makes sure that it does."""
        self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def supervise(server: Sequence[str], companion: Sequence[str]) -> int:
    """Runs the two commands together: the companion is started anew when it falls, the end of the server ends all.

    Returns the server's exit code, 0 when we were told to end.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_ignored: stop.set())
    connections.close_all()
    children = [Child(server), Child(companion)]
    restart_at = 0.0
    try:
        while not stop.wait(0.2):
            code = children[0].ended()
            if code is not None:
                return code
            if children[1].ended() is not None and time.monotonic() >= restart_at:
                print(_("The worker ended by itself and is started again."), file=sys.stderr, flush=True)
                restart_at = time.monotonic() + RESTART_PAUSE_SECONDS
                children[1].start()
    finally:
        for child in children:
            child.end()
    return 0
