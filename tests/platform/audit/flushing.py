"""Emptying a test database on SQLite deletes row by row, which the audit triggers refuse; PostgreSQL truncates."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper

from guanxi.platform.audit.triggers import TABLES, creating, dropping


@pytest.fixture(autouse=True, scope="session")
def flush_passes_audit_triggers() -> Iterator[None]:
    """Tests with `transaction=True` may empty the audit tables between them; the triggers are back right after."""
    operations = DatabaseWrapper.ops_class
    original = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = original(self, style, tables, **options)
        if not set(TABLES) & set(tables):
            return statements
        return [*dropping("sqlite"), *statements, *creating("sqlite")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield
