"""Opportunities of selling something to a customer, the pipelines of stages they pass, and every stage they passed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform import calendar
from guanxi.platform.rows import Row
from guanxi.records.fields import MoneyField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.catalog.public import PRODUCT_CATEGORY
from guanxi.rooms.sales import picklists


class Outcome(models.TextChoices):
    """What it means to stand at a stage: still open, or over in one of two ways."""

    OPEN = "open", _("in pursuit")
    WON = "won", _("won")
    LOST = "lost", _("lost to us")


class Pipeline(Record):
    """A way of selling, as a row of stages. The first by `position` is where a new opportunity begins."""

    name = models.CharField(_("pipeline"), max_length=60)
    position = models.PositiveSmallIntegerField(_("order among the pipelines"), default=10)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("sales pipeline")
        verbose_name_plural = _("sales pipelines")
        indexes = [models.Index(fields=["position", "id"], name="pipeline_position")]


class Stage(Record):
    """One stage of a pipeline; `probability` in per cent is what an opportunity gets that arrives here.

    Of the stages that end an opportunity a pipeline has one for won and one for lost, no more.
    """

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="stages", verbose_name=_("sales pipeline"))
    name = models.CharField(_("stage"), max_length=60)
    position = models.PositiveSmallIntegerField(_("order in the pipeline"), default=10)
    probability = models.PositiveSmallIntegerField(
        _("usual probability, %"), default=0, validators=[MaxValueValidator(100)]
    )
    outcome = models.CharField(_("meaning"), max_length=4, choices=Outcome.choices, default=Outcome.OPEN)

    class Meta:
        verbose_name = _("sales stage")
        verbose_name_plural = _("sales stages")
        indexes = [models.Index(fields=["pipeline", "position", "id"], name="stage_position")]
        constraints = [
            models.CheckConstraint(condition=models.Q(probability__lte=100), name="stage_probability_in_100"),
            models.UniqueConstraint(
                fields=["pipeline", "outcome"], condition=models.Q(outcome__in=["won", "lost"], deleted_at=None),
                name="one_stage_for_each_end",
            ),
        ]  # fmt: skip


class Opportunity(Record):
    """A chance to sell something to a customer (CRM-22); who sees the customer's files sees it.

    `amount` in yuan, tax included; None while nobody can say. `probability` in per cent. `state` is what `stage` means,
    `stage_since` the moment it came there, `closed_on` the day it was won or lost.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="opportunities", verbose_name=_("customer")
    )
    name = models.CharField(_("name of the opportunity"), max_length=160)
    kind = PicklistField(_("kind of business"), picklist=picklists.OPPORTUNITY_KIND, default="existing")
    category = PicklistField(
        _("product category"), picklist=PRODUCT_CATEGORY, blank=True,
        help_text=_("What it is mostly about; targets are measured by it."),
    )  # fmt: skip
    amount = MoneyField(_("expected amount"), null=True, blank=True)
    expected_on = models.DateField(_("expected to close on"))
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("sales stage"),
        help_text=_("Left empty, it begins at the first stage."),
    )  # fmt: skip
    probability = models.PositiveSmallIntegerField(
        _("probability, %"), null=True, blank=True, validators=[MaxValueValidator(100)],
        help_text=_("Left empty, it is the usual one of the stage."),
    )  # fmt: skip
    source = PicklistField(_("where it came from"), picklist=picklists.OPPORTUNITY_SOURCE, blank=True)
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    competitor = models.ForeignKey(
        "customers.Competitor", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("strongest competitor"),
    )  # fmt: skip
    content = models.TextField(_("description"), blank=True)

    state = models.CharField(_("state"), max_length=4, choices=Outcome.choices, default=Outcome.OPEN, editable=False)
    stage_since = models.DateTimeField(_("at this stage since"), null=True, editable=False)
    closed_on = models.DateField(_("won or lost on"), null=True, editable=False)
    lost_reason = PicklistField(_("why it was lost"), picklist=picklists.LOST_REASON, blank=True, editable=False)
    closing = models.TextField(_("note on the end"), blank=True, editable=False)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="opportunity_changed"),
            models.Index(fields=["stage", "expected_on", "id"], name="opportunity_stage"),
            models.Index(fields=["state", "closed_on"], name="opportunity_closed"),
            models.Index(fields=["owner", "state"], name="opportunity_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability=None) | models.Q(probability__lte=100),
                name="opportunity_probability_in_100",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_on=None) | ~models.Q(state="open") & ~models.Q(closed_on=None),
                name="opportunity_closed_has_its_day",
            ),
        ]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the opportunity; when it stands at another stage than before, what follows from that with it.

        Here, and not in the verbs, because whatever moves one comes past: forms, imports, undone batches.
        """
        written = None if update_fields is None else set(update_fields)
        if written is not None and "stage" not in written:
            super().save(*args, update_fields=written, **kwargs)
            return
        last = None if self._state.adding else self.moves.order_by("-moved_at", "-id").first()
        is_moved = self.stage is not None and (last is None or last.stage_id != self.stage_id)
        if is_moved:
            self._arrive()
            written = None if written is None else written | {"state", "stage_since", "closed_on"}
        super().save(*args, update_fields=written, **kwargs)
        if is_moved:
            self._note_move(last)

    def _arrive(self) -> None:
        assert self.stage is not None and self.changed_at is not None
        self.state, self.stage_since = self.stage.outcome, self.changed_at
        self.closed_on = None if self.state == Outcome.OPEN else calendar.local(self.changed_at).date()

    def _note_move(self, last: StageMove | None) -> None:
        assert self.stage is not None and self.changed_at is not None
        made = {"created_at": self.changed_at, "changed_at": self.changed_at}
        who = {"created_by": self.changed_by, "changed_by": self.changed_by}
        self.moves.create(
            stage=self.stage, former=last.stage if last else None, moved_at=self.changed_at, moved_by=self.changed_by,
            since=last.moved_at if last else None, amount=self.amount, probability=self.probability, **made, **who,
        )  # fmt: skip


class StageMove(Row):
    """That an opportunity came to a stage: when, by whom, worth how much, after how long at the former one.

    Nothing writes it again. `since` is when it had come to `former`; both are None for the first stage.
    """

    data_class = DataClass.C2

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="moves", verbose_name=_("opportunity"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=_("sales stage"))
    former = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", verbose_name=_("former stage"))
    moved_at = models.DateTimeField(_("moved at"))
    moved_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("moved by")
    )
    since = models.DateTimeField(_("at the former stage since"), null=True)
    amount = MoneyField(_("expected amount"), null=True)
    probability = models.PositiveSmallIntegerField(_("probability, %"), null=True)

    class Meta:
        verbose_name = _("move to another stage")
        verbose_name_plural = _("moves to other stages")
        indexes = [models.Index(fields=["opportunity", "-moved_at"], name="stagemove_opportunity")]

    @property
    def spent(self) -> datetime.timedelta | None:
        """How long it stood at the former stage."""
        return None if self.since is None else self.moved_at - self.since
