import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("obligations", "0001_initial"),
        ("obligations", "0002_scanned_by_state"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("duty", models.CharField(max_length=80, verbose_name="kind of duty")),
                ("turn", models.CharField(max_length=40, verbose_name="period")),
                ("opens_on", models.DateField(verbose_name="from")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="duties opened")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
            ],
            options={
                "verbose_name": "round of a duty",
                "verbose_name_plural": "rounds of duties",
                "indexes": [models.Index(fields=["duty", "-opens_on"], name="obligation_round_last")],
                "constraints": [models.UniqueConstraint(fields=("duty", "turn"), name="obligation_round_once")],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
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
                ("duty", models.CharField(max_length=80, verbose_name="kind of duty")),
                ("key", models.CharField(editable=False, max_length=200, verbose_name="key of the duty")),
                ("clause", models.CharField(blank=True, default="", max_length=12, verbose_name="clause")),
                ("subject", models.CharField(max_length=300, verbose_name="about")),
                (
                    "module",
                    models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="record type"),
                ),
                ("record_id", models.UUIDField(blank=True, editable=False, null=True, verbose_name="record")),
                ("within_id", models.UUIDField(blank=True, editable=False, null=True, verbose_name="belongs to")),
                ("opened_at", models.DateTimeField(verbose_name="owed since")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "still owed"),
                            ("kept", "kept in time"),
                            ("late", "kept late"),
                            ("waived", "waived"),
                            ("dropped", "no longer owed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("discharged_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                ("days_late", models.PositiveIntegerField(blank=True, null=True, verbose_name="working days late")),
                (
                    "evidence_module",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=80, verbose_name="kind of evidence"
                    ),
                ),
                ("evidence_id", models.UUIDField(blank=True, editable=False, null=True, verbose_name="evidence")),
                ("remark", models.TextField(blank=True, default="", verbose_name="remark")),
                ("remind_on", models.DateField(blank=True, editable=False, null=True, verbose_name="remind on")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reminded at"),
                ),
                ("escalate_on", models.DateField(editable=False, verbose_name="tell the superior on")),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="superior told at"),
                ),
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
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "discharged_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "escalated_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="superior told",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owed by",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="paper that shows it",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "indexes": [
                    models.Index(fields=["owner", "state", "due_on"], name="obligation_owner"),
                    models.Index(fields=["department", "state", "due_on"], name="obligation_department"),
                    models.Index(fields=["state", "due_on"], name="obligation_due"),
                    models.Index(fields=["clause", "state", "due_on"], name="obligation_clause"),
                    models.Index(
                        condition=models.Q(("record_id__isnull", False)), fields=["record_id"], name="obligation_record"
                    ),
                    models.Index(
                        condition=models.Q(("within_id__isnull", False)), fields=["within_id"], name="obligation_within"
                    ),
                    models.Index(
                        condition=models.Q(("reminded_at", None)),
                        fields=["state", "remind_on"],
                        name="obligation_remind",
                    ),
                    models.Index(
                        condition=models.Q(("escalated_at", None)),
                        fields=["state", "escalate_on"],
                        name="obligation_escalate",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "key"), name="obligation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "kept", "late", "waived", "dropped"])),
                        name="obligation_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discharged_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("discharged_at__isnull", False)),
                            ("state", "dropped"),
                            _connector="OR",
                        ),
                        name="obligation_settled",
                    ),
                ],
            },
        ),
    ]
