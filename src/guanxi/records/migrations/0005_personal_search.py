from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def restore_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes the table anew for a column, and forgets the triggers that feed the index."""
    if editor.connection.vendor == "sqlite":
        _table, *triggers = import_module("guanxi.records.migrations.0002_search_index").SQLITE
        for statement in triggers:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0004_batches")]
    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="personal",
            field=models.TextField(default=""),
        ),
        migrations.RunPython(restore_triggers, restore_triggers),
    ]
