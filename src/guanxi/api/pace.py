"""How often a person's programs may call: a bucket that fills steadily and is emptied by calls."""

from __future__ import annotations

import math
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import TooMany
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter, declare
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
_BUCKET_KEPT = 120  # seconds after which any bucket is full again


def admit(ctx: Context) -> None:
    """Let the call pass, or raise TooMany with the seconds to wait.

    The bucket holds a minute's calls. It is kept in the cache: with several processes that share none, each counts for
    itself, which is near enough for a guard against programs run wild.
    """
    rate = _rate(ctx)
    now = ctx.now.timestamp()
    key = f"api.pace.{ctx.actor.pk}"
    left, since = cache.get(key, (float(rate), now))
    left = min(float(rate), left + max(0.0, now - since) * rate / 60)
    if left < 1:
        raise TooMany(math.ceil((1 - left) * 60 / rate), Message("Too many calls. Wait a moment."))
    cache.set(key, (left - 1, now), _BUCKET_KEPT)


def _rate(ctx: Context) -> int:
    rate = cache.get(CALLS_PER_MINUTE.name)
    if rate is None:
        rate = value_of(CALLS_PER_MINUTE, ctx.today)
        cache.set(CALLS_PER_MINUTE.name, rate, _RATE_KEPT)
    return int(rate)
