import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids
import guanxi.records.custom_values
import guanxi.records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_first_version"),
        ("dossiers", "0001_first_version"),
        ("files", "0001_initial"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
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
                ("name", models.CharField(max_length=160, verbose_name="title of the contract")),
                (
                    "kind",
                    guanxi.records.fields.PicklistField(
                        default="sale", max_length=60, picklist="sales.contract_kind", verbose_name="kind of contract"
                    ),
                ),
                ("amount", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="amount")),
                ("begins_on", models.DateField(blank=True, null=True, verbose_name="in effect from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="in effect until")),
                ("content", models.TextField(blank=True, verbose_name="text of the contract")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being drafted"),
                            ("review", "under review"),
                            ("approved", "approved, to be signed"),
                            ("signed", "signed"),
                            ("ended", "ended"),
                            ("withdrawn", "withdrawn before signing"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="edition of the contract"),
                ),
                ("reviewed_at", models.DateTimeField(editable=False, null=True, verbose_name="reviewed at")),
                ("review", models.TextField(blank=True, editable=False, verbose_name="opinion of the reviewer")),
                ("signed_on", models.DateField(editable=False, null=True, verbose_name="signed on")),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="ended or withdrawn on")),
                ("closing", models.TextField(blank=True, editable=False, verbose_name="why it ended")),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="customers.customer",
                        verbose_name="customer",
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
                    "document",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dossiers.document",
                        verbose_name="in the dossier as",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="text as a file",
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
                (
                    "reviewed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                (
                    "signed_file",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="scan of the signed contract",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted for review by",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "indexes": [
                    models.Index(fields=["-changed_at", "-id"], name="contract_changed"),
                    models.Index(fields=["customer", "-signed_on"], name="contract_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["signed", "ended"]), _negated=True),
                            models.Q(("signed_on__isnull", False), ("reviewed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="signed_contract_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("begins_on")),
                            _connector="OR",
                        ),
                        name="contract_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractText",
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
                ("edition", models.PositiveIntegerField(verbose_name="edition of the contract")),
                ("content", models.TextField(blank=True, verbose_name="text of the contract")),
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
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="sales.contract",
                        verbose_name="contract",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="text as a file",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a contract",
                "verbose_name_plural": "texts of contracts",
                "constraints": [models.UniqueConstraint(fields=("contract", "edition"), name="one_text_per_edition")],
            },
        ),
    ]
