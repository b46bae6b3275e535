"""The kinds of duty that the regulation lays on people, each declared once in the room that knows when it arises.

    ENTER_FILE = Duty("intake.enter_file", label=_("enter an approved file"), clause="WF-10", days=ENTRY_DAYS)

What a single person owes is an `Obligation`; see `keeping`.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta

from guanxi.kernel.policy import Parameter
from guanxi.platform.calendar.working_days import add_working_days, due_at
from guanxi.platform.policy.values import value_of

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
NAME_LENGTH = 80


@dataclass(frozen=True)
class Duty:
    """A kind of duty. `name`: room and verb, "intake.enter_file"; `label`: what people read, as a verb.

    Making one declares it. Raises ValueError for an impossible name and for one that is taken.
    """

    name: str
    _: KW_ONLY
    label: object = field(default="", compare=False)
    #: Where the regulation asks for it; "" where it is the product's own.
    clause: str = ""
    #: So many working days before it is due it is called to mind; 0 on the very day, None not at all.
    remind_days: int | None = 1
    #: So many working days after it was due the superior is told; 0 on the day after.
    escalate: int = 0
    #: How long one has for it, as a figure or as a parameter of the regulation; None where each case says it.
    days: Parameter[int] | int | None = None
    #: Whether these are working days of China's calendar, or days of any kind.
    working: bool = True
    #: Whether who owes it may say himself that it is done, with a remark or a paper; otherwise only a record shows it.
    by_hand: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > NAME_LENGTH:
            raise ValueError(f"{self.name!r} is not a duty's name (room.verb in lower case)")
        if self.name in _declared:
            raise ValueError(f"the duty {self.name} is declared twice")
        if min(self.remind_days or 0, self.escalate) < 0:
            raise ValueError(f"{self.name}: days before and after cannot be negative")
        _declared[self.name] = self

    def due_after(self, day: date) -> date:
        """The last day on which it is in time, if it arose on `day`. ValueError where only the case can say it."""
        if self.days is None:
            raise ValueError(f"{self.name} has no period of its own: name the day it is due")
        count = value_of(self.days, day) if isinstance(self.days, Parameter) else self.days
        return due_at(day, count) if self.working else day + timedelta(days=count)

    def remind_on(self, due: date) -> date | None:
        """The day from which on the duty is called to mind."""
        if self.remind_days is None:
            return None
        return add_working_days(due, -self.remind_days) if self.remind_days else due

    def escalate_on(self, due: date) -> date:
        """The day from which on the superior is told that it was not done."""
        last = add_working_days(due, self.escalate) if self.escalate else due
        return last + timedelta(days=1)


_declared: dict[str, Duty] = {}


def declared() -> tuple[Duty, ...]:
    """Every kind of duty, by name."""
    return tuple(_declared[name] for name in sorted(_declared))


def find(name: str) -> Duty | None:
    """The kind of that name; None for one that only older rows know."""
    return _declared.get(name)


def forget(name: str) -> None:
    """Take a declaration back: for tests that make their own."""
    del _declared[name]
