"""The database's own proofs: pages and indexes are whole, foreign keys lead somewhere, constraints are in force."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.verify.checks import Findings, check

#: A constraint or an index that PostgreSQL keeps but does not hold to, after a migration that was cut off.
_UNPROVEN = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
 WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index
  JOIN pg_class ON pg_class.oid = indexrelid
 WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
"""


@check("database.whole", _("The database file and its indexes are undamaged"))
def whole_database() -> Findings:
    """SQLite reads every page and compares every index; PostgreSQL names what it no longer holds to."""
    if connection.vendor == "sqlite":
        for (line,) in _rows("PRAGMA integrity_check(100)"):
            if line != "ok":
                yield Message("SQLite: %(text)s", text=line)
    else:
        for table, name in _rows(_UNPROVEN):
            yield Message("%(name)s of %(table)s is not in force.", name=name, table=table)


@check("database.links", _("Every link in the database leads to a row that exists"))
def links_lead_somewhere() -> Findings:
    """Foreign keys whose row is gone. PostgreSQL keeps them by itself; SQLite only while the switch is on."""
    if connection.vendor == "sqlite":
        for table, row, parent, _key in _rows("PRAGMA foreign_key_check"):
            yield Message("%(table)s, row %(row)s: its %(parent)s does not exist.", table=table, row=row, parent=parent)


def _rows(statement: str) -> Iterator[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        yield from cursor.fetchall()
