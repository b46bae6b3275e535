"""What we do with customers day by day: follow-ups, visit reports, tasks, memos."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.records.picklists import declare

FOLLOW_UP_KIND = declare(
    "engagement.follow_up_kind",
    _("Kind of contact"),
    [
        ("phone", _("Phone call")),
        ("visit", _("Visit")),
        ("wechat", _("WeChat")),
        ("email", _("E-mail")),
        ("meeting", _("Meeting")),
        ("reception", _("They came to us")),
        ("fax", _("Fax")),
        ("post", _("Post")),
        ("website", _("Address of our website")),
    ],
)
CONTACT_PURPOSE = declare(
    "engagement.contact_purpose",
    _("Purpose of a contact"),
    [
        ("selling", _("Selling")),
        ("appointment", _("Making an appointment")),
        ("service", _("Service")),
        ("care", _("Keeping in touch")),
    ],
)
VISIT_PURPOSE = declare(
    "engagement.visit_purpose",
    _("Purpose of the visit"),
    [
        ("routine", _("Routine visit")),
        ("negotiation", _("Negotiation")),
        ("collection", _("Collection")),
        ("complaint", _("Complaint")),
        ("greeting", _("Greetings")),
        ("survey", _("Market survey")),
    ],
)


class FollowUp(Record):
    """A contact with a customer: what was said, and what comes next (跟进记录)."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="follow_ups", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    kind = PicklistField(_("kind of contact"), picklist=FOLLOW_UP_KIND, default="phone")
    purpose = PicklistField(_("purpose"), picklist=CONTACT_PURPOSE, blank=True)
    happened_at = models.DateTimeField(_("when"))
    content = models.TextField(_("what was said"))
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    cold_call = models.BooleanField(_("first contact, by phone, to sell"), default=False, editable=False)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(fields=["customer", "-happened_at"], name="follow_up_customer"),
            models.Index(fields=["-happened_at", "-id"], name="follow_up_time"),
            models.Index(fields=["owner", "next_on"], name="follow_up_next"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class VisitState(models.TextChoices):
    """A visit report is written, then closed."""

    DRAFT = "draft", _("being written")
    CLOSED = "closed", _("closed")


class VisitReport(Record):
    """The report on a visit to a customer (客户走访单).

    Closing it says what the archive learns from the visit, or expressly that there is nothing new (ARC-04).
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="visit_reports", verbose_name=_("customer")
    )
    visited_on = models.DateField(_("visited on"))
    purpose = PicklistField(_("purpose"), picklist=VISIT_PURPOSE, default="routine")
    met = models.CharField(_("met with"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    content = models.TextField(_("course of the visit"))
    outcome = models.TextField(_("outcome and next step"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=VisitState.choices, default=VisitState.DRAFT, editable=False
    )
    archive_facts = models.TextField(_("for the archive"), blank=True, editable=False)
    nothing_new = models.BooleanField(_("nothing new for the archive"), default=False, editable=False)

    class Meta:
        verbose_name = _("visit report")
        verbose_name_plural = _("visit reports")
        indexes = [
            models.Index(fields=["customer", "-visited_on"], name="visit_customer"),
            models.Index(fields=["-visited_on", "-id"], name="visit_date"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:40]}".strip()


class Priority(models.TextChoices):
    """How pressing a task is."""

    HIGH = "high", _("high")
    NORMAL = "normal", _("normal")
    LOW = "low", _("low")


class TaskState(models.TextChoices):
    """A task is open until it is done or dropped."""

    OPEN = "open", _("to do")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Task(Record):
    """Something to be done by somebody by a day, about a customer or not; what a meeting decided names its minutes."""

    subject = models.CharField(_("subject"), max_length=160)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("customer")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    details = models.TextField(_("details"), blank=True)
    minutes = models.ForeignKey(
        "engagement.Minutes", models.PROTECT, null=True, editable=False, related_name="tasks",
        verbose_name=_("decided in"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN, editable=False
    )
    result = models.TextField(_("result"), blank=True, editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="task_owner"),
            models.Index(fields=["customer", "-created_at"], name="task_customer"),
        ]

    def __str__(self) -> str:
        return self.subject


class Memo(Record):
    """A note to keep, about a customer or not (备忘录)."""

    subject = models.CharField(_("subject"), max_length=160)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="memos", verbose_name=_("customer")
    )
    content = models.TextField(_("content"), blank=True)

    class Meta:
        verbose_name = _("memo")
        verbose_name_plural = _("memos")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="memo_changed")]

    def __str__(self) -> str:
        return self.subject
