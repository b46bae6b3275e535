"""Leads: people and companies who may want to buy, before anybody has made customers of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import AddressField, PhoneField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.sales import picklists

#: The lists of the customer master that a lead fills in too.
INDUSTRY, SIZE = "customers.industry", "customers.size"


class Channel(models.TextChoices):
    """The class of the way on which somebody came to us first (CMP-03)."""

    TRADITIONAL = "traditional", _("traditional marketing")
    TELEPHONE = "telephone", _("telephone marketing")
    ONLINE = "online", _("online marketing")


class Rating(models.TextChoices):
    """How likely it is that something comes of a lead soon, as whoever spoke to the person judges."""

    HOT = "hot", _("hot")
    WARM = "warm", _("warm")
    COLD = "cold", _("cold")


class LeadState(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", _("not spoken to yet")
    CONTACTED = "contacted", _("spoken to")
    QUALIFIED = "qualified", _("found worth pursuing")
    CONVERTED = "converted", _("made a customer")
    DISQUALIFIED = "disqualified", _("given up")


class Lead(Record):
    """Somebody who may want to buy (CRM-24, CRM-25): `name` is the company, `person` whom one talks to there.

    `channel` is the class of `source` (CMP-03), `first_touch_on` the day on which we came to know of each other.
    `score` in points follows from the other columns whenever the lead is written. What became of it stands in
    `customer`, `contact` and `opportunity`; `closed_on` is the day on which it was converted or given up.
    """

    name = models.CharField(_("company"), max_length=120)
    person = models.CharField(_("person to talk to"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    mobile = PhoneField(_("mobile"))
    phone = PhoneField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    province = models.CharField(_("province"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    address = AddressField(_("address"))
    industry = PicklistField(_("industry"), picklist=INDUSTRY, blank=True)
    size = PicklistField(_("size"), picklist=SIZE, blank=True)

    source = PicklistField(_("how it came to us"), picklist=picklists.LEAD_SOURCE)
    channel = models.CharField(
        _("class of promotion"), max_length=11, choices=Channel.choices, blank=True,
        help_text=_("Left empty, it follows from how the lead came to us."),
    )  # fmt: skip
    first_touch_on = models.DateField(_("first touch on"), blank=True, help_text=_("Left empty, it is today."))
    rating = models.CharField(_("rating"), max_length=4, choices=Rating.choices, blank=True)
    content = models.TextField(_("description"), blank=True)

    score = models.PositiveSmallIntegerField(_("score"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=LeadState.choices, default=LeadState.NEW, editable=False
    )
    contacted_on = models.DateField(_("first spoken to on"), null=True, editable=False)
    closed_on = models.DateField(_("converted or given up on"), null=True, editable=False)
    lost_reason = PicklistField(
        _("why it was given up"), picklist=picklists.LEAD_LOST_REASON, blank=True, editable=False
    )
    closing = models.TextField(_("note on the end"), blank=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", models.SET_NULL, null=True, editable=False, related_name="leads",
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("opportunity"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="lead_changed"),
            models.Index(fields=["owner", "state"], name="lead_owner"),
            models.Index(fields=["state", "first_touch_on"], name="lead_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["converted", "disqualified"]) & ~models.Q(closed_on=None)
                | ~models.Q(state__in=["converted", "disqualified"]) & models.Q(closed_on=None),
                name="lead_closed_has_its_day",
            ),
        ]
