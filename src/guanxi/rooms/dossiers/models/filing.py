"""The dossier: documents, filed by class into loose-leaf volumes, one series of volumes per account manager."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.numbering.sequences import next_numbers
from guanxi.records.fields import PicklistField, YearField
from guanxi.records.models import Record
from guanxi.rooms.dossiers import picklists


class DossierClass(models.TextChoices):
    """The six fixed classes of the archive (ARC-11)."""

    BASIC = "1", _("1 Basic papers")
    CONTRACTS = "2", _("2 Contracts and agreements")
    ARREARS = "3", _("3 Credit and arrears")
    COMPLAINTS = "4", _("4 Complaints and reductions")
    TRADE = "5", _("5 Trade and peers")
    PROMOTERS = "6", _("6 Promoters")

    @property
    def about(self) -> str:
        """What it holds, without its number."""
        return str(self.label).partition(" ")[2]


class VolumeState(models.TextChoices):
    """A volume takes leaves until the yearly binding closes it."""

    OPEN = "open", _("open, loose-leaf")
    BOUND = "bound", _("bound")


class Volume(Record):
    """A loose-leaf volume: one class, one account manager (the owner), until it is bound (ARC-11, ARC-19, ARC-20)."""

    dossier_class = models.CharField(_("class"), max_length=1, choices=DossierClass.choices)
    year = YearField(_("year"))
    place = models.CharField(_("storage place"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=VolumeState.choices, default=VolumeState.OPEN, editable=False
    )
    bound_on = models.DateField(_("bound on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("volume")
        verbose_name_plural = _("volumes")
        indexes = [models.Index(fields=["dossier_class", "owner", "-year"], name="volume_class_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier_class", "owner"],
                condition=models.Q(state="open", deleted_at=None),
                name="one_open_volume",
                violation_error_message=_("This manager has an open volume of this class already."),
            ),
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="volume_number_once"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the volume; a new one gets the next number of its class and year."""
        if not self.number:
            series = f"dossiers.volume.{self.dossier_class}.{self.year}"
            running = next_numbers(series, "{seq:03}", 1, datetime.date(self.year, 1, 1))[0]
            self.number = f"{self.dossier_class}-{self.year}-{running}"
        super().save(*args, **kwargs)


class DocumentState(models.TextChoices):
    """A document is prepared, confirmed by its handler, and filed once everybody has signed."""

    DRAFT = "draft", _("being prepared")
    SUBMITTED = "submitted", _("waiting for signatures")
    FILED = "filed", _("filed")


class Document(Record):
    """One item of a dossier (档案件), handled by its owner.

    Once filed it has its place: the volume, the leaf within it ("0012", inserted behind it "0012-01") and from both
    its catalogue number. The three signatures are the customer's, the handler's (his confirmation that it is true) and
    the handler's superior's (ARC-21, ARC-22).
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="documents",
        verbose_name=_("customer"),
    )  # fmt: skip
    dossier_class = models.CharField(_("class"), max_length=1, choices=DossierClass.choices, blank=True)
    title = models.CharField(_("title"), max_length=160)
    kind = PicklistField(_("kind of paper"), picklist=picklists.PAPER_KIND, default="other")
    signed_on = models.DateField(_("signed or dated on"), null=True, blank=True)
    effective_on = models.DateField(_("in effect from"), null=True, blank=True)
    expires_on = models.DateField(_("in effect until"), null=True, blank=True)
    content = models.TextField(_("text of the document"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("electronic file")
    )
    legally_effective = models.BooleanField(
        _("serves as evidence or has legal effect"), default=False,
        help_text=_("Then the paper original with its file number and place is needed for filing."),
    )  # fmt: skip
    important = models.BooleanField(_("kept on paper as well"), default=False)
    remarks = models.TextField(_("remarks"), blank=True)
    contribution = models.ForeignKey(
        "customers.Contribution", models.SET_NULL, null=True, editable=False, related_name="documents",
        verbose_name=_("came from the contribution"),
    )  # fmt: skip

    state = models.CharField(
        _("state"), max_length=10, choices=DocumentState.choices, default=DocumentState.DRAFT, editable=False
    )
    confirmed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("confirmed as true by the handler"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    customer_signer = models.CharField(_("signed for the customer by"), max_length=80, blank=True, editable=False)
    customer_signed_on = models.DateField(_("customer signed on"), null=True, editable=False)
    customer_page = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("page signed by the customer"),
    )  # fmt: skip
    approved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("approved by the superior"),
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)

    volume = models.ForeignKey(
        Volume, models.PROTECT, null=True, editable=False, related_name="documents", verbose_name=_("volume")
    )
    leaf = models.CharField(_("leaf"), max_length=30, blank=True, editable=False)
    filed_on = models.DateField(_("filed on"), null=True, editable=False)
    filed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("filed by")
    )

    class Meta:
        verbose_name = _("dossier document")
        verbose_name_plural = _("dossier documents")
        indexes = [
            models.Index(fields=["customer", "dossier_class", "signed_on"], name="document_customer"),
            models.Index(fields=["dossier_class", "leaf"], name="document_class"),
            models.Index(fields=["-changed_at", "-id"], name="document_changed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "leaf"], condition=models.Q(volume__isnull=False), name="one_document_per_leaf"
            ),
            # Nothing is in the archive that is not in its catalogue (ARC-18), nor without a class (ARC-11).
            models.CheckConstraint(
                condition=~models.Q(state="filed")
                | (models.Q(volume__isnull=False) & ~models.Q(leaf="") & ~models.Q(number="")
                   & ~models.Q(dossier_class="")),
                name="filed_means_in_catalogue",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def is_filed(self) -> bool:
        """Whether it lies in the archive."""
        return self.state == DocumentState.FILED
