"""Archives opened to those who have no business with them otherwise (SEC-03)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.customers.models.customer import Customer


class AccessState(models.TextChoices):
    """Whether an access still holds, within its time."""

    GIVEN = "given", _("granted")
    ENDED = "ended", _("ended early")


class ArchiveAccess(Record):
    """A manager of another department may see one named customer's archive until the end of a day (SEC-03).

    It comes into being when it is approved: what is asked for waits as a request for approval. He names the customer as
    he knows it (`customer_name`); the owner is who asked, `purpose` the reason that he gave.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, editable=False, related_name="accesses", verbose_name=_("customer")
    )
    customer_name = models.CharField(
        _("customer name or number"), max_length=120, help_text=_("Exactly: full or short name, number or credit code.")
    )
    purpose = models.TextField(_("what for"), editable=False)
    until = models.DateField(_("until the end of"))
    state = models.CharField(
        _("state"), max_length=10, choices=AccessState.choices, default=AccessState.GIVEN, editable=False
    )
    approved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    class Meta:
        verbose_name = _("access to an archive")
        verbose_name_plural = _("access to archives")
        indexes = [models.Index(fields=["state", "-created_at"], name="archive_access_state")]

    def __str__(self) -> str:
        return self.customer_name
