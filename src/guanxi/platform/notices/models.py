"""What the system tells a person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row


class Notice(Row):
    """One message to one person, in that person's language, with the record it is about."""

    data_class = DataClass.C2

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True, default="")
    kind = models.CharField(_("kind"), max_length=60, blank=True, default="")
    module = models.CharField(_("module"), max_length=80, blank=True, default="")
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["person", "read_at", "created_at"], name="notices_person_unread")]

    def __str__(self) -> str:
        return self.title
