"""The reference library beside the archive: cases and laws for planning (ARC-44)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists


class LibraryKind(models.TextChoices):
    """What an entry of the library is."""

    CASE = "case", _("failure case")
    LAW = "law", _("law or regulation")


class LibraryEntry(Record):
    """How a comparable company failed, or what a law says: for planning, open to everybody (ARC-44).

    `dated_on` is the day of the case or the day from which the law is in force; `expires_on` the last day of a law.
    """

    name = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind of entry"), max_length=8, choices=LibraryKind.choices)
    topic = PicklistField(_("topic"), picklist=picklists.LIBRARY_TOPIC)
    dated_on = models.DateField(_("dated"), help_text=_("Of a law: the day from which it is in force."))
    expires_on = models.DateField(_("in force until"), null=True, blank=True)
    source = models.CharField(_("publisher or source"), max_length=200, help_text=_("Who published it, and where."))
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    content = models.TextField(_("text or summary"))
    lesson = models.TextField(_("what follows for us"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("attached file")
    )

    class Meta:
        verbose_name = _("library entry")
        verbose_name_plural = _("reference library")
        indexes = [
            models.Index(fields=["-dated_on", "-id"], name="library_dated"),
            models.Index(fields=["topic", "-dated_on"], name="library_topic"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("dated_on")),
                name="library_expires_after",
            )
        ]
