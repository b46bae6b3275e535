"""Places in the order of a list: a page is told by the last row before it, so that every page costs the same."""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.dateparse import parse_date, parse_datetime

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.module import Module

#: A row's value in the sorted column, and its id.
Place = tuple[Any, uuid.UUID]


def sort_lookup(module: Module, name: str) -> str:
    """People and linked records sort by their name, not by their id."""
    spec = registry.entry(module).field(name)
    if spec.kind.name == "person":
        return f"{name}__name"
    if spec.kind.name == "link":
        target = registry.find(spec.target)
        return f"{name}__{target.title}" if target else f"{name}__name"
    return spec.lookup


def order_of(module: Module, name: str, descending: bool) -> list[Any]:
    """The columns of an order, down to the id, so that no two rows are level."""
    lookup = sort_lookup(module, name)
    column = registry.entry(module).field(name).column
    if not column.null:
        return [f"-{lookup}", "-pk"] if descending else [lookup, "pk"]
    # Rows without a value come last when ascending, first when descending: one order, read in two directions.
    order = F(lookup).desc(nulls_first=True) if descending else F(lookup).asc(nulls_last=True)
    return [order, "-pk" if descending else "pk"]


def place_of(module: Module, name: str, record: Any) -> Place:
    """Where a record stands in an order."""
    spec = registry.entry(module).field(name)
    value = spec.value(record)
    if spec.target:
        value = getattr(value, sort_lookup(module, name).rpartition("__")[2], None)
    return value, record.pk


def beyond(module: Module, name: str, descending: bool, place: Place) -> Q:
    """The rows beyond a place in the order."""
    lookup = sort_lookup(module, name)
    nullable = registry.entry(module).field(name).column.null
    value, pk = place
    side = "lt" if descending else "gt"
    same_and_beyond = {f"pk__{side}": pk}
    if value is None:
        tied = Q(**{f"{lookup}__isnull": True}, **same_and_beyond)
        return tied | Q(**{f"{lookup}__isnull": False}) if descending else tied
    # So written that an index is entered at the place: "beyond it, or level and beyond its id" would read up to it.
    condition = Q(**{f"{lookup}__{side}e": value}) & (Q(**{f"{lookup}__{side}": value}) | Q(**same_and_beyond))
    if nullable and not descending:
        condition |= Q(**{f"{lookup}__isnull": True})
    return condition


def cursor_of(module: Module, name: str, record: Any, *, backwards: bool) -> str:
    """A record's place as the address of the page after it, or before it."""
    value, pk = place_of(module, name, record)
    payload = ["<" if backwards else ">", _encode(value), str(pk)]
    return base64.urlsafe_b64encode(json.dumps(payload, ensure_ascii=False).encode()).decode().rstrip("=")


def _encode(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _decode(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return parse_datetime(value["moment"])
    if "date" in value:
        return parse_date(value["date"])
    return Decimal(value["number"])


def read_cursor(cursor: str) -> tuple[bool, Place | None]:
    """Whether a cursor leads backwards, and from which place; Invalid for one that was made up."""
    if not cursor:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        sign, value, pk = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if sign not in ("<", ">"):
            raise ValueError(sign)
        return sign == "<", (_decode(value), uuid.UUID(pk))
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
        raise unreadable() from None


def unreadable() -> Invalid:
    """What is answered to a cursor that was made up."""
    return Invalid({"": [Message("This page of the list cannot be read; start again at the first page.")]})
