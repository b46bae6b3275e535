"""Quotes to customers: priced documents in versions, of which the sent ones never change (CRM-29, CRM-30)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.rooms.catalog.public import PricedDocument, PricedLine


class QuoteState(models.TextChoices):
    """How far a quote has come; it is written in the first state only."""

    DRAFT = "draft", _("quote being written")
    SENT = "sent", _("sent to the customer")
    ACCEPTED = "accepted", _("accepted by the customer")
    REJECTED = "rejected", _("rejected by the customer")
    REPLACED = "replaced", _("replaced by a later version")


class Quote(PricedDocument):
    """What we offer a customer, at which prices and until when; who sees the customer's files sees it.

    `edition` counts its versions from 1; a later one names the one it replaced in `former`.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="quotes", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, blank=True, related_name="quotes",
        verbose_name=_("opportunity"),
    )  # fmt: skip
    valid_until = models.DateField(_("quote valid until"))

    state = models.CharField(
        _("state"), max_length=8, choices=QuoteState.choices, default=QuoteState.DRAFT, editable=False
    )
    edition = models.PositiveSmallIntegerField(_("version of the quote"), default=1, editable=False)
    former = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="later", verbose_name=_("replaces")
    )
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    answer = models.TextField(_("why it was rejected"), blank=True, editable=False)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="quote_changed"),
            models.Index(fields=["state", "valid_until"], name="quote_state"),
            models.Index(fields=["customer", "-sent_on"], name="quote_customer"),
        ]


class QuoteLine(PricedLine):
    """One product of a quote."""

    data_class = DataClass.C2
    parent = "quote"

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", verbose_name=_("quote"))

    class Meta(PricedLine.Meta):
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of quotes")
