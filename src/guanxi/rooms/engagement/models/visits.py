"""Visits before there is a report: planned, approved, handed in, on the way, at the customer's (WF-24)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.engagement.models.activities import VISIT_PURPOSE, VisitReport


class PlanState(models.TextChoices):
    """Where a visit stands, from the plan to its report."""

    PLANNED = "planned", _("being planned")
    APPROVED = "approved", _("approved by the manager")
    HANDED_IN = "handed_in", _("handed to the attendance clerk")
    LEFT = "left", _("on the way")
    ARRIVED = "arrived", _("at the customer's")
    REPORTED = "reported", _("reported")
    CALLED_OFF = "called_off", _("called off")


class VisitPlan(Record):
    """A visit to a customer as it is planned and paid (走访计划).

    Nobody leaves the office before the manager has approved it and the attendance clerk has received it; the three
    times stay on it (WF-24). At the customer's the phone notes position and photo; without a position a note says why.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="visit_plans", verbose_name=_("customer")
    )
    planned_at = models.DateTimeField(_("planned for"))
    purpose = PicklistField(_("purpose"), picklist=VISIT_PURPOSE, default="routine")
    whom = models.CharField(_("whom to meet"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    goals = models.TextField(_("goals of the visit"))
    preparation = models.TextField(_("prepared"), blank=True, help_text=_("Material, samples, figures, questions."))
    state = models.CharField(
        _("state"), max_length=10, choices=PlanState.choices, default=PlanState.PLANNED, editable=False
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )
    received_at = models.DateTimeField(_("received at"), null=True, editable=False)
    received_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("received by clerk"),
    )
    left_at = models.DateTimeField(_("left at"), null=True, editable=False)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, editable=False)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, editable=False,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, editable=False,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    accuracy_m = models.PositiveIntegerField(_("accuracy, metres"), null=True, editable=False)
    position_note = models.CharField(_("why there is no position"), max_length=200, blank=True, editable=False)
    photo = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("photo")
    )

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        indexes = [
            models.Index(fields=["customer", "-planned_at"], name="visit_plan_customer"),
            models.Index(fields=["-planned_at", "-id"], name="visit_plan_time"),
            models.Index(fields=["state", "planned_at"], name="visit_plan_state"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.goals[:40]}".strip()


class VisitPerson(Row):
    """Somebody who was met at a visit; closing the report makes a contact of him (WF-22)."""

    data_class = DataClass.C2

    report = models.ForeignKey(VisitReport, models.CASCADE, related_name="persons", verbose_name=_("visit report"))
    name = models.CharField(_("name"), max_length=60)
    post = models.CharField(_("post"), max_length=60, blank=True)
    decides = models.BooleanField(_("decides on cooperation"), default=False)

    class Meta:
        verbose_name = _("person met")
        verbose_name_plural = _("persons met")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
