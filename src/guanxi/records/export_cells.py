"""The cells of an export, made column by column straight from the table.

A record type has some eighty columns, most of whose values repeat or are empty: what each distinct stored value looks
like in the file is settled once, and of a linked record only the name is fetched. A record as such is made only for a
figure that is worked out from it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from django.db.models import Count, ForeignKey

from guanxi.kernel.masks import STARS
from guanxi.platform.bulk import opening, partial_rows, stored_columns
from guanxi.records import masking, registry
from guanxi.records.context import Context
from guanxi.records.custom_values import COLUMN
from guanxi.records.fields import FieldSpec
from guanxi.records.links import unseen
from guanxi.records.listing import Column
from guanxi.records.module import Computed, Module, has_column

#: How a value stands in the file: the writer's own form of it.
Form = Callable[[Any], str]
#: The cells of one column for the rows of a chunk: (ids, stored values by column name, which ids are masked) to cells.
_Maker = Callable[["_Chunk"], list[str]]
#: So many distinct values of one column are kept in mind from one chunk to the next.
REMEMBERED = 5000


@dataclass(frozen=True)
class _Chunk:
    """Some rows of the table as they are stored."""

    keys: list[Any]
    #: The stored values of each column that is needed.
    columns: Mapping[str, list[Any]]
    #: Of each row, whether its personal columns are masked.
    veiled: list[bool]
    #: The rows as records, where a figure asks for them.
    records: list[Any]


class ExportCells:
    """How the rows of one record type become rows of a file, for one person; `forms` has the writer's form per column.

    Made once for an export; the rows are then asked for chunk by chunk.
    """

    def __init__(self, ctx: Context, module: Module, columns: Sequence[Column], forms: Sequence[Form]) -> None:
        self._ctx, self._known = ctx, registry.entry(module)
        self._model = module.model
        self._needed: dict[str, None] = {}
        self._needs_records = False
        self._makers = [self._maker(column, form) for column, form in zip(columns, forms, strict=True)]

    def rows(self, keys: Sequence[uuid.UUID]) -> Iterable[tuple[str, ...]]:
        """The cells of these records, in order; a record that is gone leaves no row."""
        whole = self._model._default_manager.in_bulk(list(keys)) if self._needs_records else {}
        standing = [key for key in keys if key in whole] if self._needs_records else keys
        found, stored = stored_columns(self._model, list(self._needed), standing)
        records = masking.guard(self._ctx, self._known, [whole[key] for key in found]) if self._needs_records else []
        veiled = masking.veiled(self._ctx, self._known, found)
        chunk = _Chunk(found, stored, [key in veiled for key in found], records)
        return zip(*[make(chunk) for make in self._makers], strict=True)

    def _maker(self, column: Column, form: Form) -> _Maker:
        spec = column.spec
        if spec is None:
            assert column.figure is not None  # a column is a field or a figure
            return self._figures(column.figure, form)
        name = COLUMN if spec.written == COLUMN else spec.column.attname
        self._needed[name] = None
        open_stored = self._opened(spec, name)
        if spec.target:
            return _Names(self._ctx, spec, name, open_stored, form)
        return _Values(spec, name, open_stored, form)

    def _opened(self, spec: FieldSpec, name: str) -> Callable[[Any], Any]:
        """How a stored value becomes what a record holds in the field; of an added field out of the whole document."""
        opened = opening(self._model, name) or _same
        if name != COLUMN:
            return opened
        return lambda stored: spec.stored(cast(Any, SimpleNamespace(**{COLUMN: opened(stored)})))

    # ---- Figures -----------------------------------------------------------------------------------------------------

    def _figures(self, figure: Computed, form: Form) -> _Maker:
        fields = [self._model._meta.get_field(name) for name in figure.needs]
        if not fields or any(isinstance(field, ForeignKey) for field in fields):
            self._needs_records = True
            return lambda chunk: [form(_simple(figure.figure(row))) for row in chunk.records]
        self._needed.update(dict.fromkeys(figure.needs))
        opened = {name: Once(opening(self._model, name) or _same) for name in figure.needs}
        personal = [name for name in figure.needs if name in self._known.personal]

        def worked_out(chunk: _Chunk) -> list[str]:
            held = {name: make.column(chunk.columns[name]) for name, make in opened.items()}
            for name in personal if any(chunk.veiled) else ():
                held[name] = self._masked(name, held[name], chunk.veiled)
            return [form(_simple(figure.figure(row))) for row in partial_rows(self._model, chunk.keys, held)]

        return worked_out

    def _masked(self, name: str, values: list[Any], veiled: Sequence[bool]) -> list[Any]:
        spec = self._known.field(name)
        return [masking.mask(spec, value) if hide else value for value, hide in zip(values, veiled, strict=True)]


def _same(value: Any) -> Any:
    return value


def _simple(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | Decimal | str) else str(value)


class Once:
    """A function that is asked once for each distinct value; one that cannot be looked up is made anew each time."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self._known: dict[Any, Any] = {}

    def column(self, values: Sequence[Any]) -> list[Any]:
        """What it makes of a whole column."""
        if self._make is _same:
            return list(values)
        if len(self._known) > REMEMBERED:
            self._known.clear()
        try:
            distinct = set(values)
        except TypeError:  # JSON that the database gives as mappings
            return [self._make(value) for value in values]
        known = self._known
        for value in distinct.difference(known):
            known[value] = self._make(value)
        return [known[value] for value in values]


