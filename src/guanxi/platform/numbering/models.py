"""Counters behind document numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass


class Sequence(models.Model):
    """The last number given out under a name within a period ("" = for ever, "2026", "2026-11", "2026-11-21").

    Its row is locked from the moment a number is taken until the taker's transaction ends; that is what makes the
    numbers free of gaps and of doubles.
    """

    data_class = DataClass.C1

    name = models.CharField(_("name"), max_length=120)
    period = models.CharField(_("period"), max_length=10, blank=True, default="")
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="numbering_name_period")]

    def __str__(self) -> str:
        return f"{self.name} {self.period}".strip()
