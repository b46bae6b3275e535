"""What dealers sell on of what they bought of us (SAL-09)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MoneyField
from guanxi.records.models import Record


class Resale(Record):
    """What a dealer sold on of one product on a day or in a month, as he reports it, in yuan."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="resales", verbose_name=_("customer")
    )
    sold_on = models.DateField(_("sold on the day"))
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    amount = MoneyField(_("amount"), validators=[MinValueValidator(Decimal(0))])
    buyer = models.CharField(_("sold to whom"), max_length=120, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("resale entry")
        verbose_name_plural = _("resale entries")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="resale_changed"),
            models.Index(fields=["customer", "-sold_on"], name="resale_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.product} × {self.quantity.normalize():f}"
