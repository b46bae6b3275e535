"""The database at one moment, as a file of its own, with what the table of contents needs from that same moment."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
from django.apps import apps
from django.db import connection

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.backups import postgresql

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}

Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database. `files`: (path, SHA-256) of each kept file that a row knows at that moment."""

    migrations: list[list[str]]
    counts: dict[str, int]
    audit_seq: int
    audit_hash: str
    files: list[tuple[str, str]]


def take(target: Path) -> Snapshot:
    """Write the database as it is now into `target` and say what was in it. Writers go on meanwhile."""
    return _sqlite(target) if connection.vendor == "sqlite" else _postgresql(target)


def _sqlite(target: Path) -> Snapshot:
    source = str(connection.settings_dict["NAME"])
    if not Path(source).is_file():
        raise Conflict(Message("There is no database yet. Run first: guanxi migrate"))
    with closing(pysqlite3.connect(source, timeout=20)) as live, closing(pysqlite3.connect(target)) as copy:
        # All pages in one step: a single moment, while writers go on in the write-ahead log.
        live.backup(copy, pages=-1)
        # One file and nothing beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        return _described(lambda statement: copy.execute(statement).fetchall())


def _postgresql(target: Path) -> Snapshot:
    database = connection.settings_dict
    with _exported() as (query, name, major):
        described = _described(query)
        dump = [postgresql.program("pg_dump", major), "--format=custom", f"--snapshot={name}", f"--file={target}"]
        postgresql.call([*dump, "--no-owner", "--no-privileges", *postgresql.place(database)], database)
    return described


@contextmanager
def _exported() -> Iterator[tuple[Query, str, int]]:
    """A moment that others may look at too: our own queries, its name for pg_dump, the server's major version."""
    # A connection of its own: the caller may be in the middle of a transaction.
    opened = connection.copy()
    try:
        with opened.cursor() as cursor:

            def query(statement: str) -> list[tuple[Any, ...]]:
                cursor.execute(statement)
                return list(cursor.fetchall())

            cursor.execute("SET idle_in_transaction_session_timeout = 0")
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield query, query("SELECT pg_export_snapshot()")[0][0], postgresql.server_major(opened)
            cursor.execute("ROLLBACK")
    finally:
        opened.close()


def _described(query: Query) -> Snapshot:
    # A database that lacks migrations has fewer tables than the program.
    there = {name for (name,) in query(_TABLES[connection.vendor])}
    tables = sorted(there & {model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    head = query("SELECT seq, hash FROM audit_auditseal ORDER BY seq DESC LIMIT 1")
    return Snapshot(
        migrations=[list(row) for row in query("SELECT app, name FROM django_migrations ORDER BY app, name")],
        counts={table: query(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables},  # noqa: S608 - from models
        audit_seq=head[0][0] if head else 0,
        audit_hash=head[0][1] if head else "",
        files=[
            (row[0], row[1])
            for row in query("SELECT path, sha256 FROM files_storedfile WHERE deleted_at IS NULL ORDER BY path")
        ],
    )
