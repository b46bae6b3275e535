"""Django's backend for PostgreSQL with one thing more: a cursor for statements that come again and again.

Django puts the values into the text of each statement, so the server reads and plans each anew: for the small
statements of a page that takes two to ten times as long as running them. Through this cursor the values travel beside
the text, and from the third time on a connection the server goes by what it has read and planned before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg import RawCursor

#: So many statements the server keeps for one connection: those of all pages, for a dozen forms of rights.
KEPT = 400

_PLACE = re.compile(r"%%|%s")


class KeptCursor(RawCursor[Any]):
    """A cursor whose values are bound by the server; a statement's text, not its values, decides about its plan."""

    def execute(self, query: str, params: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Run a statement that is written as Django writes them, with “%s” for each value."""
        return super().execute(numbered(query), params, **options)


@lru_cache(maxsize=4000)
def numbered(query: str) -> bytes:
    """A statement as the server reads it: the values are $1, $2 and so on."""
    count = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return _PLACE.sub(replace, query).encode()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the database server."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open a connection that may keep the statements of all pages."""
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = KEPT
        return connection

    def kept_cursor(self) -> Any:
        """A cursor for statements that come again."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(KeptCursor(self.connection))  # type: ignore[attr-defined]
