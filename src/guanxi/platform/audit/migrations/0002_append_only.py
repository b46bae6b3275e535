from django.db import migrations

from guanxi.platform.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: triggers.install(schema_editor.connection, triggers.TRAIL),
            lambda apps, schema_editor: triggers.remove(schema_editor.connection, triggers.TRAIL),
        )
    ]
