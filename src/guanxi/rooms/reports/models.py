"""Reports that people define, folders they lie in, dashboards made of them, files of them that come by themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.models import Record


class Sharing(models.TextChoices):
    """Whose a report or a dashboard is, beside its owner's. What it shows is each reader's own in any case."""

    PRIVATE = "private", _("only mine")
    CHOSEN = "chosen", _("with chosen people and roles")
    PUBLIC = "public", _("with everybody")


class Folder(Record):
    """A folder of reports (报告文件夹, CRM-46)."""

    name = models.CharField(_("report folder"), max_length=80)
    description = models.CharField(_("what lies in it"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order among the folders"), default=100)

    class Meta:
        verbose_name = _("report folder")
        verbose_name_plural = _("report folders")
        indexes = [models.Index(fields=["position", "id"], name="report_folder_position")]


class Report(Record):
    """A report over one or more modules (报表): what it asks, not what it came to (CRM-43 to CRM-47).

    `definition` is what `records.reporting.definition` reads; each run works it out anew for who reads it.
    """

    name = models.CharField(_("report name"), max_length=120)
    description = models.CharField(_("description of the report"), max_length=300, blank=True)
    folder = models.ForeignKey(Folder, models.PROTECT, related_name="reports", verbose_name=_("report folder"))
    definition = models.JSONField(_("settings of the report"))
    sharing = models.CharField(
        _("shared"), max_length=7, choices=Sharing.choices, default=Sharing.PRIVATE, editable=False
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["folder", "name"], name="report_folder_name"),
            models.Index(fields=["-changed_at", "-id"], name="report_changed"),
        ]


class Share(Row):
    """That a report is shared with a person, or with whoever holds a role."""

    data_class = DataClass.C1

    report = models.ForeignKey(Report, models.CASCADE, related_name="shares", verbose_name=_("report"))
    person = models.ForeignKey(
        "people.Person", models.CASCADE, null=True, related_name="+", verbose_name=_("shared with the person")
    )
    role = models.ForeignKey(
        "access.Role", models.CASCADE, null=True, related_name="+", verbose_name=_("shared with the role")
    )

    class Meta:
        verbose_name = _("share of a report")
        verbose_name_plural = _("shares of reports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(role=None), name="report_share_person_or_role"
            ),
            models.UniqueConstraint(fields=["report", "person"], name="report_share_person_once"),
            models.UniqueConstraint(fields=["report", "role"], name="report_share_role_once"),
        ]


class Dashboard(Record):
    """A page of reports for somebody, or for a role (控制面板); every tile shows what the reader may see."""

    name = models.CharField(_("dashboard"), max_length=80)
    role = models.ForeignKey(
        "access.Role", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made for the role"),
        help_text=_("Who holds it finds this dashboard first."),
    )  # fmt: skip
    is_public = models.BooleanField(_("for everybody to see"), default=False)
    position = models.PositiveSmallIntegerField(_("order among the dashboards"), default=100)

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        indexes = [models.Index(fields=["position", "id"], name="dashboard_position")]


class TileSize(models.TextChoices):
    """How wide a tile is."""

    THIRD = "third", _("a third of the row")
    HALF = "half", _("half the row")
    FULL = "full", _("the whole row")


class TileShow(models.TextChoices):
    """What of its report a tile shows."""

    CHART = "chart", _("the chart")
    TABLE = "table", _("the table")
    TOTAL = "total", _("the totals only")


class Tile(Row):
    """One report on a dashboard."""

    data_class = DataClass.C1

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="tiles", verbose_name=_("dashboard"))
    report = models.ForeignKey(Report, models.CASCADE, related_name="+", verbose_name=_("report"))
    show = models.CharField(_("shown of it"), max_length=5, choices=TileShow.choices, default=TileShow.CHART)
    size = models.CharField(_("how wide"), max_length=5, choices=TileSize.choices, default=TileSize.HALF)
    place = models.PositiveSmallIntegerField(_("place on the dashboard"), default=10)

    class Meta:
        verbose_name = _("tile")
        verbose_name_plural = _("tiles")
        ordering = ["place", "id"]


class Rhythm(models.TextChoices):
    """How often a file of a report comes by itself."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week on Monday")
    MONTHLY = "monthly", _("on the first day of every month")


class FileForm(models.TextChoices):
    """In which form it comes."""

    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"


class Schedule(Record):
    """That a report is made as a file by itself, for each recipient with his own rights (定期报表)."""

    name = models.CharField(_("name of the schedule"), max_length=120)
    report = models.ForeignKey(Report, models.CASCADE, related_name="schedules", verbose_name=_("report"))
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    form = models.CharField(_("form of the file"), max_length=4, choices=FileForm.choices, default=FileForm.XLSX)
    is_active = models.BooleanField(_("goes on"), default=True)
    next_on = models.DateField(_("next made on"), null=True, editable=False)

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        indexes = [models.Index(fields=["is_active", "next_on"], name="report_schedule_next")]


class Recipient(Row):
    """Who gets the file."""

    data_class = DataClass.C1

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, related_name="recipients", verbose_name=_("scheduled report")
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("recipient"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [models.UniqueConstraint(fields=["schedule", "person"], name="report_recipient_once")]

    def __str__(self) -> str:
        return str(self.person)
