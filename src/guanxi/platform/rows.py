"""The columns that every kept row has, whichever floor it lives on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ids import uuid7


class Row(models.Model):
    """A kept row: random id, a version that every change raises, who made and changed it, and the recycle bin.

    The columns are written by the one pipeline `guanxi.records.actions.run`; nothing else sets them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
        db_index=False,
    )
    changed_at = models.DateTimeField(_("changed at"), editable=False, null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
        db_index=False,
    )
    deleted_at = models.DateTimeField(_("deleted at"), editable=False, null=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("deleted by"),
        db_index=False,
    )

    class Meta:
        abstract = True
