"""The column in which a record keeps the values of the fields that a company has added, and how queries reach into it.

The column is one JSON document per record: {"x_deposit": 500000, "x_taste": "|sweet|dry|"}. Each value stands in the
form in which a column of its kind would be stored (`packed`), so that one lookup path, `custom__x_deposit.money`,
filters, sorts and pages like a column of that kind does, on either database.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.lookups import Transform

from guanxi.kernel.money import fen, from_fen
from guanxi.records.fields import MoneyField

#: The name of the column in every business record.
COLUMN = "custom"
#: Names of added fields: letters, digits and single underscores, so that they can stand in a path and in a statement.
NAME = re.compile(r"x(?:_[a-z0-9]+)+")
_PATH = re.compile(rf"({NAME.pattern})\.([a-z_]+)")

_TEXT = models.TextField()
#: Kind → what its values are to the database.
_COLUMNS: dict[str, models.Field] = {
    "integer": models.BigIntegerField(),
    "number": models.DecimalField(max_digits=25, decimal_places=6),
    "percent": models.DecimalField(max_digits=25, decimal_places=6),
    "money": MoneyField(),
    "date": models.DateField(),
    "moment": models.DateTimeField(),
    "boolean": models.BooleanField(),
    "link": models.UUIDField(),
    "person": models.UUIDField(),
    "file": models.UUIDField(),
}
#: Kind → how the text that PostgreSQL finds in the document becomes a value. Texts that are missing are empty texts.
_POSTGRESQL = {
    "integer": "({})::bigint",
    "number": "({})::numeric",
    "percent": "({})::numeric",
    "money": "({})::bigint",
    "date": "({})::date",
    "moment": "({})::timestamptz",
    "boolean": "COALESCE(({})::boolean, false)",
    "link": "({})::uuid",
    "person": "({})::uuid",
    "file": "({})::uuid",
}
#: The same for SQLite, whose moments are texts without an offset and whose ids are texts without hyphens.
_SQLITE = {
    "integer": "{}",
    "number": "CAST({} AS NUMERIC)",
    "percent": "CAST({} AS NUMERIC)",
    "money": "{}",
    "date": "{}",
    "moment": "SUBSTR({}, 1, 19)",
    "boolean": "COALESCE({}, 0)",
    "link": "{}",
    "person": "{}",
    "file": "{}",
}
_EMPTY_TEXT = "COALESCE({}, '')"


def path_of(name: str, kind: str) -> str:
    """The path under which queries know an added field of that kind."""
    return f"{COLUMN}__{name}.{kind}"


class CustomValues(models.JSONField):
    """The values of a record's added fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def get_transform(self, name: str) -> Any:
        """The typed look at one value for a path part like `x_deposit.money`."""
        if match := _PATH.fullmatch(name):
            return _Look(match[1], match[2])
        return super().get_transform(name)


class _Look:
    """Makes the expression for one value; the query compiler calls it with the column."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def __call__(self, *args: Any, **kwargs: Any) -> Transform:
        return CustomValue(self.name, self.kind, *args, **kwargs)


class CustomValue(Transform):
    """One value of the document as the database's own type."""

    def __init__(self, name: str, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, output_field=_COLUMNS.get(kind, _TEXT), **kwargs)
        self.value_name, self.value_kind = name, kind

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """PostgreSQL takes the value out as text and makes a value of it."""
        column, params = compiler.compile(self.lhs)
        found = f"{column} ->> '{self.value_name}'"  # the name is one that NAME admits: nothing of it can end the text
        return _POSTGRESQL.get(self.value_kind, _EMPTY_TEXT).format(f"({found})"), params

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """SQLite takes the value out as what JSON says it is."""
        column, params = compiler.compile(self.lhs)
        found = f"JSON_EXTRACT({column}, '$.{self.value_name}')"
        return _SQLITE.get(self.value_kind, _EMPTY_TEXT).format(found), params


# ---- Values in the document ------------------------------------------------------------------------------------------


def _unpack_several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _pack_decimal(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _pack_moment(value: datetime.datetime) -> str:
    # To the second, because SQLite compares what stands here as text.
    return value.astimezone(datetime.UTC).isoformat(" ", "seconds")


_PACK: dict[str, Callable[[Any], Any]] = {
    "number": _pack_decimal,
    "percent": _pack_decimal,
    "money": fen,
    "date": datetime.date.isoformat,
    "moment": _pack_moment,
    "multi_choice": lambda parts: f"|{'|'.join(parts)}|",
    "tags": lambda parts: f"|{'|'.join(parts)}|",
    "link": lambda row: row.pk.hex,
    "person": lambda row: row.pk.hex,
    "file": lambda row: row.pk.hex,
}
_UNPACK: dict[str, Callable[[Any], Any]] = {
    "number": Decimal,
    "percent": Decimal,
    "money": from_fen,
    "date": datetime.date.fromisoformat,
    "moment": datetime.datetime.fromisoformat,
    "multi_choice": _unpack_several,
    "tags": _unpack_several,
    "link": uuid.UUID,
    "person": uuid.UUID,
    "file": uuid.UUID,
}
_NOTHING: dict[str, Any] = {"multi_choice": (), "tags": (), "boolean": False}


def nothing(kind: str) -> Any:
    """What a field of that kind holds as long as nobody has filled it in: as its column would."""
    return _NOTHING.get(kind) if kind in _NOTHING or kind in _COLUMNS else ""


def packed(kind: str, value: Any) -> Any:
    """A value as the document holds it; of a link the row is given, and its id is kept."""
    return _PACK[kind](value) if kind in _PACK else value


def unpacked(kind: str, value: Any) -> Any:
    """What `packed` made, as a record holds it; of a link the id."""
    return _UNPACK[kind](value) if kind in _UNPACK else value
