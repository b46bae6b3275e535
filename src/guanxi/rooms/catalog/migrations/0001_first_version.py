from decimal import Decimal

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
        ("catalog", "0001_initial"),
        ("catalog", "0002_custom_fields"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("people", "0001_first_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceBook",
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
                ("name", models.CharField(max_length=120, verbose_name="price book name")),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("CNY", "CNY (yuan)"),
                            ("USD", "USD (US dollar)"),
                            ("EUR", "EUR (euro)"),
                            ("HKD", "HKD (Hong Kong dollar)"),
                            ("JPY", "JPY (yen)"),
                        ],
                        default="CNY",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("description", models.TextField(blank=True, verbose_name="description")),
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
                "verbose_name": "price book",
                "verbose_name_plural": "price books",
                "indexes": [
                    models.Index(fields=["deleted_at", "name", "id"], name="price_book_by_name"),
                    models.Index(fields=["deleted_at", "changed_at", "id"], name="price_book_by_change"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="price_book_until_after_from",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                ("name", models.CharField(max_length=120, verbose_name="product name")),
                ("code", models.CharField(max_length=40, verbose_name="product code")),
                (
                    "category",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="catalog.product_category", verbose_name="product category"
                    ),
                ),
                ("brand", models.CharField(blank=True, max_length=60, verbose_name="brand or series")),
                (
                    "specification",
                    models.CharField(
                        blank=True,
                        help_text="Such as 52% vol, 500 ml × 6.",
                        max_length=120,
                        verbose_name="specification",
                    ),
                ),
                (
                    "unit",
                    guanxi.records.fields.PicklistField(
                        max_length=60, picklist="catalog.unit", verbose_name="unit of measure"
                    ),
                ),
                (
                    "packing",
                    models.CharField(
                        blank=True, help_text="Such as 6 bottles to a case.", max_length=60, verbose_name="packing"
                    ),
                ),
                ("barcode", models.CharField(blank=True, max_length=40, verbose_name="barcode")),
                (
                    "standard_price",
                    guanxi.records.fields.MoneyField(
                        help_text="For one unit, tax included.",
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="standard price",
                    ),
                ),
                (
                    "tax_rate",
                    guanxi.records.fields.PercentField(
                        decimal_places=2,
                        default=Decimal("13"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="tax rate",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="on sale")),
                ("sales_start", models.DateField(blank=True, null=True, verbose_name="sold from")),
                ("sales_end", models.DateField(blank=True, null=True, verbose_name="sold until")),
                (
                    "shelf_life_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="shelf life in days"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
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
                    "image",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="picture",
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
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "indexes": [
                    models.Index(fields=["deleted_at", "name", "id"], name="product_by_name"),
                    models.Index(fields=["deleted_at", "code", "id"], name="product_by_code"),
                    models.Index(fields=["deleted_at", "changed_at", "id"], name="product_by_change"),
                    models.Index(fields=["barcode"], name="product_by_barcode"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), models.Q(("code", ""), _negated=True)),
                        fields=("code",),
                        name="one_live_product_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standard_price__gte", 0)), name="product_price_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lte", 100)),
                        name="product_tax_rate_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sales_start", None),
                            ("sales_end", None),
                            ("sales_end__gte", models.F("sales_start")),
                            _connector="OR",
                        ),
                        name="product_sold_until_after_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceBookEntry",
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
                    "price",
                    guanxi.records.fields.MoneyField(
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))], verbose_name="list price"
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
                    "price_book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="catalog.pricebook",
                        verbose_name="price book",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "price book entry",
                "verbose_name_plural": "price book entries",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("price_book", "product"), name="price_book_product_once"),
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="price_book_price_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vendor",
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
                ("name", models.CharField(max_length=120, verbose_name="vendor name")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="vendor code")),
                (
                    "category",
                    guanxi.records.fields.PicklistField(
                        blank=True, max_length=60, picklist="catalog.vendor_category", verbose_name="vendor category"
                    ),
                ),
                ("contact_person", models.CharField(blank=True, max_length=60, verbose_name="contact person")),
                ("phone", guanxi.records.fields.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="unified social credit code")),
                ("address", guanxi.records.fields.AddressField(blank=True, max_length=300, verbose_name="address")),
                ("description", models.TextField(blank=True, verbose_name="description")),
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
                "verbose_name": "vendor",
                "verbose_name_plural": "vendors",
                "indexes": [
                    models.Index(fields=["deleted_at", "name", "id"], name="vendor_by_name"),
                    models.Index(fields=["deleted_at", "changed_at", "id"], name="vendor_by_change"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), models.Q(("code", ""), _negated=True)),
                        fields=("code",),
                        name="one_live_vendor_code",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="product",
            name="vendor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="catalog.vendor",
                verbose_name="vendor",
            ),
        ),
    ]
