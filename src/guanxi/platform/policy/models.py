"""Dated values of the regulation's parameters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.rows import Row


class ParameterValue(Row):
    """What a parameter of the regulation is worth from a day on, and why it was changed.

    A value is never overwritten: a new row with a later (or the same) day replaces it, so that a decision of the past
    can be explained with the values of its day.
    """

    name = models.CharField(_("parameter"), max_length=120)
    value = models.JSONField(_("value"))
    valid_from = models.DateField(_("valid from"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("parameter value")
        verbose_name_plural = _("parameter values")
        indexes = [models.Index(fields=["name", "valid_from"], name="policy_name_from")]

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from})"
