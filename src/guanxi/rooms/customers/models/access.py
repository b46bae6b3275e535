"""Asking to see a customer's archive that one has no business with otherwise (SEC-03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.customers.models.customer import Customer


class RequestState(models.TextChoices):
    """How far a request has come."""

    OPEN = "open", _("waiting for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED = "ended", _("ended early")


class AccessRequest(Record):
    """A manager of another department asks to see one named customer's archive for some days (SEC-03).

    He names the customer as he knows it (`customer_name`); granted, an access grant opens this one archive until the
    end of the day `granted_until`. The owner of the request is who asks.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, editable=False, related_name="access_requests", verbose_name=_("customer")
    )
    customer_name = models.CharField(
        _("customer name or number"), max_length=120, help_text=_("Exactly: full or short name, number or credit code.")
    )
    purpose = models.TextField(_("what for"))
    wanted_until = models.DateField(_("wanted until"))
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    decided_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    granted_until = models.DateField(_("granted until"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        indexes = [models.Index(fields=["state", "-created_at"], name="access_request_state")]

    def __str__(self) -> str:
        return self.customer_name
