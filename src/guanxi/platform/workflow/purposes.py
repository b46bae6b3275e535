"""What is to happen when a process ends: whoever starts processes registers it here, once, at start-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from guanxi.platform.people.models import Person
    from guanxi.platform.workflow.models import ProcessInstance

#: Called within the transaction in which the process ends: (the process, who took the last step, when). Nobody did
#: where a timer ended it. What it raises undoes that step.
Ended = Callable[["ProcessInstance", "Person | None", "datetime"], None]


@dataclass(frozen=True)
class Purpose:
    """Why processes are started. `ends` are the outcomes that a diagram needs to serve it."""

    name: str
    ended: Ended
    ends: frozenset[str] = frozenset()


_purposes: dict[str, Purpose] = {}


def purpose(name: str, *, ends: tuple[str, ...] = ()) -> Callable[[Ended], Ended]:
    """Register what happens when a process of that purpose ends."""

    def register(function: Ended) -> Ended:
        if name in _purposes:
            raise ValueError(f"the purpose {name} is registered twice")
        _purposes[name] = Purpose(name, function, frozenset(ends))
        return function

    return register


def of(name: str) -> Purpose | None:
    """The purpose of that name; None for a process that serves nothing but itself."""
    return _purposes.get(name)
