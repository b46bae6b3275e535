"""What a contact has agreed to, person by person, channel by channel, purpose by purpose (PIPL art. 13 to 16)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists
from guanxi.rooms.customers.models.customer import Customer
from guanxi.rooms.customers.models.people import Contact


class Channel(models.TextChoices):
    """How we may reach a person."""

    CALL = "call", _("telephone")
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")
    WECHAT = "wechat", _("WeChat")
    POST = "post", _("letter")


class Purpose(models.TextChoices):
    """What we use a person's data for."""

    CONTRACT = "contract", _("carrying out contracts")
    MARKETING = "marketing", _("marketing")
    SURVEY = "survey", _("surveys")


class Statement(models.TextChoices):
    """What the person said."""

    GIVEN = "given", _("consent given")
    WITHDRAWN = "withdrawn", _("consent withdrawn")
    OBJECTED = "objected", _("objection to this channel")


class Consent(Record):
    """One statement of a contact about one channel and one purpose. Never changed: what holds now is the last one.

    `stated_at` is when the person said it; a consent with `valid_until` holds through that day. `text_version` names
    the wording agreed to, `evidence` the paper or recording.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("customer"), editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents", verbose_name=_("contact"))
    statement = models.CharField(_("statement"), max_length=10, choices=Statement.choices, default=Statement.GIVEN)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.MARKETING)
    stated_at = models.DateTimeField(_("stated at"))
    source = PicklistField(_("obtained by"), picklist=picklists.CONSENT_SOURCE, default="oral")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    text_version = models.CharField(_("version of the text"), max_length=60, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["contact", "channel", "purpose", "-stated_at"], name="consent_contact")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.get_purpose_display()}: {self.get_statement_display()}"
