"""How the regulation is kept, in figures: so many times a day and a month, by clause, person and department."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass


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
