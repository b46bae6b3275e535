from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SealingKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("algorithm", models.CharField(max_length=40, verbose_name="algorithm")),
                ("wrapped", models.CharField(max_length=200, verbose_name="key, encrypted")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
            ],
            options={
                "verbose_name": "sealing key",
                "verbose_name_plural": "sealing keys",
            },
        ),
    ]
