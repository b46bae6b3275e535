"""A sign of life while something long runs."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

PULSE_SECONDS = 15.0


class Pulse:
    """Calls `beat` every few seconds from a thread of its own until the block ends.

    The work itself may sit in one long statement or computation, in which it cannot say that it lives.
    """

    def __init__(self, beat: Callable[[], object], seconds: float = PULSE_SECONDS) -> None:
        self._beat = beat
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._over.wait(self._seconds):
                self._beat_once()
        finally:
            connection.close()

    def _beat_once(self) -> None:
        # A missed beat (the database is busy or away) is not the end: the next one follows well before the lease ends.
        try:
            self._beat()
        except DatabaseError as error:
            logger.warning("a sign of life could not be written: %s", error)
            connection.close()
