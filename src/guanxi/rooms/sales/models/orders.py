"""Orders of customers: what was sold, by when it is to be delivered, and bookings that may become orders (CRM-36)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.fields import MoneyField
from guanxi.rooms.catalog.public import PricedDocument, PricedLine


class OrderState(models.TextChoices):
    """How far an order has come; it is written until it is approved."""

    BOOKED = "booked", _("booked in advance")
    CREATED = "created", _("order entered")
    APPROVED = "approved", _("order approved")
    DELIVERED = "delivered", _("order delivered")
    CANCELLED = "cancelled", _("order cancelled")


class Billing(models.TextChoices):
    """How much of an order has been invoiced."""

    NOTHING = "nothing", _("not invoiced")
    PART = "part", _("invoiced in part")
    ALL = "all", _("invoiced in full")


class SalesOrder(PricedDocument):
    """An order of a customer, or his booking in advance (SAL-13); who sees the customer's files sees it.

    `promised_on` is the day by which it is to be delivered (SAL-06), `delivered_on` the day on which it was.
    `invoiced` is what issued invoices come to, less red letters; the room of the receivables tells it.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="orders", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, blank=True, related_name="orders",
        verbose_name=_("opportunity"),
    )  # fmt: skip
    quote = models.ForeignKey(
        "sales.Quote", models.SET_NULL, null=True, blank=True, related_name="orders", verbose_name=_("quote")
    )
    customer_reference = models.CharField(_("order number of the customer"), max_length=60, blank=True)
    ordered_on = models.DateField(_("ordered on"))
    promised_on = models.DateField(_("delivery promised for"))
    is_booking = models.BooleanField(
        _("booking only"), default=False, help_text=_("The customer books in advance; it becomes an order later.")
    )

    state = models.CharField(
        _("state"), max_length=9, choices=OrderState.choices, default=OrderState.CREATED, editable=False
    )
    approved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    delivered_on = models.DateField(_("delivered on"), null=True, editable=False)
    invoiced = MoneyField(_("invoiced"), default=Decimal(0), editable=False)
    billing = models.CharField(
        _("how far invoiced"), max_length=7, choices=Billing.choices, default=Billing.NOTHING, editable=False
    )
    closing = models.TextField(_("why it was cancelled"), blank=True, editable=False)

    class Meta:
        verbose_name = _("sales order")
        verbose_name_plural = _("sales orders")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="order_changed"),
            models.Index(fields=["state", "promised_on"], name="order_state"),
            models.Index(fields=["state", "billing"], name="order_billing"),
            models.Index(fields=["customer", "-ordered_on"], name="order_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(promised_on__gte=models.F("ordered_on")), name="order_promised_after_ordered"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_on__isnull=False),
                name="delivered_order_has_its_day",
            ),
        ]


class SalesOrderLine(PricedLine):
    """One product of an order."""

    data_class = DataClass.C2
    parent = "order"

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines", verbose_name=_("sales order"))

    class Meta(PricedLine.Meta):
        verbose_name = _("line of a sales order")
        verbose_name_plural = _("lines of sales orders")
