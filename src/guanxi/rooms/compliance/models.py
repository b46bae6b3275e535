"""How the regulation is kept: figures a day and a month, and what self-inspections found in samples of the archive."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import MultiPicklistField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.compliance.picklists import CRITERIA, POPULATIONS, RESULT


class Figures(models.Model):
    """What one person's doings came to under one clause: figures worked out from duties, the trail and approvals.

    Nobody enters them; `counting` works them out again at any time. `department`: where the person worked that day.
    """

    clause = models.CharField(_("clause"), max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("person")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("department")
    )
    #: Duties that were done in time, and after their day, on the day they were done.
    kept = models.PositiveIntegerField(_("kept"), default=0)
    late = models.PositiveIntegerField(_("kept late"), default=0)
    #: Duties that are owed to this day although their last day has passed, on the day after it.
    broken = models.PositiveIntegerField(_("broken"), default=0)
    #: Actions that a rule refused, and those that went on after its warning.
    refused = models.PositiveIntegerField(_("refused"), default=0)
    warned = models.PositiveIntegerField(_("warned"), default=0)
    waived = models.PositiveIntegerField(_("waived"), default=0)
    #: Requests that were approved, and those that were not, on the day of the decision, with who had asked.
    approved = models.PositiveIntegerField(_("approved"), default=0)
    declined = models.PositiveIntegerField(_("not approved"), default=0)

    class Meta:
        abstract = True


#: The figures by name, as pages show them.
COUNTS = ("kept", "late", "broken", "refused", "warned", "waived", "approved", "declined")


class DayFigures(Figures):
    """The figures of one day."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        indexes = [
            models.Index(fields=["day", "clause"], name="clause_figures_day"),
            models.Index(fields=["clause", "day"], name="clause_figures_clause"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.clause}"


class MonthFigures(Figures):
    """The sums of a month's days: a year is read from twelve of them."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(_("first day of the month"))

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        indexes = [models.Index(fields=["month", "clause"], name="clause_figures_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.clause}"


class FiguresState(models.Model):
    """How far the figures follow what happened: one row, which whoever counts holds on to."""

    data_class = DataClass.C1

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    #: The number of the trail's last entry that is surely counted: no lower one can turn up any more.
    entry = models.BigIntegerField(_("counted up to entry"), default=0)

    class Meta:
        verbose_name = _("state of the figures")
        verbose_name_plural = _("states of the figures")

    def __str__(self) -> str:
        return f"{self.looked_at} {self.entry}"


# ---- Self-inspections ------------------------------------------------------------------------------------------------

#: A sheet of more files than this is no sample any more.
MOST_SAMPLED = 100


class Inspection(Record):
    """A self-inspection: a sample of the archive drawn by chance, and judged file by file against some criteria.

    `seed` makes the chance reproducible: with it anybody draws the same sample from the same files again.
    """

    class State(models.TextChoices):
        """How far an inspection is."""

        PLANNED = "planned", _("planned")
        DRAWN = "drawn", _("sample drawn")
        FINISHED = "finished", _("finished")

    name = models.CharField(_("what is inspected"), max_length=120)
    held_on = models.DateField(_("day of the inspection"))
    population = PicklistField(_("drawn from"), picklist=POPULATIONS, default="customers.customer", max_length=80)
    size = models.PositiveIntegerField(
        _("files in the sample"), default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_SAMPLED)]
    )
    criteria = MultiPicklistField(_("criteria"), picklist=CRITERIA, blank=False, default="|complete|accurate|timely|")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    seed = models.CharField(_("seed of the draw"), max_length=32, blank=True, editable=False)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True, editable=False)
    drawn_of = models.PositiveIntegerField(_("files to draw from"), null=True, blank=True, editable=False)
    judged = models.PositiveIntegerField(_("points judged"), default=0, editable=False)
    met = models.PositiveIntegerField(_("points that are met"), default=0, editable=False)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("self-inspection")
        verbose_name_plural = _("self-inspections")
        indexes = [models.Index(fields=["deleted_at", "-held_on", "id"], name="inspection_by_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(met__lte=models.F("judged")), name="inspection_met_judged")
        ]

    def __str__(self) -> str:
        return self.name


class InspectedPoint(Row):
    """One file of a sample under one criterion: met, not met, or not to be asked of it; and a remark."""

    data_class = DataClass.C2
    #: What is emptied when the file goes for good; see `records.references`. The result stays in the rate.
    emptied_with_record: ClassVar[dict[str, Any]] = {"record_id": None, "subject": "", "remark": ""}

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="points", verbose_name=_("self-inspection"))
    place = models.PositiveSmallIntegerField(_("place in the sample"))
    subject = models.CharField(_("file"), max_length=250)
    module = models.CharField(_("record type"), max_length=80)
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    criterion = models.CharField(_("criterion"), max_length=60)
    result = PicklistField(_("result"), picklist=RESULT, blank=True, default="", max_length=10)
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("inspected point")
        verbose_name_plural = _("inspected points")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "place", "criterion"], name="inspected_point_once")
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.subject} {self.criterion}"
