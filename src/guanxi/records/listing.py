"""One page of a list: scope, saved view, filters, quick search, order, and paging that costs the same on every page."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.prepared import KINDS, Prepared
from guanxi.records import disclosing, masking, registry, search
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.filters import compile_filter
from guanxi.records.models import SavedView
from guanxi.records.module import Computed, Module, View
from guanxi.records.scoped import Scoped

PAGE_SIZE = 25
MAX_PAGE_SIZE = 200
#: A list counts its rows up to this many; beyond it says "more than".
COUNT_CAP = 10_000


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


def selected(ctx: Context, module: Module, query: Query, *, view: ViewTab | None = None) -> QuerySet[Any]:
    """The rows a query selects, before order and paging: for lists, counts, exports and bulk actions alike."""
    tab = view or view_of(ctx, module, query.view)
    rows = ctx.search(module, binned=query.binned)
    for tree in (tab.filters, query.filters):
        condition = compile_filter(module, tree, ctx)
        if condition:
            rows = rows.filter(condition)
    return search.matching(ctx, rows, module, query.text)


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
    return rows.order_by(*_order(module, name, descending))


def page(ctx: Context, module: Module, query: Query, *, view: ViewTab | None = None, narrow: bool = False) -> Page:
    """One page of rows. The cursor names the last row seen, so that page 1,000 costs what page 1 costs.

    `view`: the view that the query names, where the caller has it already; `narrow`: the rows hold what the columns
    show and little else (asking for more of them costs a query each).
    """
    view = view or view_of(ctx, module, query.view)
    columns = columns_of(module, query.columns or view.columns)
    name, descending = sort_of(ctx, module, query.sort or view.sort)
    size = max(1, min(query.size, MAX_PAGE_SIZE))
    backwards, place = _read_cursor(query.cursor)
    shown = _shown(module, columns, name) if narrow else ()
    drawn = _Drawn(module.key, _joins(columns), shown, name, descending != backwards, size)
    try:
        if _is_plain(module, query, view, name, place):
            value, pk = place or (None, None)
            found = _PLAIN.rows(ctx, query.binned, drawn, place is not None, value=value, pk=pk)
        else:
            found = _matching(ctx, module, query, view, drawn, place)
    except (ValidationError, ValueError, TypeError, ArithmeticError, DataError) as error:
        if place is None:
            raise
        raise _unreadable() from error  # only a made-up place can be of the wrong kind
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
        next_cursor=_cursor(module, name, last, backwards=False) if has_next and last else "",
        previous_cursor=_cursor(module, name, first, backwards=True) if has_previous and first else "",
    )


class _Drawn(NamedTuple):
    """What is fetched of a list's rows, in which order, and how many: the form of its statement."""

    module: str
    joins: tuple[str, ...]
    shown: tuple[str, ...]
    sort: str
    descending: bool
    size: int


def _cut(rows: QuerySet[Any], drawn: _Drawn, place: tuple[Any, Any] | None) -> QuerySet[Any]:
    """One page of rows, and one row more; the first one, or the one beyond a place."""
    module = registry.module(drawn.module)
    rows = rows.select_related(*drawn.joins)
    if drawn.shown:
        rows = rows.only(*drawn.shown)
    if place is not None:
        rows = rows.filter(_after(module, drawn.sort, drawn.descending, place))
    return rows.order_by(*_order(module, drawn.sort, drawn.descending))[: drawn.size + 1]


def _matching(
    ctx: Context, module: Module, query: Query, view: ViewTab, drawn: _Drawn, place: tuple[Any, Any] | None
) -> list[Any]:
    """One page of the rows that a query selects. What many rows contain is looked for in the order of the list."""
    words = search.words_of(query.text)
    if not (words and module.can("search") and search.are_many(module, words)):
        return list(_cut(selected(ctx, module, query, view=view), drawn, place))
    rows = selected(ctx, module, dataclasses.replace(query, text=""), view=view)
    ordered = rows.order_by(*_order(module, drawn.sort, drawn.descending))
    if place is not None:
        ordered = ordered.filter(_after(module, drawn.sort, drawn.descending, place))
    keys = search.first_of_many(ctx, ordered, module, words, drawn.size + 1)
    chosen = search.matching(ctx, rows, module, query.text) if keys is None else rows.filter(pk__in=keys)
    return list(_cut(chosen, drawn, place))


_PLAIN = Scoped(
    lambda ctx, binned, drawn, is_beyond, value, pk: _cut(
        ctx.search(drawn.module, binned=binned), drawn, (value, pk) if is_beyond else None
    )
)
_HOW_MANY = Scoped(lambda ctx, module, binned, cap: ctx.search(module, binned=binned)[: cap + 1])


