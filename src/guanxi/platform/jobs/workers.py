"""Which workers there are: each writes a sign of life, also while one long job keeps it busy."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Max

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import WorkerPulse
from guanxi.platform.jobs.pulse import Pulse

#: After this long without a sign of life a worker is forgotten.
FORGOTTEN = timedelta(days=1)


@contextmanager
def alive(worker_id: str) -> Iterator[None]:
    """Within the block this worker counts as alive; it is told apart by `worker_id`."""
    mine = WorkerPulse.objects.filter(worker=worker_id)
    WorkerPulse.objects.create(
        worker=worker_id, host=socket.gethostname()[:80], process=os.getpid(), begun_at=now(), seen_at=now()
    )
    try:
        with Pulse(lambda: mine.update(seen_at=now())):
            yield
    finally:
        mine.delete()


def newest_sign_of_life() -> datetime | None:
    """When a worker was last alive for certain; None when there is none."""
    return WorkerPulse.objects.aggregate(newest=Max("seen_at"))["newest"]


def forget_dead(at: datetime) -> int:
    """Delete what workers left behind that died long ago; returns how many."""
    return WorkerPulse.objects.filter(seen_at__lt=at - FORGOTTEN).delete()[0]
