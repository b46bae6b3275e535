"""Which leader follows which customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.customers.models.customer import Customer


class Following(Record):
    """A leader follows a customer: what is filed in its archive is told to him too (ARC-35). He is the owner."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="followings", verbose_name=_("customer"))
    is_told = models.BooleanField(
        _("tell me what is filed"), default=True, help_text=_("Without it the customer only stands on your list.")
    )

    class Meta:
        verbose_name = _("followed customer")
        verbose_name_plural = _("followed customers")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "owner"], condition=models.Q(deleted_at=None), name="followed_once",
                violation_error_message=_("You follow this customer already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.customer)
