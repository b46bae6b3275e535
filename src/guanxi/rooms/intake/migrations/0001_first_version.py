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
        ("intake", "0001_initial"),
        ("intake", "0002_care"),
        ("intake", "0003_registration"),
    ]

    dependencies = [
        ("customers", "0001_first_version"),
        ("files", "0001_initial"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InformationFile",
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
                ("name", models.CharField(max_length=120, verbose_name="company name")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="person met")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("province", models.CharField(blank=True, max_length=30, verbose_name="province")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.source", verbose_name="source"
                    ),
                ),
                ("collected_on", models.DateField(verbose_name="collected on")),
                ("address", guanxi.records.fields.AddressField(blank=True, max_length=300, verbose_name="address")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="website")),
                (
                    "industry",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.industry", verbose_name="industry"
                    ),
                ),
                (
                    "size",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.size", verbose_name="size"
                    ),
                ),
                (
                    "demand_size",
                    models.CharField(
                        blank=True,
                        choices=[("large", "large demand"), ("ordinary", "ordinary demand"), ("small", "small demand")],
                        max_length=10,
                        verbose_name="demand",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("urgent", "needs it urgently"),
                            ("idea", "has an idea of a need"),
                            ("latent", "no need felt yet"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "demand_level",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C")],
                        help_text="Left empty, the level that follows from size, demand and urgency is taken.",
                        max_length=1,
                        verbose_name="demand level",
                    ),
                ),
                ("demand", models.TextField(blank=True, verbose_name="demand in words")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being collected"),
                            ("review", "waiting for the manager's review"),
                            ("returned", "returned by the manager"),
                            ("approved", "approved, to be entered"),
                            ("entered", "entered as a customer"),
                            ("sent", "sent to marketing"),
                            ("filed", "sorted and filed"),
                            ("closed", "closed without a customer"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(editable=False, null=True, verbose_name="reviewed at")),
                ("review", models.TextField(blank=True, editable=False, verbose_name="what the manager said")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="owner decided at")),
                ("decision", models.TextField(blank=True, editable=False, verbose_name="reason of the decision")),
                ("enter_due_on", models.DateField(editable=False, null=True, verbose_name="to be entered by")),
                ("entered_on", models.DateField(editable=False, null=True, verbose_name="entered on")),
                ("entered_late", models.BooleanField(default=False, editable=False, verbose_name="entered late")),
                ("send_due_on", models.DateField(editable=False, null=True, verbose_name="to be sent on")),
                ("sent_on", models.DateField(editable=False, null=True, verbose_name="sent on")),
                ("sent_late", models.BooleanField(default=False, editable=False, verbose_name="sent late")),
                ("filed_on", models.DateField(editable=False, null=True, verbose_name="filed on")),
                (
                    "assignee",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sorted by",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        help_text="A photo of it will do; the rest can be filled in later.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="business card",
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
                    "collected_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="collected by",
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
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="information_files",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner decided by",
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
                    "sent_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "information file",
                "verbose_name_plural": "information files",
                "indexes": [
                    models.Index(fields=["-changed_at", "-id"], name="information_file_changed"),
                    models.Index(fields=["owner", "state"], name="information_file_owner"),
                    models.Index(fields=["state", "send_due_on"], name="information_file_send"),
                    models.Index(fields=["customer"], name="information_file_customer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileNote",
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
                ("noted_on", models.DateField(verbose_name="noted on")),
                ("content", models.TextField(verbose_name="development")),
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
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="intake.informationfile",
                        verbose_name="information file",
                    ),
                ),
            ],
            options={
                "verbose_name": "development note",
                "verbose_name_plural": "development notes",
                "indexes": [models.Index(fields=["file", "-noted_on"], name="file_note_file")],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                ("registered_on", models.DateField(verbose_name="registered on")),
                (
                    "background",
                    models.TextField(
                        help_text="What the company does, for whom, with which people.", verbose_name="background"
                    ),
                ),
                (
                    "size",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.size", verbose_name="size"
                    ),
                ),
                (
                    "demand",
                    models.TextField(
                        help_text="What is needed, where to, by which requirements.", verbose_name="demand in words"
                    ),
                ),
                ("goods", models.CharField(blank=True, max_length=300, verbose_name="goods and services needed")),
                ("volume", models.CharField(blank=True, max_length=200, verbose_name="quantity and frequency")),
                ("suppliers", models.CharField(blank=True, max_length=300, verbose_name="present suppliers")),
                ("delivery", models.TextField(blank=True, verbose_name="delivery and transport")),
                (
                    "demand_size",
                    models.CharField(
                        blank=True,
                        choices=[("large", "large demand"), ("ordinary", "ordinary demand"), ("small", "small demand")],
                        max_length=10,
                        verbose_name="demand",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("urgent", "needs it urgently"),
                            ("idea", "has an idea of a need"),
                            ("latent", "no need felt yet"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C")],
                        help_text="Left empty, the level that follows from size, demand and urgency is taken.",
                        max_length=1,
                        verbose_name="demand level",
                    ),
                ),
                (
                    "level_reason",
                    models.CharField(
                        blank=True,
                        help_text="Where another level is chosen than the one proposed.",
                        max_length=300,
                        verbose_name="reason for another level",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
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
                "verbose_name": "registration form",
                "verbose_name_plural": "registration forms",
                "indexes": [models.Index(fields=["customer", "-registered_on"], name="registration_customer")],
            },
        ),
        migrations.CreateModel(
            name="Territory",
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
                ("province", models.CharField(max_length=30, verbose_name="province")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("place", models.CharField(default="", editable=False, max_length=64)),
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
                (
                    "salesperson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="salesperson",
                    ),
                ),
            ],
            options={
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
                "indexes": [models.Index(fields=["place", "valid_from"], name="territory_place")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                ("assigned_on", models.DateField(verbose_name="assigned on")),
                ("contact_due_on", models.DateField(verbose_name="to be contacted by")),
                ("contacted_on", models.DateField(blank=True, null=True, verbose_name="contacted on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "not contacted yet"),
                            ("contacted", "contacted"),
                            ("passed", "passed to somebody else"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
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
                "verbose_name": "new customer in hand",
                "verbose_name_plural": "new customers in hand",
                "indexes": [
                    models.Index(fields=["customer", "state"], name="assignment_customer"),
                    models.Index(fields=["state", "contact_due_on"], name="assignment_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Capacity",
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
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="100 is a full share; 0: no new customers for now.",
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="share, in per cent",
                    ),
                ),
                ("remarks", models.CharField(blank=True, max_length=200, verbose_name="remarks")),
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
                (
                    "salesperson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="salesperson",
                    ),
                ),
            ],
            options={
                "verbose_name": "share of a salesperson",
                "verbose_name_plural": "shares of salespeople",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("salesperson",),
                        name="one_capacity_per_salesperson",
                    )
                ],
            },
        ),
    ]
