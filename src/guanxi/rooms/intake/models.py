"""The customer information file, what is noted on it, and who is responsible where."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import AddressField, PhoneField, PicklistField
from guanxi.records.models import Record

#: The lists of the customer master that a file fills in too.
SOURCE, INDUSTRY, SIZE = "customers.source", "customers.industry", "customers.size"


class Urgency(models.TextChoices):
    """How soon the company needs what we offer (WF-01)."""

    URGENT = "urgent", _("needs it urgently")
    IDEA = "idea", _("has an idea of a need")
    LATENT = "latent", _("no need felt yet")


class DemandSize(models.TextChoices):
    """How much the company would need (WF-01)."""

    LARGE = "large", _("large demand")
    ORDINARY = "ordinary", _("ordinary demand")
    SMALL = "small", _("small demand")


class Level(models.TextChoices):
    """The demand level: A large and urgent, B ordinary with an idea of need, C latent (WF-01)."""

    A = "A", _("A")
    B = "B", _("B")
    C = "C", _("C")


class FileState(models.TextChoices):
    """How far an information file has come."""

    DRAFT = "draft", _("being collected")
    REVIEW = "review", _("waiting for the manager's review")
    RETURNED = "returned", _("returned by the manager")
    APPROVED = "approved", _("approved, to be entered")
    ENTERED = "entered", _("entered as a customer")
    SENT = "sent", _("sent to marketing")
    FILED = "filed", _("sorted and filed")
    CLOSED = "closed", _("closed without a customer")


class InformationFile(Record):
    """What a salesperson or marketing collected of a company that may become a customer (客户信息档案).

    `collected_by` is who collected it and `created_at` the record time that decides between two collectors (WF-14);
    neither can be entered. The owner is the salesperson responsible: who collected it, or, of what marketing collects,
    the one of its place (WF-07). Days are Shanghai's; `*_due_on` is the last day in time.
    """

    name = models.CharField(_("company name"), max_length=120)
    contact = models.CharField(_("person met"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    province = models.CharField(_("province"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    card = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("business card"),
        help_text=_("A photo of it will do; the rest can be filled in later."),
    )  # fmt: skip
    source = PicklistField(_("source"), picklist=SOURCE, blank=True)
    collected_on = models.DateField(_("collected on"))
    address = AddressField(_("address"))
    website = models.CharField(_("website"), max_length=200, blank=True)
    industry = PicklistField(_("industry"), picklist=INDUSTRY, blank=True)
    size = PicklistField(_("size"), picklist=SIZE, blank=True)
    demand_size = models.CharField(_("demand"), max_length=10, choices=DemandSize.choices, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, blank=True)
    demand_level = models.CharField(
        _("demand level"), max_length=1, choices=Level.choices, blank=True,
        help_text=_("Left empty, the level that follows from size, demand and urgency is taken."),
    )  # fmt: skip
    demand = models.TextField(_("demand in words"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    collected_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("collected by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=FileState.choices, default=FileState.DRAFT, editable=False
    )
    reviewed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    review = models.TextField(_("what the manager said"), blank=True, editable=False)

    decided_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("owner decided by")
    )
    decided_at = models.DateTimeField(_("owner decided at"), null=True, editable=False)
    decision = models.TextField(_("reason of the decision"), blank=True, editable=False)

    customer = models.ForeignKey(
        "customers.Customer", models.SET_NULL, null=True, editable=False, related_name="information_files",
        verbose_name=_("customer"),
    )  # fmt: skip
    enter_due_on = models.DateField(_("to be entered by"), null=True, editable=False)
    entered_on = models.DateField(_("entered on"), null=True, editable=False)
    entered_late = models.BooleanField(_("entered late"), default=False, editable=False)

    send_due_on = models.DateField(_("to be sent on"), null=True, editable=False)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    sent_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("sent by")
    )
    sent_late = models.BooleanField(_("sent late"), default=False, editable=False)
    assignee = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("sorted by")
    )
    filed_on = models.DateField(_("filed on"), null=True, editable=False)

    class Meta:
        verbose_name = _("information file")
        verbose_name_plural = _("information files")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="information_file_changed"),
            models.Index(fields=["owner", "state"], name="information_file_owner"),
            models.Index(fields=["state", "send_due_on"], name="information_file_send"),
            models.Index(fields=["customer"], name="information_file_customer"),
        ]

    def __str__(self) -> str:
        return self.name


class FileNote(Record):
    """A follow-up on a company that is no customer yet: how it develops (WF-06)."""

    file = models.ForeignKey(InformationFile, models.CASCADE, related_name="notes", verbose_name=_("information file"))
    noted_on = models.DateField(_("noted on"))
    content = models.TextField(_("development"))

    class Meta:
        verbose_name = _("development note")
        verbose_name_plural = _("development notes")
        indexes = [models.Index(fields=["file", "-noted_on"], name="file_note_file")]

    def __str__(self) -> str:
        return self.content[:60]


class Territory(Record):
    """A place and the salesperson responsible for it, from a day on (WF-07); a row without city is the whole province.

    `valid_until` is the last day; empty: until further notice.
    """

    province = models.CharField(_("province"), max_length=30)
    city = models.CharField(_("city"), max_length=30, blank=True)
    salesperson = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("salesperson"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    #: Province and city without 省, 市 and the like, as files name them: "四川/成都".
    place = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        indexes = [models.Index(fields=["place", "valid_from"], name="territory_place")]

    def __str__(self) -> str:
        return " ".join(part for part in (self.province, self.city) if part)


class Capacity(Record):
    """How many customers a salesperson can take on beside the others, in per cent of a full share (WF-16).

    Nobody's row: a full share, 100; 0: no new ones for the time being.
    """

    salesperson = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("salesperson"))
    weight = models.PositiveSmallIntegerField(
        _("share, in per cent"), default=100, validators=[MaxValueValidator(1000)],
        help_text=_("100 is a full share; 0: no new customers for now."),
    )  # fmt: skip
    remarks = models.CharField(_("remarks"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("share of a salesperson")
        verbose_name_plural = _("shares of salespeople")
        constraints = [
            models.UniqueConstraint(
                fields=["salesperson"], condition=models.Q(deleted_at=None), name="one_capacity_per_salesperson"
            )
        ]

    def __str__(self) -> str:
        return f"{self.salesperson}: {self.weight} %"


class AssignmentState(models.TextChoices):
    """What became of a new customer in somebody's hands."""

    WAITING = "waiting", _("not contacted yet")
    CONTACTED = "contacted", _("contacted")
    PASSED = "passed", _("passed to somebody else")


