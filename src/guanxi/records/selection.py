"""The rows that a list selects (a person's reach, filters, a search): one page of them, and their number.

What shows everything is asked with statements that were built before (`records.scoped`). Few hits of a search are
looked up first; many are looked for among the first rows of the list, in its order, see `records.search`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from guanxi.platform.prepared import KINDS
from guanxi.records import registry, search
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.module import Module
from guanxi.records.paging import Place, beyond, order_of, sort_lookup
from guanxi.records.scoped import Scoped

#: A list counts its rows up to this many, and the many hits of a search up to so many; beyond it says "more than".
COUNT_CAP = 10_000
HITS_CAP = 100


class Number(NamedTuple):
    """How many rows there are; with `more`, at least so many."""

    rows: int = 0
    more: bool = False

    @property
    def text(self) -> str:
        """The number as a list shows it: 2,386 or 10,000+."""
        return f"{self.rows:,}{'+' if self.more else ''}"


def capped(count: int, cap: int) -> Number:
    """A number that was counted up to the cap and one more."""
    return Number(min(count, cap), count > cap)


class Drawn(NamedTuple):
    """What is fetched of a page's rows (nothing named: everything), in which order, and how many at most."""

    joins: tuple[str, ...]
    shown: tuple[str, ...]
    sort: str
    descending: bool
    size: int


