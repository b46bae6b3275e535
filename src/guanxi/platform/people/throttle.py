"""Slowing down guessers: attempts are counted before anything costly is done, and every further failure waits longer.

Three things are counted at once. A name from one address is shut for a quarter of an hour after five failures. An
address that tries many names, and a name that is tried from many addresses, wait ever longer; a name alone never more
than a minute, so that an outsider cannot shut anybody out.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction

from guanxi.kernel.errors import TooMany
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import now
from guanxi.platform.people.sign_in import Attempt


@dataclass(frozen=True)
class Limit:
    """From the failure number `free` on one waits: `first`, then twice as long with each, at most `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta(0)
        return min(self.longest, self.first * (1 << min(failures - self.free, 20)))


QUARTER = timedelta(minutes=15)
NAME_AT_ADDRESS = Limit(5, QUARTER, QUARTER)
ADDRESS = Limit(20, timedelta(seconds=4), QUARTER)
NAME = Limit(20, timedelta(seconds=1), timedelta(minutes=1))
CODE = Limit(5, QUARTER, QUARTER)
MAIL = Limit(3, QUARTER, QUARTER)
#: A link is opened, its file read, and what was entered is put right once or twice.
LINK = Limit(40, timedelta(seconds=10), QUARTER)
#: After so long without a failure, nothing is held against anybody.
FORGIVEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Counted:
    """One thing that is counted: what ("name", "address"), its value, and how patient one is with it."""

    what: str
    value: str
    limit: Limit
    #: A success clears it; otherwise it only takes back its own attempt.
    cleared: bool = True

    @property
    def key(self) -> str:
        """What is stored instead of the value."""
        return hashlib.sha256(f"{self.what}\0{self.value}".encode()).hexdigest()


def sign_in(name: str, address: str) -> tuple[Counted, ...]:
    """What is counted when somebody signs in under a name from an address."""
    return (
        Counted("name at address", f"{name}\0{address}", NAME_AT_ADDRESS),
        Counted("name", name, NAME),
        Counted("address", address, ADDRESS, cleared=False),
    )


def code(person_id: object) -> tuple[Counted, ...]:
    """What is counted when a person shows a second factor, wherever he does."""
    return (Counted("code", str(person_id), CODE),)


def confirmation(person_id: object) -> tuple[Counted, ...]:
    """What is counted when a person who is signed in is asked for his password again."""
    return (Counted("confirmation", str(person_id), CODE),)


def mail(name: str, address: str) -> tuple[Counted, ...]:
    """What is counted when somebody asks for a mail to a name."""
    return (Counted("mail", name, MAIL), Counted("mail from", address, ADDRESS))


def link(address: str) -> tuple[Counted, ...]:
    """What is counted when somebody comes with a link of his own: addresses that try many."""
    return (Counted("link from", address, ADDRESS),)


def program(name: str, address: str) -> tuple[Counted, ...]:
    """What is counted when a program shows a name with a token that is none, apart from the person's own sign-ins.

    A telephone that goes on asking with a revoked token shuts nobody out of the pages.
    """
    return (
        Counted("program at address", f"{name}\0{address}", NAME_AT_ADDRESS),
        Counted("program from", address, ADDRESS, cleared=False),
    )


def link_opened(link_id: object) -> tuple[Counted, ...]:
    """What is counted each time a link that serves is opened, wherever from."""
    return (Counted("link", str(link_id), LINK),)


class Try:
    """One attempt that is under way. It counts as failed unless it is said to have succeeded."""

    def __init__(self, counted: Sequence[Counted]) -> None:
        self._counted = counted

    def succeeded(self) -> None:
        """It was right: nothing is held against the name; the address gets this one attempt back."""
        with transaction.atomic():
            for each in self._counted:
                rows = Attempt.objects.filter(key=each.key)
                if each.cleared:
                    rows.delete()
                    continue
                row = rows.select_for_update().first()
                if row is not None:
                    row.failures = max(0, row.failures - 1)
                    row.shut_until = None
                    row.save()

    def shut_for(self) -> int:
        """For how many seconds the door is shut after this attempt; 0 when the next may follow at once."""
        return _shut_seconds(self._counted, now())


@contextmanager
def attempt(counted: Sequence[Counted]) -> Iterator[Try]:
    """Count an attempt before it is made, so that many at once are not more than many in turn.

    Raises:
        TooMany: too many have failed; nothing is counted, and `seconds` tells how long to wait.
    """
    moment = now()
    with transaction.atomic():
        seconds = _shut_seconds(counted, moment)
        if not seconds:
            for each in counted:
                _count(each, moment)
    if seconds:
        raise TooMany(seconds, Message("Too many attempts. Try again in %(seconds)s seconds.", seconds=seconds))
    yield Try(counted)


def _shut_seconds(counted: Sequence[Counted], moment: datetime) -> int:
    keys = [each.key for each in counted]
    ends = Attempt.objects.filter(key__in=keys, shut_until__gt=moment).values_list("shut_until", flat=True)
    return max((ceil((end - moment).total_seconds()) for end in ends if end is not None), default=0)


def _count(each: Counted, moment: datetime) -> None:
    Attempt.objects.get_or_create(key=each.key, defaults={"last_at": moment})
    row = Attempt.objects.select_for_update().get(key=each.key)
    row.failures = 1 if moment - row.last_at > FORGIVEN_AFTER else row.failures + 1
    row.last_at = moment
    wait = each.limit.wait_after(row.failures)
    row.shut_until = moment + wait if wait else None
    row.save()


def forget_old(at: datetime) -> int:
    """Drop what nobody needs to be reminded of any more; returns how many rows."""
    return Attempt.objects.filter(last_at__lt=at - FORGIVEN_AFTER).delete()[0]
