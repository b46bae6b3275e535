"""Columns as texts that are the same on every database, made by the database: cheaper than Python's conversions."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]


class _Text(Func):
    output_field = TextField()
    template = "CAST(%(expressions)s AS text)"
    postgresql_template = "CAST(%(expressions)s AS text)"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        sql, params = self.as_sql(compiler, connection, template=self.postgresql_template, **context)
        return sql, tuple(params)


class MomentText(_Text):
    """A moment in UTC as "2026-11-20 02:00:00.000000"."""

    # SQLite stores whole seconds without a fraction.
    template = (
        "CASE length(%(expressions)s) WHEN 19 THEN %(expressions)s || '.000000' ELSE CAST(%(expressions)s AS text) END"
    )
    postgresql_template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


class IdText(_Text):
    """A UUID as 32 hexadecimal digits."""

    postgresql_template = "replace(CAST(%(expressions)s AS text), '-', '')"


class JsonText(_Text):
    """A JSON value as the database writes it; equal values may be written differently."""
