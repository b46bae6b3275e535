"""Processes as drawn, as they run, and the work they ask people for."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row

#: Long enough for any name that is drawn into a diagram.
NAME_LENGTH = 120
#: How much of a fingerprint is kept to tell versions apart.
MARK = 12


class Outcome(models.TextChoices):
    """What can be decided at a step, and how a process can end."""

    APPROVE = "approve", _("approved")
    REFUSE = "refuse", _("refused")
    DONE = "done", _("done")
    YES = "yes", _("yes")
    NO = "no", _("no")
    SEND_BACK = "send_back", _("sent back")
    APPROVED = "approved", _("ended approved")
    REFUSED = "refused", _("ended refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Versioned(Row):
    """What people write down in versions, of which one is in use at a time."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("in use")
        RETIRED = "retired", _("replaced")

    key = models.CharField(_("key"), max_length=80)
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("name"), max_length=NAME_LENGTH)
    title_en = models.CharField(_("English name"), max_length=NAME_LENGTH, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    #: The beginning of the text's SHA-256: by it the trail tells which text was kept.
    fingerprint = models.CharField(_("fingerprint of the drawing"), max_length=64, blank=True, default="")
    published_at = models.DateTimeField(_("published at"), null=True)
    #: Which shipped file it came from, as a fingerprint: "" when it is the company's own.
    shipped = models.CharField(_("shipped as"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} · {self.number}"

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return in_language(self.title, self.title_en)

    @classmethod
    def following(cls, key: str) -> int:
        """The number of the next version."""
        last = cls._default_manager.filter(key=key).aggregate(last=models.Max("number"))["last"]
        return int(last or 0) + 1

    @classmethod
    def is_known(cls, key: str, shipped: str) -> bool:
        """Whether a shipped file need not be taken in: it was already, or the company has a version of its own."""
        standing = cls._default_manager.filter(key=key)
        used = (cls.State.PUBLISHED, cls.State.RETIRED)
        return standing.filter(shipped=shipped).exists() or standing.filter(shipped="", state__in=used).exists()

    def put_to_use(self, at: datetime) -> None:
        """From now on this version holds, and the former one no more."""
        with transaction.atomic():
            standing = type(self)._default_manager.select_for_update()
            former = standing.filter(key=self.key, state=self.State.PUBLISHED)
            former.exclude(pk=self.pk).update(state=self.State.RETIRED, changed_at=at)
            self.state, self.published_at, self.changed_at = self.State.PUBLISHED, at, at
            self.save(update_fields=["state", "published_at", "changed_at"])


class ProcessVersion(Versioned):
    """One version of a process as it was drawn (BPMN 2.0). What runs stays on the version it was begun with."""

    data_class = DataClass.C1

    key = models.CharField(_("business process"), max_length=80)
    diagram = models.TextField(_("diagram"))

    class Meta:
        verbose_name = _("version of a process")
        verbose_name_plural = _("versions of processes")
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="workflow_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="published"), name="workflow_one_version_in_use"
            ),
        ]


def in_language(text: str, english: str) -> str:
    """Of a text that was drawn in Chinese and perhaps in English too, the one for the reader."""
    return english if english and (get_language() or "").startswith("en") else text


class ProcessInstance(Row):
    """A process that was started: about what, by whom, how far it is, and how it ended."""

    data_class = DataClass.C2
    #: What is emptied when the record that it is about goes for good; see `records.references`.
    emptied_with_record: ClassVar[dict[str, Any]] = {"record_id": None, "subject": "", "figures": {}}

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    process = models.ForeignKey(
        ProcessVersion, models.PROTECT, related_name="instances", verbose_name=_("business process")
    )
    #: Who is told when it ends; see `purposes`. "" when nobody is.
    purpose = models.CharField(_("purpose"), max_length=40, blank=True, default="")
    subject = models.CharField(_("about"), max_length=300)
    #: What is to be done with it, as "record type:action"; "" where the process itself says it.
    verb = models.CharField(_("what is to be done"), max_length=160, blank=True, default="")
    module = models.CharField(_("record type"), max_length=80, blank=True, default="")
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="processes_started", verbose_name=_("started by")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.RUNNING)
    outcome = models.CharField(_("outcome"), max_length=40, choices=Outcome.choices, blank=True, default="")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    #: The figures that conditions and assignments may ask for.
    figures = models.JSONField(_("figures"), default=dict)
    #: Where the tokens stand, as the process engine keeps it.
    tokens = models.JSONField(_("place"), default=dict)

    class Meta:
        verbose_name = _("business process")
        verbose_name_plural = _("business processes")
        indexes = [
            models.Index(fields=["module", "record_id"], name="workflow_about"),
            models.Index(fields=["owner", "state"], name="workflow_started_by"),
        ]

    def __str__(self) -> str:
        return self.subject