@dataclass(frozen=True)
class Selection:
    """What a list selects: rows in a person's reach that answer to all conditions and contain the words of a text."""

    ctx: Context
    module: Module
    binned: bool
    conditions: tuple[Q, ...] = ()
    text: str = ""
    _ends: dict[Any, Place | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rows(self) -> QuerySet[Any]:
        """All of them, as a query."""
        return search.matching(self.ctx, self._narrowed(), self.module, self.text)

    def page(self, drawn: Drawn, place: Place | None = None) -> list[Any]:
        """The first rows in an order, or those beyond a place in it."""
        if not self._words:
            if self._is_known(drawn, place):
                return _ROWS.rows(self.ctx, self._form, drawn, place is not None, **_values(place))
            return list(_cut(self.rows(), self.module, drawn, place))
        if self._few is None:
            found = self._first_of_many(drawn, place)
            return list(_cut(self.rows(), self.module, drawn, place)) if found is None else found
        if self._is_known(drawn, place):
            return _AMONG.rows(self.ctx, self._form, drawn, place is not None, keys=self._few, **_values(place))
        return list(_cut(self._narrowed().filter(pk__in=self._few), self.module, drawn, place))

    def number(self, known: int | None = None, drawn: Drawn | None = None) -> Number:
        """How many there are: exact for few, else up to a cap.

        `known`: who has all of them on one page has counted; `drawn`: how the page was drawn, in whose order many
        hits are counted first.
        """
        if known is not None:
            return Number(known)
        if not self._words:
            if not self.conditions and not self.text:
                return capped(_COUNTED.count(self.ctx, self._form, COUNT_CAP), COUNT_CAP)
            return capped(self.rows().order_by()[: COUNT_CAP + 1].count(), COUNT_CAP)
        if (keys := self._few) is None:
            return self._number_of_many(drawn)
        if not self.conditions:
            return Number(_COUNTED_AMONG.count(self.ctx, self._form, keys=keys))
        return Number(self._narrowed().filter(pk__in=keys).count())

    @cached_property
    def _words(self) -> list[str]:
        """The words that are looked up in the search's index; none where the module is not in it."""
        return search.words_of(self.text) if self.module.can("search") else []

    @cached_property
    def _few(self) -> list[Any] | None:
        """The ids of all records that contain the words; None where they may be many."""
        return search.few(self.ctx, self.module, self._words)

    @property
    def _form(self) -> tuple[str, bool]:
        return self.module.key, self.binned

    def _narrowed(self) -> QuerySet[Any]:
        """The rows whatever their text."""
        rows = self.ctx.search(self.module, binned=self.binned)
        for condition in self.conditions:
            rows = rows.filter(condition)
        return rows

    def _is_known(self, drawn: Drawn, place: Place | None) -> bool:
        """Whether a page is told by its order, its place and the ids of hits alone: its statement can be kept."""
        is_column = type(registry.entry(self.module).field(drawn.sort)) is FieldSpec
        fits = place is None or place[0] is None or type(place[0]) in KINDS
        return is_column and fits and not self.conditions and bool(self._words or not self.text)

    # ---- Many hits ---------------------------------------------------------------------------------------------------

    def _first_of_many(self, drawn: Drawn, place: Place | None) -> list[Any] | None:
        """The first of many hits, in the order of the list; None where they lie too far apart."""
        end = self._end(drawn, place)
        if self._can_keep(drawn, place, end):
            found = _HITS.rows(self.ctx, *_form_of_hits(self._form, drawn, place, end), **self._hits_of(place, end))
        else:
            found = list(_cut(self._hits(drawn, end), self.module, drawn, place))
        return found if len(found) >= drawn.size or end is None else None

    def _number_of_many(self, drawn: Drawn | None) -> Number:
        """Many hits are counted among the first rows of the list, and everywhere if these hold too few of them."""
        if drawn is not None:
            asked, end = drawn._replace(joins=(), shown=(), size=HITS_CAP + 1), self._end(drawn, None)
            if self._can_keep(asked, None, end):
                count = _HITS.count(self.ctx, *_form_of_hits(self._form, asked, None, end), **self._hits_of(None, end))
            else:
                count = _cut(self._hits(asked, end), self.module, asked, None).count()
            if end is None or count > HITS_CAP:
                return capped(count, HITS_CAP)
        return capped(search.how_many(self.ctx, self._narrowed(), self.module, self._words, HITS_CAP), HITS_CAP)

    def _end(self, drawn: Drawn, place: Place | None) -> Place | None:
        """The place of the first row that is not looked at any more; None where the list ends before."""
        key = drawn.sort, drawn.descending, place
        if key not in self._ends:
            if self._is_known(drawn, place):
                form = self._form, drawn, place is not None, search.WALKED
                self._ends[key] = _END.first(self.ctx, *form, **_values(place))
            else:
                self._ends[key] = _place_at(self._narrowed(), self.module, drawn, place, search.WALKED).first()
        return self._ends[key]

    def _can_keep(self, drawn: Drawn, place: Place | None, end: Place | None) -> bool:
        return self._is_known(drawn, place) and self._is_known(drawn, end)

    def _hits_of(self, place: Place | None, end: Place | None) -> dict[str, Any]:
        ends = dict(zip(("end_value", "end_pk"), end or (None, None), strict=True))
        return {"words": self._words, **_values(place), **ends}

    def _hits(self, drawn: Drawn, end: Place | None) -> QuerySet[Any]:
        rows = _before(self._narrowed(), self.module, drawn, end)
        return rows.filter(search.containing(self.ctx, self.module.key, self._words))


def _values(place: Place | None) -> dict[str, Any]:
    return dict(zip(("value", "pk"), place or (None, None), strict=True))


def _form_of_hits(form: tuple[str, bool], drawn: Drawn, place: Place | None, end: Place | None) -> tuple[Any, ...]:
    return form, drawn, place is not None, end is not None


def _place_at(
    rows: QuerySet[Any], module: Module, drawn: Drawn, place: Place | None, distance: int
) -> QuerySet[Any, Place]:
    """The place of the row that stands so far from the beginning, or from a place."""
    found = _ordered(rows, module, drawn, place).values_list(sort_lookup(module, drawn.sort), "pk")
    return found[distance : distance + 1]


def _before(rows: QuerySet[Any], module: Module, drawn: Drawn, end: Place | None) -> QuerySet[Any]:
    """The rows before a place in an order."""
    return rows if end is None else rows.filter(beyond(module, drawn.sort, not drawn.descending, end))


def _ordered(rows: QuerySet[Any], module: Module, drawn: Drawn, place: Place | None) -> QuerySet[Any]:
    if place is not None:
        rows = rows.filter(beyond(module, drawn.sort, drawn.descending, place))
    return rows.order_by(*order_of(module, drawn.sort, drawn.descending))


def _cut(rows: QuerySet[Any], module: Module, drawn: Drawn, place: Place | None) -> QuerySet[Any]:
    rows = _ordered(rows.select_related(*drawn.joins), module, drawn, place)
    return (rows.only(*drawn.shown) if drawn.shown else rows)[: drawn.size]


# ---- Statements that are kept ----------------------------------------------------------------------------------------


def _all(ctx: Context, form: tuple[str, bool]) -> QuerySet[Any]:
    key, binned = form
    return ctx.search(key, binned=binned)


def _page(
    ctx: Context, form: tuple[str, bool], drawn: Drawn, is_beyond: bool, value: Any, pk: Any, keys: Any = None
) -> QuerySet[Any]:
    rows = _all(ctx, form) if keys is None else _all(ctx, form).filter(pk__in=keys)
    return _cut(rows, registry.module(form[0]), drawn, (value, pk) if is_beyond else None)


def _end(
    ctx: Context, form: tuple[str, bool], drawn: Drawn, is_beyond: bool, distance: int, value: Any, pk: Any
) -> QuerySet[Any]:
    return _place_at(_all(ctx, form), registry.module(form[0]), drawn, (value, pk) if is_beyond else None, distance)


def _hits(
    ctx: Context, form: tuple[str, bool], drawn: Drawn, is_beyond: bool, has_end: bool,
    words: list[str], value: Any, pk: Any, end_value: Any, end_pk: Any,
) -> QuerySet[Any]:  # fmt: skip
    module = registry.module(form[0])
    rows = _before(_all(ctx, form), module, drawn, (end_value, end_pk) if has_end else None)
    rows = rows.filter(search.containing(ctx, module.key, words))
    return _cut(rows, module, drawn, (value, pk) if is_beyond else None)


_ROWS, _AMONG, _END, _HITS = Scoped(_page), Scoped(_page), Scoped(_end), Scoped(_hits)
_COUNTED = Scoped(lambda ctx, form, cap: _all(ctx, form)[: cap + 1])
_COUNTED_AMONG = Scoped(lambda ctx, form, keys: _all(ctx, form).filter(pk__in=keys))
