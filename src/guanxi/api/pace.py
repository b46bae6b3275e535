"""How often a person's programs may call: a bucket that fills steadily and is emptied by calls.

The bucket is shared (`platform.access.allowances`); a process counts down the handful that it took out of it.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import TooMany
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter, declare
from guanxi.platform.access import allowances
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context

CALLS_PER_MINUTE: Final = declare(
    Parameter(
        "api.calls_per_minute",
        int,
        600,
        label=_("Calls of the interface that one person's programs may make in a minute"),
        minimum=1,
        maximum=1_000_000,
    )
)
_RATE_KEPT = 60  # seconds for which the parameter is not asked for again
_HANDFULS = 20  # a process takes a twentieth of a minute's calls at once
_HELD = 10  # seconds after which what is left of them goes back, so that nobody saves calls in many processes


@dataclass
class _Handful:
    """What this process holds of a person's calls: how many, since when, and before when there is no use in asking."""

    calls: int = 0
    since: float = 0.0
    empty_until: float = 0.0


_held: dict[UUID, _Handful] = {}
_lock = threading.Lock()


def admit(ctx: Context) -> None:
    """Let the call pass, or raise TooMany with the seconds to wait."""
    now = ctx.now.timestamp()
    with _lock:
        handful = _held.setdefault(ctx.actor.pk, _Handful())
        if handful.calls and now - handful.since < _HELD:
            handful.calls -= 1
            return
        if now < handful.empty_until:
            raise _too_many(handful.empty_until - now)
        unused, handful.calls = handful.calls, 0
    # Other threads of this process may take one too meanwhile: nobody waits here for the database but who asks it.
    rate = _rate(ctx)
    taken = allowances.take(ctx.actor.pk, rate, max(1, rate // _HANDFULS), ctx.now, returned=unused)
    with _lock:
        if not taken.calls:
            handful.empty_until = now + taken.seconds
            raise _too_many(taken.seconds)
        handful.calls, handful.since = handful.calls + taken.calls - 1, now


def _too_many(seconds: float) -> TooMany:
    return TooMany(math.ceil(seconds), Message("Too many calls. Wait a moment."))


def _rate(ctx: Context) -> int:
    rate = cache.get(CALLS_PER_MINUTE.name)
    if rate is None:
        rate = value_of(CALLS_PER_MINUTE, ctx.today)
        cache.set(CALLS_PER_MINUTE.name, rate, _RATE_KEPT)
    return int(rate)
