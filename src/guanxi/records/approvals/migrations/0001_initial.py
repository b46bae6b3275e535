import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids
import guanxi.records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_first_version"),
        ("workflow", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalRule",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "module",
                    guanxi.records.fields.PicklistField(
                        max_length=80, picklist="access.record_types", verbose_name="record type"
                    ),
                ),
                (
                    "action",
                    guanxi.records.fields.PicklistField(max_length=80, picklist="access.verbs", verbose_name="action"),
                ),
                ("condition", models.JSONField(blank=True, default=dict, verbose_name="where")),
                (
                    "process",
                    guanxi.records.fields.PicklistField(
                        max_length=80, picklist="workflow.approvals", verbose_name="business process"
                    ),
                ),
                ("clause", models.CharField(blank=True, default="", max_length=20, verbose_name="clause")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("asks_reason", models.BooleanField(default=True, verbose_name="the reason must be given")),
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
            ],
            options={
                "verbose_name": "approval rule",
                "verbose_name_plural": "approval rules",
                "indexes": [models.Index(fields=["module", "action", "valid_from"], name="approval_rule_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="approval_rule_ends_after",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingAction",
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
                ("title", models.CharField(max_length=300, verbose_name="what is to be done")),
                (
                    "module",
                    guanxi.records.fields.PicklistField(
                        max_length=80, picklist="access.record_types", verbose_name="record type"
                    ),
                ),
                (
                    "action",
                    guanxi.records.fields.PicklistField(max_length=80, picklist="access.verbs", verbose_name="action"),
                ),
                ("record_id", models.UUIDField(blank=True, null=True, verbose_name="record")),
                ("record_version", models.PositiveIntegerField(blank=True, null=True, verbose_name="record's version")),
                (
                    "input",
                    guanxi.records.fields.SealedField(
                        blank=True, default="", max_length=400000, verbose_name="input", what=""
                    ),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("decision", models.JSONField(null=True, verbose_name="what the rules said")),
                ("seal", models.CharField(max_length=64, verbose_name="seal")),
                ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                ("clause", models.CharField(blank=True, default="", max_length=20, verbose_name="clause")),
                ("source", models.CharField(max_length=10, verbose_name="source")),
                ("handed_on", models.JSONField(default=dict, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a decision"),
                            ("done", "approved and carried out"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("answer", models.TextField(blank=True, default="", verbose_name="answer")),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.processinstance",
                        verbose_name="business process",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.approvalrule",
                        verbose_name="approval rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for approval",
                "verbose_name_plural": "requests for approval",
                "indexes": [
                    models.Index(fields=["owner", "state"], name="pending_action_owner"),
                    models.Index(fields=["module", "record_id", "state"], name="pending_action_record"),
                ],
            },
        ),
    ]
