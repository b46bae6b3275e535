"""Days that differ from the published calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.platform.rows import Row


class DayKind(models.TextChoices):
    """Whether people work on a day."""

    WORKING = "working", _("working day")
    HOLIDAY = "holiday", _("day off")


class CalendarDay(Row):
    """A day that differs from the built-in calendar of China: a make-up day published late, a company holiday.

    It overrides weekends and public holidays for every deadline counted in working days.
    """

    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date"],
                condition=models.Q(deleted_at__isnull=True),
                name="calendar_day_once",
                violation_error_message=_("This day is already in the calendar."),
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="calendar_day_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name or self.get_kind_display()}"
