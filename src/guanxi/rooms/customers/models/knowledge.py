"""What is learnt about customers as time goes by: events, notes, opinions, needs, contributions, their own network."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import AddressField, MoneyField, MultiPicklistField, PhoneField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists
from guanxi.rooms.customers.models.customer import Customer
from guanxi.rooms.customers.models.quality import archive_fields


class ChangeEvent(Record):
    """Something that changed at the customer, at any time, with date and source (ARC-32).

    The owner's superior and the departments chosen in `tell` are told of it; a `new_value` is put into the archive's
    field `subject` in the same moment (WF-04).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="events", verbose_name=_("customer"))
    kind = PicklistField(_("kind of change"), picklist=picklists.CHANGE_KIND)
    happened_on = models.DateField(_("happened on"))
    content = models.TextField(_("what changed"))
    source = PicklistField(_("source of information"), picklist=picklists.INFORMATION_SOURCE)
    subject = models.CharField(
        _("field of the archive"), max_length=60, blank=True, choices=archive_fields,
        help_text=_("Where a field has another value now: it is put into the archive at once."),
    )  # fmt: skip
    new_value = models.TextField(_("its new value"), blank=True)
    tell = MultiPicklistField(
        _("departments to be told"), picklist=picklists.DEPARTMENTS,
        help_text=_("The superior of the customer's owner is told in any case."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("change at a customer")
        verbose_name_plural = _("changes at customers")
        indexes = [models.Index(fields=["customer", "-happened_on"], name="change_customer")]

    def __str__(self) -> str:
        return self.content[:60]


class IntelligenceNote(Record):
    """A piece of information about a customer; the kind of its source is always recorded (ARC-36)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes", verbose_name=_("customer"))
    noted_on = models.DateField(_("noted on"))
    source = PicklistField(_("source of information"), picklist=picklists.INFORMATION_SOURCE)
    content = models.TextField(_("information"))

    class Meta:
        verbose_name = _("intelligence note")
        verbose_name_plural = _("intelligence notes")
        indexes = [models.Index(fields=["customer", "-noted_on"], name="note_customer")]

    def __str__(self) -> str:
        return self.content[:60]


class PolicyNote(Record):
    """A dated note on the government's trade policy in a key account's market area (ARC-06)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="policy_notes", verbose_name=_("customer"))
    noted_on = models.DateField(_("noted on"))
    area = models.CharField(_("area"), max_length=60, blank=True)
    content = models.TextField(_("policy"))

    class Meta:
        verbose_name = _("trade policy note")
        verbose_name_plural = _("trade policy notes")
        indexes = [models.Index(fields=["customer", "-noted_on"], name="policy_note_customer")]

    def __str__(self) -> str:
        return self.content[:60]


class Need(Record):
    """What a customer needs or prefers, on which occasion (ARC-10). The owner is who learnt it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="needs", verbose_name=_("customer"))
    occasion = PicklistField(_("occasion"), picklist=picklists.OCCASION, default="daily")
    content = models.TextField(_("need or preference"))
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    collected_on = models.DateField(_("collected on"))

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs and preferences")
        indexes = [models.Index(fields=["customer", "-collected_on"], name="need_customer")]

    def __str__(self) -> str:
        return self.content[:60]


class Improvement(models.TextChoices):
    """What an opinion is good for."""

    TARGETED = "targeted", _("targeted service")
    GENERAL = "general", _("service improvement")


class Opinion(Record):
    """What a customer said or showed of us, noted by anybody in any department (ARC-05).

    Who notes it may not see the customer: `customer_name` is what he knows, and the customer is found from it.
    """

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name=_("customer"),
        editable=False,
    )
    customer_name = models.CharField(
        _("customer name or number"), max_length=120, help_text=_("As far as you know it; the archivist puts it right.")
    )
    kind = PicklistField(_("kind of opinion"), picklist=picklists.OPINION_KIND, default="attitude")
    expressed_on = models.DateField(_("expressed on"))
    content = models.TextField(_("what was said or shown"))
    improvement = models.CharField(_("input for"), max_length=10, choices=Improvement.choices, blank=True)

    class Meta:
        verbose_name = _("customer opinion")
        verbose_name_plural = _("customer opinions")
        indexes = [models.Index(fields=["customer", "-expressed_on"], name="opinion_customer")]

    def __str__(self) -> str:
        return self.content[:60]


class ContributionState(models.TextChoices):
    """Everyone contributes, the archivist files."""

    WAITING = "waiting", _("waiting for filing")
    FILED = "filed", _("filed")
    DECLINED = "declined", _("declined")


class Contribution(Record):
    """A supplement to the archive from any employee, waiting for the archivist (ARC-23, ARC-04)."""

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("customer"),
        editable=False,
    )
    customer_name = models.CharField(
        _("customer name or number"),
        max_length=120,
        blank=True,
        help_text=_("As far as you know it; the archivist puts it right."),
    )
    kind = PicklistField(_("kind of contribution"), picklist=picklists.CONTRIBUTION_KIND, default="missing_data")
    collected_on = models.DateField(_("collected on"))
    source = PicklistField(_("source of information"), picklist=picklists.INFORMATION_SOURCE, default="sales_staff")
    document = models.CharField(
        _("from which visit or paper"),
        max_length=120,
        blank=True,
        help_text=_("For example the number of a visit report."),
    )
    content = models.TextField(_("what is to be added"))
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paper or photo")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ContributionState.choices, default=ContributionState.WAITING, editable=False
    )
    answer = models.TextField(_("archivist's answer"), blank=True, editable=False)
    settled_on = models.DateField(_("settled on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [
            models.Index(fields=["state", "-created_at"], name="contribution_state"),
            models.Index(fields=["customer", "-collected_on"], name="contribution_customer"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class DownstreamCustomer(Record):
    """A customer of our dealer (ARC-42); it can become an account of its own, and the link stays."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="downstream", verbose_name=_("dealer"))
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=30, blank=True)
    address = AddressField(_("address"))
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    yearly_volume = MoneyField(_("yearly volume"), null=True, blank=True)
    account = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="came_from",
        verbose_name=_("own account"),
        editable=False,
    )
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("downstream customer")
        verbose_name_plural = _("downstream customers")
        indexes = [models.Index(fields=["customer", "name"], name="downstream_customer")]

    def __str__(self) -> str:
        return self.name
