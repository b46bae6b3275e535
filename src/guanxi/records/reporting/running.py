"""Working a report out: one statement with GROUP BY for its groups, from which subtotals and total follow."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, UUIDField, Value, When
from django.utils.translation import gettext as _

from guanxi.kernel.chinese.pinyin import pinyin
from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local
from guanxi.records import masking, registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec, is_masked
from guanxi.records.filters import compared, compile_tree
from guanxi.records.links import HIDDEN, LINK_KINDS
from guanxi.records.reporting.definition import HOW, Definition, Figure, Group, Period
from guanxi.records.reporting.periods import FirstDay, last_day, name_of
from guanxi.records.reporting.result import Heading, Line, Point, Result
from guanxi.records.reporting.tables import Place, Tables

#: So many rows of a list are shown; its totals and its file are about all of them.
SHOWN_ROWS: Final = 500
#: So many groups are put together at most; more say nothing.
MOST_GROUPS: Final = 5000
#: A report that reads more rows is made by a job.
ROWS_AT_ONCE: Final = 300_000
#: So many points of a chart can be told apart; those that come to least are put together.
MOST_POINTS: Final = 24
#: Stands for a linked record that the person may not see: all of them make one group.
_HIDDEN_ID: Final = uuid.UUID(int=0)


def is_large(ctx: Context, definition: Definition) -> bool:
    """Whether so many rows are read that nobody should wait for the answer at an open page."""
    rows = _selected(Tables(ctx, definition), definition)
    return rows[: ROWS_AT_ONCE + 1].count() > ROWS_AT_ONCE


def check(ctx: Context, definition: Definition) -> None:
    """Raise what `run` would raise for a definition that cannot be worked out for this person, without doing it."""
    _Run(ctx, definition).prepare()


def run(ctx: Context, definition: Definition, *, most: int = SHOWN_ROWS) -> Result:
    """The report for this person, now. `most`: how many rows of a list are given.

    Raises NotAllowed for a module that he may not see or a masked column that is asked about, Invalid for what does not
    fit together, TooLarge for more groups than anybody reads.
    """
    return _Run(ctx, definition).result(most)


def _selected(tables: Tables, definition: Definition) -> QuerySet[Any]:
    """The rows of the report: within reach, of its period, through its filters."""
    rows = tables.rows()
    if definition.period:
        rows = rows.filter(_within(tables, definition.period))
    return rows.filter(compile_tree(definition.filters, lambda node: _condition(tables, node)))


def _asked(tables: Tables, ref: Any) -> Place:
    """A field that something depends on: what is not there cannot be passed over, the rows would be others."""
    place = tables.find(ref) if isinstance(ref, str) else None
    if place is None:
        raise Invalid(
            {"filters": [Message("This report asks for “%(field)s”, which is not there any more; change its settings.",
                                 field=str(ref)[:80])]}
        )  # fmt: skip
    return tables.require_clear(place)


def _condition(tables: Tables, node: Mapping[str, Any]) -> Q:
    place = _asked(tables, node["field"])
    path = f"{place.table.prefix}{place.spec.lookup}"
    found = compared(path, place.spec, node, tables.ctx)
    return found if place.table.visible is None else found & place.table.visible


def _within(tables: Tables, period: Period) -> Q:
    place = _asked(tables, period.field)
    if not place.is_date:
        raise Invalid({"period": [Message("“%(field)s” is no date.", field=place.label)]})
    return compile_tree(period_tree(period, tables.ctx.today), lambda node: _condition(tables, node))


def period_tree(period: Period, today: datetime.date) -> dict[str, Any]:
    """The standard date filter in the filter language."""
    if period.within:
        return {"field": period.field, "op": "within", "value": period.within}
    if period.days:
        first = today - datetime.timedelta(days=period.days - 1)
        return {"field": period.field, "op": "between", "value": [first.isoformat(), today.isoformat()]}
    parts = [("from", period.first), ("until", period.last)]
    return {"all": [{"field": period.field, "op": op, "value": day} for op, day in parts if day]}


@dataclass
class Tally:
    """Figures of one group as they can be added up: number and sum make the average."""

    rows: int = 0
    values: list[list[Any]] = field(default_factory=list)

    def add(self, rows: int, values: Sequence[Sequence[Any]], how: Sequence[str]) -> None:
        """Put another group's figures to these."""
        self.rows += rows
        if not self.values:
            self.values = [list(each) for each in values]
            return
        for place, (kind, other) in enumerate(zip(how, values, strict=True)):
            self.values[place] = _joined(kind, self.values[place], other)