class Assignment(Record):
    """A new customer came into the owner's hands on a day; from then on he has a week to speak with it (WF-17).

    Kept by the program from what happens to customers. From `contact_due_on` on the manager may pass the customer on.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="assignments", verbose_name=_("customer")
    )
    assigned_on = models.DateField(_("assigned on"))
    contact_due_on = models.DateField(_("to be contacted by"))
    contacted_on = models.DateField(_("contacted on"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AssignmentState.choices, default=AssignmentState.WAITING
    )

    class Meta:
        verbose_name = _("new customer in hand")
        verbose_name_plural = _("new customers in hand")
        indexes = [
            models.Index(fields=["customer", "state"], name="assignment_customer"),
            models.Index(fields=["state", "contact_due_on"], name="assignment_due"),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class Registration(Record):
    """The customer resource registration form (客户资源登记表): background and demand situation on a day (WF-02).

    The newest one gives the customer its demand level: the one chosen, or, where none was, the one that follows from
    size, demand and urgency (`proposed`); so the forms are the history of the level (WF-01).
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="registrations", verbose_name=_("customer")
    )
    registered_on = models.DateField(_("registered on"))
    background = models.TextField(_("background"), help_text=_("What the company does, for whom, with which people."))
    size = PicklistField(_("size"), picklist=SIZE, blank=True)
    demand = models.TextField(_("demand in words"), help_text=_("What is needed, where to, by which requirements."))
    goods = models.CharField(_("goods and services needed"), max_length=300, blank=True)
    volume = models.CharField(_("quantity and frequency"), max_length=200, blank=True)
    suppliers = models.CharField(_("present suppliers"), max_length=300, blank=True)
    delivery = models.TextField(_("delivery and transport"), blank=True)
    demand_size = models.CharField(_("demand"), max_length=10, choices=DemandSize.choices, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, blank=True)
    level = models.CharField(
        _("demand level"), max_length=1, choices=Level.choices, blank=True,
        help_text=_("Left empty, the level that follows from size, demand and urgency is taken."),
    )  # fmt: skip
    level_reason = models.CharField(
        _("reason for another level"), max_length=300, blank=True,
        help_text=_("Where another level is chosen than the one proposed."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("registration form")
        verbose_name_plural = _("registration forms")
        indexes = [models.Index(fields=["customer", "-registered_on"], name="registration_customer")]

    def __str__(self) -> str:
        return f"{self.number} {self.customer}".strip()
