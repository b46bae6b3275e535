"""Checks of what stands in a customer's archive: was a field right when somebody looked (ARC-37)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists
from guanxi.rooms.customers.models.customer import BLOCKS, Customer


def archive_fields() -> list[tuple[str, Any]]:
    """The fields of the archive that can be checked, block by block, with their labels."""
    names = dict.fromkeys(("name", *(name for _key, _label, names in BLOCKS for name in names)))
    return [(name, Customer._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


class Finding(models.TextChoices):
    """What a check of one field found."""

    RIGHT = "right", _("right")
    WRONG = "wrong", _("wrong")


class DataCheck(Record):
    """One look at whether one field of a customer's archive is right; a wrong one is a correction to be made (ARC-37).

    `correct_value` is what it should say, as it would be entered on the customer's form; `corrected_on` the day on
    which the action "correct the archive" wrote it there.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="checks", verbose_name=_("customer"))
    subject = models.CharField(_("field checked"), max_length=60, choices=archive_fields)
    finding = models.CharField(_("finding"), max_length=8, choices=Finding.choices)
    correct_value = models.TextField(
        _("correct value"), blank=True, help_text=_("For a wrong field: what it should say, if that is known.")
    )
    method = PicklistField(_("checked by way of"), picklist=picklists.CHECK_METHOD, default="call")
    checked_on = models.DateField(_("checked on"))
    remarks = models.TextField(_("remarks"), blank=True)
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("archive check")
        verbose_name_plural = _("archive checks")
        indexes = [models.Index(fields=["customer", "-checked_on"], name="data_check_customer")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.get_finding_display()}"
