import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids
import guanxi.records.custom_values
import guanxi.records.fields


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("integrations", "0001_initial"),
        ("integrations", "0002_custom_fields"),
        ("integrations", "0003_deliveries_in_words"),
    ]

    dependencies = [
        ("jobs", "0001_first_version"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guanxi.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(editable=False, null=True, verbose_name="created at")),
                ("changed_at", models.DateTimeField(editable=False, null=True, verbose_name="changed at")),
                ("deleted_at", models.DateTimeField(editable=False, null=True, verbose_name="deleted at")),
                (
                    "number",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=40, verbose_name="number"),
                ),
                (
                    "custom",
                    guanxi.records.custom_values.CustomValues(
                        blank=True, default=dict, editable=False, verbose_name="added fields"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "url",
                    models.CharField(
                        help_text="https://…; the operator must have registered the host.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "modules",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="",
                        help_text="Without any: all of them.",
                        max_length=2000,
                        picklist="integrations.record_types",
                        verbose_name="record types",
                    ),
                ),
                (
                    "actions",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="",
                        help_text="Without any: all of them.",
                        max_length=2000,
                        picklist="integrations.verbs",
                        verbose_name="verbs",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for its owner's consent"),
                            ("active", "active"),
                            ("off", "switched off"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "secret_number",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="number of the secret"),
                ),
                ("failures", models.PositiveIntegerField(default=0, editable=False, verbose_name="failures in a row")),
                ("paused_until", models.DateTimeField(editable=False, null=True, verbose_name="paused until")),
                ("last_sent_at", models.DateTimeField(editable=False, null=True, verbose_name="last delivered at")),
                ("last_error", models.CharField(blank=True, editable=False, max_length=500, verbose_name="last error")),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "indexes": [models.Index(fields=["state"], name="webhook_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "active", "off"])), name="webhook_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guanxi.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(editable=False, null=True, verbose_name="created at")),
                ("changed_at", models.DateTimeField(editable=False, null=True, verbose_name="changed at")),
                ("deleted_at", models.DateTimeField(editable=False, null=True, verbose_name="deleted at")),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                (
                    "module",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=80, picklist="integrations.record_types", verbose_name="record type"
                    ),
                ),
                (
                    "action",
                    guanxi.records.fields.PicklistField(
                        max_length=80, picklist="integrations.verbs", verbose_name="verb"
                    ),
                ),
                ("records", models.JSONField(default=list, verbose_name="records")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "sending"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("parked", "parked"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="next attempt at")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                (
                    "answer",
                    models.PositiveSmallIntegerField(
                        help_text="The HTTP status of the answer.", null=True, verbose_name="answer"
                    ),
                ),
                (
                    "told",
                    models.PositiveIntegerField(
                        help_text="How many of the records the owner may see.", null=True, verbose_name="records told"
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="jobs.outboxmessage",
                        verbose_name="outgoing message",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="integrations.webhook",
                        verbose_name="webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(fields=["webhook", "created_at"], name="delivery_of_webhook"),
                    models.Index(fields=["created_at"], name="delivery_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sending", "sent", "failed", "parked"])),
                        name="delivery_state",
                    )
                ],
            },
        ),
    ]
