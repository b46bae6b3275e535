"""Queries that are built once: each further time only their values are put in.

Django's query sets build their statement anew each time, which takes ten times as long as a small statement takes to
run; a page of thirty statements spends most of its time so. A `Prepared` keeps what was built:

    _UNREAD = Prepared(lambda person: Notice.objects.filter(person=person, read_at=None).order_by("-created_at"))
    _UNREAD.rows(person=someone.pk)

The function is called with a stand-in for each value, once for each kind of value. What decides about the statement's
form (a limit, a name of a column) is no value: it is given by position and gets a statement of its own. A value that
does not arrive in the statement as it is makes the building fail, so that none can be forgotten.
"""

from __future__ import annotations

import copy
import datetime
import re
import secrets
import uuid
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

#: So many statements are kept in all; when there are more, the process begins anew.
MOST = 2000

_kept: dict[Hashable, Statement] = {}


def forget() -> None:
    """Build every statement anew."""
    _kept.clear()


class Prepared:
    """A query set that is built once for each form of its values."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build

    def rows(self, *form: Hashable, **values: Any) -> list[Any]:
        """What the query set holds. A list of values is for `__in`; None belongs to the form, it is no value."""
        return self._statement(form, values, counted=False).rows(values)

    def first(self, *form: Hashable, **values: Any) -> Any:
        """The first of `rows`, or None: for query sets that are cut to one row, or found by a unique column."""
        return next(iter(self.rows(*form, **values)), None)

    def count(self, *form: Hashable, **values: Any) -> int:
        """How many rows the query set holds."""
        return self._statement(form, values, counted=True).count(values)

    def _statement(self, form: tuple[Hashable, ...], values: Mapping[str, Any], *, counted: bool) -> Statement:
        def make(stand_ins: Mapping[str, Any]) -> Statement:
            return Statement.of(self._build(*form, **stand_ins), stand_ins, counted=counted)

        return kept_or_made((self, form, counted), values, make)


def kept_or_made(key: Hashable, values: Mapping[str, Any], make: Callable[[Mapping[str, Any]], Statement]) -> Statement:
    """The statement of that key for values of this form; made from stand-ins for them where there is none yet."""
    place = key, tuple([(name, _form_of(value)) for name, value in values.items()])
    found = _kept.get(place)
    if found is None:
        found = make({name: _stand_in(value) for name, value in values.items()})
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[place] = found
    return found


# ---- Values ----------------------------------------------------------------------------------------------------------


def _form_of(value: Any) -> Any:
    """What of a value decides about the statement: its kind, of a sequence also how many there are."""
    if isinstance(value, list | tuple):
        return len(_filled_up(value))
    return type(value)


def _filled_up(values: Sequence[Any]) -> Sequence[Any]:
    """A list for `__in`, lengthened to one of few lengths by naming its last value again."""
    length = 1 << (len(values) - 1).bit_length() if values else 0
    return [*values, *[values[-1]] * (length - len(values))] if values else values


def _stand_in(value: Any) -> Any:
    """A value of the same kind that stands nowhere else."""
    if isinstance(value, list | tuple):
        return [_stand_in(one) for one in _filled_up(value)]
    return None if value is None else _STAND_INS[type(value)]()


def _some_moment() -> datetime.datetime:
    return datetime.datetime(3000, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=secrets.randbits(50))


#: The kinds of values there are, and how one is made that stands nowhere else.
_STAND_INS: dict[type, Callable[[], Any]] = {
    uuid.UUID: uuid.uuid4,
    datetime.datetime: _some_moment,
    datetime.date: lambda: datetime.date(3000, 1, 1) + datetime.timedelta(days=secrets.randbits(20)),
    str: lambda: f"stand-in {secrets.token_hex(16)}",
}


#: What can be a value; anything else belongs to the form.
KINDS = frozenset(_STAND_INS)


def _stored(value: Any, connection: Any) -> Any:
    """A value as the statement's parameters hold it."""
    kind = type(value)
    if kind is uuid.UUID:
        return value if connection.features.has_native_uuid_field else value.hex
    if kind is datetime.datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is datetime.date:
        return connection.ops.adapt_datefield_value(value)
    return value


# ---- Statements ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hole:
    """A place among the parameters: which value goes there; of a sequence, which one of it, or `WHOLE`."""

    parameter: int
    name: str
    place: int | None


#: All of a list is one parameter.
WHOLE = -1


@dataclass(frozen=True)
class _Source:
    """What Django's iterables ask of a query set."""

    db: str
    model: Any
    query: Any
    _fields: Any
    _known_related_objects: Mapping[Any, Any]


