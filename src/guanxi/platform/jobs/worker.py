"""The process that does the work: queued jobs, schedules and the outbox, in one loop."""

import logging
import signal
import threading
from datetime import datetime
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.crypto import get_random_string

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.outbox import deliver_due
from guanxi.platform.jobs.queue import run_next
from guanxi.platform.jobs.rescue import requeue_due, rescue_silent
from guanxi.platform.jobs.schedule import run_due
from guanxi.platform.jobs.workers import alive

logger = logging.getLogger(__name__)

PAUSE_AFTER_TROUBLE_SECONDS = 2.0


def run_worker(stop: threading.Event, idle_seconds: float = 0.5) -> None:
    """Work until `stop` is set; a job that is running then is finished first.

    Several workers may run at once on one database. While the database is away the worker waits and tries again.
    """
    worker_id = get_random_string(32)
    logger.info("worker %s begins", worker_id)
    while not stop.is_set():
        try:
            with alive(worker_id):
                _work(worker_id, stop, idle_seconds)
        except (DatabaseError, InterfaceError) as error:
            # Not even the sign of life could be written: the same pause, then from the beginning.
            _away(error, stop)
    connection.close()
    logger.info("worker %s ends", worker_id)


def _work(worker_id: str, stop: threading.Event, idle_seconds: float) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            worked = _turn(worker_id, now())
        except (DatabaseError, InterfaceError) as error:
            _away(error, stop)
            continue
        if not worked:
            stop.wait(idle_seconds)


def _away(error: Exception, stop: threading.Event) -> None:
    logger.warning("the database could not be used: %s", error)
    connection.close()
    stop.wait(PAUSE_AFTER_TROUBLE_SECONDS)


def drain(at: datetime | None = None) -> int:
    """Do everything that is due at `at` (default: now) and return how many pieces of work that was.

    What becomes due later (further attempts, the next time of a schedule) is left for later.
    """
    moment = at or now()
    worker_id = get_random_string(32)
    pieces = 0
    while worked := _turn(worker_id, moment):
        pieces += worked
    return pieces


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and Ctrl-C end the worker of this process gracefully; call it from the main thread."""

    def ask(number: int, frame: FrameType | None) -> None:
        logger.warning("%s: the worker ends after its present job", signal.Signals(number).name)
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)


def _turn(worker_id: str, at: datetime) -> int:
    """One round: a single job at most, so that a long queue starves neither the schedules nor the outbox."""
    revived = rescue_silent(at) + requeue_due(at)
    return revived + run_due(at) + deliver_due(at) + run_next(worker_id)
