"""What happened, told upward: rooms publish frozen facts, rooms above listen.

After the commit, as a rule: nothing is told of what was rolled back. Only witnesses hear of it within the transaction.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """A fact that others may react to; rooms derive their own."""


@dataclass(frozen=True)
class RecordsWritten(Event):
    """Records of a module were written by an action."""

    module: str
    action: str
    records: tuple[uuid.UUID, ...]
    actor: uuid.UUID | None


E = TypeVar("E", bound=Event)
_listeners: dict[type[Event], list[Callable[[Any], None]]] = {}
_witnesses: dict[type[Event], list[Callable[[Any], None]]] = {}


def subscribe(kind: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` for each event of that kind, after the transaction that published it has committed."""
    _listeners.setdefault(kind, []).append(listener)


def witness(kind: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` in the very transaction that publishes the event: for what must be kept or lost together with it.

    What it raises undoes the action, so it does no more than write a few rows.
    """
    _witnesses.setdefault(kind, []).append(listener)


def publish(event: Event) -> None:
    """Tell the witnesses now, and the listeners once the current transaction commits."""
    for witnessing in _witnesses.get(type(event), ()):
        witnessing(event)
    listeners = _listeners.get(type(event), ())
    if listeners:
        transaction.on_commit(lambda: _tell(event, tuple(listeners)))


def _tell(event: Event, listeners: tuple[Callable[[Any], None], ...]) -> None:
    for listener in listeners:
        try:
            listener(event)
        except Exception:
            # The fact stands whatever a listener makes of it; duties that must not be lost are opened by schedules too.
            logger.exception("listener %s failed on %s", listener, event)
