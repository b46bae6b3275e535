"""Invoices to customers, and the red letters that take them back (CRM-38)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.fields import AddressField, MoneyField, PhoneField, SealedField
from guanxi.rooms.catalog.public import PricedDocument, PricedLine


class InvoiceKind(models.TextChoices):
    """The kinds of fapiao: for the deduction of the tax or not, on paper or electronic."""

    SPECIAL_ELECTRONIC = "special_electronic", _("electronic special VAT invoice")
    ORDINARY_ELECTRONIC = "ordinary_electronic", _("electronic ordinary invoice")
    SPECIAL_PAPER = "special_paper", _("special VAT invoice on paper")
    ORDINARY_PAPER = "ordinary_paper", _("ordinary VAT invoice on paper")


#: Kinds of which the buyer deducts the tax; kinds that are printed, and can be voided in their month.
SPECIAL = (InvoiceKind.SPECIAL_ELECTRONIC, InvoiceKind.SPECIAL_PAPER)
ON_PAPER = (InvoiceKind.SPECIAL_PAPER, InvoiceKind.ORDINARY_PAPER)


class InvoiceState(models.TextChoices):
    """How far an invoice has come; it is written in the first state only."""

    DRAFT = "draft", _("invoice being written")
    ISSUED = "issued", _("invoice issued")
    RED_LETTERED = "red_lettered", _("taken back by red letter")
    VOIDED = "voided", _("invoice voided")


class Invoice(PricedDocument):
    """An invoice to a customer, in yuan; who sees the customer's files sees it.

    A red letter names its `original`: its quantities and all its amounts are below nothing, so that sums need no case.
    `red_amount` is what issued red letters have taken back of this one, above nothing. The buyer's data are those of
    the day on which it was written, whatever becomes of the billing profile.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="invoices", verbose_name=_("customer")
    )
    order = models.ForeignKey(
        "sales.SalesOrder", models.SET_NULL, null=True, blank=True, related_name="invoices",
        verbose_name=_("sales order"),
    )  # fmt: skip
    original = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="red_letters",
        verbose_name=_("red letter to invoice"), help_text=_("Only for a red letter: the invoice that it takes back."),
    )  # fmt: skip
    kind = models.CharField(
        _("kind of invoice"), max_length=19, choices=InvoiceKind.choices, default=InvoiceKind.SPECIAL_ELECTRONIC
    )
    due_on = models.DateField(
        _("to be paid by"), null=True, blank=True, help_text=_("Left empty, by the payment term from the day of issue.")
    )
    title = models.CharField(
        _("invoice title"), max_length=120, blank=True, help_text=_("Left empty, that of the customer's billing data.")
    )
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    buyer_address = AddressField(_("registered address"))
    buyer_phone = PhoneField(_("phone"))
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    account = SealedField(_("account number"), what="account")
    # Of a red letter they are below nothing.
    freight = MoneyField(_("freight"), default=Decimal(0), blank=True)

    state = models.CharField(
        _("state"), max_length=12, choices=InvoiceState.choices, default=InvoiceState.DRAFT, editable=False
    )
    fapiao_code = models.CharField(_("invoice code"), max_length=12, blank=True, editable=False)
    fapiao_number = models.CharField(_("invoice number of the tax office"), max_length=20, blank=True, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, editable=False)
    issued_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("issued by")
    )
    red_amount = MoneyField(_("taken back"), default=Decimal(0), editable=False)
    closing = models.TextField(_("why it was voided or taken back"), blank=True, editable=False)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="invoice_changed"),
            models.Index(fields=["state", "due_on"], name="invoice_state"),
            models.Index(fields=["customer", "-issued_on"], name="invoice_customer"),
            models.Index(fields=["-issued_on"], name="invoice_issued"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(original__isnull=True, amount__gte=0)
                | models.Q(original__isnull=False, amount__lte=0),
                name="only_a_red_letter_is_below_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(issued_on__isnull=False, due_on__isnull=False),
                name="issued_invoice_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(red_amount=0) | models.Q(red_amount__gt=0, red_amount__lte=models.F("amount")),
                name="no_more_taken_back_than_there_was",
            ),
            models.UniqueConstraint(
                fields=["fapiao_code", "fapiao_number"], condition=~models.Q(fapiao_number=""),
                name="one_invoice_for_a_fapiao_number",
            ),
        ]  # fmt: skip

    @property
    def is_red(self) -> bool:
        """Whether it is a red letter."""
        return self.original_id is not None

    @property
    def open_amount(self) -> Decimal:
        """What of it is still to be paid: nothing for a draft, a voided one, a red letter."""
        is_claim = self.state in (InvoiceState.ISSUED, InvoiceState.RED_LETTERED) and not self.is_red
        return self.amount - self.red_amount if is_claim else Decimal(0)


class InvoiceLine(PricedLine):
    """One product of an invoice; below nothing on a red letter."""

    data_class = DataClass.C2
    parent = "invoice"

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("invoice"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=10, decimal_places=3, validators=[MaxValueValidator(Decimal(9_999_999))]
    )

    class Meta(PricedLine.Meta):
        verbose_name = _("line of an invoice")
        verbose_name_plural = _("lines of invoices")
