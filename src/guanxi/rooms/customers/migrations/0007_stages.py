from typing import Any

from django.db import migrations, models


def since_collected(apps: Any, schema_editor: Any) -> None:
    """Customers there were before stand in the first stage since the day they were collected."""
    customers = apps.get_model("customers", "Customer").objects
    customers.filter(stage_on=None).update(stage_on=models.F("collected_on"))


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_public_pool")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="stage",
            field=models.CharField(
                choices=[
                    ("collection", "Information collected and analysed"),
                    ("visit", "Visit"),
                    ("return", "Return visit"),
                    ("delivery", "Delivery and collection"),
                    ("service", "After-sales service"),
                    ("promotion", "Promotion"),
                    ("feedback", "Information feedback"),
                ],
                default="collection",
                editable=False,
                max_length=10,
                verbose_name="stage of the sales process",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="stage_on",
            field=models.DateField(editable=False, null=True, verbose_name="in this stage since"),
        ),
        migrations.RunPython(since_collected, migrations.RunPython.noop),
        migrations.AddIndex(model_name="customer", index=models.Index(fields=["stage"], name="customer_stage")),
    ]
