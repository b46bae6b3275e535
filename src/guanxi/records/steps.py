"""Long work in parts: whoever watches is told how far it is, and each part begins with the rights of that moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Protocol, TypeVar

from guanxi.records.context import Context

#: Gives the circumstances anew, so that a right that was taken away meanwhile no longer counts.
Renew = Callable[[], Context]

T = TypeVar("T")


class Steps(Protocol):
    """Whoever is told how far a long piece of work has come."""

    def step(self, done: int, total: int | None = None, message: object = None) -> None:
        """Told that `done` of `total` are finished."""


class Untold:
    """Nobody watches: for work that is done while its caller waits."""

    def step(self, done: int, total: int | None = None, message: object = None) -> None:
        """Nobody to tell."""


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


#: So long may one transaction of a long piece of work keep others from writing; more rows cost less each.
TOLERABLE_SECONDS = 0.1
LEAST = 50


class Pace:
    """How many rows the next transaction takes on: as many as are written before others would feel it, at most `most`.

    On a busy machine the same rows take many times as long, hence it is measured as it goes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(most, 100)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around the work of one transaction, within it: waiting for one's turn is no work."""
        begun = time.monotonic()
        yield
        spent = max(time.monotonic() - begun, 0.001)
        wanted = int(self.size * min(TOLERABLE_SECONDS / spent, 2))
        self.size = max(min(wanted, self._most), min(LEAST, self._most))
