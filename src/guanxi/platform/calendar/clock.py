"""The one clock of the program: every other module asks here what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# The regulation's days are days in China, wherever the server stands.
CHINA = ZoneInfo("Asia/Shanghai")

_set_clock: ContextVar[datetime | None] = ContextVar("set_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set_clock.get() or datetime.now(UTC)


def today() -> date:
    """The present day in China."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Chinese clock. A moment without a time zone raises ValueError: it would be a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(CHINA)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment` (aware): for playing a past year of the demo company, and for tests."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    token = _set_clock.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_clock.reset(token)
