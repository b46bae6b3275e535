from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import guanxi.records.fields


def seal_accounts(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What was entered before the column was sealed is read as it stands, and written sealed."""
    profiles = apps.get_model("customers", "BillingProfile")._default_manager.using(editor.connection.alias)
    for key, account in profiles.exclude(account="").values_list("pk", "account").iterator(chunk_size=500):
        profiles.filter(pk=key).update(account=account)


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_custom_fields"), ("sealing", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="identity_number",
            field=guanxi.records.fields.SealedField(
                blank=True,
                default="",
                help_text="Of an identity card, checked by its last digit, or a passport.",
                max_length=400,
                verbose_name="identity number",
                what="identity",
            ),
        ),
        migrations.AlterField(
            model_name="billingprofile",
            name="account",
            field=guanxi.records.fields.SealedField(
                blank=True, default="", max_length=400, verbose_name="account number", what="account"
            ),
        ),
        migrations.RunPython(seal_accounts, migrations.RunPython.noop),
    ]
