"""The database itself refuses to change or delete audit entries and seals, whoever asks.

What was shown to whom (`audit_disclosure`) may be deleted once it is older than the law has it kept, and no sooner.

SQLite forgets the triggers of a table that a migration rebuilds: such a migration calls `install` again.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

TRAIL = ("audit_auditentry", "audit_auditseal")
DISCLOSURES = "audit_disclosure"
TABLES = (*TRAIL, DISCLOSURES)
#: For so long the law has logs of access kept; the parameter of their keeping may only say longer.
KEPT_MONTHS = 6
_EVENTS = ("update", "delete")
# Columns in which a new row may not repeat an old one: SQLite's INSERT OR REPLACE would delete the old row silently.
_KEYS = {"audit_auditentry": ("id",), "audit_auditseal": ("id", "seq", "entry_id"), DISCLOSURES: ("id",)}
# When a refusal does not hold. The time is the database's own: nobody hurries it by the program's clock.
_UNLESS = {
    ("sqlite", DISCLOSURES, "delete"): f"OLD.at < datetime('now', '-{KEPT_MONTHS} months')",
    ("postgresql", DISCLOSURES, "delete"): f"OLD.at < now() - interval '{KEPT_MONTHS} months'",
}

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are append-only (%, %)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Create the triggers, replacing those that are there."""
    _execute(connection, [*dropping(connection.vendor, tables), *creating(connection.vendor, tables)])


def remove(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Drop the triggers: only for a migration that must change the tables' rows."""
    _execute(connection, dropping(connection.vendor, tables))


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


def dropping(vendor: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The statements that drop the triggers where they exist; `vendor` is "sqlite" or "postgresql"."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{event} ON {table}" for table in tables for event in _EVENTS]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{event}" for table in tables for event in (*_EVENTS, "replace")]


def creating(vendor: str, tables: Sequence[str] = TABLES) -> list[str]:
    """The statements that create the triggers; `vendor` is "sqlite" or "postgresql", NotImplementedError on others."""
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, *(_postgresql(table, event) for table in tables for event in _EVENTS)]
    if vendor == "sqlite":
        refusals = [_sqlite(table, event) for table in tables for event in _EVENTS]
        return [*refusals, *(_sqlite_no_replace(table) for table in tables)]
    raise NotImplementedError(f"the audit trail is not protected on {vendor}")


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _postgresql(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} FOR EACH ROW "
        f"{_when('postgresql', table, event)}EXECUTE FUNCTION audit_append_only()"
    )


def _sqlite(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} {_when('sqlite', table, event)}"
        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
    )


def _when(vendor: str, table: str, event: str) -> str:
    unless = _UNLESS.get((vendor, table, event))
    return f"WHEN (NOT ({unless})) " if unless else ""


def _sqlite_no_replace(table: str) -> str:
    repeats = " OR ".join(f"{column} = NEW.{column}" for column in _KEYS[table])
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {repeats}) "
        "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
    )
