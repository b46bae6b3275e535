"""Reports that people write about a period, and which sales reports lie in the daily archive (RPT-05 to RPT-07)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.dates import Period
from guanxi.platform.rows import Row
from guanxi.records.models import Record
from guanxi.rooms.sales.models.plans import Level, period_name, period_of


class ReportKind(models.TextChoices):
    """What is written about a period."""

    SUMMARY = "summary", _("summary of the sales plan")
    MARKET = "market", _("market analysis report")


class ReportState(models.TextChoices):
    """Whether a report is still owed, or handed in; what is handed in is not written any more."""

    OPEN = "open", _("to be written")
    HANDED_IN = "handed_in", _("handed in")


#: Weeks and days are reported in figures alone.
_LEVELS = [(level.value, level.label) for level in (Level.MONTH, Level.QUARTER, Level.YEAR)]


class PeriodReport(Record):
    """What somebody has to write about a month, quarter or year, and by when (RPT-06, RPT-07); its owner is the author.

    `is_late`: it was handed in after its day. `slot` names kind, time and subject; such a report is asked for once.
    """

    kind = models.CharField(_("kind of report"), max_length=7, choices=ReportKind.choices, default=ReportKind.MARKET)
    level = models.CharField(_("period"), max_length=7, choices=_LEVELS, default=Level.MONTH)
    begins_on = models.DateField(_("first day"), help_text=_("Any day of the time meant."))
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    due_on = models.DateField(_("due on"))
    content = models.TextField(_("text of the report"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("electronic file")
    )

    name = models.CharField(_("name of the report"), max_length=160, editable=False)
    ends_on = models.DateField(_("last day"), editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ReportState.choices, default=ReportState.OPEN, editable=False
    )
    handed_in_on = models.DateField(_("handed in on"), null=True, editable=False)
    is_late = models.BooleanField(_("late"), default=False, editable=False)
    slot = models.CharField(_("time and subject"), max_length=120, editable=False)

    class Meta:
        verbose_name = _("report on a period")
        verbose_name_plural = _("reports on periods")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="preport_changed"),
            models.Index(fields=["state", "due_on"], name="preport_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(deleted_at=None), name="one_report_for_a_time",
                violation_error_message=_("This report on this time is asked for already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="handed_in") & ~models.Q(handed_in_on=None)
                | models.Q(state="open", handed_in_on=None),
                name="preport_handed_in_has_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """The days it is about."""
        return Period(self.begins_on, self.ends_on)

    def place(self) -> None:
        """Work out from kind, level, day and subject the days it is about, its name and its slot."""
        period = period_of(self.level, self.begins_on)
        self.begins_on, self.ends_on = period.start, period.end
        self.slot = f"{self.kind}/{self.level}/{period.start}/{self.subject}"
        with translation.override(settings.LANGUAGE_CODE):
            parts = [period_name(self.level, period), str(ReportKind(self.kind).label), self.subject]
            self.name = " · ".join(part for part in parts if part)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the report with what follows from its time and subject, whatever wrote it."""
        written = None if update_fields is None else set(update_fields)
        if written is None or written & {"kind", "level", "begins_on", "subject"}:
            self.place()
            written = None if written is None else written | {"begins_on", "ends_on", "slot", "name"}
        super().save(*args, update_fields=written, **kwargs)


class FiledReport(Row):
    """A sales report of a day or week that was put into the daily archive, each once (RPT-05)."""

    data_class = DataClass.C2

    level = models.CharField(_("period"), max_length=4)
    begins_on = models.DateField(_("first day"))
    paper = models.ForeignKey(
        "dossiers.DailyPaper", models.SET_NULL, null=True, related_name="+", verbose_name=_("daily paper")
    )

    class Meta:
        verbose_name = _("sales report in the daily archive")
        verbose_name_plural = _("sales reports in the daily archive")
        constraints = [models.UniqueConstraint(fields=["level", "begins_on"], name="one_filed_report")]
