"""Django's backend for SQLite with one thing more: who wants to write waits for his turn first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from pysqlite3 import OperationalError

from guanxi.platform.embedded.turns import Turns

#: How statements begin that need the write lock; everything else reads, or belongs to a transaction that has it.
_WRITES = ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "INSERT", "UPDATE", "DELETE", "REPLACE")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose writing statements wait for their turn and keep it until the transaction has ended."""

    def __init__(self, connection: Any, turns: Turns) -> None:
        super().__init__(connection)
        self._turns = turns

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; OperationalError when the turn to write does not come in time."""
        self._wait(query)
        try:
            return super().execute(query, params)
        finally:
            self._settle()

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement for each of these rows; OperationalError when the turn to write does not come in time."""
        self._wait(query)
        try:
            return super().executemany(query, param_list)
        finally:
            self._settle()

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The statement with SQLite's own placeholders: by replacing where nothing is escaped, as nearly always."""
        if param_names is None and "%%" not in query:
            return query.replace("%s", "?")
        converted: str = super().convert_query(query, param_names=param_names)
        return converted

    def _wait(self, query: str) -> None:
        if self._turns.is_waiting_or_on or self.connection.in_transaction or not query.startswith(_WRITES):
            return
        if not self._turns.take():
            raise OperationalError("database is locked")

    def _settle(self) -> None:
        if self._turns.is_waiting_or_on and not self.connection.in_transaction:
            self._turns.end()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded database."""

    _turns: Turns | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open the file, and a place in the queue of those who write to it."""
        connection = super().get_new_connection(conn_params)
        self._turns = Turns(Path(str(conn_params["database"])), float(conn_params.get("timeout", 5)))
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that takes its turn; a database in memory has one connection only, and nobody to wait for."""
        if self._turns is None or self.is_in_memory_db():
            return super().create_cursor(name)
        return self.connection.cursor(factory=partial(Cursor, turns=self._turns))

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._turns is not None and not (self.connection is not None and self.connection.in_transaction):
            self._turns.end()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._turns is not None:
                self._turns.close()
