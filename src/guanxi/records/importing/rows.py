"""One row of a file on its way to a record: which input it gives, and what it may duplicate."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import duplicates
from guanxi.records.context import Context
from guanxi.records.importing.mapping import NUMBER
from guanxi.records.importing.reading import value_of
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.module import has_column
from guanxi.records.registry import Registered

#: A spreadsheet keeps 15 digits; of a longer figure the end is made up.
EXACT_DIGITS = 15
_TEXTUAL = frozenset({"text", "long_text", "phone", "address", "link", "tags", "email"})

#: Gives the circumstances anew, so that a right that was taken away meanwhile no longer counts.
Renew = Callable[[], Context]


class Steps(Protocol):
    """Whoever is told how far a long piece of work has come."""

    def step(self, done: int, total: int | None = None, message: object = None) -> None:
        """Told that `done` of `total` are finished."""


class Untold:
    """Nobody watches: for work that is done while its caller waits."""

    def step(self, done: int, total: int | None = None, message: object = None) -> None:
        """Nobody to tell."""


def mapped_columns(run: ImportRun) -> dict[int, str]:
    """Column index to field name."""
    return {int(column): name for column, name in run.mapping.items()}


def input_of(known: Registered, columns: Mapping[int, str], cells: Sequence[Any]) -> dict[str, Any]:
    """What a row says, by field name; an empty cell says nothing, neither on a new record nor on one that exists."""
    values = {}
    for column, name in columns.items():
        value = value_of(cells[column]) if column < len(cells) else None
        if value is not None and not (isinstance(value, str) and not value.strip()):
            values[name] = value
    return values


def writable(known: Registered, values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a row's input that is written: without the number, by which a record is only found."""
    names = {spec.name for spec in known.form_fields}
    return {name: value for name, value in values.items() if name in names}


def rounded_figures(known: Registered, values: Mapping[str, Any]) -> dict[str, Message]:
    """Long numbers (an identity card, an account) that the spreadsheet has rounded, by field."""
    return {
        name: Message(
            "The spreadsheet has rounded this long number to 15 digits: %(value)s. Format the column as text.",
            value=str(value),
        )
        for name, value in values.items()
        if isinstance(value, int)
        and not isinstance(value, bool)
        and abs(value) >= 10**EXACT_DIGITS
        and known.field(name).kind.name in _TEXTUAL
    }


Key = tuple[str, str]


def keys_of(known: Registered, values: Mapping[str, Any]) -> dict[Key, str]:
    """The comparable keys of a row under the module's same-as rules, and its number: (rule, key) to the rule's name."""
    found: dict[Key, str] = {}
    for rule in known.module.same_as:
        spec = known.field(rule.field)
        try:
            value = spec.kind.parse(spec, values.get(rule.field))
        except Invalid:
            continue
        if value not in (None, "", ()) and (key := rule.key(value)[: duplicates.KEY_LIMIT]):
            found[rule.name, key] = rule.name
    if number := str(values.get(NUMBER) or "").strip():
        found[NUMBER, number] = NUMBER
    return found


def known_records(known: Registered, rows: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, uuid.UUID]]]:
    """For each row the live records that share its number or one of its keys: (rule, record), the number first."""
    parsed = [_parsed_keys(known, values) for values in rows]
    found = [
        [(rule.name, record_id) for rule, record_id in hits] for hits in duplicates.matching_ids(known, parsed)
    ]
    for position, record_id in _by_number(known, rows):
        found[position].insert(0, (NUMBER, record_id))
    return found


def _parsed_keys(known: Registered, values: Mapping[str, Any]) -> dict[str, Any]:
    parsed = {}
    for rule in known.module.same_as:
        spec = known.field(rule.field)
        try:
            parsed[rule.field] = spec.kind.parse(spec, values.get(rule.field))
        except Invalid:
            continue
    return parsed


def _by_number(known: Registered, rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, uuid.UUID]]:
    given = {
        position: number for position, values in enumerate(rows) if (number := str(values.get(NUMBER) or "").strip())
    }
    if not given or not has_column(known.module.model, NUMBER):
        return []
    numbers = list(dict.fromkeys(given.values()))
    ids: dict[str, uuid.UUID] = {}
    for start in range(0, len(numbers), 500):
        live = known.module.model._default_manager.filter(number__in=numbers[start : start + 500], deleted_at=None)
        ids.update(live.values_list("number", "pk"))
    return [(position, ids[number]) for position, number in given.items() if number in ids]


WRITTEN = ("state", "problems", "duplicates", "record_id", "version_after")


def save_rows(rows: Sequence[ImportRow]) -> None:
    """Write what became of the rows, in one statement per thousand."""
    ImportRow.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
    )
