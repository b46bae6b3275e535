"""Paper originals: where each lies, who keeps it, to whom it is lent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.dossiers.models.filing import Document


class OriginalState(models.TextChoices):
    """What is known of a paper original."""

    IN_PLACE = "in_place", _("in its place")
    LENT = "lent", _("lent")
    DAMAGED = "damaged", _("damaged")
    MISSING = "missing", _("missing")


class Original(Record):
    """The paper twin of a document: its file number and place, and who keeps it (ARC-29, ARC-31, WF-03).

    The owner is the custodian.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="originals", verbose_name=_("dossier document"))
    paper_number = models.CharField(_("paper file number"), max_length=60)
    place = models.CharField(_("storage place"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=OriginalState.choices, default=OriginalState.IN_PLACE, editable=False
    )
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("paper original")
        verbose_name_plural = _("paper originals")
        indexes = [models.Index(fields=["state", "place"], name="original_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(deleted_at=None), name="one_original_per_document",
                violation_error_message=_("This document has its paper original already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.paper_number


class LoanState(models.TextChoices):
    """A loan is out until it came back."""

    OUT = "out", _("lent out")
    RETURNED = "returned", _("returned")


class Loan(Record):
    """An original that was lent: to the owner of the loan, until when, and when it came back (WF-03)."""

    original = models.ForeignKey(Original, models.CASCADE, related_name="loans", verbose_name=_("paper original"))
    purpose = models.CharField(_("what for"), max_length=200)
    lent_on = models.DateField(_("lent on"))
    until = models.DateField(_("to be back by"))
    returned_on = models.DateField(_("returned on"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=LoanState.choices, default=LoanState.OUT, editable=False
    )

    class Meta:
        verbose_name = _("loan of an original")
        verbose_name_plural = _("loans of originals")
        indexes = [models.Index(fields=["state", "until"], name="loan_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["original"], condition=models.Q(state="out", deleted_at=None), name="one_loan_at_a_time",
                violation_error_message=_("This original is lent already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.original} · {self.owner}"
