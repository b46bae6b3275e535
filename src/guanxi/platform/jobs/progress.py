"""How a running job tells where it is, and learns that it is no longer wanted."""

import time
from typing import Any

from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import Job

MESSAGE_LENGTH = 500
SECONDS_BETWEEN_WRITES = 0.5


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The user cancelled the job; it ends at its next step."""


class Superseded(Exception):  # noqa: N818 - an outcome, not an error
    """Another worker has taken the job over because this one seemed dead; this run must end without effect."""


class Progress:
    """Handed to the job's function. `job`: the job as it was when this run began; `attempt`: the number of this run.

    Steps are written outside the caller's transaction only if it holds none: report between transactions, not in them.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.attempt = job.attempts
        self._written = float("-inf")

    def step(self, done: int, total: int | None = None, message: object = None) -> None:
        """Tell that `done` of `total` steps are finished; `message` (text or Message) says what is going on.

        Written at most twice a second, so it may be called for each row; the last step is always written. Raises
        Cancelled when the user has cancelled, Superseded when the job is somebody else's by now.
        """
        last = total is not None and done >= total
        if not last and time.monotonic() - self._written < SECONDS_BETWEEN_WRITES:
            return
        written: dict[str, Any] = {"done": done}
        if total is not None:
            written["total"] = total
        if message is not None:
            written["message"] = str(Message.of(message))[:MESSAGE_LENGTH]
        self._write(**written)

    def _write(self, **columns: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, attempts=self.attempt)
        self._written = time.monotonic()
        if mine.filter(cancel_requested=False).update(heartbeat_at=now(), **columns):
            return
        raise Cancelled if mine.exists() else Superseded
