"""Which actions ask for approval, and the ones that wait for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField, SealedField

#: A form with everything filled in needs a tenth of it.
MOST_INPUT = 200_000


class ApprovalRule(Row):
    """From a day on, an action on a record type asks for approval, wherever the condition holds.

    Judged on the record as it would be. Of several rules that hold the one that begins last counts; a rule is never
    overwritten but ended, so that an old decision can be explained.
    """

    data_class = DataClass.C1

    name = models.CharField(_("name"), max_length=120)
    module = PicklistField(_("record type"), max_length=80, picklist="access.record_types")
    action = PicklistField(_("action"), max_length=80, picklist="access.verbs")
    condition = models.JSONField(_("where"), default=dict, blank=True)
    process = PicklistField(_("business process"), max_length=80, picklist="workflow.approvals")
    clause = models.CharField(_("clause"), max_length=20, blank=True, default="")
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    asks_reason = models.BooleanField(_("the reason must be given"), default=True)

    class Meta:
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        indexes = [models.Index(fields=["module", "action", "valid_from"], name="approval_rule_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="approval_rule_ends_after",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PendingAction(Row):
    """An action that somebody wants to take and that waits for approval: nothing of it is written anywhere else.

    `changes` is what it would change, as the audit tells changes; `input` what was entered, sealed, and emptied once it
    is decided. `seal` is the fingerprint of all that was asked: what is carried out is what was approved.
    """

    data_class = DataClass.C2
    classes = {"input": DataClass.C3}
    emptied_with_record: ClassVar[dict[str, Any]] = {
        "record_id": None, "title": "", "input": "", "changes": {}, "reason": "", "answer": "",
    }  # fmt: skip

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a decision")
        DONE = "done", _("approved and carried out")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    title = models.CharField(_("what is to be done"), max_length=300)
    module = PicklistField(_("record type"), max_length=80, picklist="access.record_types")
    action = PicklistField(_("action"), max_length=80, picklist="access.verbs")
    #: Of a record that is to be made: known once it was made.
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    record_version = models.PositiveIntegerField(_("record's version"), null=True, blank=True)
    input = SealedField(_("input"), max_length=2 * MOST_INPUT)
    changes = models.JSONField(_("changes"), default=dict)
    decision = models.JSONField(_("what the rules said"), null=True)
    seal = models.CharField(_("seal"), max_length=64)
    reason = models.TextField(_("reason"), blank=True, default="")
    #: None where the action needs it by its nature.
    rule = models.ForeignKey(ApprovalRule, models.PROTECT, null=True, related_name="+", verbose_name=_("approval rule"))
    clause = models.CharField(_("clause"), max_length=20, blank=True, default="")
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("requested by"))
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    source = models.CharField(_("source"), max_length=10)
    #: What was left of the asker's rights, where a token asked.
    handed_on = models.JSONField(default=dict, editable=False)
    process = models.ForeignKey(
        "workflow.ProcessInstance",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("business process"),
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.WAITING)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    answer = models.TextField(_("answer"), blank=True, default="")
    #: Where carrying it out takes a while: what does it.
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        indexes = [
            models.Index(fields=["owner", "state"], name="pending_action_owner"),
            models.Index(fields=["module", "record_id", "state"], name="pending_action_record"),
        ]

    def __str__(self) -> str:
        return self.title
