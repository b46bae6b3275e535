"""Documents of priced lines: what quotes, orders and invoices have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.rows import Row
from guanxi.records.fields import AddressField, MoneyField, PercentField, PhoneField
from guanxi.records.models import Record
from guanxi.rooms.catalog.models.products import NO_LESS_THAN_NOTHING, Currency, PriceBook, Product

#: Beyond these a figure is a slip of the keyboard: per line, and for the document as a whole.
LARGEST_QUANTITY = Decimal(9_999_999)
LARGEST_PRICE = Decimal(100_000_000)
LARGEST_AMOUNT = Decimal(10_000_000_000)

PER_CENT = [*NO_LESS_THAN_NOTHING, MaxValueValidator(Decimal(100))]


def _worked_out(label: Any) -> MoneyField:
    return MoneyField(label, default=Decimal(0), editable=False)


class PricedDocument(Record):
    """A document of priced lines. All money in `currency`, that of its price book or yuan; prices include the tax.

    `goods` is the sum of the lines, `reduction` what the `discount` in per cent takes off it; with `freight` and
    `adjustment` (of either sign, such as odd cents let go) that makes `amount`, of which `tax` is tax and `net` the
    rest. `conceded` is in per cent what the customer pays less than at list prices. See `guanxi.kernel.pricing`.
    """

    name = models.CharField(_("subject"), max_length=160)
    price_book = models.ForeignKey(
        PriceBook, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("price book"),
        help_text=_("Left empty, the standard prices hold, in yuan."),
    )  # fmt: skip
    currency = models.CharField(
        _("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY, editable=False
    )
    discount = PercentField(_("discount on the whole, %"), default=Decimal(0), blank=True, validators=PER_CENT)
    freight = MoneyField(_("freight"), default=Decimal(0), blank=True, validators=NO_LESS_THAN_NOTHING)
    adjustment = MoneyField(
        _("adjustment"), default=Decimal(0), blank=True, help_text=_("Added to the total; with a minus it is let go.")
    )
    terms = models.TextField(_("terms and conditions"), blank=True)

    billing_recipient = models.CharField(_("bill to"), max_length=80, blank=True)
    billing_phone = PhoneField(_("phone for the bill"))
    billing_address = AddressField(_("billing address"))
    billing_postcode = models.CharField(_("postcode of the billing address"), max_length=12, blank=True)
    shipping_recipient = models.CharField(_("deliver to"), max_length=80, blank=True)
    shipping_phone = PhoneField(_("phone for the delivery"))
    shipping_address = AddressField(_("delivery address"))
    shipping_postcode = models.CharField(_("postcode of the delivery address"), max_length=12, blank=True)

    goods = _worked_out(_("sum of the lines"))
    reduction = _worked_out(_("taken off the whole"))
    amount = _worked_out(_("total, tax included"))
    net = _worked_out(_("total without tax"))
    tax = _worked_out(_("tax in the total"))
    conceded = PercentField(_("discount in all, %"), default=Decimal(0), editable=False)

    class Meta:
        abstract = True


class PricedLine(Row):
    """A line of a priced document, with the link to it named in `parent`; its place is `position`.

    `unit_price` is the list price, tax included; `net_price` what is left of it after the `discount` in per cent;
    `amount` is `quantity` at `net_price`.
    """

    #: The name of the link to the document.
    parent = ""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=10, decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(LARGEST_QUANTITY)],
    )  # fmt: skip
    unit_price = MoneyField(
        _("unit price"), null=True, blank=True, validators=[*NO_LESS_THAN_NOTHING, MaxValueValidator(LARGEST_PRICE)],
        help_text=_("Left empty, that of the price book or the standard price."),
    )  # fmt: skip
    discount = PercentField(_("discount, %"), default=Decimal(0), blank=True, validators=PER_CENT)
    net_price = _worked_out(_("price after discount"))
    tax_rate = PercentField(_("tax rate"), null=True, blank=True, validators=PER_CENT)
    amount = _worked_out(_("amount of the line"))
    position = models.PositiveSmallIntegerField(_("place"), default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.product} × {self.quantity.normalize():f}"

    @property
    def currency(self) -> str:
        """That of the document."""
        return str(getattr(self, self.parent).currency)
