"""A fingerprint of everything the business keeps, to show that a refusal changed nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

#: Columns and tables that may change on a refusal: who was last seen when; the audit, sessions, attempts, calls left.
PASSING = {"last_seen_at", "last_login", "last_used_at", "last_used_from"}
VOLATILE = ("audit_", "django_", "auth_", "people_session", "people_attempt", "access_callallowance")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|COPY|WITH|TRUNCATE|DROP|ALTER|CREATE)\b", re.I)
_PASSING = re.compile(rf'\s*(INSERT INTO|UPDATE|DELETE FROM) "({"|".join(VOLATILE)})', re.I)


def digest(*, audit: bool = False) -> str:
    """SHA-256 over all rows of all business tables, in a stable order; with `audit` over the audit trail too."""
    tables = _tables(audit)
    found = _by_server(tables) if connection.vendor == "postgresql" else _by_rows(tables)
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _tables(audit: bool) -> list[tuple[str, str]]:
    """Each business table, quoted, with its columns."""
    quote = connection.ops.quote_name
    tables = []
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if table.startswith(VOLATILE) and not (audit and table.startswith("audit_")):
            continue
        columns = [column.column for column in model._meta.concrete_fields if column.column not in PASSING]
        tables.append((quote(table), ", ".join(quote(column) for column in columns)))
    return tables


def _by_rows(tables: list[tuple[str, str]]) -> list[object]:
    found: list[object] = []
    with connection.cursor() as cursor:
        for table, columns in tables:
            cursor.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - names from models
            found.append((table, sorted(repr(row) for row in cursor.fetchall())))
    return found


def _by_server(tables: list[tuple[str, str]]) -> list[object]:
    """The same in one round trip: the server digests each table."""
    parts = [
        f"SELECT '{table}', md5(string_agg(r::text, '' ORDER BY r::text)) FROM (SELECT {columns} FROM {table}) r"  # noqa: S608
        for table, columns in tables
    ]
    with connection.cursor() as cursor:
        # Planned once: planning takes longer than reading the tables of a test.
        return sorted(cursor.cursor.execute(" UNION ALL ".join(parts), prepare=True).fetchall())


# ---- Trying ----------------------------------------------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that write what the business keeps: where there are none, its digest need not be taken."""
    statements: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not _PASSING.match(sql):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield statements


@dataclass
class Trial:
    """Something that is tried; `in_vain`: it must have changed nothing."""

    in_vain: bool


@contextmanager
def tried(*, in_vain: bool = False) -> Iterator[Trial]:
    """What is done inside is taken back, so that the next can try the same; what was in vain changed nothing."""
    trial, after = Trial(in_vain), ""
    with undone(), written() as statements:
        yield trial
        if trial.in_vain and statements:
            after = digest()
    assert not after or after == digest(), f"changed, though in vain: {statements[:5]}"
