"""Each pair of characters in the search's index gets the mark of its record type (records/search.py, `mark_of`)."""

from __future__ import annotations

import zlib

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def mark_of(key: str) -> str:
    number = zlib.crc32(key.encode())
    return "".join(SIGNS[number // 36**place % 36] for place in range(3))


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        for mark, key in _types(cursor):
            cursor.execute(
                "UPDATE records_searchentry SET grams = %s || replace(grams, ' ', %s) WHERE module = %s AND grams <> ''",
                [mark, f" {mark}", key],
            )


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        for mark, key in _types(cursor):
            cursor.execute(
                "UPDATE records_searchentry SET grams = substr(replace(grams, %s, ' '), 4) WHERE module = %s",
                [f" {mark}", key],
            )


def _types(cursor: object) -> list[tuple[str, str]]:
    cursor.execute("SELECT DISTINCT module FROM records_searchentry")  # type: ignore[attr-defined]
    return [(mark_of(key), key) for (key,) in cursor.fetchall()]  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    dependencies = [("records", "0009_export_request")]
    operations = [migrations.RunPython(forwards, backwards)]
