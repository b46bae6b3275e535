import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("workflow", "0001_initial"),
        ("workflow", "0002_drawing"),
        ("workflow", "0003_clocks_copies_tables"),
    ]

    dependencies = [
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProcessVersion",
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
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="name")),
                ("title_en", models.CharField(blank=True, default="", max_length=120, verbose_name="English name")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "in use"), ("retired", "replaced")],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="fingerprint of the drawing"),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                (
                    "shipped",
                    models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="shipped as"),
                ),
                ("key", models.CharField(max_length=80, verbose_name="business process")),
                ("diagram", models.TextField(verbose_name="diagram")),
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
                "verbose_name": "version of a process",
                "verbose_name_plural": "versions of processes",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "number"), name="workflow_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("key",), name="workflow_one_version_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessInstance",
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
                ("purpose", models.CharField(blank=True, default="", max_length=40, verbose_name="purpose")),
                ("subject", models.CharField(max_length=300, verbose_name="about")),
                ("verb", models.CharField(blank=True, default="", max_length=160, verbose_name="what is to be done")),
                ("module", models.CharField(blank=True, default="", max_length=80, verbose_name="record type")),
                ("record_id", models.UUIDField(blank=True, null=True, verbose_name="record")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("ended", "ended"), ("withdrawn", "withdrawn")],
                        default="running",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "approved"),
                            ("refuse", "refused"),
                            ("done", "done"),
                            ("yes", "yes"),
                            ("no", "no"),
                            ("send_back", "sent back"),
                            ("approved", "ended approved"),
                            ("refused", "ended refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="",
                        max_length=40,
                        verbose_name="outcome",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                ("tokens", models.JSONField(default=dict, verbose_name="place")),
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
                        related_name="processes_started",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="workflow.processversion",
                        verbose_name="business process",
                    ),
                ),
            ],
            options={
                "verbose_name": "business process",
                "verbose_name_plural": "business processes",
                "indexes": [
                    models.Index(fields=["module", "record_id"], name="workflow_about"),
                    models.Index(fields=["owner", "state"], name="workflow_started_by"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Timer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("node", models.CharField(max_length=120, verbose_name="step's id")),
                ("task", models.UUIDField(verbose_name="task")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "running"), ("rung", "rung"), ("needless", "no longer needed")],
                        default="running",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="rings at")),
                ("rung_at", models.DateTimeField(null=True, verbose_name="rung at")),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timers",
                        to="workflow.processinstance",
                        verbose_name="business process",
                    ),
                ),
            ],
            options={
                "verbose_name": "timer",
                "verbose_name_plural": "timers",
                "indexes": [models.Index(fields=["state", "due_at"], name="workflow_timers_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("task",), name="workflow_timer_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("started", "started"),
                            ("decided", "decided"),
                            ("passed_on", "passed on"),
                            ("added", "asked one more"),
                            ("sent_back", "sent back"),
                            ("withdrawn", "withdrew"),
                            ("reminded", "reminded"),
                            ("escalated", "told the superior"),
                            ("rang", "time was up"),
                            ("ruled", "asked a decision table"),
                            ("copied", "sent a copy"),
                            ("ended", "ended"),
                        ],
                        max_length=20,
                        verbose_name="deed",
                    ),
                ),
                ("node", models.CharField(blank=True, default="", max_length=120, verbose_name="step's id")),
                ("outcome", models.CharField(blank=True, default="", max_length=40, verbose_name="outcome")),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trail",
                        to="workflow.processinstance",
                        verbose_name="business process",
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="instead of",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="other person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "trail entry",
                "verbose_name_plural": "trail",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
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
                ("node", models.CharField(editable=False, max_length=120, verbose_name="step's id")),
                ("round", models.UUIDField(editable=False, verbose_name="round")),
                ("step", models.CharField(max_length=120, verbose_name="step")),
                ("step_en", models.CharField(blank=True, default="", max_length=120, verbose_name="step in English")),
                ("process", models.CharField(max_length=120, verbose_name="business process")),
                (
                    "process_en",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="process in English"),
                ),
                ("subject", models.CharField(max_length=300, verbose_name="about")),
                ("verb", models.CharField(blank=True, default="", max_length=160, verbose_name="what is to be done")),
                (
                    "module",
                    models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="record type"),
                ),
                ("record_id", models.UUIDField(blank=True, editable=False, null=True, verbose_name="record")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be done"),
                            ("done", "done"),
                            ("passed_on", "passed on"),
                            ("needless", "no longer needed"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded at")),
                ("escalated_at", models.DateTimeField(blank=True, null=True, verbose_name="escalated at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "approved"),
                            ("refuse", "refused"),
                            ("done", "done"),
                            ("yes", "yes"),
                            ("no", "no"),
                            ("send_back", "sent back"),
                            ("approved", "ended approved"),
                            ("refused", "ended refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="",
                        max_length=40,
                        verbose_name="decision",
                    ),
                ),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="workflow.processinstance",
                        verbose_name="business process",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked of",
                    ),
                ),
                (
                    "starter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
            ],
            options={
                "verbose_name": "work item",
                "verbose_name_plural": "work items",
                "indexes": [
                    models.Index(fields=["owner", "state", "due_on"], name="workflow_inbox"),
                    models.Index(fields=["state", "due_on"], name="workflow_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("round", "owner"), name="workflow_item_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionTable",
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
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="name")),
                ("title_en", models.CharField(blank=True, default="", max_length=120, verbose_name="English name")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "in use"), ("retired", "replaced")],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="fingerprint of the drawing"),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                (
                    "shipped",
                    models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="shipped as"),
                ),
                ("key", models.CharField(max_length=80, verbose_name="decision table")),
                ("source", models.TextField(verbose_name="table as a file")),
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
                "verbose_name": "decision table",
                "verbose_name_plural": "decision tables",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "number"), name="workflow_table_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("key",), name="workflow_one_table_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Copied",
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
                ("node", models.CharField(editable=False, max_length=120, verbose_name="step's id")),
                ("step", models.CharField(max_length=120, verbose_name="step")),
                ("step_en", models.CharField(blank=True, default="", max_length=120, verbose_name="step in English")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "approved"),
                            ("refuse", "refused"),
                            ("done", "done"),
                            ("yes", "yes"),
                            ("no", "no"),
                            ("send_back", "sent back"),
                            ("approved", "ended approved"),
                            ("refused", "ended refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="",
                        max_length=40,
                        verbose_name="decision",
                    ),
                ),
                ("subject", models.CharField(max_length=300, verbose_name="about")),
                (
                    "module",
                    models.CharField(blank=True, default="", editable=False, max_length=80, verbose_name="record type"),
                ),
                ("record_id", models.UUIDField(blank=True, editable=False, null=True, verbose_name="record")),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
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
                        related_name="copies_of_processes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="copied to",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="workflow.processinstance",
                        verbose_name="business process",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy for information",
                "verbose_name_plural": "copies for information",
                "indexes": [models.Index(fields=["owner", "read_at"], name="workflow_copies_unread")],
            },
        ),
    ]
