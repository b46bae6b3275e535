from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.ids
import guanxi.records.custom_values
import guanxi.records.fields
import guanxi.rooms.customers.models.quality


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_data_check"),
        ("customers", "0003_access_request"),
        ("customers", "0004_consent"),
        ("customers", "0005_custom_fields"),
        ("customers", "0006_sealed_numbers"),
        ("customers", "0007_parent_index"),
        ("customers", "0008_indexes_of_the_living"),
        ("customers", "0009_list_indexes"),
        ("customers", "0010_shorter_names"),
        ("customers", "0011_one_index_of_departments"),
        ("customers", "0012_change_told"),
        ("customers", "0013_market_knowledge"),
    ]

    dependencies = [
        ("catalog", "0001_first_version"),
        ("files", "0001_initial"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommissionScheme",
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
                ("name", models.CharField(max_length=120, verbose_name="commission scheme")),
                (
                    "side",
                    models.CharField(
                        choices=[("internal", "internal staff"), ("external", "external promoter")],
                        max_length=8,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "rate",
                    guanxi.records.fields.PercentField(
                        decimal_places=2,
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="commission rate",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="begins on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("content", models.TextField(blank=True, verbose_name="terms")),
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
                "verbose_name": "commission scheme",
                "verbose_name_plural": "commission schemes",
                "indexes": [models.Index(fields=["side", "-begins_on"], name="commission_side")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                        name="commission_ends_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lte", 100)), name="commission_rate_percent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Competitor",
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
                ("name", models.CharField(max_length=120, verbose_name="competitor")),
                (
                    "tier",
                    guanxi.records.fields.PicklistField(
                        blank=True,
                        help_text="Where it stands beside us.",
                        max_length=60,
                        picklist="customers.competitor_tier",
                        verbose_name="tier",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("products", models.CharField(blank=True, max_length=300, verbose_name="products")),
                ("strengths", models.TextField(blank=True, verbose_name="strengths")),
                ("weaknesses", models.TextField(blank=True, verbose_name="weaknesses")),
                ("price_policy", models.TextField(blank=True, verbose_name="price policy")),
                (
                    "commission_method",
                    models.TextField(
                        blank=True,
                        help_text="How its own sellers and outside promoters are paid.",
                        verbose_name="commission method",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                "verbose_name": "competitor",
                "verbose_name_plural": "competitors",
                "indexes": [
                    models.Index(fields=["name", "id"], name="competitor_name"),
                    models.Index(fields=["tier", "name", "id"], name="competitor_tier"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompetitorPromotion",
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
                ("name", models.CharField(max_length=120, verbose_name="promotion scheme")),
                ("begins_on", models.DateField(verbose_name="begins on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("content", models.TextField(verbose_name="what is offered")),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.information_source", verbose_name="source of information"
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
                    "competitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promotions",
                        to="customers.competitor",
                        verbose_name="competitor",
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
                "verbose_name": "competitor's promotion",
                "verbose_name_plural": "competitors' promotions",
                "indexes": [
                    models.Index(fields=["competitor", "-begins_on"], name="promotion_competitor"),
                    models.Index(fields=["-changed_at", "-id"], name="promotion_changed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                        name="promotion_ends_after",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                ("name", models.CharField(max_length=120, verbose_name="customer name")),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                ("former_names", models.CharField(blank=True, max_length=200, verbose_name="former names")),
                (
                    "kind",
                    models.CharField(
                        choices=[("organisation", "organisation"), ("person", "person")],
                        default="organisation",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "relations",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="|buyer|",
                        max_length=600,
                        picklist="customers.relation",
                        verbose_name="relations",
                    ),
                ),
                (
                    "status",
                    guanxi.records.fields.PicklistField(
                        default="prospect", max_length=60, picklist="customers.status", verbose_name="status"
                    ),
                ),
                (
                    "market_role",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.market_role", verbose_name="market archive"
                    ),
                ),
                (
                    "closeness",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.closeness", verbose_name="closeness"
                    ),
                ),
                (
                    "credit_code",
                    models.CharField(
                        blank=True,
                        help_text="18 characters, checked by its last one.",
                        max_length=18,
                        verbose_name="unified social credit code",
                    ),
                ),
                (
                    "legal_representative",
                    models.CharField(blank=True, max_length=60, verbose_name="legal representative"),
                ),
                ("operating_manager", models.CharField(blank=True, max_length=60, verbose_name="operating manager")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                ("province", models.CharField(blank=True, max_length=30, verbose_name="province")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("address", guanxi.records.fields.AddressField(blank=True, max_length=300, verbose_name="address")),
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
                    "registered_capital",
                    guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="registered capital"),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="founded on")),
                ("first_dealing_on", models.DateField(blank=True, null=True, verbose_name="first dealing on")),
                (
                    "goods_consumed",
                    guanxi.records.fields.TagsField(
                        blank=True, default="", max_length=600, verbose_name="goods and services consumed"
                    ),
                ),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.source", verbose_name="source"
                    ),
                ),
                ("collected_on", models.DateField(blank=True, null=True, verbose_name="collected on")),
                (
                    "demand_level",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C")],
                        max_length=1,
                        verbose_name="demand level",
                    ),
                ),
                (
                    "importance",
                    models.CharField(
                        blank=True,
                        choices=[("important", "Important"), ("special", "Special"), ("ordinary", "Ordinary")],
                        max_length=10,
                        verbose_name="importance",
                    ),
                ),
                ("key_account", models.BooleanField(default=False, verbose_name="key account")),
                (
                    "institution",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.institution", verbose_name="institution"
                    ),
                ),
                (
                    "market_area",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="",
                        max_length=600,
                        picklist="customers.market_area",
                        verbose_name="market area",
                    ),
                ),
                ("business_scope", models.CharField(blank=True, max_length=300, verbose_name="business scope")),
                ("sales_capability", models.TextField(blank=True, verbose_name="sales capability")),
                ("growth_potential", models.TextField(blank=True, verbose_name="growth potential")),
                ("business_philosophy", models.TextField(blank=True, verbose_name="business philosophy")),
                ("business_methods", models.TextField(blank=True, verbose_name="business methods")),
                ("business_policies", models.TextField(blank=True, verbose_name="business policies")),
                ("characteristics", models.TextField(blank=True, verbose_name="characteristics")),
                ("sales_activity", models.TextField(blank=True, verbose_name="current sales activity")),
                ("existing_problems", models.TextField(blank=True, verbose_name="existing problems")),
                ("our_strategy", models.TextField(blank=True, verbose_name="our sales strategy")),
                ("outlook", models.TextField(blank=True, verbose_name="outlook")),
                ("image", models.TextField(blank=True, verbose_name="public image")),
                ("reputation", models.TextField(blank=True, verbose_name="reputation")),
                ("financial_state", models.TextField(blank=True, verbose_name="financial state")),
                ("credit_standing", models.TextField(blank=True, verbose_name="credit standing")),
                ("product_structure", models.TextField(blank=True, verbose_name="product structure")),
                ("market_competition", models.TextField(blank=True, verbose_name="market competition")),
                ("competitiveness", models.TextField(blank=True, verbose_name="competitiveness")),
                ("dealings_with_us", models.TextField(blank=True, verbose_name="dealings with us")),
                ("credit_capability", models.TextField(blank=True, verbose_name="credit capability")),
                ("market_capacity", models.TextField(blank=True, verbose_name="market capacity")),
                ("operating_performance", models.TextField(blank=True, verbose_name="operating performance")),
                ("organisation_structure", models.TextField(blank=True, verbose_name="organisation structure")),
                (
                    "economic_nature",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="customers.economic_nature", verbose_name="economic nature"
                    ),
                ),
                (
                    "network_scale",
                    models.CharField(blank=True, max_length=200, verbose_name="scale of its own customer network"),
                ),
                (
                    "network_reach",
                    models.CharField(blank=True, max_length=200, verbose_name="reach of its own customer network"),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "last_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last contact"),
                ),
                (
                    "sales_12m",
                    guanxi.records.fields.MoneyField(default=0, editable=False, verbose_name="sales, 12 months"),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="institutions",
                        to="customers.customer",
                        verbose_name="belongs to",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.vendor",
                        verbose_name="is also our vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["-changed_at", "-id", "deleted_at"],
                        name="customer_list",
                    ),
                    models.Index(fields=["name", "id"], name="customer_name"),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["owner", "-changed_at", "-id", "deleted_at"],
                        name="customer_list_of_owner",
                    ),
                    models.Index(fields=["last_contact_on", "id"], name="customer_contacted"),
                    models.Index(fields=["status"], name="customer_status"),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)), fields=["parent"], name="customer_parent"
                    ),
                    models.Index(fields=["source"], name="customer_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
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
                    "customer_name",
                    models.CharField(
                        blank=True,
                        help_text="As far as you know it; the archivist puts it right.",
                        max_length=120,
                        verbose_name="customer name or number",
                    ),
                ),
                (
                    "kind",
                    guanxi.records.fields.PicklistField(
                        default="missing_data",
                        max_length=60,
                        picklist="customers.contribution_kind",
                        verbose_name="kind of contribution",
                    ),
                ),
                ("collected_on", models.DateField(verbose_name="collected on")),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        default="sales_staff",
                        max_length=60,
                        picklist="customers.information_source",
                        verbose_name="source of information",
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        help_text="For example the number of a visit report.",
                        max_length=120,
                        verbose_name="from which visit or paper",
                    ),
                ),
                ("content", models.TextField(verbose_name="what is to be added")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting for filing"), ("filed", "filed"), ("declined", "declined")],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.TextField(blank=True, editable=False, verbose_name="archivist's answer")),
                ("settled_on", models.DateField(blank=True, editable=False, null=True, verbose_name="settled on")),
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
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "contributions",
                "indexes": [
                    models.Index(fields=["state", "-created_at"], name="contribution_state"),
                    models.Index(fields=["customer", "-collected_on"], name="contribution_customer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("name", models.CharField(max_length=60, verbose_name="full name")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("male", "Mr"), ("female", "Ms")],
                        max_length=6,
                        verbose_name="form of address",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("office", models.CharField(blank=True, max_length=60, verbose_name="department at the customer")),
                (
                    "roles",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True, default="", max_length=600, picklist="customers.contact_role", verbose_name="roles"
                    ),
                ),
                ("mobile", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="mobile")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("birthday", models.DateField(blank=True, null=True, verbose_name="birthday")),
                (
                    "identity_number",
                    guanxi.records.fields.SealedField(
                        blank=True,
                        default="",
                        help_text="Of an identity card, checked by its last digit, or a passport.",
                        max_length=400,
                        verbose_name="identity number",
                        what="identity",
                    ),
                ),
                ("primary", models.BooleanField(default=False, verbose_name="first contact")),
                ("personality", models.TextField(blank=True, verbose_name="personality")),
                ("interests", models.CharField(blank=True, max_length=300, verbose_name="interests")),
                ("hobbies", models.CharField(blank=True, max_length=300, verbose_name="hobbies")),
                ("family", models.TextField(blank=True, verbose_name="family")),
                ("education", models.CharField(blank=True, max_length=120, verbose_name="education")),
                ("age", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="age")),
                ("ability", models.TextField(blank=True, verbose_name="ability")),
                ("career", models.TextField(blank=True, verbose_name="career background")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "indexes": [
                    models.Index(fields=["-changed_at", "-id"], name="contact_changed"),
                    models.Index(fields=["name", "id"], name="contact_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "statement",
                    models.CharField(
                        choices=[
                            ("given", "consent given"),
                            ("withdrawn", "consent withdrawn"),
                            ("objected", "objection to this channel"),
                        ],
                        default="given",
                        max_length=10,
                        verbose_name="statement",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "telephone"),
                            ("sms", "text message"),
                            ("email", "e-mail"),
                            ("wechat", "WeChat"),
                            ("post", "letter"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("contract", "carrying out contracts"),
                            ("marketing", "marketing"),
                            ("survey", "surveys"),
                        ],
                        default="marketing",
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("stated_at", models.DateTimeField(verbose_name="stated at")),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        default="oral", max_length=60, picklist="customers.consent_source", verbose_name="obtained by"
                    ),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("text_version", models.CharField(blank=True, max_length=60, verbose_name="version of the text")),
                ("remarks", models.CharField(blank=True, max_length=300, verbose_name="remarks")),
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
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="evidence",
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
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="customers.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "indexes": [
                    models.Index(fields=["contact", "channel", "purpose", "-stated_at"], name="consent_contact")
                ],
            },
        ),
        migrations.CreateModel(
            name="CompetitorStanding",
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
                ("as_of", models.DateField(verbose_name="as of")),
                (
                    "our_share",
                    guanxi.records.fields.PercentField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="our share"
                    ),
                ),
                (
                    "their_share",
                    guanxi.records.fields.PercentField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="their share"
                    ),
                ),
                ("our_price", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="our price")),
                ("their_price", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="their price")),
                ("comparison", models.TextField(blank=True, verbose_name="comparison")),
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
                    "competitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standings",
                        to="customers.competitor",
                        verbose_name="competitor",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing against a competitor",
                "verbose_name_plural": "standings against competitors",
                "indexes": [models.Index(fields=["customer", "-as_of"], name="standing_customer")],
            },
        ),
        migrations.CreateModel(
            name="ChangeEvent",
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
                    "kind",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.change_kind", verbose_name="kind of change"
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="happened on")),
                ("content", models.TextField(verbose_name="what changed")),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.information_source", verbose_name="source of information"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        choices=guanxi.rooms.customers.models.quality.archive_fields,
                        help_text="Where a field has another value now: it is put into the archive at once.",
                        max_length=60,
                        verbose_name="field of the archive",
                    ),
                ),
                ("new_value", models.TextField(blank=True, verbose_name="its new value")),
                (
                    "tell",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="",
                        help_text="The superior of the customer's owner is told in any case.",
                        max_length=600,
                        picklist="customers.departments",
                        verbose_name="departments to be told",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "change at a customer",
                "verbose_name_plural": "changes at customers",
                "indexes": [models.Index(fields=["customer", "-happened_on"], name="change_customer")],
            },
        ),
        migrations.CreateModel(
            name="BillingProfile",
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
                ("title", models.CharField(max_length=120, verbose_name="invoice title")),
                ("tax_number", models.CharField(blank=True, max_length=20, verbose_name="tax number")),
                ("bank", models.CharField(blank=True, max_length=120, verbose_name="bank")),
                (
                    "account",
                    guanxi.records.fields.SealedField(
                        blank=True, default="", max_length=400, verbose_name="account number", what="account"
                    ),
                ),
                (
                    "address",
                    guanxi.records.fields.AddressField(blank=True, max_length=300, verbose_name="registered address"),
                ),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail for e-invoices")),
                ("usual", models.BooleanField(default=False, verbose_name="used by default")),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="billing_profiles",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing profile",
                "verbose_name_plural": "billing profiles",
                "indexes": [models.Index(fields=["-changed_at", "-id"], name="billing_changed")],
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                    "kind",
                    guanxi.records.fields.PicklistField(
                        default="delivery",
                        max_length=60,
                        picklist="customers.address_kind",
                        verbose_name="kind of address",
                    ),
                ),
                ("province", models.CharField(blank=True, max_length=30, verbose_name="province")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("address", models.CharField(max_length=300, verbose_name="address")),
                ("recipient", models.CharField(blank=True, max_length=60, verbose_name="recipient")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("usual", models.BooleanField(default=False, verbose_name="used by default")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "indexes": [models.Index(fields=["-changed_at", "-id"], name="address_changed")],
            },
        ),
        migrations.CreateModel(
            name="AccessRequest",
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
                    "customer_name",
                    models.CharField(
                        help_text="Exactly: full or short name, number or credit code.",
                        max_length=120,
                        verbose_name="customer name or number",
                    ),
                ),
                ("purpose", models.TextField(verbose_name="what for")),
                ("wanted_until", models.DateField(verbose_name="wanted until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a decision"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("ended", "ended early"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_on", models.DateField(editable=False, null=True, verbose_name="decided on")),
                ("granted_until", models.DateField(editable=False, null=True, verbose_name="granted until")),
                ("answer", models.TextField(blank=True, editable=False, verbose_name="answer")),
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
                        editable=False,
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
                    "customer",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_requests",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "access request",
                "verbose_name_plural": "access requests",
                "indexes": [models.Index(fields=["state", "-created_at"], name="access_request_state")],
            },
        ),
        migrations.CreateModel(
            name="DataCheck",
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
                    "subject",
                    models.CharField(
                        choices=guanxi.rooms.customers.models.quality.archive_fields,
                        max_length=60,
                        verbose_name="field checked",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[("right", "right"), ("wrong", "wrong")], max_length=8, verbose_name="finding"
                    ),
                ),
                (
                    "correct_value",
                    models.TextField(
                        blank=True,
                        help_text="For a wrong field: what it should say, if that is known.",
                        verbose_name="correct value",
                    ),
                ),
                (
                    "method",
                    guanxi.records.fields.PicklistField(
                        default="call",
                        max_length=60,
                        picklist="customers.check_method",
                        verbose_name="checked by way of",
                    ),
                ),
                ("checked_on", models.DateField(verbose_name="checked on")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                ("corrected_on", models.DateField(blank=True, editable=False, null=True, verbose_name="corrected on")),
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
                        related_name="checks",
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
                "verbose_name": "archive check",
                "verbose_name_plural": "archive checks",
                "indexes": [models.Index(fields=["customer", "-checked_on"], name="data_check_customer")],
            },
        ),
        migrations.CreateModel(
            name="DownstreamCustomer",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("address", guanxi.records.fields.AddressField(blank=True, max_length=300, verbose_name="address")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "yearly_volume",
                    guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="yearly volume"),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="came_from",
                        to="customers.customer",
                        verbose_name="own account",
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
                        related_name="downstream",
                        to="customers.customer",
                        verbose_name="dealer",
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
                "verbose_name": "downstream customer",
                "verbose_name_plural": "downstream customers",
                "indexes": [models.Index(fields=["customer", "name"], name="downstream_customer")],
            },
        ),
        migrations.CreateModel(
            name="IntelligenceNote",
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
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.information_source", verbose_name="source of information"
                    ),
                ),
                ("content", models.TextField(verbose_name="information")),
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
                        related_name="notes",
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
                "verbose_name": "intelligence note",
                "verbose_name_plural": "intelligence notes",
                "indexes": [models.Index(fields=["customer", "-noted_on"], name="note_customer")],
            },
        ),
        migrations.CreateModel(
            name="LibraryEntry",
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
                ("name", models.CharField(max_length=200, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[("case", "failure case"), ("law", "law or regulation")],
                        max_length=8,
                        verbose_name="kind of entry",
                    ),
                ),
                (
                    "topic",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.library_topic", verbose_name="topic"
                    ),
                ),
                (
                    "dated_on",
                    models.DateField(help_text="Of a law: the day from which it is in force.", verbose_name="dated"),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="in force until")),
                (
                    "source",
                    models.CharField(
                        help_text="Who published it, and where.", max_length=200, verbose_name="publisher or source"
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=80, verbose_name="document number")),
                ("content", models.TextField(verbose_name="text or summary")),
                ("lesson", models.TextField(blank=True, verbose_name="what follows for us")),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="attached file",
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
                "verbose_name": "library entry",
                "verbose_name_plural": "reference library",
                "indexes": [
                    models.Index(fields=["-dated_on", "-id"], name="library_dated"),
                    models.Index(fields=["topic", "-dated_on"], name="library_topic"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None), ("expires_on__gte", models.F("dated_on")), _connector="OR"
                        ),
                        name="library_expires_after",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MarketFlow",
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
                ("ordered_on", models.DateField(verbose_name="ordered on")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order number")),
                (
                    "direction",
                    models.CharField(
                        choices=[("sale", "sold to the customer"), ("purchase", "bought from the customer")],
                        default="sale",
                        max_length=8,
                        verbose_name="direction",
                    ),
                ),
                ("goods", models.CharField(blank=True, max_length=120, verbose_name="goods")),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=14, null=True, verbose_name="quantity"
                    ),
                ),
                ("amount", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="amount")),
                (
                    "went_to",
                    models.CharField(
                        choices=[("us", "us"), ("competitor", "a competitor")],
                        default="us",
                        max_length=10,
                        verbose_name="went to",
                    ),
                ),
                ("our_price", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="our price")),
                ("their_price", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="their price")),
                (
                    "lost_reason",
                    guanxi.records.fields.PicklistField(
                        blank=True,
                        max_length=60,
                        picklist="customers.lost_reason",
                        verbose_name="why it went elsewhere",
                    ),
                ),
                ("comparison", models.TextField(blank=True, verbose_name="comparison")),
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
                    "competitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flows",
                        to="customers.competitor",
                        verbose_name="competitor",
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
                        related_name="flows",
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
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "market flow entry",
                "verbose_name_plural": "market flow",
                "indexes": [
                    models.Index(fields=["customer", "-ordered_on"], name="flow_customer"),
                    models.Index(fields=["-ordered_on", "-id"], name="flow_date"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MarketTrend",
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
                ("name", models.CharField(max_length=160, verbose_name="trend")),
                ("period_from", models.DateField(verbose_name="period from")),
                ("period_until", models.DateField(verbose_name="period until")),
                ("noted_on", models.DateField(verbose_name="noted on")),
                (
                    "area",
                    guanxi.records.fields.MultiPicklistField(
                        blank=True,
                        default="",
                        max_length=600,
                        picklist="customers.market_area",
                        verbose_name="area of the market",
                    ),
                ),
                (
                    "source",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="customers.information_source", verbose_name="source of information"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Publication, page, speaker.",
                        max_length=200,
                        verbose_name="where it was read or heard",
                    ),
                ),
                ("content", models.TextField(verbose_name="content")),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="attached file",
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
                "verbose_name": "market trend",
                "verbose_name_plural": "market trends",
                "indexes": [
                    models.Index(fields=["-period_from", "-id"], name="trend_period"),
                    models.Index(fields=["-noted_on", "-id"], name="trend_noted"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period_until__gte", models.F("period_from"))), name="trend_ends_after"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                    "occasion",
                    guanxi.records.fields.PicklistField(
                        default="daily", max_length=60, picklist="customers.occasion", verbose_name="occasion"
                    ),
                ),
                ("content", models.TextField(verbose_name="need or preference")),
                ("collected_on", models.DateField(verbose_name="collected on")),
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
                        related_name="needs",
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
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "need",
                "verbose_name_plural": "needs and preferences",
                "indexes": [models.Index(fields=["customer", "-collected_on"], name="need_customer")],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
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
                    "customer_name",
                    models.CharField(
                        help_text="As far as you know it; the archivist puts it right.",
                        max_length=120,
                        verbose_name="customer name or number",
                    ),
                ),
                (
                    "kind",
                    guanxi.records.fields.PicklistField(
                        default="attitude",
                        max_length=60,
                        picklist="customers.opinion_kind",
                        verbose_name="kind of opinion",
                    ),
                ),
                ("expressed_on", models.DateField(verbose_name="expressed on")),
                ("content", models.TextField(verbose_name="what was said or shown")),
                (
                    "improvement",
                    models.CharField(
                        blank=True,
                        choices=[("targeted", "targeted service"), ("general", "service improvement")],
                        max_length=10,
                        verbose_name="input for",
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
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
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
                "verbose_name": "customer opinion",
                "verbose_name_plural": "customer opinions",
                "indexes": [models.Index(fields=["customer", "-expressed_on"], name="opinion_customer")],
            },
        ),
        migrations.CreateModel(
            name="PolicyNote",
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
                ("area", models.CharField(blank=True, max_length=60, verbose_name="area")),
                ("content", models.TextField(verbose_name="policy")),
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
                        related_name="policy_notes",
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
                "verbose_name": "trade policy note",
                "verbose_name_plural": "trade policy notes",
                "indexes": [models.Index(fields=["customer", "-noted_on"], name="policy_note_customer")],
            },
        ),
        migrations.CreateModel(
            name="Promoter",
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
                ("name", models.CharField(max_length=60, verbose_name="promoter")),
                (
                    "side",
                    models.CharField(
                        choices=[("internal", "internal staff"), ("external", "external promoter")],
                        max_length=8,
                        verbose_name="internal or external",
                    ),
                ),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "identity_number",
                    guanxi.records.fields.SealedField(
                        blank=True,
                        default="",
                        help_text="Sensitive: is kept sealed and shown masked.",
                        max_length=400,
                        verbose_name="identity number",
                        what="identity",
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="member of staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "promoter",
                "verbose_name_plural": "promoters",
                "indexes": [models.Index(fields=["name", "id"], name="promoter_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("side", "internal")),
                            models.Q(("person", None), ("side", "external")),
                            _connector="OR",
                        ),
                        name="internal_promoter_is_staff",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("person__isnull", False)),
                        fields=("person",),
                        name="one_promoter_per_person",
                        violation_error_message="This member of staff is a promoter already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PromotedSale",
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
                ("sold_on", models.DateField(verbose_name="sold on")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order number")),
                ("amount", guanxi.records.fields.MoneyField(verbose_name="sale")),
                (
                    "rate",
                    guanxi.records.fields.PercentField(
                        decimal_places=2, editable=False, max_digits=7, verbose_name="commission rate"
                    ),
                ),
                ("commission", guanxi.records.fields.MoneyField(editable=False, verbose_name="commission")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                        related_name="promoted_sales",
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
                (
                    "scheme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sales",
                        to="customers.commissionscheme",
                        verbose_name="commission scheme",
                    ),
                ),
                (
                    "promoter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sales",
                        to="customers.promoter",
                        verbose_name="promoter",
                    ),
                ),
            ],
            options={
                "verbose_name": "promoted sale",
                "verbose_name_plural": "promoted sales",
                "indexes": [
                    models.Index(fields=["promoter", "-sold_on"], name="promoted_by"),
                    models.Index(fields=["-sold_on", "-id"], name="promoted_on"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicContact",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("organisation", models.CharField(max_length=120, verbose_name="organisation")),
                (
                    "kind",
                    guanxi.records.fields.PicklistField(
                        default="government", max_length=60, picklist="customers.public_kind", verbose_name="kind"
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                "verbose_name": "public relations contact",
                "verbose_name_plural": "public relations contacts",
                "indexes": [models.Index(fields=["name", "id"], name="public_contact_name")],
            },
        ),
        migrations.CreateModel(
            name="SimilarProduct",
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
                ("name", models.CharField(max_length=120, verbose_name="product")),
                ("specification", models.CharField(blank=True, max_length=120, verbose_name="specification")),
                ("price", guanxi.records.fields.MoneyField(blank=True, null=True, verbose_name="retail price")),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("observed_on", models.DateField(blank=True, null=True, verbose_name="observed on")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
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
                    "competitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products_listed",
                        to="customers.competitor",
                        verbose_name="maker",
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
                    "our_product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="competes with our product",
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
                "verbose_name": "similar product",
                "verbose_name_plural": "similar products",
                "indexes": [models.Index(fields=["name", "id"], name="similar_product_name")],
            },
        ),
        migrations.CreateModel(
            name="TrendReference",
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
                ("meaning", models.TextField(blank=True, verbose_name="what it means for this customer")),
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
                        related_name="trend_references",
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
                (
                    "trend",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="references",
                        to="customers.markettrend",
                        verbose_name="trend",
                    ),
                ),
            ],
            options={
                "verbose_name": "reference to a trend",
                "verbose_name_plural": "references to trends",
                "indexes": [models.Index(fields=["-changed_at", "-id"], name="trend_reference_changed")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("customer", "trend"),
                        name="one_reference_to_a_trend",
                        violation_error_message="This customer refers to this trend already.",
                    )
                ],
            },
        ),
    ]
