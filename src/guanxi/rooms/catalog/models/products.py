"""What is sold, who it is bought from, and at which prices: products, vendors, price books."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import AddressField, MoneyField, PercentField, PhoneField, PicklistField
from guanxi.records.models import Record
from guanxi.records.picklists import declare

NO_LESS_THAN_NOTHING = [MinValueValidator(Decimal(0))]

PRODUCT_CATEGORY = declare(
    "catalog.product_category",
    _("product category"),
    [
        ("goods", _("Goods")),
        ("material", _("Material")),
        ("service", _("Service")),
        ("package", _("Package")),
        ("gift", _("Gift")),
        ("other", _("Other product")),
    ],
)
UNIT = declare(
    "catalog.unit",
    _("unit of measure"),
    [
        ("piece", _("piece")),
        ("bottle", _("bottle")),
        ("box", _("box")),
        ("case", _("case")),
        ("bag", _("bag")),
        ("set", _("set")),
        ("kilogram", _("kilogram")),
        ("ton", _("ton")),
        ("metre", _("metre")),
        ("night", _("night")),
        ("time", _("occurrence")),
    ],
)
VENDOR_CATEGORY = declare(
    "catalog.vendor_category",
    _("vendor category"),
    [
        ("manufacturer", _("Manufacturer")),
        ("distributor", _("Distributor")),
        ("logistics", _("Logistics")),
        ("service_provider", _("Service provider")),
        ("other", _("Other vendor")),
    ],
)


class Currency(models.TextChoices):
    """The currencies a price book may be written in."""

    CNY = "CNY", _("CNY (yuan)")
    USD = "USD", _("USD (US dollar)")
    EUR = "EUR", _("EUR (euro)")
    HKD = "HKD", _("HKD (Hong Kong dollar)")
    JPY = "JPY", _("JPY (yen)")


class Vendor(Record):
    """Whom we buy from (CRM-11, CRM-12). It needs no product to exist before it (CRM-13)."""

    name = models.CharField(_("vendor name"), max_length=120)
    code = models.CharField(_("vendor code"), max_length=40, blank=True)
    category = PicklistField(_("vendor category"), picklist=VENDOR_CATEGORY, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    address = AddressField(_("address"))
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        indexes = [
            models.Index(fields=["deleted_at", "name", "id"], name="vendor_by_name"),
            models.Index(fields=["deleted_at", "changed_at", "id"], name="vendor_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(deleted_at=None) & ~models.Q(code=""), name="one_live_vendor_code"
            )
        ]


class Product(Record):
    """Something we sell: goods or a service, with the price that holds where no price book says otherwise (CRM-09).

    `standard_price` is in yuan per unit, tax included; `tax_rate` is the value added tax in per cent; `shelf_life_days`
    counts from production. It is on sale while `active` and between the two sales dates, both included.
    """

    name = models.CharField(_("product name"), max_length=120)
    code = models.CharField(_("product code"), max_length=40)
    category = PicklistField(_("product category"), picklist=PRODUCT_CATEGORY, blank=True)
    brand = models.CharField(_("brand or series"), max_length=60, blank=True)
    specification = models.CharField(
        _("specification"), max_length=120, blank=True, help_text=_("Such as 52% vol, 500 ml × 6.")
    )
    unit = PicklistField(_("unit of measure"), picklist=UNIT)
    packing = models.CharField(_("packing"), max_length=60, blank=True, help_text=_("Such as 6 bottles to a case."))
    barcode = models.CharField(_("barcode"), max_length=40, blank=True)
    standard_price = MoneyField(
        _("standard price"), validators=NO_LESS_THAN_NOTHING, help_text=_("For one unit, tax included.")
    )
    tax_rate = PercentField(
        _("tax rate"), default=Decimal(13), validators=[*NO_LESS_THAN_NOTHING, MaxValueValidator(Decimal(100))]
    )
    active = models.BooleanField(_("on sale"), default=True)
    sales_start = models.DateField(_("sold from"), null=True, blank=True)
    sales_end = models.DateField(_("sold until"), null=True, blank=True)
    vendor = models.ForeignKey(
        Vendor, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("vendor")
    )
    shelf_life_days = models.PositiveIntegerField(_("shelf life in days"), null=True, blank=True)
    image = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            models.Index(fields=["deleted_at", "name", "id"], name="product_by_name"),
            models.Index(fields=["deleted_at", "code", "id"], name="product_by_code"),
            models.Index(fields=["deleted_at", "changed_at", "id"], name="product_by_change"),
            models.Index(fields=["barcode"], name="product_by_barcode"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(deleted_at=None) & ~models.Q(code=""), name="one_live_product_code"
            ),
            models.CheckConstraint(condition=models.Q(standard_price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0) & models.Q(tax_rate__lte=100), name="product_tax_rate_percent"
            ),
            models.CheckConstraint(
                condition=models.Q(sales_start=None)
                | models.Q(sales_end=None)
                | models.Q(sales_end__gte=models.F("sales_start")),
                name="product_sold_until_after_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.specification}".strip()


class PriceBook(Record):
    """A list of prices for certain customers or a certain time, such as wholesale prices for dealers (CRM-14).

    It holds while `active` and between its two days, both included; an open end holds for good.
    """

    name = models.CharField(_("price book name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    active = models.BooleanField(_("in use"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("price book")
        verbose_name_plural = _("price books")
        indexes = [
            models.Index(fields=["deleted_at", "name", "id"], name="price_book_by_name"),
            models.Index(fields=["deleted_at", "changed_at", "id"], name="price_book_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="price_book_until_after_from",
            )
        ]


class PriceBookEntry(Row):
    """The price of one product in one price book, per unit and in the book's currency. A product stands there once."""

    data_class = DataClass.C1

    price_book = models.ForeignKey(PriceBook, models.CASCADE, related_name="entries", verbose_name=_("price book"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    price = MoneyField(_("list price"), validators=NO_LESS_THAN_NOTHING)

    class Meta:
        verbose_name = _("price book entry")
        verbose_name_plural = _("price book entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["price_book", "product"], name="price_book_product_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="price_book_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.price}"
