"""One row of a file on its way to a record: which input it gives, and what it may duplicate."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guanxi.kernel.masks import STARS, mask_number
from guanxi.kernel.messages import Message
from guanxi.platform.bulk import update_many
from guanxi.records import duplicates
from guanxi.records.context import Context
from guanxi.records.importing.cells import opened
from guanxi.records.importing.mapping import NUMBER
from guanxi.records.models import ImportRow, ImportRun
from guanxi.records.registry import Registered

#: A spreadsheet keeps 15 digits; of a longer figure the end is made up.
EXACT_DIGITS = 15
_TEXTUAL = frozenset({"text", "long_text", "phone", "address", "link", "tags", "email", "sealed"})


@dataclass(frozen=True)
class MappedColumn:
    """One column of the file: the field it goes to, and the unit of money its heading gives ("注册资金（万元）")."""

    index: int
    field: str
    unit: str = ""


def mapped_columns(known: Registered, run: ImportRun) -> list[MappedColumn]:
    """The columns that go somewhere."""
    columns = []
    for index, name in ((int(column), name) for column, name in run.mapping.items()):
        is_money = name in known.fields and known.field(name).kind.name == "money"
        heading = run.headings[index] if index < len(run.headings) else ""
        unit = _MONEY_UNIT.search(str(heading)) if is_money else None
        columns.append(MappedColumn(index, name, unit[1] if unit else ""))
    return columns


_MONEY_UNIT = re.compile(r"[(（\[【/:：\s](万|百万|千万|亿|千)元?[)）\]】]?\s*$")
_PLAIN_NUMBER = re.compile(r"[-+]?[\d,，]*\.?\d+")


def input_of(columns: Iterable[MappedColumn], cells: Sequence[Any]) -> dict[str, Any]:
    """What a row says, by field name; an empty cell says nothing, neither on a new record nor on one that exists."""
    values = {}
    for column in columns:
        value = cells[column.index] if column.index < len(cells) else None
        if value.__class__ is dict:
            value = opened(value)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        # A cell that names its own unit keeps it; a bare number is in the unit of the heading.
        if column.unit and _PLAIN_NUMBER.fullmatch(str(value).strip()):
            value = f"{str(value).strip()}{column.unit}元"
        values[column.field] = value
    return values


def writable(known: Registered, values: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a row's input that is written: without the number, by which a record is only found.

    A mask that an export put in the place of a value says nothing either: what stands in the record stays.
    """
    shape = known.shape
    names, personal, sealed = shape.form_names, shape.personal, known.sealed
    return {
        name: value
        for name, value in values.items()
        if name in names and not ((name in personal or name in sealed) and STARS in str(value))
    }


def rounded_figures(known: Registered, values: Mapping[str, Any]) -> dict[str, Message]:
    """Long numbers (an identity card, an account) that the spreadsheet has rounded, by field."""
    return {
        name: Message(
            "The spreadsheet has rounded this long number to 15 digits: %(value)s. Format the column as text.",
            value=mask_number(str(value)) if name in known.sealed else str(value),
        )
        for name, value in values.items()
        if isinstance(value, int | Decimal)
        and abs(value) >= 10**EXACT_DIGITS
        and known.field(name).kind.name in _TEXTUAL
    }


Key = tuple[str, str]


def keys_of(known: Registered, values: Mapping[str, Any], number: object = None) -> list[Key]:
    """The comparable keys of a row under the module's same-as rules, and its number, as (rule, key).

    `values`: parsed and completed by the module; `number`: as the file gives it.
    """
    found = [
        (rule.name, key)
        for rule in known.module.same_as
        if (value := values.get(rule.field)) not in (None, "", ()) and (key := rule.key(value)[: duplicates.KEY_LIMIT])
    ]
    text = str(number or "").strip()
    return [(NUMBER, text), *found] if text else found


def known_records(ctx: Context, known: Registered, rows: Sequence[Sequence[Key]]) -> list[list[tuple[str, uuid.UUID]]]:
    """For each row's keys the live records that share one and may be told: (rule, record), in the order of the keys."""
    wanted: dict[str, dict[str, None]] = {}
    for keys in rows:
        for rule, key in keys:
            wanted.setdefault(rule, {})[key] = None
    holders: dict[Key, list[uuid.UUID]] = {}
    for rule, texts in wanted.items():
        for key, record_id in _holders(known, rule, list(texts)):
            holders.setdefault((rule, key), []).append(record_id)
    told = duplicates.told(ctx, known, [(rule, record) for (rule, _key), found in holders.items() for record in found])
    return [
        [(rule, record) for rule, key in keys for record in holders.get((rule, key), ()) if (rule, record) in told]
        for keys in rows
    ]


def _holders(known: Registered, rule: str, keys: list[str]) -> Iterable[tuple[str, uuid.UUID]]:
    if rule != NUMBER:
        return duplicates.holders(known, rule, keys)
    live = known.module.model._default_manager.filter(number__in=keys, deleted_at=None)
    return live.order_by("pk").values_list("number", "pk")


WRITTEN = ("state", "problems", "duplicates", "record_id", "version_after")


def save_rows(rows: Sequence[ImportRow]) -> None:
    """Write what became of the rows."""
    update_many(ImportRow, rows, WRITTEN)
