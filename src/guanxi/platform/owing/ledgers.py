"""The tables of what people owe by a day, each described once, beside the table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, QuerySet

from guanxi.platform.people.models import Person

#: By the id of who owes: who was told, nobody where nobody is above him.
Above = Mapping[UUID, Person | None]


class Ledger(ABC):
    """A table whose rows have an `owner` and a day `due_on`; as text a row says what is asked of him."""

    model: ClassVar[type[Model]]
    #: Under which name notices know its rows, and what sort of notices are sent about them.
    name: ClassVar[str]
    notice: ClassVar[str]
    #: The column by which rows are told of together.
    kind: ClassVar[str]
    #: Who may do this (names of the record type, action) looks after what nobody is above.
    care: ClassVar[tuple[tuple[str, ...], str]]

    @abstractmethod
    def standing(self) -> QuerySet[Any]:
        """What is still owed."""

    def to_remind(self, today: date) -> QuerySet[Any] | None:
        """What is due soon and was not called to mind yet; None where nothing ever is."""
        return None

    def mark_reminded(self, rows: QuerySet[Any], at: datetime) -> int:
        """Write down that these were called to mind; returns of how many nobody had written it before."""
        return rows.update(reminded_at=at)

    @abstractmethod
    def to_escalate(self, today: date) -> QuerySet[Any]:
        """What is late and was not told above yet."""

    @abstractmethod
    def mark_escalated(self, rows: QuerySet[Any], above: Above, at: datetime) -> int:
        """Write down that the superiors were told of these; returns of how many nobody had written it before."""

    @abstractmethod
    def label(self, row: Any) -> object:
        """What all rows of this row's kind ask, in the reader's language."""

    @abstractmethod
    def hand_over(self, leaver: Person, others: Sequence[Person], at: datetime) -> None:
        """What he owes is owed by another of those from now on, the first who can; nothing changes where none can."""


_ledgers: list[Ledger] = []


def register(ledger: type[Ledger]) -> type[Ledger]:
    """Have a table looked after; decorates its description."""
    _ledgers.append(ledger())
    return ledger


def registered() -> tuple[Ledger, ...]:
    """All tables that are looked after."""
    return tuple(_ledgers)
