"""What follows a deal: putting it into effect with a customer, as tasks of several departments (SAL-05)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record


class ProjectState(models.TextChoices):
    """A project is under way until everything is done, or it is given up."""

    UNDER_WAY = "under_way", _("project under way")
    FINISHED = "finished", _("project finished")
    GIVEN_UP = "given_up", _("project given up")


class Project(Record):
    """The onboarding of a customer after a deal; who sees the customer's files sees it.

    Its steps are tasks of their owners (`engagement.task`). How they stand is kept here, because lists ask by it:
    `progress` in per cent of the tasks that count, how many are `tasks_open`, and `open_until`, the day by which the
    first of those is due.
    """

    name = models.CharField(_("name of the project"), max_length=160)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="projects", verbose_name=_("customer")
    )
    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, blank=True, related_name="projects",
        verbose_name=_("opportunity"),
    )  # fmt: skip
    due_on = models.DateField(_("to be finished by"))
    goal = models.TextField(_("what is to be reached"), blank=True)

    state = models.CharField(
        _("state"), max_length=9, choices=ProjectState.choices, default=ProjectState.UNDER_WAY, editable=False
    )
    progress = models.PositiveSmallIntegerField(
        _("progress, %"), default=0, editable=False, validators=[MaxValueValidator(100)]
    )
    tasks_open = models.PositiveSmallIntegerField(_("tasks still open"), default=0, editable=False)
    open_until = models.DateField(_("next task due on"), null=True, editable=False)
    closed_on = models.DateField(_("finished or given up on"), null=True, editable=False)
    closing = models.TextField(_("note on the end"), blank=True, editable=False)

    class Meta:
        verbose_name = _("onboarding project")
        verbose_name_plural = _("onboarding projects")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="project_changed"),
            models.Index(fields=["state", "open_until"], name="project_state"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(progress__lte=100), name="project_progress_in_100")]
