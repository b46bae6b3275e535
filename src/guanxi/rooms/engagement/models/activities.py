"""What we do with customers day by day: follow-ups, visit reports, tasks, memos."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MultiPicklistField, PicklistField
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
        ("return", _("Return visit")),
    ],
)
#: The seven steps of a sales visit, in their order (VIS-02).
VISIT_STEP = declare(
    "engagement.visit_step",
    _("Step of a sales visit"),
    [
        ("preparation", _("Preparation")),
        ("observation", _("Observation and analysis")),
        ("opening", _("Opening")),
        ("presentation", _("Presentation of products")),
        ("refusals", _("Handling of refusals")),
        ("closing", _("Closing the deal")),
        ("signing", _("Signing")),
    ],
)
#: How to behave at a customer's, to be ticked; a company words it anew as a picklist (WF-29).
VISIT_CONDUCT = declare(
    "engagement.visit_conduct",
    _("Guide of conduct at a customer's"),
    [
        ("card", _("Handed over a business card")),
        ("introduction", _("Introduced the company and oneself, briefly")),
        ("relaxed", _("Began relaxed, the customer before ourselves")),
        ("industry", _("Raised what troubles the trade")),
        ("describe", _("Had the customer describe his problems")),
        ("steer", _("Came to what we can solve")),
        ("propose", _("Proposed first what we are sure of")),
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
    """The report on a visit to a customer (客户走访单): whom, what for, how far it got and what came of it (VIS-06).

    Closing it says what the archive learns from the visit, or expressly that there is nothing new (ARC-04). The persons
    met are its lines. `steps` are those of the seven that were taken, each with a note of its own (VIS-02).
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="visit_reports", verbose_name=_("customer")
    )
    visited_on = models.DateField(_("visited on"))
    purpose = PicklistField(_("purpose"), picklist=VISIT_PURPOSE, default="routine")
    plan = models.OneToOneField(
        "engagement.VisitPlan", models.SET_NULL, null=True, blank=True, related_name="report",
        verbose_name=_("visit plan"),
    )  # fmt: skip
    met = models.CharField(_("met with"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    content = models.TextField(_("course of the visit"))
    outcome = models.TextField(_("result of the visit"), blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    needs = models.TextField(_("needs as the customer sees them"), blank=True)
    problems = models.TextField(_("problems as the customer sees them"), blank=True)
    proposals = models.TextField(_("solutions proposed"), blank=True)
    dissatisfaction = models.TextField(
        _("what the customer is dissatisfied with"), blank=True,
        help_text=_("Closing the report makes a task of it that stays open until it is solved."),
    )  # fmt: skip
    conduct = MultiPicklistField(_("guide of conduct"), picklist=VISIT_CONDUCT)
    steps = MultiPicklistField(_("steps taken"), picklist=VISIT_STEP)
    note_preparation = models.CharField(_("on the preparation"), max_length=300, blank=True)
    note_observation = models.CharField(_("on observation and analysis"), max_length=300, blank=True)
    note_opening = models.CharField(_("on the opening"), max_length=300, blank=True)
    note_presentation = models.CharField(_("on the presentation"), max_length=300, blank=True)
    note_refusals = models.CharField(_("on refusals"), max_length=300, blank=True)
    note_closing = models.CharField(_("on closing the deal"), max_length=300, blank=True)
    note_signing = models.CharField(_("on signing"), max_length=300, blank=True)
    signing_reference = models.CharField(
        _("contract or order number"), max_length=60, blank=True, help_text=_("Signing is ticked only with one.")
    )
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
    visit = models.ForeignKey(
        VisitReport, models.PROTECT, null=True, editable=False, related_name="tasks",
        verbose_name=_("found at the visit"),
    )  # fmt: skip
    project = models.ForeignKey(
        "sales.Project", models.PROTECT, null=True, editable=False, related_name="tasks", verbose_name=_("project")
    )
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
