"""What people owe: one row for each duty of one person, and the rounds in which recurring duties were opened."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.obligations.duties import NAME_LENGTH, find
from guanxi.platform.rows import Row

KEY_LENGTH = 200
SUBJECT_LENGTH = 300


class State(models.TextChoices):
    """How far a duty is. What is open and past its day is broken, until it is done all the same."""

    OPEN = "open", _("still owed")
    KEPT = "kept", _("kept in time")
    LATE = "late", _("kept late")
    WAIVED = "waived", _("waived")
    DROPPED = "dropped", _("no longer owed")


class Obligation(Row):
    """One duty of one person: what, about which record, by which day, and how it ended.

    `key` tells duties of a kind apart and makes opening one twice impossible; it names ids, never people.
    """

    data_class = DataClass.C2
    #: What is emptied when the record that it is about goes for good; see `records.references`. Nobody owes it then.
    emptied_with_record: ClassVar[dict[str, Any]] = {
        "record_id": None,
        "within_id": None,
        "evidence_id": None,
        "subject": "",
        "paper": None,
        "remark": "",
        "state": models.Case(models.When(state=State.OPEN, then=models.Value(State.DROPPED)), default="state"),
    }

    duty = models.CharField(_("kind of duty"), max_length=NAME_LENGTH)
    key = models.CharField(_("key of the duty"), max_length=KEY_LENGTH, editable=False)
    clause = models.CharField(_("clause"), max_length=12, blank=True, default="")
    subject = models.CharField(_("about"), max_length=SUBJECT_LENGTH)
    module = models.CharField(_("record type"), max_length=80, blank=True, default="", editable=False)
    record_id = models.UUIDField(_("record"), null=True, blank=True, editable=False)
    #: What that record belongs to (the customer of a contribution), so that its page can tell of the duty.
    within_id = models.UUIDField(_("belongs to"), null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("owed by")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("department"),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("owed since"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    discharged_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    discharged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("settled by"),
    )  # fmt: skip
    #: Working days after the day it was due, at least one where it was late; nothing where it was in time.
    days_late = models.PositiveIntegerField(_("working days late"), null=True, blank=True)
    evidence_module = models.CharField(_("kind of evidence"), max_length=80, blank=True, default="", editable=False)
    evidence_id = models.UUIDField(_("evidence"), null=True, blank=True, editable=False)
    paper = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("paper that shows it"),
    )
    remark = models.TextField(_("remark"), blank=True, default="")
    #: When it is called to mind and when the superior is told: worked out once, so that a scan compares days only.
    remind_on = models.DateField(_("remind on"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True, editable=False)
    escalate_on = models.DateField(_("tell the superior on"), editable=False)
    escalated_at = models.DateTimeField(_("superior told at"), null=True, blank=True, editable=False)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        db_index=False, verbose_name=_("superior told"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["duty", "key"], name="obligation_once"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="obligation_state"),
            models.CheckConstraint(
                condition=models.Q(state=State.OPEN, discharged_at=None)
                | ~models.Q(state=State.OPEN) & models.Q(discharged_at__isnull=False)
                | models.Q(state=State.DROPPED),
                name="obligation_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="obligation_owner"),
            models.Index(fields=["department", "state", "due_on"], name="obligation_department"),
            models.Index(fields=["state", "due_on"], name="obligation_due"),
            models.Index(fields=["clause", "state", "due_on"], name="obligation_clause"),
            models.Index(fields=["record_id"], name="obligation_record", condition=models.Q(record_id__isnull=False)),
            models.Index(fields=["within_id"], name="obligation_within", condition=models.Q(within_id__isnull=False)),
            # The state stands among the columns: of a condition on it SQLite cannot know whether a value fulfils it.
            models.Index(fields=["state", "remind_on"], name="obligation_remind", condition=models.Q(reminded_at=None)),
            models.Index(
                fields=["state", "escalate_on"], name="obligation_escalate", condition=models.Q(escalated_at=None)
            ),
        ]

    def __str__(self) -> str:
        label = capfirst(str(self.label))
        return f"{label} · {self.subject}" if self.subject else label

    @property
    def label(self) -> object:
        """What is to be done, in the reader's language."""
        duty = find(self.duty)
        return duty.label if duty is not None else self.duty


class Round(models.Model):
    """That a recurring duty was opened for one of its periods, for everybody whom it concerns."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    duty = models.CharField(_("kind of duty"), max_length=NAME_LENGTH)
    turn = models.CharField(_("period"), max_length=40)
    opens_on = models.DateField(_("from"))
    due_on = models.DateField(_("due on"))
    opened = models.PositiveIntegerField(_("duties opened"), default=0)
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("round of a duty")
        verbose_name_plural = _("rounds of duties")
        constraints = [models.UniqueConstraint(fields=["duty", "turn"], name="obligation_round_once")]
        indexes = [models.Index(fields=["duty", "-opens_on"], name="obligation_round_last")]

    def __str__(self) -> str:
        return f"{self.duty} {self.turn}"
