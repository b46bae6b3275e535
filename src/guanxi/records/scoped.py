"""Queries within a person's reach that are built once, for all whose rights have the same form.

    _MEMOS = Scoped(lambda ctx, customers: ctx.search("engagement.memo").filter(customer__in=customers))
    _MEMOS.rows(ctx, customers=[…])

The function gets a context that knows the person's rights by their form only: which scopes he has and how many
departments, absent colleagues and granted records, but not which. Those are values, put in anew each time from the
rights that were read for this request; so a kept statement knows nobody and outlives no right.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from guanxi.platform.access.rights import Rights
from guanxi.platform.prepared import Statement, kept_or_made
from guanxi.records import masking
from guanxi.records.context import Context

#: Under these names the rights' ids are values of a statement.
PERSON, DEPARTMENT, DEPARTMENTS, ABSENT, GRANTED = "@person", "@department", "@departments", "@absent", "@granted"
_RIGHTS = (PERSON, DEPARTMENT, DEPARTMENTS, ABSENT, GRANTED)


class Scoped:
    """A query set of what a person may see, built once for each form of rights and values."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build

    def rows(self, ctx: Context, *form: Hashable, **values: Any) -> list[Any]:
        """What the query set holds for this person, masked where he may not read all of it."""
        statement, given = self._statement(ctx, form, values, counted=False)
        rows = statement.rows(given)
        queryset = statement.queryset
        if isinstance(queryset, masking.GuardedRows) and issubclass(queryset._iterable_class, ModelIterable):
            return masking.guard(ctx, queryset.known, rows)
        return rows

    def first(self, ctx: Context, *form: Hashable, **values: Any) -> Any:
        """The first of `rows`, or None: for query sets that are cut to one row, or found by a unique column."""
        return next(iter(self.rows(ctx, *form, **values)), None)

    def count(self, ctx: Context, *form: Hashable, **values: Any) -> int:
        """How many rows the query set holds for this person."""
        statement, given = self._statement(ctx, form, values, counted=True)
        return statement.count(given)

    def _statement(
        self, ctx: Context, form: tuple[Hashable, ...], values: Mapping[str, Any], *, counted: bool
    ) -> tuple[Statement, Mapping[str, Any]]:
        rights_form, ids = _taken_apart(ctx)
        key = self, form, rights_form, ctx.unbounded, counted
        given = {**values, **ids}

        def make(stand_ins: Mapping[str, Any]) -> Statement:
            blank = _blank(ctx, stand_ins)
            asked = {name: stand_ins[name] for name in values}
            return Statement.of(self._build(blank, *form, **asked), stand_ins, counted=counted, optional=_RIGHTS)

        return kept_or_made(key, given, make), given


def _taken_apart(ctx: Context) -> tuple[Hashable, dict[str, Any]]:
    """The form of the person's rights, and their ids."""
    if ctx.unbounded:
        return None, {}
    rights = ctx.rights
    ids: dict[str, Any] = {
        PERSON: rights.person_id,
        DEPARTMENT: rights.department_id,
        DEPARTMENTS: sorted(rights.department_ids) if rights.asks_for_departments else [],
        ABSENT: sorted(rights.represented),
        GRANTED: [grant.record_id for grant in rights.grants],
    }
    return rights.form, ids


def _blank(ctx: Context, stand_ins: Mapping[str, Any]) -> Context:
    """The context with stand-ins for the ids of its rights; it knows neither who acts nor when."""
    found = Context(actor=None, now=None, unbounded=ctx.unbounded, limits=ctx.limits)  # type: ignore[arg-type]
    if ctx.unbounded:
        return found
    rights = ctx.rights
    blank = Rights(
        person_id=stand_ins[PERSON],
        department_id=stand_ins[DEPARTMENT],
        at=rights.at,
        widest=rights.widest,
        grants=tuple(
            dataclasses.replace(grant, record_id=one)
            for grant, one in zip(rights.grants, stand_ins[GRANTED], strict=False)
        ),
        represented=frozenset(stand_ins[ABSENT]),
        limits=rights.limits,
    )
    vars(blank)["department_ids"] = frozenset(stand_ins[DEPARTMENTS])
    vars(found)["rights"] = blank
    return found
