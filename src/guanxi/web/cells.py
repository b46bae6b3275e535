"""The cells of a list: each value's text, where it leads, how it is drawn; worked out once for a whole page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.text import capfirst
from markupsafe import Markup

from guanxi.kernel.money import format_money
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec, Masked
from guanxi.records.links import HIDDEN, unseen, veiled
from guanxi.records.listing import Column
from guanxi.records.module import Computed, Module, has_column
from guanxi.records.registry import Registered
from guanxi.web import addresses, drawing
from guanxi.web.environment import short_moment
from guanxi.web.looks import look_of

#: Kinds whose value can be changed in the list itself.
SIMPLE = frozenset(
    {"text", "choice", "integer", "number", "money", "percent", "date", "phone", "email", "boolean", "address"}
)


class Cell(NamedTuple):
    """One value in a list: its text, and how it is drawn. `edit` names the field that can be changed in place."""

    text: str
    drawn: Markup
    column: Column
    title: str = ""
    href: str = ""
    is_primary: bool = False
    edit: str = ""

    def without_link(self) -> Cell:
        """The same, leading nowhere."""
        return self._replace(href="", drawn=drawing.plain(self.text)) if self.href else self


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
    masked = {column.name: Cell(HIDDEN, drawing.plain(HIDDEN), column) for column in columns if hidden.get(column.name)}
    quick = _inline_fields(known, columns)
    makers = [(column.name, column, cell_maker(module, column, visible)) for column in columns]
    base, query = addresses.of_module(module), addresses.with_query("", {"list": remembered})
    lines = []
    for row in rows:
        href = f"{base}{row.pk}/{query}"
        may_edit = row.pk in editable
        cells = []
        for name, column, make in makers:
            if name in masked and column.spec and column.spec.stored(row) in hidden[name]:
                cells.append(masked[name])
            elif name == primary:
                cells.append(make(row, href, ""))
            else:
                cells.append(make(row, "", name if may_edit and name in quick else ""))
        title = str(getattr(row, module.title) or row)
        lines.append(Line(row, title, href, tuple(cells), may_edit, row.pk in deletable))
    return lines


def _inline_fields(known: Registered, columns: tuple[Column, ...]) -> Collection[str]:
    if not (known.module.can("edit") and known.module.can("inline_edit")):
        return ()
    form = {spec.name for spec in known.form_fields}
    return {column.name for column in columns if column.kind in SIMPLE and column.name in form}


def cell_of(module: Module, row: Any, column: Column) -> Cell:
    """One cell by itself, after it was changed in place."""
    return cell_maker(module, column, {})(row, "", "")


#: Classes of values that are kept for a page; rows of other tables are told apart by more than being equal.
REPEATING = frozenset({str, int, bool, Decimal, datetime.date, Masked, type(None)})
#: Makes the cell of a row, given where it leads (of the column that names the row) and the field to edit in place.
CellMaker = Callable[[Any, str, str], Cell]


def cell_maker(module: Module, column: Column, visible: Mapping[str, Module]) -> CellMaker:
    """How the cells of a column are made; whatever is the same in every row is worked out here, once.

    `visible`: the modules behind links that the person may open.
    """
    draw = _drawing_of(module, column)
    figure, spec, name = column.figure, column.spec, column.name
    target = addresses.of_module(visible[name]) if column.kind == "link" and name in visible else ""
    is_moment = column.kind in ("date", "moment")
    made: dict[tuple[type, Any, str], Cell] = {}
    # Money of a document is in the document's own currency, so that what is equal does not look alike.
    in_currency = column.kind == "money" and spec is not None and has_column(module.model, "currency")

    def make(row: Any, href: str, edit: str) -> Cell:
        """Values repeat in a column, and what is equal looks alike: such a cell is made once for a page."""
        value = column.value(row)
        if in_currency and spec is not None and isinstance(value, Decimal):
            return Cell(spec.text(row), draw(value, spec.text(row)), column, "", href, bool(href), edit)
        if href or value.__class__ not in REPEATING:
            return new(value, href, edit)
        key = value.__class__, value, edit
        if key not in made:
            made[key] = new(value, href, edit)
        return made[key]

    def new(value: Any, href: str, edit: str) -> Cell:
        text = spec.kind.text(spec, value) if spec else figure_text(figure, value) if figure else str(value or "")
        if value is None or text == "":
            return Cell("", drawing.NOTHING, column, "", href, bool(href), edit)
        if href:
            return Cell(text, drawing.link(text, href, "n"), column, "", href, True, edit)
        if isinstance(value, Masked):
            return Cell(text, drawing.plain(text), column, "", "", False, "")
        if is_moment:
            short = short_moment(value)
            return Cell(short, drawing.plain(short), column, text, "", False, edit)
        if target:
            leads = f"{target}{value.pk}/"
            return Cell(text, drawing.link(text, leads), column, "", leads, False, edit)
        return Cell(text, draw(value, text), column, "", "", False, edit)

    return make


def _drawing_of(module: Module, column: Column) -> Callable[[Any, str], Markup]:
    """How a value that is there is drawn: as its look says, a truth as a tick, anything else as its text."""
    look = look_of(module.key, column.name)
    if look.style == "grade":
        return lambda value, text: drawing.grade(text, value in look.strong)
    if look.style == "tag":
        return lambda value, text: drawing.tag(text, look.tones.get(str(value), ""))
    if look.style == "seal":
        return lambda value, text: drawing.tag(text, "red" if value in look.strong else "")
    if look.style == "bar" and column.kind == "percent":
        return lambda value, text: drawing.bar(value)
    if column.kind == "boolean":
        return lambda value, text: drawing.yes_or_no(value)
    return lambda value, text: drawing.plain(text)


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
        # Who sees a record sees what it belongs to, as in its list: by name, with no way to it.
        known = registry.find(record._meta.label_lower)
        told = spec.text(record) if known is not None and spec.name == known.scope_through else HIDDEN
        return {"label": capfirst(str(spec.label)), "value": told, "href": "", "full": False}
    value = spec.value(record)
    text = spec.text(record)
    href = ""
    if value is not None and spec.name in visible:
        href = addresses.record(visible[spec.name], value.pk)
    elif spec.kind.name == "file" and value is not None:
        href = f"/files/{value.pk}/"
    elif isinstance(value, Masked):
        href = ""
    elif spec.kind.name == "email" and text:
        href = f"mailto:{text}"
    elif spec.kind.name == "phone" and text:
        href = f"tel:{value}"
    unit = f" {spec.unit}" if spec.unit and text else ""
    # What stands beside its Chinese in English is read out as English on a Chinese page.
    own = "en" if spec.name.endswith("_en") else ""
    label = capfirst(str(spec.label))
    return {"label": label, "value": text + unit, "href": href, "full": spec.kind.wide, "lang": own}
