"""Purchase orders to vendors (CRM-34)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.rooms.catalog.public import PricedDocument, PricedLine


class PurchaseState(models.TextChoices):
    """How far a purchase order has come; it is written in the first state only."""

    CREATED = "created", _("order being written")
    APPROVED = "approved", _("approved, to be sent")
    SENT = "sent", _("sent to the vendor")
    RECEIVED = "received", _("received in full")
    CANCELLED = "cancelled", _("cancelled")


class Receipt(models.TextChoices):
    """How much of what was ordered has come."""

    NOTHING = "nothing", _("nothing received")
    PART = "part", _("received in part")
    ALL = "all", _("all received")


class PurchaseOrder(PricedDocument):
    """What we order from a vendor, at the prices agreed with him, by when and where to (CRM-34).

    `received_on` is the day of the last delivery that was noted. All amounts are in yuan, tax included.
    """

    vendor = models.ForeignKey(
        "catalog.Vendor", models.PROTECT, related_name="purchase_orders", verbose_name=_("vendor")
    )
    contact_person = models.CharField(_("contact person"), max_length=60, blank=True)
    requisition = models.CharField(_("requisition number"), max_length=60, blank=True)
    ordered_on = models.DateField(_("ordered on"))
    due_on = models.DateField(_("to be delivered by"))

    state = models.CharField(
        _("state"), max_length=9, choices=PurchaseState.choices, default=PurchaseState.CREATED, editable=False
    )
    receipt = models.CharField(
        _("receipt"), max_length=7, choices=Receipt.choices, default=Receipt.NOTHING, editable=False
    )
    approved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"), editable=False
    )
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    received_on = models.DateField(_("last delivery on"), null=True, editable=False)
    closing = models.TextField(_("why it was cancelled"), blank=True, editable=False)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="purchase_changed"),
            models.Index(fields=["state", "due_on"], name="purchase_state"),
            models.Index(fields=["vendor", "-ordered_on"], name="purchase_vendor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("ordered_on")), name="purchase_due_after_ordered"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | models.Q(receipt="nothing"),
                name="purchase_cancelled_received_nothing",
            ),
        ]


class PurchaseLine(PricedLine):
    """One product of a purchase order."""

    data_class = DataClass.C2
    parent = "order"

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("purchase order"))

    class Meta(PricedLine.Meta):
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
