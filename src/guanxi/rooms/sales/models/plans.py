"""Sales plans of the company, its areas and its people, and the talks in which targets are set and looked at."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.dates import Period, month_of, quarter_of, year_of
from guanxi.platform.rows import Row
from guanxi.records.fields import MoneyField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.catalog.public import PRODUCT_CATEGORY

NO_LESS_THAN_NOTHING = [MinValueValidator(Decimal(0))]


class Level(models.TextChoices):
    """How long a plan runs. A week belongs to one month: at a month's turn it is cut in two (SAL-03)."""

    YEAR = "year", _("year")
    QUARTER = "quarter", _("quarter")
    MONTH = "month", _("month")
    WEEK = "week", _("week")


class PlanState(models.TextChoices):
    """Whether a plan is still being talked about, or agreed; what is agreed is not written any more."""

    DRAFT = "draft", _("being drawn up")
    AGREED = "agreed", _("agreed")


def period_of(level: str, day: datetime.date) -> Period:
    """The year, quarter, month or week in which a day lies; weeks begin on Monday and end with their month."""
    if level == Level.WEEK:
        month, monday = month_of(day), day - datetime.timedelta(days=day.weekday())
        sunday = monday + datetime.timedelta(days=6)
        return Period(max(monday, month.start), min(sunday, month.end))
    return {Level.YEAR: year_of, Level.QUARTER: quarter_of, Level.MONTH: month_of}[Level(level)](day)


#: Into what a plan is divided in time.
NEXT_LEVEL = {Level.YEAR: Level.QUARTER, Level.QUARTER: Level.MONTH, Level.MONTH: Level.WEEK}


def parts_of(level: str, period: Period, smaller: str = "") -> list[Period]:
    """The periods of the next level, or of the one named, that lie in a period, in order."""
    wanted = smaller or NEXT_LEVEL.get(Level(level), "")
    found: list[Period] = []
    day = period.start
    while wanted and day <= period.end:
        found.append(period_of(wanted, day))
        day = found[-1].end + datetime.timedelta(days=1)
    return found


def period_name(level: str, period: Period) -> str:
    """A period as it is read: 2026, 2026 Q4, 2026-11, 11-16 – 11-22."""
    told = {"year": period.start.year, "month": period.start.month, "quarter": (period.start.month + 2) // 3}
    if level == Level.YEAR:
        return gettext("year %(year)s") % told
    if level == Level.QUARTER:
        return gettext("quarter %(quarter)s of %(year)s") % told
    if level == Level.MONTH:
        return gettext("month %(month)s of %(year)s") % told
    days = {"first": f"{period.start:%Y-%m-%d}", "last": f"{period.end:%m-%d}"}
    return gettext("week %(first)s to %(last)s") % days


class SalesPlan(Record):
    """What the company, an area or a person is to sell in a year, quarter, month or week (SAL-01, SAL-02, SAL-03).

    `amount` in yuan, tax included; None while it is to be filled in. An area is a department; a plan without area and
    person is the company's. `parent` is the plan that it was broken down from: the company's for an area, the area's
    for a person. The owner is the person, or who leads the area. `slot` names time and scope; a plan stands there once.
    """

    level = models.CharField(_("level of plan"), max_length=7, choices=Level.choices, default=Level.MONTH)
    begins_on = models.DateField(_("first day"), help_text=_("Any day of the time meant."))
    area = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sales area"),
        help_text=_("Left empty, with nobody named: the plan of the whole company."),
    )  # fmt: skip
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("salesperson")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("broken down from")
    )
    amount = MoneyField(
        _("target amount"), null=True, blank=True, validators=NO_LESS_THAN_NOTHING,
        help_text=_("Empty: still to be filled in."),
    )  # fmt: skip
    remarks = models.TextField(_("remarks"), blank=True)

    name = models.CharField(_("name of the plan"), max_length=160, editable=False)
    ends_on = models.DateField(_("last day"), editable=False)
    state = models.CharField(
        _("state"), max_length=6, choices=PlanState.choices, default=PlanState.DRAFT, editable=False
    )
    agreed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("agreed by"), editable=False
    )
    agreed_on = models.DateField(_("agreed on"), null=True, editable=False)
    slot = models.CharField(_("time and scope"), max_length=120, editable=False)

    class Meta:
        verbose_name = _("sales plan")
        verbose_name_plural = _("sales plans")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="plan_changed"),
            models.Index(fields=["level", "begins_on", "id"], name="plan_period"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=models.Q(deleted_at=None), name="one_plan_for_a_time"),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="plan_amount_not_negative"
            ),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("begins_on")), name="plan_days_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.begins_on, self.ends_on)

    def place(self) -> None:
        """Work out from level, day and scope the days it runs, its name and its slot."""
        period = period_of(self.level, self.begins_on)
        self.begins_on, self.ends_on = period.start, period.end
        self.slot = f"{self.level}/{period.start}/{self.person_id or self.area_id or ''}"
        with translation.override(settings.LANGUAGE_CODE):
            whose = str(self.person or self.area or gettext("whole company"))
            self.name = f"{period_name(self.level, period)} · {whose}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the plan with what follows from its time and scope, whatever wrote it."""
        written = None if update_fields is None else set(update_fields)
        if written is None or written & {"level", "begins_on", "area", "person"}:
            self.place()
            written = None if written is None else written | {"begins_on", "ends_on", "slot", "name"}
        super().save(*args, update_fields=written, **kwargs)


class PlanTarget(Row):
    """What of a plan is to come from one group of products or services, in yuan (SAL-01)."""

    data_class = DataClass.C2

    plan = models.ForeignKey(SalesPlan, models.CASCADE, related_name="targets", verbose_name=_("sales plan"))
    category = PicklistField(_("product category"), picklist=PRODUCT_CATEGORY)
    amount = MoneyField(_("target amount"), validators=NO_LESS_THAN_NOTHING)

    class Meta:
        verbose_name = _("target of a product category")
        verbose_name_plural = _("targets of product categories")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "category"], name="one_target_for_a_category"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="target_not_negative"),
        ]


class TargetTalk(Record):
    """A talk of a manager with a salesperson about targets and what became of them (SAL-08).

    Both write: `expected` is what the manager expects, `answer` what the salesperson says. It is the salesperson's own.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("salesperson"))
    held_on = models.DateField(_("day of the talk"))
    led_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("talk led by")
    )
    expected = models.TextField(_("what the manager expects"))
    answer = models.TextField(_("what the salesperson says"), blank=True)
    agreed = models.TextField(_("what was agreed"), blank=True)

    class Meta:
        verbose_name = _("talk about targets")
        verbose_name_plural = _("talks about targets")
        indexes = [
            models.Index(fields=["person", "-held_on"], name="talk_person"),
            models.Index(fields=["-changed_at", "-id"], name="talk_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.held_on}"