def _is_plain(module: Module, query: Query, view: ViewTab, sort: str, place: tuple[Any, Any] | None) -> bool:
    """Whether a page is told by its order and place alone, so that its statement has been built before."""
    is_column = type(registry.entry(module).field(sort)) is FieldSpec
    fits = place is None or place[0] is None or type(place[0]) in KINDS
    return is_column and fits and _shows_all(query, view)


def _shows_all(query: Query, view: ViewTab) -> bool:
    return not (query.text or query.filters or view.filters)


def how_many(ctx: Context, module: Module, query: Query, *, view: ViewTab) -> int:
    """How many rows a query selects, counted up to `cap_of` and one more."""
    if _shows_all(query, view):
        return _HOW_MANY.count(ctx, module.key, query.binned, COUNT_CAP)
    words = search.words_of(query.text)
    if not (words and module.can("search")):
        return count(selected(ctx, module, query, view=view))
    return search.how_many(ctx, selected(ctx, module, dataclasses.replace(query, text=""), view=view), module, words)


def cap_of(query: Query) -> int:
    """Up to how many rows a list counts: what is searched for is looked up row by row."""
    return search.FEW if query.text else COUNT_CAP


def neighbours(ctx: Context, module: Module, record: Any, query: Query) -> tuple[Any, Any]:
    """The ids before and after a record in a list, for reading record after record; None at the ends."""
    view = view_of(ctx, module, query.view)
    name, descending = sort_of(ctx, module, query.sort or view.sort)
    rows = selected(ctx, module, query, view=view)
    place = _place(module, name, record)
    found = []
    for direction in (not descending, descending):
        near = rows.filter(_after(module, name, direction, place)).order_by(*_order(module, name, direction))
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


def _sort_lookup(module: Module, name: str) -> str:
    """People and linked records sort by their name, not by their id."""
    spec = registry.entry(module).field(name)
    if spec.kind.name == "person":
        return f"{name}__name"
    if spec.kind.name == "link":
        target = registry.find(spec.target)
        return f"{name}__{target.title}" if target else f"{name}__name"
    return spec.lookup


def _order(module: Module, name: str, descending: bool) -> list[Any]:
    lookup = _sort_lookup(module, name)
    column = registry.entry(module).field(name).column
    if not column.null:
        return [f"-{lookup}", "-pk"] if descending else [lookup, "pk"]
    # Rows without a value come last when ascending, first when descending: one order, read in two directions.
    order = F(lookup).desc(nulls_first=True) if descending else F(lookup).asc(nulls_last=True)
    return [order, "-pk" if descending else "pk"]


def _place(module: Module, name: str, record: Any) -> tuple[Any, uuid.UUID]:
    spec = registry.entry(module).field(name)
    value = spec.value(record)
    if spec.target:
        value = getattr(value, _sort_lookup(module, name).rpartition("__")[2], None)
    return value, record.pk


def _after(module: Module, name: str, descending: bool, place: tuple[Any, Any]) -> Q:
    """The rows beyond a place in the order."""
    lookup = _sort_lookup(module, name)
    nullable = registry.entry(module).field(name).column.null
    value, pk = place
    beyond = "lt" if descending else "gt"
    same_and_beyond = {f"pk__{beyond}": pk}
    if value is None:
        tied = Q(**{f"{lookup}__isnull": True}, **same_and_beyond)
        return tied | Q(**{f"{lookup}__isnull": False}) if descending else tied
    # So written that an index is entered at the place: "beyond it, or level and beyond its id" would read up to it.
    condition = Q(**{f"{lookup}__{beyond}e": value}) & (Q(**{f"{lookup}__{beyond}": value}) | Q(**same_and_beyond))
    if nullable and not descending:
        condition |= Q(**{f"{lookup}__isnull": True})
    return condition


def _cursor(module: Module, name: str, record: Any, *, backwards: bool) -> str:
    value, pk = _place(module, name, record)
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


def _read_cursor(cursor: str) -> tuple[bool, tuple[Any, uuid.UUID] | None]:
    if not cursor:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        sign, value, pk = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if sign not in ("<", ">"):
            raise ValueError(sign)
        return sign == "<", (_decode(value), uuid.UUID(pk))
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
        raise _unreadable() from None


def _unreadable() -> Invalid:
    return Invalid({"": [Message("This page of the list cannot be read; start again at the first page.")]})
