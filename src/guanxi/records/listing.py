"""One page of a list: scope, saved view, filters, quick search, order, and paging that costs the same on every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet

from guanxi.kernel.messages import Message
from guanxi.platform.prepared import Prepared
from guanxi.records import disclosing, masking, registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import compile_filter
from guanxi.records.models import SavedView
from guanxi.records.module import Computed, Module, View
from guanxi.records.paging import beyond, cursor_of, order_of, place_of, read_cursor, unreadable
from guanxi.records.selection import COUNT_CAP, Drawn, Number, Selection

PAGE_SIZE = 25
MAX_PAGE_SIZE = 200


@dataclass(frozen=True)
class Query:
    """What is asked of a list."""

    view: str = ""
    text: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    columns: tuple[str, ...] = ()
    cursor: str = ""
    size: int = PAGE_SIZE
    binned: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a list: a stored field, or a figure worked out from the record."""

    name: str
    label: Any
    kind: str
    numeric: bool
    sortable: bool
    spec: FieldSpec | None = None
    figure: Computed | None = None

    def value(self, record: Any) -> Any:
        if self.spec:
            return self.spec.value(record)
        return self.figure.figure(record) if self.figure else None

    def text(self, record: Any) -> str:
        value = self.value(record)
        if self.spec:
            return self.spec.kind.text(self.spec, value)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class ViewTab:
    """A view of a list as the tab shows it: key, label, whose it is; what it filters is worked out when it is used."""

    key: str
    label: Any
    columns: tuple[str, ...]
    sort: str
    narrowed: Callable[[], Mapping[str, Any]] = dict
    mine: bool = False
    shared: bool = False
    row: SavedView | None = None

    @cached_property
    def filters(self) -> Mapping[str, Any]:
        """The rows of the view, as a tree of the filter language."""
        return self.narrowed()


@dataclass(frozen=True)
class Page:
    """The rows of one page, and how to go on from here."""

    rows: list[Any]
    columns: tuple[Column, ...]
    view: ViewTab
    sort: str
    next_cursor: str
    previous_cursor: str
    #: How many rows the whole list has, asked for when it is called.
    number: Callable[[], Number] = Number


ALL = "all"


_SAVED = Prepared(
    lambda module, person: SavedView.objects.filter(
        Q(person=person) | Q(person=None), module=module, deleted_at=None
    ).order_by("position", "created_at")
)


def views(ctx: Context, module: Module) -> list[ViewTab]:
    """The tabs of a list: everything, the views that ship with the module, the company's saved ones and one's own."""
    usual = registry.entry(module).columns
    tabs = [ViewTab(ALL, Message("All"), usual, module.sort)]
    tabs += [
        ViewTab(view.name, view.label, view.columns or usual, view.sort or module.sort, partial(_tree, ctx, view))
        for view in module.views
    ]
    tabs += [
        ViewTab(
            str(row.pk),
            row.name,
            tuple(row.columns) or usual,
            row.sort or module.sort,
            partial(getattr, row, "filters"),
            mine=row.person_id == ctx.actor.pk,
            shared=row.person_id is None,
            row=row,
        )
        for row in _SAVED.rows(module.key, person=ctx.actor.pk)
    ]
    return tabs


def _tree(ctx: Context, view: View) -> Mapping[str, Any]:
    return view.filters(ctx) if callable(view.filters) else view.filters