@dataclass(frozen=True)
class Statement:
    """A statement as it was compiled, and what is needed to run it and to read its rows."""

    queryset: QuerySet[Any]
    compiler: SQLCompiler | None
    sql: str = ""
    parameters: tuple[Any, ...] = ()
    holes: tuple[_Hole, ...] = ()
    converters: Any = None

    @classmethod
    def of(
        cls,
        queryset: QuerySet[Any],
        stand_ins: Mapping[str, Any],
        *,
        counted: bool = False,
        optional: Collection[str] = (),
    ) -> Statement:
        """Compile a query set that was made with stand-ins; ValueError for one that is lost and not `optional`."""
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError("what is fetched afterwards cannot be prepared")
        connection = connections[queryset.db]
        query = queryset.query.clone()
        if counted:
            query.clear_ordering(force=False)
            query.clear_select_clause()
            query.add_fields(("pk",), False)
        compiler = query.get_compiler(queryset.db)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return cls(queryset, None)
        if counted:
            sql = f"SELECT COUNT(*) FROM ({sql}) AS counted"  # noqa: S608 - what the query set made
        parameters, holes = tuple(parameters), tuple(_holes(tuple(parameters), stand_ins, connection, optional))
        if connection.vendor == "postgresql":
            sql, parameters, holes = _settled(sql, parameters, holes, connection)
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return cls(queryset, compiler, sql, parameters, holes, converters)

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """The rows for these values, as the query set would give them."""
        if self.compiler is None:
            return []
        compiler: Any = copy.copy(self.compiler)
        connection = compiler.connection = connections[self.queryset.db]
        found = asked(connection, self.sql, self.filled(values, connection))
        if compiler.has_extra_select:
            found = [row[: compiler.col_count] for row in found]
        compiler.execute_sql = lambda *_given, **_named: [found]
        compiler.get_converters = lambda _expressions: self.converters
        query: Any = copy.copy(self.compiler.query)
        query.get_compiler = lambda *_given, **_named: compiler
        source = _Source(self.queryset.db, self.queryset.model, query, self.queryset._fields, {})  # type: ignore[attr-defined]
        iterable: Any = self.queryset._iterable_class
        return list(iterable(source))

    def count(self, values: Mapping[str, Any]) -> int:
        """How many rows there are for these values."""
        if self.compiler is None:
            return 0
        connection = connections[self.queryset.db]
        return int(asked(connection, self.sql, self.filled(values, connection))[0][0])

    def filled(self, values: Mapping[str, Any], connection: Any) -> tuple[Any, ...]:
        """The parameters with these values."""
        if not self.holes:
            return self.parameters
        parameters = list(self.parameters)
        for hole in self.holes:
            value = values[hole.name]
            if hole.place == WHOLE:
                parameters[hole.parameter] = [_stored(one, connection) for one in value]
                continue
            if hole.place is not None:
                value = value[min(hole.place, len(value) - 1)]
            parameters[hole.parameter] = _stored(value, connection)
        return tuple(parameters)


def _holes(
    parameters: tuple[Any, ...], stand_ins: Mapping[str, Any], connection: Any, optional: Collection[str]
) -> Iterator[_Hole]:
    """Where the stand-ins stand among the parameters."""
    places: dict[tuple[type, Any], list[int]] = {}
    for at, value in enumerate(parameters):
        if type(value) in KINDS:
            places.setdefault((type(value), value), []).append(at)
    texts = "\n".join(value for value in parameters if isinstance(value, str))
    for name, stand_in in stand_ins.items():
        several = isinstance(stand_in, list)
        for place, one in enumerate(stand_in if several else [stand_in]):
            if one is None:
                continue
            wanted = _stored(one, connection)
            found = places.get((type(wanted), wanted), [])
            alone = len(found) if isinstance(wanted, str) else 0
            if texts.count(str(wanted)) > alone or not (found or name in optional):
                raise ValueError(f"the value “{name}” does not stand in the statement as it is")
            for at in found:
                yield _Hole(at, name, place if several else None)


# ---- Asking ----------------------------------------------------------------------------------------------------------


def asked(connection: Any, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that comes again and again; a server of the database goes by what it planned before."""
    with again(connection) as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def again(connection: Any) -> Any:
    """A cursor for statements that come again and again."""
    return connection.kept_cursor() if connection.vendor == "postgresql" else connection.cursor()


_PLACEHOLDER = re.compile(r"(%%|%s)")


def _settled(
    sql: str, parameters: tuple[Any, ...], holes: tuple[_Hole, ...], connection: Any
) -> tuple[str, tuple[Any, ...], tuple[_Hole, ...]]:
    """The statement for a server that plans it once for all values.

    What is the same each time stands in its text, so that the plan takes it into account; a list of several is one
    value, so that they have one plan whatever their length.
    """
    connection.ensure_connection()
    texts = [""]
    for part in _PLACEHOLDER.split(sql):
        if part == "%s":
            texts.append("")
        else:
            texts[-1] += part
    by_parameter = {hole.parameter: hole for hole in holes}
    left: list[_Hole] = []
    text, at = texts[0], 0
    while at < len(parameters):
        hole, whole = by_parameter.get(at), _whole_list(texts, by_parameter, at)
        if hole is None:
            text += connection.ops.compose_sql("%s", [parameters[at]]).replace("%", "%%")
        elif whole:
            text = text.removesuffix(" IN (") + " = ANY(%s"
            left.append(_Hole(len(left), hole.name, WHOLE))
            at += whole - 1
        else:
            text += "%s"
            left.append(_Hole(len(left), hole.name, hole.place))
        at += 1
        text += texts[at]
    return text, (None,) * len(left), tuple(left)


def _whole_list(texts: Sequence[str], holes: Mapping[int, _Hole], start: int) -> int:
    """How many parameters from this one on are all of one list of several in “IN (…)”; 0 where it is none."""
    first = holes.get(start)
    if first is None or first.place is None or not texts[start].endswith(" IN ("):
        return 0
    end = start + 1
    while end in holes and holes[end].name == first.name and texts[end] == ", ":
        end += 1
    places = {holes[at].place for at in range(start, end)}
    is_all = (
        len(places) == end - start == 1 + max(hole.place or 0 for hole in holes.values() if hole.name == first.name)
    )
    return end - start if end - start > 1 and is_all and texts[end].startswith(")") else 0