class _Values:
    """The cells of a field that holds its value itself."""

    def __init__(self, spec: FieldSpec, name: str, opened: Callable[[Any], Any], form: Form) -> None:
        self._name = name
        self._clear = Once(lambda stored: form(spec.kind.cell(spec, opened(stored))))
        self._masked = Once(lambda stored: form(spec.kind.cell(spec, masking.mask(spec, opened(stored)))))
        self._personal = spec.personal

    def __call__(self, chunk: _Chunk) -> list[str]:
        stored = chunk.columns[self._name]
        if not (self._personal and any(chunk.veiled)):
            return self._clear.column(stored)
        both = zip(self._clear.column(stored), self._masked.column(stored), chunk.veiled, strict=True)
        return [masked if hide else clear for clear, masked, hide in both]


class _Names:
    """The cells of a link: a name under which the import finds the same record; what may not be seen stays empty."""

    def __init__(self, ctx: Context, spec: FieldSpec, name: str, opened: Callable[[Any], Any], form: Form) -> None:
        self._ctx, self._spec, self._name, self._form = ctx, spec, name, form
        self._opened = Once(opened)
        self._known: dict[Any, str] = {}

    def __call__(self, chunk: _Chunk) -> list[str]:
        targets = self._opened.column(chunk.columns[self._name])
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._look_up({target for target in targets if target is not None} - self._known.keys())
        names, nothing = self._known, self._form("")
        cells = [nothing if target is None else names[target] for target in targets]
        if not (self._spec.personal and any(chunk.veiled)):
            return cells
        stars, hidden = self._form(STARS), zip(cells, targets, chunk.veiled, strict=True)
        return [stars if hide and target is not None else cell for cell, target, hide in hidden]

    def _look_up(self, ids: set[Any]) -> None:
        seen = ids - unseen(self._ctx, self._spec.target, ids)
        names = telling_names(self._spec, registry.find(self._spec.target), seen) if seen else {}
        self._known.update((key, self._form(names.get(key, ""))) for key in ids)


def telling_names(spec: FieldSpec, target: Module | None, ids: Collection[Any]) -> dict[Any, str]:
    """The name of each linked row, or its number (user name) where several rows have that name."""
    model = spec.column.related_model
    assert isinstance(model, type)
    title = target.title if target else "name"
    if not has_column(model, title):
        return {key: str(row) for key, row in model._default_manager.in_bulk(ids).items()}
    other = next((name for name in ("username", "number") if has_column(model, name)), "")
    rows = model._default_manager.filter(pk__in=ids).order_by().values_list("pk", title, *([other] if other else []))
    found = {key: (str(name or ""), str(more[0] or "") if more else "") for key, name, *more in rows}
    names = {name for name, _other in found.values()}
    again = model._default_manager.filter(**{f"{title}__in": names, "deleted_at": None})
    shared = set(again.order_by().values_list(title, flat=True).annotate(count=Count("pk")).filter(count__gt=1))
    return {key: more if more and (name in shared or not name) else name for key, (name, more) in found.items()}
