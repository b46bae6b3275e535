import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids
import guanxi.records.custom_values
import guanxi.records.fields


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("compliance", "0001_figures"),
        ("compliance", "0002_inspections"),
    ]

    dependencies = [
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FiguresState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("looked_at", models.DateTimeField(null=True, verbose_name="looked at")),
                ("entry", models.BigIntegerField(default=0, verbose_name="counted up to entry")),
            ],
            options={
                "verbose_name": "state of the figures",
                "verbose_name_plural": "states of the figures",
            },
        ),
        migrations.CreateModel(
            name="Inspection",
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
                ("name", models.CharField(max_length=120, verbose_name="what is inspected")),
                ("held_on", models.DateField(verbose_name="day of the inspection")),
                (
                    "population",
                    guanxi.records.fields.PicklistField(
                        default="customers.customer",
                        max_length=80,
                        picklist="compliance.archives",
                        verbose_name="drawn from",
                    ),
                ),
                (
                    "size",
                    models.PositiveIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="files in the sample",
                    ),
                ),
                (
                    "criteria",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="|complete|accurate|timely|",
                        max_length=600,
                        picklist="compliance.criteria",
                        verbose_name="criteria",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("drawn", "sample drawn"), ("finished", "finished")],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("seed", models.CharField(blank=True, editable=False, max_length=32, verbose_name="seed of the draw")),
                ("drawn_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="drawn at")),
                (
                    "drawn_of",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="files to draw from"
                    ),
                ),
                ("judged", models.PositiveIntegerField(default=0, editable=False, verbose_name="points judged")),
                ("met", models.PositiveIntegerField(default=0, editable=False, verbose_name="points that are met")),
                ("conclusion", models.TextField(blank=True, verbose_name="conclusion")),
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
                "verbose_name": "self-inspection",
                "verbose_name_plural": "self-inspections",
                "indexes": [models.Index(fields=["deleted_at", "-held_on", "id"], name="inspection_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("met__lte", models.F("judged"))), name="inspection_met_judged"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectedPoint",
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
                ("place", models.PositiveSmallIntegerField(verbose_name="place in the sample")),
                ("subject", models.CharField(max_length=250, verbose_name="file")),
                ("module", models.CharField(max_length=80, verbose_name="record type")),
                ("record_id", models.UUIDField(blank=True, null=True, verbose_name="record")),
                ("criterion", models.CharField(max_length=60, verbose_name="criterion")),
                (
                    "result",
                    guanxi.records.fields.PicklistField(
                        blank=True, default="", max_length=10, picklist="compliance.result", verbose_name="result"
                    ),
                ),
                ("remark", models.CharField(blank=True, default="", max_length=300, verbose_name="remark")),
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="compliance.inspection",
                        verbose_name="self-inspection",
                    ),
                ),
            ],
            options={
                "verbose_name": "inspected point",
                "verbose_name_plural": "inspected points",
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "place", "criterion"), name="inspected_point_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthFigures",
            fields=[
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="kept")),
                ("late", models.PositiveIntegerField(default=0, verbose_name="kept late")),
                ("broken", models.PositiveIntegerField(default=0, verbose_name="broken")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("warned", models.PositiveIntegerField(default=0, verbose_name="warned")),
                ("waived", models.PositiveIntegerField(default=0, verbose_name="waived")),
                ("approved", models.PositiveIntegerField(default=0, verbose_name="approved")),
                ("declined", models.PositiveIntegerField(default=0, verbose_name="not approved")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(verbose_name="first day of the month")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "figures of a month",
                "verbose_name_plural": "figures of months",
                "indexes": [models.Index(fields=["month", "clause"], name="clause_figures_month")],
            },
        ),
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="kept")),
                ("late", models.PositiveIntegerField(default=0, verbose_name="kept late")),
                ("broken", models.PositiveIntegerField(default=0, verbose_name="broken")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("warned", models.PositiveIntegerField(default=0, verbose_name="warned")),
                ("waived", models.PositiveIntegerField(default=0, verbose_name="waived")),
                ("approved", models.PositiveIntegerField(default=0, verbose_name="approved")),
                ("declined", models.PositiveIntegerField(default=0, verbose_name="not approved")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="day")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "figures of a day",
                "verbose_name_plural": "figures of days",
                "indexes": [
                    models.Index(fields=["day", "clause"], name="clause_figures_day"),
                    models.Index(fields=["clause", "day"], name="clause_figures_clause"),
                ],
            },
        ),
    ]
