"""What kinds of work there are: jobs, schedules and senders, each declared once beside the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Generic, Protocol, TypeVar

from guanxi.platform.calendar.clock import local


class Later(Exception):  # noqa: N818 - an answer, not an error
    """Raised by a sender that knows that now is not the time: the message waits until `at`, and no attempt counts."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(f"not before {at}")


class JobFunction(Protocol):
    """`fn(progress, **payload) -> dict | None`: does the work and returns a JSON-safe result.

    It may be started again from the beginning after a crash, so its effects must not double when repeated.
    """

    def __call__(self, progress: Any, /, **payload: Any) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class JobKind:
    """A kind of job. `name`: "records.apply_import"; `title`: what users read; `attempts`: starts before parking."""

    name: str
    title: object
    attempts: int
    function: JobFunction


@dataclass(frozen=True)
class Schedule:
    """A repeated duty of the system: either `every` so long, or each day at the Chinese time `daily_at`."""

    name: str
    function: Callable[[datetime], object]
    every: timedelta | None
    daily_at: time | None

    @property
    def period(self) -> timedelta:
        """How long it is from one run to the next."""
        return self.every or timedelta(days=1)

    def first_after(self, at: datetime) -> datetime:
        """When it runs next, seen from the moment `at`."""
        if self.daily_at is None:
            return at + self.period
        run = datetime.combine(local(at).date(), self.daily_at, local(at).tzinfo)
        return run if run > at else run + timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """How one attempt at sending a message ended, as far as the outbox is concerned.

    `state`: of the message now; `attempts`: how many were made; `next_try_at`: when the next is due, None for never;
    `error`: what went wrong, "" for nothing.
    """

    at: datetime
    state: str
    attempts: int
    next_try_at: datetime | None
    error: str


@dataclass(frozen=True)
class Sender:
    """What hands a kind of outgoing message over. `repeatable`: whether sending one twice does no harm.

    `told`: hears of each attempt with the message's payload, in the transaction that notes how it ended.
    """

    kind: str
    function: Callable[[dict[str, Any]], object]
    repeatable: bool
    told: Callable[[dict[str, Any], Attempt], object] | None = None


E_ = TypeVar("E_", JobKind, Schedule, Sender)


class Register(Generic[E_]):
    """Entries by name; the same name twice is a programming error."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, E_] = {}

    def add(self, name: str, entry: E_) -> None:
        """Keep the entry. Raises ValueError when the name is taken."""
        if name in self._entries:
            raise ValueError(f"the {self.noun} {name} is registered twice")
        self._entries[name] = entry

    def remove(self, name: str) -> None:
        """Forget the entry: for tests that register their own."""
        del self._entries[name]

    def get(self, name: str) -> E_ | None:
        """The entry of that name, or None."""
        return self._entries.get(name)

    def need(self, name: str) -> E_:
        """The entry of that name. Raises LookupError for an unknown one."""
        if name not in self._entries:
            raise LookupError(f"no {self.noun} is called {name}")
        return self._entries[name]

    def all(self) -> tuple[E_, ...]:
        """All entries in the order of registration."""
        return tuple(self._entries.values())


job_kinds: Register[JobKind] = Register("job")
schedules: Register[Schedule] = Register("schedule")
senders: Register[Sender] = Register("sender")

F = TypeVar("F", bound=Callable[..., Any])


def job(name: str, *, title: object, attempts: int = 5) -> Callable[[F], F]:
    """Register the decorated `fn(progress, **payload) -> dict | None` as the kind of job `name`.

    `title`: what the user reads (Message or lazy translation); `attempts`: how often it is started before it is parked
    when workers die under it or something temporary stands in the way.
    """
    if attempts < 1:
        raise ValueError(f"the job {name} must be allowed at least one attempt")

    def register(function: F) -> F:
        job_kinds.add(name, JobKind(name, title, attempts, function))
        return function

    return register


def scheduled(name: str, *, every: timedelta | None = None, daily_at: str | None = None) -> Callable[[F], F]:
    """Register the decorated `fn(at)` to run `every` so long, or each day at `daily_at` ("02:00", Chinese time).

    What was missed while no worker ran is made up for once, not once per missed time.
    """
    if (every is None) == (daily_at is None):
        raise ValueError(f"the schedule {name} needs either every or daily_at")
    if every is not None and every <= timedelta(0):
        raise ValueError(f"the schedule {name} must be apart by a positive time")
    clock = None if daily_at is None else time.fromisoformat(daily_at)

    def register(function: F) -> F:
        schedules.add(name, Schedule(name, function, every, clock))
        return function

    return register


def sender(
    kind: str, *, repeatable: bool = False, told: Callable[[dict[str, Any], Attempt], object] | None = None
) -> Callable[[F], F]:
    """Register the decorated `fn(payload)` as what sends outgoing messages of that kind.

    It runs outside any transaction. A Problem parks the message at once (it will never work), `Later` puts it off, any
    other exception is tried again. `repeatable`: a message whose worker died during sending is sent again, at the risk
    of twice; otherwise it is parked for a person to look at. `told(payload, attempt)` hears how each attempt ended.
    """

    def register(function: F) -> F:
        senders.add(kind, Sender(kind, function, repeatable, told))
        return function

    return register