def _joined(how: str, one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    if how in ("min", "max"):
        pick: Callable[..., Any] = min if how == "min" else max
        found = [value for value in (one[0], other[0]) if value is not None]
        return [pick(found) if found else None]
    return [a if b is None else b if a is None else a + b for a, b in zip(one, other, strict=True)]


@dataclass
class _Node:
    """A group among the groups: its value, its figures, the groups within it."""

    key: Any = None
    tally: Tally = field(default_factory=Tally)
    below: dict[Any, _Node] = field(default_factory=dict)


class _Run:
    """One report for one person."""

    def __init__(self, ctx: Context, definition: Definition) -> None:
        self.ctx, self.definition = ctx, definition
        self.tables = Tables(ctx, definition)
        self.gone = list(self.tables.gone)

    # ---- What is asked ------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Find every field; what only was shown and is gone is told, what was asked by it stops."""
        self.columns = [place for ref in self.definition.columns if (place := self._there(ref))]
        self.groups = [
            (group, self._grouping(group, place)) for group in self.definition.groups
            if (place := self._there(group.field))
        ]  # fmt: skip
        self.figures = [
            (figure, place) for figure in self.definition.calculated
            if (place := self._there(figure.field) if figure.field else None) or figure.how == "count"
        ]  # fmt: skip
        for figure, place in self.figures:
            self._check_figure(figure, place)
        if self.definition.kind == "groups" and not self.groups:
            raise Invalid({"groups": [Message("Nothing that this report groups by is there any more.")]})
        if self.definition.kind == "rows" and not self.columns:
            raise Invalid({"columns": [Message("None of the columns of this report is there any more.")]})
        self.order = self._order() if self.definition.kind == "rows" else []
        self.rows = _selected(self.tables, self.definition)

    def _there(self, ref: str) -> Place | None:
        place = self.tables.find(ref)
        if place is None and ref not in self.gone:
            self.gone.append(ref)
        return place

    def _grouping(self, group: Group, place: Place) -> Place:
        if not place.can_group:
            raise Invalid({"groups": [Message("Rows are not grouped by “%(field)s”.", field=place.label)]})
        return self.tables.require_clear(place)

    def _check_figure(self, figure: Figure, place: Place | None) -> None:
        if place is None:
            return
        self.tables.require_clear(place)
        fits = place.is_number or (figure.how in ("min", "max") and place.is_date) or figure.how == "count"
        if not fits or (figure.how == "sum" and place.kind == "percent"):
            raise Invalid(
                {"figures": [Message("“%(how)s” is not worked out of “%(field)s”.", how=HOW[figure.how],
                                     field=place.label)]}
            )  # fmt: skip
        if figure.how in ("sum", "average") and not place.table.is_root:
            raise Invalid(
                {"figures": [Message("“%(field)s” stands once in “%(table)s”, which several rows of this report share: "
                                     "it would be counted several times. Make a report of “%(table)s” for it.",
                                     field=place.spec.label, table=place.table.label)]}
            )  # fmt: skip

    def _order(self) -> list[Any]:
        ref = self.definition.sort.removeprefix("-")
        place = self._there(ref) if ref else None
        if place is None:
            return ["-pk"]
        self.tables.require_clear(place)
        if not place.spec.kind.sortable:
            raise Invalid({"sort": [Message("Rows are not sorted by “%(field)s”.", field=place.label)]})
        value = self._value(place)
        if place.spec.join and (target := registry.find(place.spec.target)):
            title = F(f"{place.table.prefix}{place.spec.name}__{target.title}")
            seen = [each for each in (place.table.visible, self.tables.linked(place)) if each is not None]
            value = Case(When(_all(seen), then=title), default=None) if seen else title
        is_down = self.definition.sort.startswith("-")
        if isinstance(value, Case):
            return [value.desc(nulls_last=True) if is_down else value.asc(nulls_last=True), "-pk"]
        return [value.desc(nulls_last=True) if is_down else value.asc(nulls_last=True), "-pk"]

    def _value(self, place: Place) -> Any:
        """The column as an expression: of a link the id, of one that is hidden a stand-in."""
        seen = self.tables.linked(place)
        if seen is None:
            return place.table.read(place.path)
        path = f"{place.table.prefix}{place.path}"
        cases = [When(**{f"{path}__isnull": True}, then=Value(None)), When(seen, then=F(path))]
        if place.table.visible is not None:
            cases.insert(0, When(~place.table.visible, then=Value(None)))
        return Case(*cases, default=Value(_HIDDEN_ID), output_field=UUIDField())

    # ---- The answer ---------------------------------------------------------------------------------------------

    def result(self, most: int) -> Result:
        """Work it out."""
        self.prepare()
        return self._grouped() if self.definition.kind == "groups" else self._listed(most)

    def _aggregates(self) -> dict[str, Any]:
        found: dict[str, Any] = {"gx_n": Count("pk")}
        for index, (figure, place) in enumerate(self.figures):
            if place is None:
                continue
            value = place.table.read(place.path)
            if figure.how in ("average", "count"):
                found[f"gx_c{index}"] = Count(value)
            if figure.how in ("sum", "average"):
                found[f"gx_f{index}"] = Sum(value)
            elif figure.how in ("min", "max"):
                found[f"gx_f{index}"] = (Min if figure.how == "min" else Max)(value)
        return found

    def _taken(self, row: Mapping[str, Any]) -> list[list[Any]]:
        """The figures of one group as they can be added up."""
        return [
            [row["gx_n"]] if place is None
            else [row[f"gx_c{index}"]] if figure.how == "count"
            else [row[f"gx_f{index}"], row[f"gx_c{index}"]] if figure.how == "average"
            else [row[f"gx_f{index}"]]
            for index, (figure, place) in enumerate(self.figures)
        ]  # fmt: skip

    @property
    def _how(self) -> list[str]:
        return [figure.how for figure, _place in self.figures]

    def _grouped(self) -> Result:
        keys = {}
        for index, (group, place) in enumerate(self.groups):
            value = self._value(place)
            keys[f"gx_g{index}"] = FirstDay(value, group.by or "day") if place.is_date else value
        rows = list(self.rows.values(**keys).annotate(**self._aggregates())[: MOST_GROUPS + 1])
        if len(rows) > MOST_GROUPS:
            raise TooLarge(
                Message("This comes to more than %(most)s groups. Group by something coarser, or narrow the period.",
                        most=MOST_GROUPS)
            )  # fmt: skip
        names = [
            _Names(self.ctx, group, place, [row[f"gx_g{index}"] for row in rows])
            for index, (group, place) in enumerate(self.groups)
        ]
        root = _Node()
        for row in rows:
            node, values = root, self._taken(row)
            node.tally.add(row["gx_n"], values, self._how)
            for index in range(len(self.groups)):
                key = names[index].key(row[f"gx_g{index}"])
                node = node.below.setdefault(key, _Node(key))
                node.tally.add(row["gx_n"], values, self._how)
        lines = self._lines(root, names, 0, (), [])
        first = [self._headed(node, names[0]) for node in self._in_order(root, names, 0)]
        drawn = min(self.definition.drawn, len(self.figures) - 1)
        return Result(
            headings=(*(Heading(self._grouped_by(group, place)) for group, place in self.groups), *self._headings()),
            lines=tuple(lines),
            total=Line((_("Total"), *[None] * (len(self.groups) - 1), *self._told(root.tally)), len(self.groups)),
            rows=root.tally.rows, shown=len(rows), listing=self._listing(), gone=tuple(self.gone),
            points=_points([(label, told[drawn]) for label, told in first]) if self.definition.chart else (),
            drawn=self._headings()[drawn] if self.definition.chart and self.figures else None,
        )  # fmt: skip

    def _grouped_by(self, group: Group, place: Place) -> str:
        return place.label

    def _headed(self, node: _Node, names: _Names) -> tuple[str, list[Any]]:
        return names.text(node.key), self._told(node.tally)

    def _in_order(self, node: _Node, names: Sequence[_Names], level: int) -> list[_Node]:
        group, named = self.groups[level][0], names[level]
        found = sorted(node.below.values(), key=lambda each: named.order(each.key))
        if group.order == "-":
            found.reverse()
        elif group.order in ("figure", "-figure"):
            found.sort(key=lambda each: _as_number(self._told(each.tally)[0]), reverse=group.order == "-figure")
        return found

    def _lines(
        self, node: _Node, names: Sequence[_Names], level: int, before: tuple[str, ...], leads: list[Any]
    ) -> list[Line]:
        depth, lines = len(self.groups), []
        for each in self._in_order(node, names, level):
            text = names[level].text(each.key)
            way = [*leads, names[level].lead(each.key)]
            if level == depth - 1:
                lines.append(Line((*before, text, *self._told(each.tally)), 0, self._leads(way)))
                continue
            lines += self._lines(each, names, level + 1, (*before, text), way)
            if len(each.below) > 1:
                blank: list[None] = [None] * (depth - level - 1)
                label = _("Total of %(name)s") % {"name": text}
                cells = (*[None] * level, label, *blank, *self._told(each.tally))
                lines.append(Line(cells, depth - level - 1, self._leads(way)))
        return lines

    def _headings(self) -> list[Heading]:
        return [Heading(_called(figure, place), _kind_of(figure, place)) for figure, place in self.figures]

    def _told(self, tally: Tally) -> list[Any]:
        """The figures as they are read; without any row there are none, but a count."""
        if not tally.values:
            return [0 if figure.how == "count" else None for figure, _place in self.figures]
        return [
            _rounded(place.spec if place else None, figure.how, values)
            for (figure, place), values in zip(self.figures, tally.values, strict=True)
        ]

    # ---- Lists --------------------------------------------------------------------------------------------------

    def _listed(self, most: int) -> Result:
        values = {f"gx_v{index}": self._value(place) for index, place in enumerate(self.columns)}
        veiled = {
            place.table.key: place.table for place in self.columns
            if place.spec.personal and not self.tables.is_clear(place)
        }  # fmt: skip
        keys = {f"gx_k{index}": table.read("pk") for index, table in enumerate(veiled.values())}
        aggregates = self._aggregates() if self.definition.figures else {"gx_n": Count("pk")}
        summed = self.rows.aggregate(**aggregates)
        rows = list(self.rows.order_by(*self.order).values("pk", **values, **keys)[:most])
        hidden = {
            key: self._veiled(table, [row[f"gx_k{index}"] for row in rows])
            for index, (key, table) in enumerate(veiled.items())
        }
        of = {key: f"gx_k{index}" for index, key in enumerate(veiled)}
        names = [
            _Names(self.ctx, Group(place.ref), place, [row[f"gx_v{index}"] for row in rows])
            for index, place in enumerate(self.columns)
        ]

        def cell(row: Mapping[str, Any], index: int, place: Place) -> Any:
            value, key = row[f"gx_v{index}"], place.table.key
            if place.spec.personal and key in of and row[of[key]] in hidden[key]:
                return str(masking.mask(place.spec, value))
            return _shown(place, value, names[index])

        by_pk = self._single()
        lines = [
            Line(tuple(cell(row, index, place) for index, place in enumerate(self.columns)), 0,
                 {"pk": str(row["pk"])} if by_pk else None)
            for row in rows
        ]  # fmt: skip
        return Result(
            headings=tuple(Heading(place.label, _column_kind(place)) for place in self.columns), lines=tuple(lines),
            total=self._summed(summed), rows=summed["gx_n"], shown=summed["gx_n"],
            listing=self.tables.root.module.key if self.tables.root.module else "", gone=tuple(self.gone),
        )  # fmt: skip

    def _single(self) -> bool:
        return self.tables.root.module is not None

    def _veiled(self, table: Any, ids: list[Any]) -> set[Any]:
        return masking.veiled(self.ctx, registry.entry(table.module), [each for each in ids if each is not None])

    def _summed(self, summed: Mapping[str, Any]) -> Line | None:
        """Below a list its calculations, each under its column; those without a column of theirs are not told."""
        if not self.definition.figures:
            return None
        tally = Tally()
        tally.add(summed["gx_n"], self._taken(summed), self._how)
        names = [place.ref if place else "" for _figure, place in self.figures]
        told = dict(zip(names, self._told(tally), strict=True))
        cells = [told.get(place.ref) for place in self.columns]
        if cells and cells[0] is None:
            cells[0] = _("Total")
        return Line(tuple(cells), 1)

    # ---- Drilling down ------------------------------------------------------------------------------------------

    def _listing(self) -> str:
        return self.tables.root.module.key if self.tables.root.module is not None else ""

    def _leads(self, nodes: list[Any]) -> Mapping[str, Any] | None:
        """The filter of the root's list that gives exactly the records of a group; None where it cannot say it."""
        if self.tables.root.module is None or any(node is None for node in nodes):
            return None
        trees = [*nodes]
        if self.definition.period:
            trees.append(period_tree(self.definition.period, self.ctx.today))
        if self.definition.filters:
            trees.append(dict(self.definition.filters))
        try:
            return {"all": [self._translated(tree) for tree in trees]}
        except LookupError:
            return None

    def _translated(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        for word in ("all", "any"):
            if word in tree:
                return {word: [self._translated(each) for each in tree[word]]}
        if "not" in tree:
            return {"not": self._translated(tree["not"])}
        place = self.tables.find(tree["field"])
        if place is None:
            raise LookupError(tree["field"])
        before = place.table.prefix.removesuffix("__")
        if "__" in before:
            raise LookupError(tree["field"])  # two steps away: the lists' filters go one
        return {**tree, "field": f"{before}.{place.spec.name}" if before else place.spec.name}


class _Names:
    """How the values of one group or column read, in which order they stand, and which records each leads to."""

    def __init__(self, ctx: Context, group: Group, place: Place, values: Iterable[Any]) -> None:
        self.ctx, self.group, self.place, self.spec = ctx, group, place, place.spec
        self.by = (group.by or "day") if place.is_date else ""
        self.linked: dict[Any, Any] = {}
        if place.kind in LINK_KINDS:
            ids = {value for value in values if value not in (None, _HIDDEN_ID)}
            model = place.spec.column.related_model
            known = registry.find(place.spec.target)
            model = known.model if known is not None else model
            if ids and isinstance(model, type):
                self.linked = model._default_manager.in_bulk(list(ids))
        self.places = {str(value): index for index, (value, _label) in enumerate(place.spec.choices)}

    def key(self, value: Any) -> Any:
        """Empty texts and missing values are one group."""
        return None if value == "" else value

    def text(self, value: Any) -> str:
        if value is None:
            return _("(none)")
        if value == _HIDDEN_ID:
            return HIDDEN
        if self.by:
            return name_of(value, self.by)
        if self.place.kind in LINK_KINDS:
            return str(self.linked.get(value, HIDDEN))
        return str(self.spec.kind.text(self.spec, value))

    def order(self, value: Any) -> tuple[Any, ...]:
        """What sorts among the groups: choices in their order, stages by theirs, days by time; nothing stands last."""
        if value is None or value == _HIDDEN_ID:
            return (1, 0, "" if value is None else "*")
        if self.by or isinstance(value, bool | int):
            return (0, value, "")
        if self.places:
            return (0, self.places.get(str(value), len(self.places)), self.text(value))
        row, target = self.linked.get(value), registry.find(self.spec.target)
        placed = getattr(row, "position", None) if target is not None and target.sort == "position" else None
        return (0, placed or 0, pinyin(self.text(value)))

    def lead(self, value: Any) -> dict[str, Any] | None:
        """The condition that finds the records of this value; None where there is none."""
        ref, kind = self.place.ref, self.place.kind
        if value == _HIDDEN_ID:
            return None
        if value is None:
            return {"field": ref, "op": "empty"} if "empty" in self.spec.kind.operators else None
        if self.by:
            last = last_day(value, self.by)
            return {"field": ref, "op": "between", "value": [value.isoformat(), last.isoformat()]}
        if "in" in self.spec.kind.operators:
            return {"field": ref, "op": "in", "value": [str(value)]}
        if kind == "boolean":
            return {"field": ref, "op": "is", "value": bool(value)}
        return {"field": ref, "op": "equals", "value": str(value)} if "equals" in self.spec.kind.operators else None


def _all(conditions: Iterable[Q]) -> Q:
    found = Q()
    for each in conditions:
        found &= each
    return found


def _called(figure: Figure, place: Place | None) -> str:
    return _("Number of rows") if place is None else f"{place.label} · {HOW[figure.how]}"


def _kind_of(figure: Figure, place: Place | None) -> str:
    return "count" if place is None or figure.how == "count" else _column_kind(place, average=figure.how == "average")


def _column_kind(place: Place, *, average: bool = False) -> str:
    if place.kind == "integer":
        return "number" if average else "count"
    return place.kind if place.kind in ("money", "number", "percent", "date") else "text"


def _rounded(spec: FieldSpec | None, how: str, values: Sequence[Any]) -> Any:
    """A figure as it is told: money to the cent, an average to two decimals, both rounded half up."""
    value = values[0]
    if how == "average":
        value = None if not values[1] or value is None else Decimal(value) / values[1]
    if isinstance(value, datetime.datetime):
        return local(value).date()
    if isinstance(value, Decimal) and spec is not None:
        places = 2 if how == "average" else getattr(spec.column, "decimal_places", None)
        places = 2 if places is None else places
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value


def _shown(place: Place, value: Any, names: _Names) -> Any:
    if value is None or value == "":
        return None
    if is_masked(value):
        return str(value)
    if place.kind in LINK_KINDS:
        return names.text(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    return value if place.is_number else str(place.spec.kind.text(place.spec, value))


def _as_number(value: Any) -> Decimal:
    if isinstance(value, datetime.date):
        return Decimal(value.toordinal())
    return Decimal(value) if value is not None else Decimal("-Infinity")


def _points(told: Sequence[tuple[str, Any]]) -> tuple[Point, ...]:
    """The marks of a chart; what is no number is not drawn, and the least are put together beyond what can be read."""
    found = [Point(label, Decimal(value)) for label, value in told if isinstance(value, int | Decimal)]
    if len(found) <= MOST_POINTS:
        return tuple(found)
    kept = {id(point) for point in sorted(found, key=lambda each: -each.value)[: MOST_POINTS - 1]}
    rest = sum((point.value for point in found if id(point) not in kept), Decimal(0))
    return (*(point for point in found if id(point) in kept), Point(_("others"), rest))
