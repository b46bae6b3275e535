"""Writing and reading many rows of one table at once, column by column.

Django's own `bulk_create` asks every field of every row how to prepare its value and builds a statement as long as the
rows. Here each column's way of preparing is settled once, values that repeat are prepared once, and plain texts and
numbers are handed over as they are: in one prepared statement on SQLite, by COPY and lists of columns on PostgreSQL.
What a field does in `pre_save` and `get_db_prep_save` is kept. Reading is the same backwards: whole columns as they are
stored, and for each the function that makes a stored value what a record would hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import signals
from django.db.models.base import ModelState

#: Below this Django's own statement is as quick, and brings back the ids that the database gives.
MANY = 10
#: Rows of one statement where Django's own way is taken.
BATCH = 1000
#: Values of one statement on SQLite, as every build of it takes them.
MOST_VALUES = 30_000

_LENGTH = re.compile(r"\(.*\)")
_PLAIN = frozenset({str, int, bool, type(None)})
_DOCUMENTS = frozenset({dict, list, type(None)})
_IDS = frozenset({UUID, type(None)})


def new_rows(model: type[models.Model], count: int, **alike: Any) -> list[Any]:
    """New instances as `model(**alike)` makes them: each gets its own values of the defaults that are functions."""
    if count < MANY or signals.pre_init.has_listeners(model) or signals.post_init.has_listeners(model):
        return [model(**alike) for _row in range(count)]
    first = model(**alike)
    common = {name: value for name, value in first.__dict__.items() if name != "_state"}
    linked = first._state.fields_cache
    own = [
        (field.attname, field.default)
        for field in model._meta.concrete_fields
        if field.has_default() and callable(field.default) and not alike.keys() & {field.name, field.attname}
    ]
    rows = []
    for _row in range(count):
        row: Any = model.__new__(model)
        held = row.__dict__ = common.copy()
        held["_state"] = state = ModelState()
        if linked:
            state.fields_cache = linked.copy()
        for name, make in own:
            held[name] = make()
        rows.append(row)
    return rows


def insert_many(model: type[models.Model], rows: Sequence[Any], *, at_once: bool = False) -> None:
    """Insert new instances of a model whose `save` does nothing of its own; the ids that a database gives stay unknown.

    `at_once`: many rows in one statement also on SQLite, which prepares for taking back each statement that a trigger
    belongs to, and has the index of the search begin a new piece of itself with it. Without triggers single rows are
    quicker.
    Raises IntegrityError like `bulk_create`, and like it writes all of them or, in a transaction, none.
    """
    if len(rows) < MANY or _has_made_columns(model):
        model._base_manager.bulk_create(rows, batch_size=BATCH)
        return
    connection = connections[router.db_for_write(model)]
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (isinstance(field, models.AutoField) and field.primary_key)
    ]
    _settle_links(model, rows)
    values = _prepared(fields, rows, connection)
    quoted = [connection.ops.quote_name(str(field.column)) for field in fields]
    table, columns = connection.ops.quote_name(model._meta.db_table), ", ".join(quoted)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(connection, cursor, f"COPY {table} ({columns}) FROM STDIN", values)
        else:
            _insert(cursor, f"INSERT INTO {table} ({columns}) VALUES ", len(fields), values, at_once)  # noqa: S608 - names
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update_many(model: type[models.Model], rows: Sequence[Any], names: Iterable[str]) -> None:
    """Write some columns of rows that stand already, each under its id."""
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    key = model._meta.pk
    assert key is not None
    if not rows or not fields:
        return
    written: list[Any] = [*fields, key]
    columns = [_column(field, rows, connection) for field in written]
    table, *quoted = map(connection.ops.quote_name, [model._meta.db_table, *(str(field.column) for field in written)])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement for all rows: each column comes as a list, whose type names no length, or what is too long
            # would be cut instead of refused.
            kinds = [_LENGTH.sub("", field.rel_db_type(connection)) for field in written]
            lists = ", ".join(f"%s::{kind}[]" for kind in kinds)
            sets = ", ".join(f"{name} = given.{name}" for name in quoted[:-1])
            statement = (
                f"UPDATE {table} SET {sets} FROM unnest({lists}) AS given({', '.join(quoted)}) "  # noqa: S608 - names
                f"WHERE {table}.{quoted[-1]} = given.{quoted[-1]}"
            )
            cursor.execute(statement, columns)
        else:
            sets = ", ".join(f"{name} = %s" for name in quoted[:-1])
            statement = f"UPDATE {table} SET {sets} WHERE {quoted[-1]} = %s"  # noqa: S608 - names of our own models
            cursor.executemany(statement, list(zip(*columns, strict=True)))


def _settle_links(model: type[models.Model], rows: Sequence[Any]) -> None:
    """What Django asks of rows before it saves them, where a link was set to a row that was not saved then."""
    links = {field.name: field.attname for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}
    for row in rows:
        held = row.__dict__
        if any(name in links and held[links[name]] is None for name in row._state.fields_cache):
            row._prepare_related_fields_for_save(operation_name="bulk_create")


def _has_made_columns(model: type[models.Model]) -> bool:
    """Whether the database itself fills columns of the table: Django knows how to ask for them."""
    return any(field.generated or field.has_db_default() for field in model._meta.concrete_fields)


def _copy(connection: BaseDatabaseWrapper, cursor: Any, statement: str, values: Iterator[tuple[Any, ...]]) -> None:
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def _insert(cursor: Any, statement: str, width: int, values: Iterator[tuple[Any, ...]], at_once: bool) -> None:
    """SQLite's way: one prepared statement for all rows, or one long statement for many of them."""
    one = f"({', '.join(['%s'] * width)})"
    if not at_once:
        cursor.executemany(statement + one, list(values))
        return
    while part := list(islice(values, MOST_VALUES // width)):
        cursor.execute(statement + ", ".join([one] * len(part)), list(chain.from_iterable(part)))


def _prepared(
    fields: Sequence[models.Field[Any, Any]], rows: Sequence[Any], connection: BaseDatabaseWrapper
) -> Iterator[tuple[Any, ...]]:
    """The rows as the database takes them, column by column."""
    columns = [_column(field, rows, connection) for field in fields]
    return zip(*columns, strict=True)


def _column(field: models.Field[Any, Any], rows: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    """One column of all rows. Preparing is asked for once for each distinct value, not once for each row."""
    if _holds_its_value(field):
        values = list(map(attrgetter(field.attname), rows))
    else:
        values = [field.pre_save(row, add=True) for row in rows]
    kinds = set(map(type, values))
    if _takes_plain(type(field)) and kinds <= _PLAIN:  # type: ignore[arg-type]  # a class has its own hash
        return values
    prepare = _preparing(field, kinds, connection)
    # Equal values can be stored differently if they are of several kinds (True and 1), or if documents hold such.
    is_document = isinstance(field, models.JSONField)
    if len(kinds) == 1 and (not any(values) if is_document else values.count(values[0]) == len(values)):
        return [prepare(values[0])] * len(values)
    if is_document or len(kinds - {type(None)}) > 1:
        return [prepare(value) for value in values]
    if UUID in kinds:  # to look one up takes longer than to prepare it
        return [prepare(value) for value in values]
    known = {value: prepare(value) for value in set(values)}
    return [known[value] for value in values]


def _preparing(
    field: models.Field[Any, Any], kinds: set[type], connection: BaseDatabaseWrapper
) -> Callable[[Any], Any]:
    """How a value of one of these kinds becomes what the column stores."""
    save, is_sqlite = field.get_db_prep_save, connection.vendor == "sqlite"
    if (
        is_sqlite
        and isinstance(field, models.JSONField)
        and kinds <= _DOCUMENTS
        and _is_stored_as(models.JSONField, field)
    ):
        # As Django does it, which makes an encoder for each value.
        encode = (field.encoder or json.JSONEncoder)().encode
        return lambda value: None if value is None else encode(value)
    if is_sqlite and kinds <= _IDS and _is_stored_as(models.UUIDField, field):
        return lambda value: None if value is None else value.hex
    return lambda value: None if value is None else save(value, connection)


def _is_stored_as(kind: type[models.Field[Any, Any]], field: models.Field[Any, Any]) -> bool:
    """Whether a field, or the one that it leads to, stores its values just as a kind of Django's does."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    names = ("get_prep_value", "get_db_prep_value", "get_db_prep_save")
    return isinstance(field, kind) and all(getattr(type(field), name) is getattr(kind, name) for name in names)


def _holds_its_value(field: models.Field[Any, Any]) -> bool:
    """Whether a row is saved with just what it holds in this field; others set something as it is saved."""
    saves = type(field).pre_save
    is_moment = saves in (models.DateField.pre_save, models.DateTimeField.pre_save)
    return saves is models.Field.pre_save or (is_moment and not (field.auto_now or field.auto_now_add))  # type: ignore[attr-defined]


@cache
def _takes_plain(kind: type[models.Field[Any, Any]]) -> bool:
    """Whether texts, whole numbers and truths reach the column as they are: only fields that prepare nothing."""
    if not issubclass(kind, models.CharField | models.TextField | models.IntegerField | models.BooleanField):
        return False
    same = all(getattr(kind, name) is getattr(models.Field, name) for name in ("get_db_prep_value", "get_db_prep_save"))
    return same and any(
        kind.get_prep_value is base.get_prep_value
        for base in (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
    )


# ---- Reading ---------------------------------------------------------------------------------------------------------


def stored_columns(
    model: type[models.Model], names: Sequence[str], keys: Sequence[Any]
) -> tuple[list[Any], dict[str, list[Any]]]:
    """Which of these rows exist, in the order of their ids, and these columns of them as the database holds them.

    `names` are those of `attname`; `opening` says what a column's stored values mean.
    """
    alias = router.db_for_read(model)
    connection, key = connections[alias], model._meta.pk
    assert key is not None
    wanted = [key.attname, *(name for name in names if name != key.attname)]
    rows = model._base_manager.using(alias).filter(pk__in=keys).order_by().values_list(*wanted)
    sql, params = rows.query.get_compiler(using=alias).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = {row[0]: row for row in cursor.fetchall()}
    places = [(each, key.get_db_prep_value(each, connection)) for each in keys]
    standing = [(each, found[place]) for each, place in places if place in found]
    columns = map(list, zip(*[row for _key, row in standing], strict=True)) if standing else ([] for _name in wanted)
    return [each for each, _row in standing], dict(zip(wanted, columns, strict=True))


def opening(model: type[models.Model], name: str) -> Callable[[Any], Any] | None:
    """How a stored value of a column becomes what a record holds; None for a column that stores just that."""
    connection = connections[router.db_for_read(model)]
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    column = field.get_col(model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def opened(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return opened


def partial_rows(model: type[models.Model], keys: Sequence[Any], columns: Mapping[str, Sequence[Any]]) -> Iterator[Any]:
    """Instances that hold some columns of standing rows; any other is fetched when it is asked for."""
    key = model._meta.pk
    assert key is not None
    alias = router.db_for_read(model)
    for pk, *values in zip(keys, *columns.values(), strict=True):
        row: Any = object.__new__(model)
        state = ModelState()
        state.adding, state.db = False, alias
        row.__dict__.update(zip(columns, values, strict=True))
        row.__dict__.update({key.attname: pk, "_state": state})
        yield row
