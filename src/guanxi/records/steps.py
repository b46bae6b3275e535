"""Long work in parts: whoever watches is told how far it is, and each part begins with the rights of that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
