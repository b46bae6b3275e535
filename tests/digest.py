"""A fingerprint of everything the business keeps, to show that a refusal changed nothing."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.db import connection

#: What may change on a refusal: the audit, sessions, who was last seen when, failed logins.
VOLATILE = ("audit_", "django_", "axes_", "auth_")


def digest(*, audit: bool = False) -> str:
    """SHA-256 over all rows of all business tables, in a stable order; with `audit` over the audit trail too."""
    found = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if table.startswith(VOLATILE) and not (audit and table.startswith("audit_")):
            continue
        skipped = {"last_seen_at", "last_login"}
        columns = [column.column for column in model._meta.concrete_fields if column.column not in skipped]
        names = ", ".join(connection.ops.quote_name(name) for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names from models
            rows = sorted(repr(row) for row in cursor.fetchall())
        found.update(repr((table, rows)).encode())
    return found.hexdigest()
