from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """CREATE VIRTUAL TABLE records_searchfts USING fts5(
           grams, content='records_searchentry', content_rowid='id', detail='none', columnsize=0
       )""",
    """CREATE TRIGGER records_searchfts_insert AFTER INSERT ON records_searchentry BEGIN
           INSERT INTO records_searchfts(rowid, grams) VALUES (new.id, new.grams);
       END""",
    """CREATE TRIGGER records_searchfts_delete AFTER DELETE ON records_searchentry BEGIN
           INSERT INTO records_searchfts(records_searchfts, rowid, grams) VALUES ('delete', old.id, old.grams);
       END""",
    """CREATE TRIGGER records_searchfts_update AFTER UPDATE OF grams ON records_searchentry BEGIN
           INSERT INTO records_searchfts(records_searchfts, rowid, grams) VALUES ('delete', old.id, old.grams);
           INSERT INTO records_searchfts(rowid, grams) VALUES (new.id, new.grams);
       END""",
)
SQLITE_BACK = (
    "DROP TRIGGER records_searchfts_insert",
    "DROP TRIGGER records_searchfts_delete",
    "DROP TRIGGER records_searchfts_update",
    "DROP TABLE records_searchfts",
)
POSTGRESQL = ("CREATE INDEX records_search_grams ON records_searchentry USING gin (string_to_array(grams, ' '))",)
POSTGRESQL_BACK = ("DROP INDEX records_search_grams",)


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