class WorkItem(Row):
    """What a process asks of one person: to sign, to decide, to do something, and by when.

    Several items of one `round` belong to one step: one of them suffices, or all are needed; see `diagrams.Step`.
    """

    data_class = DataClass.C2
    emptied_with_record: ClassVar[dict[str, Any]] = {"record_id": None, "subject": "", "comment": ""}

    class State(models.TextChoices):
        OPEN = "open", _("to be done")
        DONE = "done", _("done")
        PASSED_ON = "passed_on", _("passed on")
        #: Somebody else decided, or the process was withdrawn.
        NEEDLESS = "needless", _("no longer needed")

    instance = models.ForeignKey(
        ProcessInstance, models.CASCADE, related_name="items", verbose_name=_("business process")
    )
    #: The step's id in the diagram, and which of the engine's tasks stands on it.
    node = models.CharField(_("step's id"), max_length=120, editable=False)
    round = models.UUIDField(_("round"), editable=False)
    step = models.CharField(_("step"), max_length=NAME_LENGTH)
    step_en = models.CharField(_("step in English"), max_length=NAME_LENGTH, blank=True, default="")
    process = models.CharField(_("business process"), max_length=NAME_LENGTH)
    process_en = models.CharField(_("process in English"), max_length=NAME_LENGTH, blank=True, default="")
    subject = models.CharField(_("about"), max_length=300)
    verb = models.CharField(_("what is to be done"), max_length=160, blank=True, default="")
    module = models.CharField(_("record type"), max_length=80, blank=True, default="", editable=False)
    record_id = models.UUIDField(_("record"), null=True, blank=True, editable=False)
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="work_items", verbose_name=_("asked of")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    #: Asked for by somebody who signs himself; his own signature waits for nothing.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    outcome = models.CharField(_("decision"), max_length=40, choices=Outcome.choices, blank=True, default="")
    comment = models.TextField(_("comment"), blank=True, default="")

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="workflow_inbox"),
            models.Index(fields=["state", "due_on"], name="workflow_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "owner"], condition=models.Q(state="open"), name="workflow_item_once"
            )
        ]

    def __str__(self) -> str:
        return f"{in_language(self.step, self.step_en)} · {self.subject}"


class Timer(models.Model):
    """A timer that a process has come to: when it rings, and whether it has. Whichever worker is first rings it."""

    data_class = DataClass.C1

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        RUNG = "rung", _("rung")
        #: The step was done before, or the process is over.
        NEEDLESS = "needless", _("no longer needed")

    id = models.BigAutoField(primary_key=True)
    instance = models.ForeignKey(
        ProcessInstance, models.CASCADE, related_name="timers", verbose_name=_("business process")
    )
    #: The timer's id in the diagram, and which of the engine's tasks it is.
    node = models.CharField(_("step's id"), max_length=120)
    task = models.UUIDField(_("task"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.RUNNING)
    due_at = models.DateTimeField(_("rings at"))
    rung_at = models.DateTimeField(_("rung at"), null=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        indexes = [models.Index(fields=["state", "due_at"], name="workflow_timers_due")]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(state="running"), name="workflow_timer_once")
        ]

    def __str__(self) -> str:
        return self.node


class Copied(Row):
    """What somebody was told of a process for his information (抄送), and when he took note of it."""

    data_class = DataClass.C2
    emptied_with_record: ClassVar[dict[str, Any]] = {"record_id": None, "subject": "", "comment": ""}

    instance = models.ForeignKey(
        ProcessInstance, models.CASCADE, related_name="copies", verbose_name=_("business process")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="copies_of_processes", verbose_name=_("copied to")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    #: Who sent it; None where the process did by itself.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    node = models.CharField(_("step's id"), max_length=120, editable=False)
    step = models.CharField(_("step"), max_length=NAME_LENGTH)
    step_en = models.CharField(_("step in English"), max_length=NAME_LENGTH, blank=True, default="")
    outcome = models.CharField(_("decision"), max_length=40, choices=Outcome.choices, blank=True, default="")
    subject = models.CharField(_("about"), max_length=300)
    module = models.CharField(_("record type"), max_length=80, blank=True, default="", editable=False)
    record_id = models.UUIDField(_("record"), null=True, blank=True, editable=False)
    comment = models.TextField(_("comment"), blank=True, default="")
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy for information")
        verbose_name_plural = _("copies for information")
        indexes = [models.Index(fields=["owner", "read_at"], name="workflow_copies_unread")]

    def __str__(self) -> str:
        return f"{in_language(self.step, self.step_en)} · {self.subject}"


class DecisionTable(Versioned):
    """One version of a decision table (DMN), which business rule tasks of processes ask by its key."""

    data_class = DataClass.C1

    key = models.CharField(_("decision table"), max_length=80)
    source = models.TextField(_("table as a file"))

    class Meta:
        verbose_name = _("decision table")
        verbose_name_plural = _("decision tables")
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="workflow_table_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="published"), name="workflow_one_table_in_use"
            ),
        ]


class Deed(models.TextChoices):
    """What people and clocks do to a process."""

    STARTED = "started", _("started")
    DECIDED = "decided", _("decided")
    PASSED_ON = "passed_on", _("passed on")
    ADDED = "added", _("asked one more")
    SENT_BACK = "sent_back", _("sent back")
    WITHDRAWN = "withdrawn", _("withdrew")
    REMINDED = "reminded", _("reminded")
    ESCALATED = "escalated", _("told the superior")
    RANG = "rang", _("time was up")
    RULED = "ruled", _("asked a decision table")
    COPIED = "copied", _("sent a copy")
    ENDED = "ended", _("ended")


class TrailEntry(models.Model):
    """One thing that happened to a process: who did what at which step, and what he said to it. Never changed."""

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    instance = models.ForeignKey(
        ProcessInstance, models.CASCADE, related_name="trail", verbose_name=_("business process")
    )
    at = models.DateTimeField(_("at"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    #: In whose place, where a deputy acted.
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("instead of")
    )
    #: Whom it was passed on to, who was added or reminded.
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("other person")
    )
    deed = models.CharField(_("deed"), max_length=20, choices=Deed.choices)
    node = models.CharField(_("step's id"), max_length=120, blank=True, default="")
    outcome = models.CharField(_("outcome"), max_length=40, blank=True, default="")
    comment = models.TextField(_("comment"), blank=True, default="")

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        ordering = ["at", "id"]
