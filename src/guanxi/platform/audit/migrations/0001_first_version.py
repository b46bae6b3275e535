import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.platform.calendar.clock
from guanxi.platform.audit import triggers


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("audit", "0001_initial"),
        ("audit", "0002_append_only"),
        ("audit", "0003_erasure"),
        ("audit", "0004_disclosure"),
        ("audit", "0005_source_agent"),
        ("audit", "0006_token"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("module", models.CharField(max_length=80, verbose_name="module")),
                ("record_id", models.UUIDField(unique=True, verbose_name="record")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=guanxi.platform.calendar.clock.now, verbose_name="at")),
                ("actor_name", models.CharField(blank=True, max_length=80, verbose_name="name of the actor")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "page"),
                            ("api", "interface"),
                            ("agent", "agent"),
                            ("import", "import"),
                            ("job", "background job"),
                            ("cli", "command line"),
                            ("demo", "demo company"),
                            ("system", "system"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("module", models.CharField(blank=True, max_length=80, verbose_name="module")),
                ("record_id", models.UUIDField(blank=True, null=True, verbose_name="record")),
                ("record_label", models.CharField(blank=True, max_length=250, verbose_name="name of the record")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "changes",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="changes",
                    ),
                ),
                (
                    "decision",
                    models.JSONField(
                        blank=True,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        null=True,
                        verbose_name="decision",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused")],
                        default="done",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("batch", models.UUIDField(blank=True, null=True, verbose_name="batch")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="network address")),
                ("token", models.UUIDField(blank=True, null=True, verbose_name="access token")),
                (
                    "token_name",
                    models.CharField(blank=True, max_length=80, null=True, verbose_name="name of the access token"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["module", "record_id", "id"], name="audit_record"),
                    models.Index(fields=["actor", "at"], name="audit_actor"),
                    models.Index(fields=["at"], name="audit_at"),
                    models.Index(condition=models.Q(("batch__isnull", False)), fields=["batch"], name="audit_batch"),
                    models.Index(
                        condition=models.Q(("token__isnull", False)), fields=["token", "id"], name="audit_token"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["page", "api", "agent", "import", "job", "cli", "demo", "system"])
                        ),
                        name="audit_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "refused"])), name="audit_outcome"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(unique=True, verbose_name="place in the chain")),
                ("sealed_at", models.DateTimeField(db_index=True, verbose_name="sealed at")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="hash of the link before")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="audit.auditentry",
                        verbose_name="audit entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit seal",
                "verbose_name_plural": "audit seals",
                "ordering": ["seq"],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=guanxi.platform.calendar.clock.now, verbose_name="at")),
                ("actor_name", models.CharField(blank=True, max_length=80, verbose_name="name of the person")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("view", "looked at"),
                            ("list", "listed"),
                            ("search", "searched"),
                            ("reveal", "revealed"),
                            ("print", "printed"),
                            ("download", "downloaded"),
                            ("export", "exported"),
                            ("log", "read this log"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("page", "page"),
                            ("api", "interface"),
                            ("agent", "agent"),
                            ("import", "import"),
                            ("job", "background job"),
                            ("cli", "command line"),
                            ("demo", "demo company"),
                            ("system", "system"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("module", models.CharField(blank=True, max_length=80, verbose_name="module")),
                ("record_id", models.UUIDField(blank=True, null=True, verbose_name="record")),
                ("record_label", models.CharField(blank=True, max_length=250, verbose_name="name of the record")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "detail",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="detail",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused")],
                        default="done",
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="network address")),
                ("token", models.UUIDField(blank=True, null=True, verbose_name="access token")),
                (
                    "token_name",
                    models.CharField(blank=True, max_length=80, null=True, verbose_name="name of the access token"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["record_id", "id"], name="disclosure_record"),
                    models.Index(fields=["actor", "at"], name="disclosure_actor"),
                    models.Index(fields=["at"], name="disclosure_at"),
                    models.Index(
                        condition=models.Q(("token__isnull", False)), fields=["token", "id"], name="disclosure_token"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["view", "list", "search", "reveal", "print", "download", "export", "log"])
                        ),
                        name="disclosure_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "refused"])), name="disclosure_outcome"
                    ),
                ],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: triggers.install(schema_editor.connection),
            lambda apps, schema_editor: triggers.remove(schema_editor.connection),
        ),
    ]
