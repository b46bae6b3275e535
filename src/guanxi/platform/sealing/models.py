"""The keys that values are encrypted with, themselves encrypted with a key that the database does not hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass


class SealingKey(models.Model):
    """A data key: `wrapped` by the key of fields, which lies in a file or the environment (`platform.keys`).

    Values name the key they were sealed with; the newest one seals what is written from now on.
    """

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    algorithm = models.CharField(_("algorithm"), max_length=40)
    wrapped = models.CharField(_("key, encrypted"), max_length=200)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("sealing key")
        verbose_name_plural = _("sealing keys")

    def __str__(self) -> str:
        return f"{self.pk} {self.algorithm}"
