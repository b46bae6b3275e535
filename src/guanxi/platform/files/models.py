"""Files that people gave us or that we made for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row


class StoredFile(Row):
    """One kept file: what it is called, what it really contains, where its bytes lie and which record it belongs to.

    The bytes never change after storing; `sha256` proves it. `path` is made by the server from a random id and holds
    nothing a user typed. Images are drawn anew before they are kept, so that nothing but what is seen is in them. Every
    file is served only through an authorised page, as an attachment or, for images and PDF, inline under a sandboxing
    content security policy, and never from a public folder. One with `deleted_at` was given up: its bytes are gone.
    """

    data_class = DataClass.C2

    class Kind(models.TextChoices):
        ATTACHMENT = "attachment", _("attachment")
        IMAGE = "image", _("image")
        IMPORT = "import", _("import file")
        EXPORT = "export", _("export file")

    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    path = models.CharField(_("path"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.ATTACHMENT)
    module = models.CharField(_("module"), max_length=80, blank=True, default="")
    record_id = models.UUIDField(_("record"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["module", "record_id"], name="files_record")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["attachment", "image", "import", "export"]), name="files_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name
