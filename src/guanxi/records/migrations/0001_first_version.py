import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import guanxi.kernel.ids
import guanxi.records.models

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


def build_search_index(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop_search_index(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("records", "0001_initial"),
        ("records", "0002_search_index"),
        ("records", "0003_transfer"),
        ("records", "0004_batches"),
        ("records", "0005_personal_search"),
        ("records", "0006_merging"),
        ("records", "0007_custom_fields"),
        ("records", "0008_field_kind_names"),
        ("records", "0009_export_request"),
        ("records", "0010_search_by_type"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("jobs", "0001_first_version"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
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
                ("module", models.CharField(max_length=80, verbose_name="record type")),
                ("verb", models.CharField(max_length=80, verbose_name="action")),
                ("data", models.JSONField(default=dict)),
                ("confirmed", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="network address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                            ("partly", "partly undone"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="records")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="done")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="left as they were")),
                ("undone", models.PositiveIntegerField(default=0, verbose_name="put back")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("error", models.TextField(blank=True, verbose_name="error")),
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
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="job",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk action",
                "verbose_name_plural": "bulk actions",
                "indexes": [models.Index(fields=["person", "-created_at"], name="batch_by_person")],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.PositiveIntegerField()),
                ("record_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("done", "done"),
                            ("failed", "left as it was"),
                            ("undone", "put back"),
                            ("kept", "kept"),
                        ],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("is_warned", models.BooleanField(default=False)),
                ("problems", models.JSONField(default=list)),
                ("version_after", models.PositiveIntegerField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="records.batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "record of a bulk action",
                "verbose_name_plural": "records of bulk actions",
                "indexes": [models.Index(fields=["batch", "state", "place"], name="batch_row_by_state")],
                "constraints": [models.UniqueConstraint(fields=("batch", "place"), name="one_batch_row_per_place")],
            },
        ),
        migrations.CreateModel(
            name="CustomField",
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
                    "module",
                    models.CharField(
                        choices=guanxi.records.models.record_types, max_length=80, verbose_name="record type"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=40, verbose_name="name for programs")),
                ("label_zh", models.CharField(max_length=40, verbose_name="Chinese label")),
                ("label_en", models.CharField(blank=True, max_length=60, verbose_name="English label")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "one line of text"),
                            ("long_text", "long text"),
                            ("choice", "one of a list"),
                            ("multi_choice", "several of a list"),
                            ("integer", "whole number"),
                            ("number", "number"),
                            ("money", "amount of money"),
                            ("percent", "percentage"),
                            ("date", "date"),
                            ("moment", "date and time"),
                            ("boolean", "yes or no"),
                            ("phone", "telephone"),
                            ("email", "e-mail"),
                            ("address", "address"),
                            ("tags", "tags"),
                            ("link", "link to a record"),
                            ("person", "person of the company"),
                            ("file", "file"),
                        ],
                        default="text",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        blank=True, choices=guanxi.records.models.record_types, max_length=80, verbose_name="links to"
                    ),
                ),
                ("help_zh", models.CharField(blank=True, max_length=200, verbose_name="Chinese hint")),
                ("help_en", models.CharField(blank=True, max_length=200, verbose_name="English hint")),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit")),
                ("required", models.BooleanField(default=False, verbose_name="must be filled in")),
                ("default_value", models.CharField(blank=True, max_length=200, verbose_name="value of a new record")),
                (
                    "minimum",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="smallest value"
                    ),
                ),
                (
                    "maximum",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="largest value"
                    ),
                ),
                ("is_unique", models.BooleanField(default=False, verbose_name="no two records alike")),
                ("searchable", models.BooleanField(default=False, verbose_name="found by the search")),
                ("personal", models.BooleanField(default=False, verbose_name="about a natural person")),
                ("in_list", models.BooleanField(default=False, verbose_name="shown in the list")),
                ("section", models.CharField(blank=True, max_length=80, verbose_name="section of the form")),
                ("position", models.IntegerField(default=1000, verbose_name="place in the order")),
                ("shown_when", models.JSONField(blank=True, default=dict, verbose_name="asked for only when")),
                ("required_when", models.JSONField(blank=True, default=dict, verbose_name="must be filled in when")),
                ("pack", models.CharField(blank=True, editable=False, max_length=40, verbose_name="industry pack")),
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
                "verbose_name": "added field",
                "verbose_name_plural": "added fields",
                "constraints": [models.UniqueConstraint(fields=("module", "name"), name="one_custom_field_per_name")],
            },
        ),
        migrations.CreateModel(
            name="DuplicateKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("module", models.CharField(max_length=80)),
                ("rule", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("record_id", models.UUIDField(db_index=True)),
            ],
            options={
                "indexes": [models.Index(fields=["module", "rule", "key"], name="duplicate_key_lookup")],
            },
        ),
        migrations.CreateModel(
            name="ExportRequest",
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
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("module", models.CharField(max_length=80, verbose_name="record type")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("narrowed", models.TextField(blank=True, verbose_name="which rows")),
                ("columns", models.TextField(blank=True, verbose_name="columns")),
                ("asked", models.JSONField(default=dict)),
                ("purpose", models.TextField(verbose_name="what the export is for")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a decision"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("expired", "lapsed"),
                            ("done", "exported"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("expires_on", models.DateField(verbose_name="valid until")),
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
            ],
            options={
                "verbose_name": "export request",
                "verbose_name_plural": "export requests",
                "indexes": [models.Index(fields=["state", "-created_at"], name="export_request_state")],
            },
        ),
        migrations.CreateModel(
            name="FieldSetting",
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
                    "module",
                    models.CharField(
                        choices=guanxi.records.models.record_types, max_length=80, verbose_name="record type"
                    ),
                ),
                ("field", models.CharField(max_length=60, verbose_name="field")),
                ("label_zh", models.CharField(blank=True, max_length=40, verbose_name="Chinese label")),
                ("label_en", models.CharField(blank=True, max_length=60, verbose_name="English label")),
                ("help_zh", models.CharField(blank=True, max_length=200, verbose_name="Chinese hint")),
                ("help_en", models.CharField(blank=True, max_length=200, verbose_name="English hint")),
                ("section", models.CharField(blank=True, max_length=80, verbose_name="section of the form")),
                ("position", models.IntegerField(blank=True, null=True, verbose_name="place in the order")),
                ("required", models.BooleanField(default=False, verbose_name="must be filled in")),
                ("read_only", models.BooleanField(default=False, verbose_name="only shown")),
                ("hidden", models.BooleanField(default=False, verbose_name="not on the form")),
                ("default_value", models.CharField(blank=True, max_length=200, verbose_name="value of a new record")),
                ("pack", models.CharField(blank=True, editable=False, max_length=40, verbose_name="industry pack")),
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
                "verbose_name": "field setting",
                "verbose_name_plural": "field settings",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("module", "field"),
                        name="one_live_field_setting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
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
                ("module", models.CharField(max_length=80)),
                ("heading", models.CharField(max_length=120, verbose_name="heading")),
                ("field", models.CharField(max_length=80, verbose_name="field")),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "remembered column",
                "verbose_name_plural": "remembered columns",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("module", "person", "heading"), name="one_remembered_column_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
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
                ("module", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("mapped", "columns assigned"),
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("applying", "being imported"),
                            ("done", "imported"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                ("sheet", models.CharField(blank=True, max_length=120, verbose_name="sheet")),
                ("header_row", models.PositiveIntegerField(null=True, verbose_name="row of the headings")),
                ("headings", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("summary", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("error", models.TextField(blank=True, verbose_name="error")),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="job",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "indexes": [models.Index(fields=["person", "created_at"], name="import_run_by_person")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField(verbose_name="row of the file")),
                ("values", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "ready"),
                            ("problem", "to be corrected"),
                            ("duplicate", "perhaps known already"),
                            ("created", "created"),
                            ("updated", "updated"),
                            ("skipped", "skipped"),
                            ("undone", "undone"),
                            ("kept", "kept"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                ("keys", models.JSONField(default=list)),
                ("duplicates", models.JSONField(default=list)),
                ("record_id", models.UUIDField(null=True)),
                ("version_after", models.PositiveIntegerField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="records.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported row",
                "verbose_name_plural": "imported rows",
                "indexes": [models.Index(fields=["run", "state", "line"], name="import_row_by_state")],
                "constraints": [models.UniqueConstraint(fields=("run", "line"), name="one_import_row_per_line")],
            },
        ),
        migrations.CreateModel(
            name="Merge",
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
                ("module", models.CharField(max_length=80, verbose_name="record type")),
                ("survivor_id", models.UUIDField(verbose_name="surviving record")),
                ("origins", models.JSONField(default=dict)),
                ("former", models.JSONField(default=dict)),
                ("left", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "merged"), ("undone", "undone"), ("partly", "partly undone")],
                        default="done",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("kept", models.JSONField(default=list)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "indexes": [models.Index(fields=["survivor_id", "created_at"], name="merge_by_survivor")],
            },
        ),
        migrations.CreateModel(
            name="Merged",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField(verbose_name="record")),
                ("survivor_id", models.UUIDField(db_index=True, verbose_name="surviving record")),
                ("title", models.CharField(max_length=300, verbose_name="name")),
                ("number", models.CharField(blank=True, db_index=True, max_length=40, verbose_name="number")),
                ("cleared", models.JSONField(default=dict)),
                ("live", models.BooleanField(default=True)),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="merged", to="records.merge"
                    ),
                ),
            ],
            options={
                "verbose_name": "merged record",
                "verbose_name_plural": "merged records",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("live", True)), fields=("record_id",), name="one_live_signpost"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MovedReference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=80)),
                ("column", models.CharField(max_length=80)),
                ("row_id", models.CharField(max_length=40)),
                ("former_id", models.UUIDField()),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moved", to="records.merge"
                    ),
                ),
            ],
            options={
                "verbose_name": "moved reference",
                "verbose_name_plural": "moved references",
            },
        ),
        migrations.CreateModel(
            name="NotSame",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("module", models.CharField(max_length=80)),
                ("first_id", models.UUIDField()),
                ("second_id", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pair of different records",
                "verbose_name_plural": "pairs of different records",
                "constraints": [
                    models.UniqueConstraint(fields=("first_id", "second_id"), name="one_not_same_per_pair")
                ],
            },
        ),
        migrations.CreateModel(
            name="PicklistValue",
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
                ("picklist", models.CharField(max_length=140, verbose_name="picklist")),
                ("value", models.CharField(max_length=60, verbose_name="value")),
                ("label_zh", models.CharField(max_length=60, verbose_name="Chinese label")),
                ("label_en", models.CharField(blank=True, max_length=60, verbose_name="English label")),
                ("position", models.IntegerField(default=1000, verbose_name="place in the order")),
                ("active", models.BooleanField(default=True, verbose_name="offered")),
                ("pack", models.CharField(blank=True, editable=False, max_length=40, verbose_name="industry pack")),
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
                    "custom_field",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="records.customfield",
                        verbose_name="added field",
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
                "verbose_name": "picklist value",
                "verbose_name_plural": "picklist values",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("picklist", "value"),
                        name="one_live_picklist_value",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                ("module", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("columns", models.JSONField(default=list)),
                ("filters", models.JSONField(default=dict)),
                ("sort", models.CharField(blank=True, max_length=80)),
                ("position", models.IntegerField(default=100)),
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "indexes": [models.Index(fields=["module", "person"], name="saved_view_by_module")],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("module", models.CharField(max_length=80)),
                ("record_id", models.UUIDField()),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("personal", models.TextField(default="")),
                ("grams", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["module"], name="search_entry_by_module")],
                "constraints": [models.UniqueConstraint(fields=("record_id",), name="one_search_entry_per_record")],
            },
        ),
        migrations.RunPython(build_search_index, drop_search_index),
    ]
