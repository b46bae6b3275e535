"""What classes three and four hold beside papers: credit and arrears, complaints, reductions, withdrawals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MoneyField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.dossiers import picklists
from guanxi.rooms.dossiers.models.filing import Document


class Settlement(models.TextChoices):
    """Whether a customer signs to account; for who pays cash there is no class three (ARC-14)."""

    CASH = "cash", _("pays cash")
    CREDIT = "credit", _("signs to account")


class Security(models.TextChoices):
    """What secures the credit that was granted."""

    MORTGAGE = "mortgage", _("mortgage")
    GUARANTEE = "guarantee", _("guarantee")


class CreditFile(Record):
    """How a customer pays: limit and plan of who signs to account, security of a direct export customer (ARC-14)."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="credit_files", verbose_name=_("customer")
    )
    settlement = models.CharField(_("settlement"), max_length=8, choices=Settlement.choices, default=Settlement.CREDIT)
    credit_limit = MoneyField(_("credit limit"), null=True, blank=True)
    plan = models.TextField(_("repayment plan"), blank=True)
    direct_export = models.BooleanField(_("direct export customer"), default=False)
    payment_method = PicklistField(_("payment method"), picklist=picklists.PAYMENT_METHOD, blank=True)
    granted_amount = MoneyField(_("granted credit"), null=True, blank=True)
    security = models.CharField(_("credit security"), max_length=10, choices=Security.choices, blank=True)
    security_details = models.CharField(_("details of the security"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("credit file")
        verbose_name_plural = _("credit files")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(deleted_at=None), name="one_credit_file_per_customer",
                violation_error_message=_("This customer has a credit file already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_settlement_display()}"


class Movement(models.TextChoices):
    """What a customer owes more, and what he has paid back."""

    DEBT = "debt", _("debt")
    REPAYMENT = "repayment", _("repayment")


class DebtEntry(Record):
    """One debt or repayment of a customer who signs to account, with the day it happened (ARC-14)."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="debt_entries", verbose_name=_("customer")
    )
    booked_on = models.DateField(_("booked on"))
    movement = models.CharField(_("movement"), max_length=10, choices=Movement.choices)
    amount = MoneyField(_("amount"))
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("dossier document")
    )
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("debt or repayment")
        verbose_name_plural = _("debts and repayments")
        indexes = [models.Index(fields=["customer", "booked_on"], name="debt_customer")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="debt_is_positive")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.get_movement_display()}"


class GrievanceKind(models.TextChoices):
    """What class four is about."""

    COMPLAINT = "complaint", _("complaint")
    REDUCTION = "reduction", _("price reduction")
    WITHDRAWAL = "withdrawal", _("withdrawal from an agreement")


class Grievance(Record):
    """A complaint, price reduction or withdrawal of a customer, with reason and responsible party (ARC-15)."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="grievances", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=GrievanceKind.choices)
    happened_on = models.DateField(_("happened on"))
    reason = models.TextField(_("reason"))
    responsible = PicklistField(_("responsible party"), picklist=picklists.RESPONSIBLE)
    determination = models.TextField(_("how responsibility was determined"), blank=True)
    amount = MoneyField(_("amount of the reduction"), null=True, blank=True)
    opinion = models.ForeignKey(
        "customers.Opinion",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from the opinion"),
    )
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("dossier document")
    )

    class Meta:
        verbose_name = _("complaint or reduction")
        verbose_name_plural = _("complaints and reductions")
        indexes = [models.Index(fields=["customer", "-happened_on"], name="grievance_customer")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason[:40]}"
