"""What the people of the company do, planned entry by entry and then played in the order of time.

Each entry becomes an ordinary action of the person named in it, at its moment. Entries of one person, one record type
and one moment are run together, as an import would.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import transaction

from guanxi.demo.company import SOURCE
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.actions import Action, run_many
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.context import Context
from guanxi.records.standard import CREATE, action_of
from guanxi.records.work import Item


@dataclass(frozen=True)
class Made:
    """The record that an earlier entry makes, named by that entry's key; known only when the entry was played."""

    key: str


#: Records that are looked up when the entry is played, such as everything that waits on that day.
Chosen = Callable[[Context], Iterable[Any]]


@dataclass(frozen=True)
class Entry:
    """One thing that one person does at one moment. `key` names what comes of it, `target` is what it is done to."""

    moment: datetime.datetime
    username: str
    module: str
    values: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    action: str = "create"
    target: Made | Chosen | None = None
    #: Tried and refused: the trail keeps it, and the person does it right afterwards.
    is_tried: bool = False
    #: What for; whoever has to approve it reads this.
    reason: str = ""


class Timetable:
    """Entries to be played, and the records that came of those that were."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._entries: list[Entry] = []
        self.made: dict[str, Any] = {}
        self.played = 0

    def add(self, entry: Entry) -> None:
        """Plan one entry; its references must be to entries of the same moment planned before, or earlier."""
        self._entries.append(entry)

    def play(self) -> None:
        """Run everything that is planned, in the order of time and, within a moment, of planning.

        A month is one transaction: thousands of small ones would mostly wait for the disk.
        """
        planned, self._entries = sorted(self._entries, key=lambda entry: entry.moment), []
        for _month, entries in groupby(planned, key=lambda entry: (entry.moment.year, entry.moment.month)):
            with transaction.atomic():
                for (moment, username, module, action, reason), together in _batches(entries):
                    with clock_at(moment):
                        ctx = Context.of(self._people[username], source=SOURCE, now=moment, reason=reason)
                        self._run(ctx, module, action, together)

    def _run(self, ctx: Context, module: str, name: str, entries: list[Entry]) -> None:
        action: Action | None = CREATE if name == "create" else action_of(registry.module(module), name)
        if action is None:
            raise LookupError(f"{module} has no action {name}")
        aims = [(entry, target) for entry in entries for target in self._targets(ctx, entry)]
        items = [
            Item(target, {name: self._meant(value) for name, value in entry.values.items()}) for entry, target in aims
        ]
        tried = any(entry.is_tried for entry in entries)
        try:
            works = run_many(action, ctx, module, items, keep_good=tried) if items else []
        except AwaitsApproval as waiting:
            # Asked for by itself: what comes of it is the request.
            self.played += 1
            self.made[entries[0].key] = waiting.pending
            return
        for (entry, _target), work in zip(aims, works, strict=True):
            self.played += 1
            if entry.key:
                self.made[entry.key] = work.result

    def _targets(self, ctx: Context, entry: Entry) -> list[Any]:
        if callable(entry.target):
            return list(entry.target(ctx))
        return [self._meant(entry.target)]

    def _meant(self, value: Any) -> Any:
        if isinstance(value, Made):
            return self.made[value.key]
        if isinstance(value, list):
            return [self._meant(part) for part in value]
        if isinstance(value, dict):
            return {name: self._meant(part) for name, part in value.items()}
        return value


#: Moment, user name, record type, verb and reason of entries that are run together.
Head = tuple[datetime.datetime, str, str, str, str]


def _batches(ordered: Iterable[Entry]) -> Iterator[tuple[Head, list[Entry]]]:
    """Entries by moment; those of one person, record type and verb together, in the order the first of them stands."""
    for moment, together in groupby(ordered, key=lambda entry: entry.moment):
        batches: dict[Head, list[Entry]] = {}
        for entry in together:
            head = (moment, entry.username, entry.module, entry.action, entry.reason)
            batches.setdefault(head, []).append(entry)
        yield from batches.items()
