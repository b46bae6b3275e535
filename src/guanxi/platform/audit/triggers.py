"""The database itself refuses to change or delete audit entries and seals, whoever asks.

SQLite forgets the triggers of a table that a migration rebuilds: such a migration calls `install` again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_auditentry", "audit_auditseal")
_EVENTS = ("update", "delete")
# Columns in which a new row may not repeat an old one: SQLite's INSERT OR REPLACE would delete the old row silently.
_KEYS = {"audit_auditentry": ("id",), "audit_auditseal": ("id", "seq", "entry_id")}

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are append-only (%, %)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing those that are there."""
    _execute(connection, [*dropping(connection.vendor), *creating(connection.vendor)])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: only for a migration that must change the tables' rows."""
    _execute(connection, dropping(connection.vendor))


def expected(vendor: str) -> set[str]:
    """The names of the triggers that protect the trail; `vendor` is "sqlite" or "postgresql"."""
    events = _EVENTS if vendor == "postgresql" else (*_EVENTS, "replace")
    return {f"{table}_no_{event}" for table in TABLES for event in events}


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers that are there and in force."""
    statement = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {name for (name,) in cursor.fetchall()}


def dropping(vendor: str) -> list[str]:
    """The statements that drop the triggers where they exist; `vendor` is "sqlite" or "postgresql"."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{event} ON {table}" for table in TABLES for event in _EVENTS]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{event}" for table in TABLES for event in (*_EVENTS, "replace")]


def creating(vendor: str) -> list[str]:
    """The statements that create the triggers; `vendor` is "sqlite" or "postgresql", NotImplementedError on others."""
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, *(_postgresql(table, event) for table in TABLES for event in _EVENTS)]
    if vendor == "sqlite":
        refusals = [_sqlite(table, event) for table in TABLES for event in _EVENTS]
        return [*refusals, *(_sqlite_no_replace(table) for table in TABLES)]
    raise NotImplementedError(f"the audit trail is not protected on {vendor}")


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _postgresql(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )


def _sqlite(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
    )


def _sqlite_no_replace(table: str) -> str:
    repeats = " OR ".join(f"{column} = NEW.{column}" for column in _KEYS[table])
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {repeats}) "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
    )
