"""How the archive is kept complete and current: required papers, the daily archive, the rounds of revision."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MoneyField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.dossiers import picklists
from guanxi.rooms.dossiers.models.filing import Document, DossierClass


class AppliesTo(models.TextChoices):
    """Of which customers a paper is asked for."""

    ALL = "all", _("every customer")
    ORGANISATION = "organisation", _("organisations")
    PERSON = "person", _("single persons")
    CREDIT = "credit", _("who signs to account")
    EXPORT = "export", _("direct export customers")


class RequiredPaper(Record):
    """A kind of paper that a class of the dossier must hold, for some kind of customer (ARC-12)."""

    dossier_class = models.CharField(_("class"), max_length=1, choices=DossierClass.choices)
    kind = PicklistField(_("kind of paper"), picklist=picklists.PAPER_KIND)
    applies_to = models.CharField(_("asked of"), max_length=12, choices=AppliesTo.choices, default=AppliesTo.ALL)
    remarks = models.CharField(_("remarks"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("required paper")
        verbose_name_plural = _("required papers")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier_class", "kind"], condition=models.Q(deleted_at=None), name="one_requirement_per_kind",
                violation_error_message=_("This kind of paper is required in this class already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dossier_class} {self.kind}"


class DailyPaper(Record):
    """An operational paper of the day (ARC-27); what is important goes on into a dossier (ARC-28)."""

    kind = PicklistField(_("kind of daily paper"), picklist=picklists.DAILY_KIND)
    dated_on = models.DateField(_("dated"))
    title = models.CharField(_("title"), max_length=160)
    content = models.TextField(_("content"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("electronic file")
    )
    important = models.BooleanField(_("important: goes into a dossier"), default=False)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, editable=False, related_name="daily_papers",
        verbose_name=_("dossier document"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("daily paper")
        verbose_name_plural = _("daily archive")
        indexes = [models.Index(fields=["kind", "-dated_on"], name="daily_paper_kind")]

    def __str__(self) -> str:
        return self.title


class ReviewRound(Record):
    """A complete revision of all customer dossiers, begun at a fixed interval (ARC-33)."""

    opened_on = models.DateField(_("begun on"))
    due_on = models.DateField(_("to be finished by"))

    class Meta:
        verbose_name = _("revision round")
        verbose_name_plural = _("revision rounds")
        constraints = [
            models.UniqueConstraint(fields=["opened_on"], condition=models.Q(deleted_at=None), name="one_round_a_day")
        ]

    def __str__(self) -> str:
        return self.number or str(self.opened_on)


class ReviewState(models.TextChoices):
    """A dossier in a round."""

    OPEN = "open", _("to be verified")
    VERIFIED = "verified", _("verified")


class Finding(models.TextChoices):
    """What the sales of two periods say of a customer (ARC-34)."""

    STEADY = "steady", _("steady")
    GROWING = "growing", _("growing fast")
    LOST = "lost", _("customer lost")


class Review(Record):
    """One customer's dossier in a round: verified or not, and what its sales say, with the cause (ARC-33, ARC-34).

    `sales` are those of the interval before the round, `sales_before` those of the interval before that.
    """

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="reviews", verbose_name=_("revision round"))
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="dossier_reviews", verbose_name=_("customer")
    )
    due_on = models.DateField(_("to be verified by"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN, editable=False
    )
    finding = models.CharField(_("finding"), max_length=8, choices=Finding.choices, default=Finding.STEADY)
    sales = MoneyField(_("sales of the interval"), default=0)
    sales_before = MoneyField(_("sales of the interval before"), default=0)
    cause = models.TextField(_("analysed cause"), blank=True, editable=False)
    verified_on = models.DateField(_("verified on"), null=True, editable=False)
    verified_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("verified by")
    )

    class Meta:
        verbose_name = _("dossier revision")
        verbose_name_plural = _("dossier revisions")
        indexes = [
            models.Index(fields=["state", "due_on"], name="review_state"),
            models.Index(fields=["customer", "-due_on"], name="review_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "customer"], condition=models.Q(deleted_at=None), name="one_review_per_round"
            )
        ]

    def __str__(self) -> str:
        return str(self.customer)
