"""What the clock does to processes: the timers whose time has come ring."""

import logging
from datetime import datetime, timedelta

from guanxi.kernel.errors import Problem
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.workflow.models import Timer
from guanxi.platform.workflow.running import ring

logger = logging.getLogger(__name__)
#: Timers that one round looks after; what is left over is the next round's.
TIMERS = 500


@scheduled("workflow.clocks", every=timedelta(minutes=1))
def ring_what_is_due(at: datetime) -> None:
    """Ring the timers whose time has come, each in a transaction of its own: one that fails hinders no other."""
    due = Timer.objects.filter(state=Timer.State.RUNNING, due_at__lte=at).order_by("due_at", "id")
    for key in list(due.values_list("pk", flat=True)[:TIMERS]):
        try:
            ring(key, at)
        except Problem as problem:
            # It is tried again in a minute: a role that has nobody may have somebody then.
            logger.warning("the timer %s cannot ring: %s", key, problem)
