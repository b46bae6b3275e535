"""SQL by hand stands in few, known places, always for both databases."""

import re

from tests.architecture.tree import calls, name_of, python_files

# File (below src/guanxi) → why the query set language is not enough there. Migrations may speak SQL.
SQL_PLACES: dict[str, str] = {
    "platform/access/gathering.py": "whatever gives a person rights, in one statement at the beginning of each request",
    "platform/bulk.py": "many rows by prepared statements and COPY, with the names of the models' own columns",
    "platform/postgres/": "the cursor itself: statements pass through",
    "platform/prepared.py": "statements that query sets made, run again with other values",
    "platform/audit/": "triggers and the chain's lock",
    "platform/backups/": "a moment of the whole database, which no query set can hold",
    "platform/embedded/": "the cursor itself: statements pass through",
    "platform/files/holding.py": "a lock that all machines respect, which no query set can take",
    "platform/monitoring/": "whether the database answers, and how large it is",
    "platform/numbering/": "taking a number: update and read back under one row lock",
    "platform/once/sending.py": "a lock on the key of what is sent, where the database has such locks",
    "platform/verify/database.py": "the databases' own proofs of their files",
    "records/search": "full text search: FTS5 on SQLite, a bigram index on PostgreSQL",
}
RAW = re.compile(r"(?:^|\.)(?:raw|RawSQL|extra|execute|executemany|executescript)$")


def speaks_sql(source: str) -> list[int]:
    """The lines that hand a statement of their own to the database."""
    has_database = "connection" in source or "RawSQL" in source or ".raw(" in source or ".extra(" in source
    return [call.line for call in calls(source) if has_database and RAW.search(call.name)]


def test_raw_sql_stays_in_its_places():
    assert speaks_sql("from django.db import connection\nwith connection.cursor() as c:\n    c.execute('x')") == [3]
    assert speaks_sql("Customer.objects.raw('select 1')") == [1]
    assert speaks_sql("action.execute(ctx)") == []
    found = [
        f"{name}:{line}"
        for path in python_files()
        if "migrations" not in path.parts
        for name in [name_of(path).removeprefix("src/guanxi/")]
        if not name.startswith(tuple(SQL_PLACES))
        for line in speaks_sql(path.read_text())
    ]
    assert not found, "\n".join(["", *found])
