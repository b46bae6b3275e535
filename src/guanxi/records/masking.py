"""Who sees how to reach a person: the columns a record type calls personal, clear for some and masked for the rest.

The right "reveal" has a scope like every other; a record it does not reach shows its personal columns masked. Masking
happens where records are read (`Context.search`, `guard`), by putting the mask in the place of the value: whatever
shows the record afterwards (page, file, interface, agent) can show nothing else. Actions read their records anew
under their lock, so that a mask is never written back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.db.models.query import ModelIterable

from guanxi.kernel.masks import STARS, mask_address, mask_email, mask_number, mask_text
from guanxi.records import registry
from guanxi.records.fields import FieldSpec, Masked

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.module import Module
    from guanxi.records.registry import Registered

#: The right to read personal columns.
REVEAL = "reveal"
#: On a record read by somebody whom the right does not reach: the names of its masked columns.
_HIDDEN = "_hidden_columns"

_MASKS: dict[str, Callable[[str], str]] = {
    "phone": mask_number, "email": mask_email, "address": mask_address, "text": mask_text,
}  # fmt: skip


def mask(spec: FieldSpec, value: Any) -> Any:
    """What is shown instead of a value: nothing instead of nothing."""
    if value in (None, "", (), []) or isinstance(value, Masked):
        return value
    how = _MASKS.get(spec.kind.name)
    return Masked(how(value) if how and isinstance(value, str) else STARS)


def hidden_in(record: Any) -> frozenset[str]:
    """The names of the columns that are masked in a record as it was read."""
    return vars(record).get(_HIDDEN, frozenset())


def sealed_in(known: Registered, record: Any) -> frozenset[str]:
    """The names of the sealed columns in which a record holds something: masked for everybody."""
    return frozenset(name for name in known.sealed if known.field(name).value(record))


def covers(ctx: Context, module: Module) -> bool:
    """Whether every record of the module that the person sees shows him its personal columns."""
    known = registry.entry(module)
    if not (known.personal or known.sealed) or ctx.unbounded:
        return True
    reach = ctx.condition(module, REVEAL)
    return reach is not None and (not reach or reach == ctx.condition(module))


def within_reach(ctx: Context, module: Module, prefix: str = "") -> Q | None:
    """The rows whose personal columns the person may ask about; None for not a single one.

    `prefix` leads from the queried rows to those of the module ("contact__").
    """
    if covers(ctx, module):
        return Q()
    ids = readable_ids(ctx, module)
    return None if ids is None else Q(**{f"{prefix}pk__in": ids})


def readable_ids(ctx: Context, module: Module) -> QuerySet[Any] | None:
    """The ids of the rows whose personal columns the person may read, as a subquery; None for not a single one."""
    if ctx.condition(module, REVEAL) is None:
        return None
    return ctx.search(module, REVEAL).order_by().values("pk")


def guard(ctx: Context, known: Registered, records: Iterable[Any]) -> list[Any]:
    """The same records, masked where the right to read personal columns does not reach: one query for all of them.

    For records that did not come from `Context.search`, which does this by itself.
    """
    rows = list(records)
    if known.personal and not covers(ctx, known.module):
        _veil(ctx, known, [row for row in rows if _HIDDEN not in vars(row)])
    return rows


def veiled(ctx: Context, known: Registered, ids: Sequence[Any]) -> set[Any]:
    """Of the records with these ids, those whose personal columns are masked: for whoever reads single columns."""
    if not known.personal or covers(ctx, known.module):
        return set()
    return _beyond_reach(ctx, known, ids)


def _beyond_reach(ctx: Context, known: Registered, ids: Sequence[Any]) -> set[Any]:
    reach = ctx.condition(known.module, REVEAL)
    if reach is None or not ids:
        return set(ids)
    reached = known.module.model._default_manager.filter(reach, pk__in=ids)
    return set(ids).difference(reached.order_by().values_list("pk", flat=True))


def _veil(ctx: Context, known: Registered, rows: Sequence[Any]) -> None:
    hidden = _beyond_reach(ctx, known, [row.pk for row in rows])
    specs = [known.field(name) for name in known.personal]
    for row in rows:
        if row.pk in hidden:
            for spec in specs:
                spec.assign(row, mask(spec, spec.value(row)))
            vars(row)[_HIDDEN] = frozenset(known.personal)


class GuardedRows(QuerySet[Any]):
    """Rows of a record type some of which the person may see, but not with their personal columns."""

    _sight: tuple[Context, Registered]

    @property
    def known(self) -> Registered:
        """The record type whose rows these are."""
        return self._sight[1]

    def _clone(self) -> GuardedRows:
        copy: GuardedRows = super()._clone()  # type: ignore[misc]
        copy._sight = self._sight
        return copy

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and issubclass(self._iterable_class, ModelIterable):
            _veil(*self._sight, [row for row in self._result_cache or () if _HIDDEN not in vars(row)])

    def iterator(self, chunk_size: int | None = None) -> Any:
        """Row by row without keeping them; here they are read at once, because they are masked at once."""
        return iter(list(self._clone()))

    def _values(self, *fields: Any, **expressions: Any) -> GuardedRows:
        _ctx, known = self._sight
        if not fields or set(known.personal) & set(map(str, fields)):
            raise TypeError(f"personal columns of {known.module.key} are read with their records, not by themselves")
        return super()._values(*fields, **expressions)  # type: ignore[misc]


def guarded(ctx: Context, module: Module, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The query, masking what it fetches where the person is not to read all of it; itself where he is."""
    if covers(ctx, module):
        return rows
    known = registry.entry(module)
    # Only the columns' own table is masked: a query that joins others fetches their rows as they are.
    own: GuardedRows = GuardedRows(model=rows.model, query=rows.query, using=rows.db)
    own._sight = (ctx, known)
    return own
