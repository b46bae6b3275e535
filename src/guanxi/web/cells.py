"""The cells of a list: each value's text, where it leads, how it is drawn; worked out once for a whole page."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.links import HIDDEN, unseen, veiled
from guanxi.records.listing import Column
from guanxi.records.module import Computed, Module
from guanxi.records.registry import Registered
from guanxi.web import addresses
from guanxi.web.environment import short_moment
from guanxi.web.looks import Look, look_of

#: Kinds whose value can be changed in the list itself.
SIMPLE = frozenset(
    {"text", "choice", "integer", "number", "money", "percent", "date", "phone", "email", "boolean", "address"}
)


@dataclass(frozen=True)
class Cell:
    """One value in a list."""

    text: str
    column: Column
    look: Look
    value: Any = None
    title: str = ""
    href: str = ""
    is_primary: bool = False
    edit: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a list."""

    record: Any
    title: str
    href: str
    cells: tuple[Cell, ...]
    may_edit: bool
    may_delete: bool


def primary_of(module: Module, columns: tuple[Column, ...]) -> str:
    """The column that names the row and leads to it: the title, else the number, else the first."""
    names = [column.name for column in columns]
    return next((name for name in (module.title, "number") if name in names), names[0] if names else "")


def reachable(ctx: Context, module: Module, action: str, rows: list[Any]) -> set[Any]:
    """Of rows that the person sees, the ids of those he may do the action on: no query when he may on all."""
    if not rows or not ctx.may(module, action):
        return set()
    keys = {row.pk for row in rows}
    reach, sight = ctx.condition(module, action), ctx.condition(module, "view")
    if reach is None:
        return set()
    if not reach or reach == sight:
        return keys
    return set(ctx.search(module, action).filter(pk__in=keys).values_list("pk", flat=True))


def lines_of(
    ctx: Context, known: Registered, rows: list[Any], columns: tuple[Column, ...], remembered: str = ""
) -> list[Line]:
    """The rows of a page as they are drawn."""
    module = known.module
    primary = primary_of(module, columns)
    editable = reachable(ctx, module, "edit", rows) if module.can("edit") else set()
    deletable = reachable(ctx, module, "delete", rows) if module.can("delete") else set()
    links = {column.name: registry.find(column.spec.target) for column in columns if column.spec and column.spec.target}
    visible = {name: module for name, module in links.items() if module is not None and ctx.may(module)}
    hidden = {name: veiled(ctx, known, name, rows) for name in links}
    quick = _inline_fields(known, columns)
    base = addresses.of_module(module)
    query = {"list": remembered} if remembered else None
    lines = []
    for row in rows:
        href = addresses.with_query(f"{base}{row.pk}/", query)
        cells = []
        for column in columns:
            edit = f"{base}{row.pk}/field/{column.name}/" if column.name in quick and row.pk in editable else ""
            leads = column.name == primary
            if hidden.get(column.name) and column.spec and column.spec.stored(row) in hidden[column.name]:
                cells.append(Cell(text=HIDDEN, column=column, look=look_of(module.key, column.name)))
            else:
                cells.append(_cell(module, row, column, visible, "" if leads else edit, href if leads else ""))
        title = str(getattr(row, module.title) or row)
        lines.append(Line(row, title, href, tuple(cells), row.pk in editable, row.pk in deletable))
    return lines


def _inline_fields(known: Registered, columns: tuple[Column, ...]) -> Collection[str]:
    if not (known.module.can("edit") and known.module.can("inline_edit")):
        return ()
    form = {spec.name for spec in known.form_fields}
    return {column.name for column in columns if column.kind in SIMPLE and column.name in form}


def cell_of(module: Module, row: Any, column: Column) -> Cell:
    """One cell by itself, after it was changed in place."""
    return _cell(module, row, column, {}, "", "")


def _cell(module: Module, row: Any, column: Column, visible: dict[str, Module], edit: str, href: str) -> Cell:
    value = column.value(row)
    text = figure_text(column.figure, value) if column.figure else column.text(row)
    title, is_primary = "", bool(href)
    if isinstance(value, datetime.datetime | datetime.date):
        title, text = text, short_moment(value)
    is_link = column.kind == "link" and column.name in visible
    if not href and is_link and value is not None:
        href = addresses.record(visible[column.name], value.pk)
    return Cell(
        text=text,
        column=column,
        look=look_of(module.key, column.name),
        value=value,
        title=title,
        href=href,
        is_primary=is_primary,
        edit=edit,
    )


def figure_text(figure: Computed, value: Any) -> str:
    """A computed figure as people read it, by its kind."""
    if value is None:
        return ""
    if figure.kind == "money":
        return format_money(value)
    if figure.kind == "percent":
        return f"{value:f}%" if isinstance(value, Decimal) else f"{value}%"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def fact(ctx: Context, spec: FieldSpec, record: Any, visible: dict[str, Module]) -> dict[str, Any]:
    """A field of a record as its page shows it: label, text, where it leads."""
    if spec.kind.name == "link" and (key := spec.stored(record)) and unseen(ctx, spec.target, {key}):
        return {"label": capfirst(str(spec.label)), "value": HIDDEN, "href": "", "full": False}
    value = spec.value(record)
    text = spec.kind.text(spec, value)
    href = ""
    if value is not None and spec.name in visible:
        href = addresses.record(visible[spec.name], value.pk)
    elif spec.kind.name == "file" and value is not None:
        href = f"/files/{value.pk}/"
    elif spec.kind.name == "email" and text:
        href = f"mailto:{text}"
    elif spec.kind.name == "phone" and text:
        href = f"tel:{value}"
    unit = f" {spec.unit}" if spec.unit and text else ""
    return {"label": capfirst(str(spec.label)), "value": text + unit, "href": href, "full": spec.kind.wide}