def columns_of(module: Module, names: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of that name that exist; a saved view may name one that a later version dropped."""
    known = registry.entry(module)
    found = []
    for name in dict.fromkeys(names):
        if spec := known.fields.get(name):
            found.append(Column(name, spec.label, spec.kind.name, spec.kind.numeric, spec.kind.sortable, spec=spec))
        elif figure := known.computed.get(name):
            numeric = figure.kind in ("integer", "number", "money", "percent")
            found.append(Column(name, figure.label, figure.kind, numeric, False, figure=figure))
    return tuple(found)


def offered_columns(module: Module) -> tuple[Column, ...]:
    """Every column the chooser offers."""
    known = registry.entry(module)
    hidden = {"id", "version", "deleted_at", "deleted_by"}
    kinds = {"data", "file"}
    names = [name for name, spec in known.fields.items() if name not in hidden and spec.kind.name not in kinds]
    return columns_of(module, (*names, *known.computed))


def selection(ctx: Context, module: Module, query: Query, view: ViewTab) -> Selection:
    """What a list selects, for pages of it and for its number."""
    trees = (compile_filter(module, tree, ctx) for tree in (view.filters, query.filters))
    conditions = tuple(condition for condition in trees if condition)
    return Selection(ctx, module, query.binned, conditions, query.text)


def selected(ctx: Context, module: Module, query: Query, *, view: ViewTab | None = None) -> QuerySet[Any]:
    """The rows a query selects, before order and paging: for lists, counts, exports and bulk actions alike."""
    tab = view or view_of(ctx, module, query.view)
    return selection(ctx, module, query, tab).rows()


def view_of(ctx: Context, module: Module, key: str) -> ViewTab:
    """The view of that key; the first one, which shows everything, when there is none."""
    return view_among(views(ctx, module), key)


def view_among(tabs: Sequence[ViewTab], key: str) -> ViewTab:
    """The tab of that key; the first one, which shows everything, when there is none."""
    return next((tab for tab in tabs if tab.key == key), tabs[0])


def count(rows: QuerySet[Any], cap: int = COUNT_CAP) -> int:
    """How many rows, counted up to cap + 1: an exact count of a large list costs more than the list."""
    return rows.order_by()[: cap + 1].count()


def ordered(ctx: Context, module: Module, query: Query) -> QuerySet[Any]:
    """Everything a query selects, in its order: for exports."""
    view = view_of(ctx, module, query.view)
    rows = selected(ctx, module, query, view=view)
    name, descending = sort_of(ctx, module, query.sort or view.sort)
    return rows.order_by(*order_of(module, name, descending))


def page(ctx: Context, module: Module, query: Query, *, view: ViewTab | None = None, narrow: bool = False) -> Page:
    """One page of rows. The cursor names the last row seen, so that page 1,000 costs what page 1 costs.

    `view`: the view that the query names, where the caller has it already; `narrow`: the rows hold what the columns
    show and little else (asking for more of them costs a query each).
    """
    view = view or view_of(ctx, module, query.view)
    columns = columns_of(module, query.columns or view.columns)
    name, descending = sort_of(ctx, module, query.sort or view.sort)
    size = max(1, min(query.size, MAX_PAGE_SIZE))
    backwards, place = read_cursor(query.cursor)
    shown = _shown(module, columns, name) if narrow else ()
    chosen = selection(ctx, module, query, view)
    drawn = Drawn(_joins(columns), shown, name, descending != backwards, size + 1)
    try:
        found = chosen.page(drawn, place)
    except (ValidationError, ValueError, TypeError, ArithmeticError, DataError) as error:
        if place is None:
            raise
        raise unreadable() from error  # only a made-up place can be of the wrong kind
    more = len(found) > size
    found = found[:size]
    for column in columns:
        if column.spec and column.spec.target and not column.spec.join:
            column.spec.load(found)
    if backwards:
        found.reverse()
    if not query.cursor and (query.text or query.filters):
        disclosing.asked(ctx, module, query.text, query.filters, len(found), more)
    first, last = (found[0], found[-1]) if found else (None, None)
    has_next = more if not backwards else place is not None
    has_previous = (place is not None) if not backwards else more
    return Page(
        rows=found,
        columns=columns,
        view=view,
        sort=f"-{name}" if descending else name,
        next_cursor=cursor_of(module, name, last, backwards=False) if has_next and last else "",
        previous_cursor=cursor_of(module, name, first, backwards=True) if has_previous and first else "",
        number=partial(chosen.number, None if more or place is not None else len(found), drawn),
    )


def neighbours(ctx: Context, module: Module, record: Any, query: Query) -> tuple[Any, Any]:
    """The ids before and after a record in a list, for reading record after record; None at the ends."""
    view = view_of(ctx, module, query.view)
    name, descending = sort_of(ctx, module, query.sort or view.sort)
    rows = selected(ctx, module, query, view=view)
    place = place_of(module, name, record)
    found = []
    for direction in (not descending, descending):
        near = rows.filter(beyond(module, name, direction, place)).order_by(*order_of(module, name, direction))
        found.append(near.values_list("pk", flat=True).first())
    return found[0], found[1]


def sort_of(ctx: Context, module: Module, sort: str) -> tuple[str, bool]:
    """Field and direction of a sort like "-changed_at"; the module's own when it is not a sortable field.

    Names of linked records that the person may not all see, and personal columns that he may not all read, are not
    sorted by: the order would tell them.
    """
    wanted = sort if can_sort(ctx, module, sort) else module.sort
    return wanted.removeprefix("-"), wanted.startswith("-")


def can_sort(ctx: Context, module: Module, sort: str) -> bool:
    """Whether a list can be in this order for this person."""
    name = sort.removeprefix("-")
    spec = registry.entry(module).fields.get(name)
    target = registry.find(spec.target) if spec is not None and spec.kind.name == "link" else None
    veiled = target is not None and name != module.scope_through and ctx.condition(target) != Q()
    if spec is not None and spec.personal and not masking.covers(ctx, module):
        veiled = True
    return spec is not None and spec.kind.sortable and not veiled


def _joins(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(column.spec.join for column in columns if column.spec and column.spec.join)


def _shown(module: Module, columns: tuple[Column, ...], sort: str) -> tuple[str, ...]:
    """The fields that a row of these columns is drawn from; none, meaning all, where one is no column of the table."""
    known = registry.entry(module)
    wanted = {
        "id",
        "version",
        module.title,
        known.field(sort).written,
        *(("number",) if "number" in known.fields else ()),
    }
    for column in columns:
        wanted.update((column.spec.written,) if column.spec else column.figure.needs if column.figure else ())
    stored = {column.name for column in module.model._meta.concrete_fields}
    if not wanted <= stored or any(column.figure and not column.figure.needs for column in columns):
        return ()
    people = {name for name in wanted if name in known.fields and known.field(name).kind.name == "person"}
    return (*sorted(wanted - people), *(f"{name}__name" for name in sorted(people)))
